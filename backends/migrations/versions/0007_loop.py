"""Documents that were written for unresolved questions, topics that somebody was alerted of; alerts in the outbox."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Create the tables; what leaves by the outbox need not be of a ticket any more."""
    op.create_table(
        "remedies",
        sa.Column("source", sa.Text, primary_key=True),
        sa.Column("tag", sa.Text, nullable=False, unique=True),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("staged_at", sa.DateTime, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("run", sa.Text, nullable=False),
    )
    op.create_table(
        "remedy_questions",
        sa.Column("source", sa.Text, sa.ForeignKey("remedies.source"), primary_key=True),
        sa.Column("message", sa.Integer, sa.ForeignKey("messages.id"), primary_key=True),
    )
    op.create_index("remedy_questions_message", "remedy_questions", ["message"])
    op.create_table(
        "risen",
        sa.Column("week", sa.Text, primary_key=True),
        sa.Column("topic", sa.Integer, primary_key=True),
        sa.Column("message", sa.Integer, sa.ForeignKey("messages.id"), primary_key=True),
    )
    op.create_index("risen_message", "risen", ["message"])
    with op.batch_alter_table("outbox") as table:
        table.alter_column("ticket", existing_type=sa.Integer, nullable=True)
