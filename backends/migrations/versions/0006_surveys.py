"""What customers say of a conversation at its end."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create the table, and an index by which conversations of a period are found."""
    op.create_table(
        "surveys",
        sa.Column("conversation", sa.Text, sa.ForeignKey("conversations.id"), primary_key=True),
        sa.Column("score", sa.Integer, nullable=False),
        sa.Column("word", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
    )
    op.create_index("conversations_created", "conversations", ["created_at"])
