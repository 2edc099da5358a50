"""The ledger's tables. `backends/migrations` creates them; a test holds the two to each other."""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData()

documents = sa.Table(
    "documents",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("source", sa.Text, nullable=False, unique=True),
    # The version that answers; null once withdrawn. Being live is this and nothing else.
    # No foreign key: the two tables would need each other to exist first.
    sa.Column("live_version", sa.Integer, index=True),
)
versions = sa.Table(
    "versions",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("document", sa.Integer, sa.ForeignKey("documents.id"), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("input_hash", sa.Text, nullable=False),  # of the file and whatever says something about it
    sa.Column("content_hash", sa.Text, nullable=False),  # of the file alone: its name among the originals
    sa.Column("recipe", sa.Text, nullable=False),  # how it was cut and embedded
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("audience", sa.Text, nullable=False),
    sa.Column("valid_from", sa.Date),
    sa.Column("valid_until", sa.Date),
    sa.Column("meta", sa.JSON, nullable=False),
    sa.Column("warnings", sa.JSON, nullable=False),
    sa.Column("passages", sa.Integer, nullable=False),
    sa.Column("created_at", sa.DateTime, nullable=False),
    sa.UniqueConstraint("document", "number", name="versions_number"),
    sa.UniqueConstraint("document", "input_hash", "recipe", name="versions_input"),
)
chunks = sa.Table(
    "chunks",
    metadata,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("version", sa.Integer, sa.ForeignKey("versions.id"), nullable=False),
    sa.Column("ordinal", sa.Integer, nullable=False),
    sa.Column("heading", sa.JSON, nullable=False),
    sa.Column("question", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("sentences", sa.JSON, nullable=False),
    sa.Column("label_tokens", sa.Text, nullable=False),
    sa.Column("tokens", sa.Text, nullable=False),
    sa.Column("token_count", sa.Integer, nullable=False),
    sa.Column("text_hash", sa.Text, nullable=False, index=True),
    sa.Column("vectors", sa.LargeBinary, nullable=False),
    sa.UniqueConstraint("version", "ordinal", name="chunks_place"),
)
releases = sa.Table(
    "releases",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    # A version that answered right after it is no longer kept: one cannot return to it.
    sa.Column("lost", sa.Boolean, nullable=False, server_default="0"),
)
release_items = sa.Table(
    "release_items",
    metadata,
    sa.Column("release", sa.Integer, sa.ForeignKey("releases.id"), primary_key=True),
    sa.Column("document", sa.Integer, sa.ForeignKey("documents.id"), primary_key=True),
    sa.Column("version", sa.Integer, sa.ForeignKey("versions.id"), index=True),  # null: withdrawn
)
# What waits for `publish`: at most one change a document.
pending = sa.Table(
    "pending",
    metadata,
    sa.Column("document", sa.Integer, sa.ForeignKey("documents.id"), primary_key=True),
    sa.Column("version", sa.Integer, sa.ForeignKey("versions.id")),  # null: to be withdrawn
)
# Documents that were rolled back: while their file is what they were rolled away from, a sync leaves them.
holds = sa.Table(
    "holds",
    metadata,
    sa.Column("document", sa.Integer, sa.ForeignKey("documents.id"), primary_key=True),
    sa.Column("input_hash", sa.Text, nullable=False),  # empty: away from being withdrawn
)
# What versions say they replace, by source; the document so named need not exist.
supersedes = sa.Table(
    "supersedes",
    metadata,
    sa.Column("version", sa.Integer, sa.ForeignKey("versions.id"), primary_key=True),
    sa.Column("source", sa.Text, primary_key=True),
)
refusals = sa.Table(
    "refusals",
    metadata,
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("input_hash", sa.Text, nullable=False),
    sa.Column("recipe", sa.Text, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("advice", sa.Text, nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
)
facts = sa.Table(
    "facts",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)
