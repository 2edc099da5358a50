"""Tickets with their transitions, agents' messages and notes, the outbox. Requests for a person become tickets."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
OPEN = sa.text("state IN ('waiting', 'claimed')")


def upgrade() -> None:
    """Create the tables, and carry the requests over under their numbers."""
    op.add_column("messages", sa.Column("author", sa.Text, nullable=False, server_default=sa.text("''")))
    op.add_column("messages", sa.Column("key", sa.Text))
    op.create_index("messages_key", "messages", ["conversation", "key"], unique=True)
    _tickets()
    _transitions()
    op.create_table(
        "notes",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("ticket", sa.Integer, sa.ForeignKey("tickets.number"), nullable=False),
        sa.Column("agent", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
    )
    op.create_index("notes_ticket", "notes", ["ticket", "id"])
    _outbox()
    _carry_over()


def _tickets() -> None:
    op.create_table(
        "tickets",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("conversation", sa.Text, sa.ForeignKey("conversations.id"), nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("agent", sa.Text, nullable=False),
        sa.Column("team", sa.Text, nullable=False),
        sa.Column("priority", sa.Integer, nullable=False),
        sa.Column("raises", sa.Integer, nullable=False),
        sa.Column("since", sa.DateTime, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("skills", sa.JSON, nullable=False),
        sa.Column("contact", sa.Text, nullable=False),
        sa.Column("opened_at", sa.DateTime, nullable=False),
        sa.Column("promised_at", sa.DateTime),
        sqlite_autoincrement=True,
    )
    op.create_index("tickets_open", "tickets", ["conversation"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index("tickets_conversation", "tickets", ["conversation", "number"])
    op.create_index("tickets_queue", "tickets", ["state", "priority", "since"])


def _transitions() -> None:
    op.create_table(
        "transitions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("ticket", sa.Integer, sa.ForeignKey("tickets.number"), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("after", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False, unique=True),
        sa.Column("at", sa.DateTime, nullable=False),
    )
    op.create_index("transitions_ticket", "transitions", ["ticket", "id"])


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("ticket", sa.Integer, sa.ForeignKey("tickets.number"), nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False, unique=True),
        sa.Column("payload", sa.JSON, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("due_at", sa.DateTime, nullable=False),
        sa.Column("sent_at", sa.DateTime),
        sa.Column("problem", sa.Text, nullable=False),
    )
    op.create_index("outbox_ticket", "outbox", ["ticket", "channel", "id"])
    op.create_index("outbox_due", "outbox", ["sent_at", "due_at"])


def _carry_over() -> None:
    op.execute(
        "INSERT INTO tickets (number, conversation, state, agent, team, priority, raises, since, version, rule, reason, "
        "language, skills, contact, opened_at) SELECT r.id, r.conversation, 'waiting', '', '', 0, 0, r.at, 1, "
        "'asked_for_person', 'the customer asked for a person', c.language, '[]', r.contact, r.at "
        "FROM requests r JOIN conversations c ON c.id = r.conversation"
    )
    op.execute(
        "INSERT INTO transitions (ticket, kind, before, after, actor, key, at) "
        "SELECT number, 'opened', 'assistant', 'waiting', 'customer', 'request:' || number, opened_at FROM tickets"
    )
    op.drop_table("requests")
