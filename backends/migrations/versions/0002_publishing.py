"""What waits for publishing, what is held after a rollback, what supersedes what."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the tables, and read what the versions there are say they supersede."""
    op.create_table(
        "pending",
        sa.Column("document", sa.Integer, sa.ForeignKey("documents.id"), primary_key=True),
        sa.Column("version", sa.Integer, sa.ForeignKey("versions.id")),
    )
    op.create_table(
        "holds",
        sa.Column("document", sa.Integer, sa.ForeignKey("documents.id"), primary_key=True),
        sa.Column("input_hash", sa.Text, nullable=False),
    )
    op.create_table(
        "supersedes",
        sa.Column("version", sa.Integer, sa.ForeignKey("versions.id"), primary_key=True),
        sa.Column("source", sa.Text, primary_key=True),
    )
    op.add_column("releases", sa.Column("lost", sa.Boolean, nullable=False, server_default="0"))
    op.create_index("ix_documents_live_version", "documents", ["live_version"])
    op.create_index("ix_release_items_version", "release_items", ["version"])
    _read_supersedes(op.get_bind())


def _read_supersedes(connection: sa.Connection) -> None:
    rows = connection.execute(sa.text("SELECT id, meta FROM versions WHERE meta LIKE '%\"supersedes\"%'")).all()
    said = [(row.id, name.strip()) for row in rows for name in json.loads(row.meta).get("supersedes", "").split(",")]
    found = [{"version": version, "source": source} for version, source in dict.fromkeys(said) if source]
    if found:
        connection.execute(sa.text("INSERT INTO supersedes (version, source) VALUES (:version, :source)"), found)
