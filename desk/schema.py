"""The desk's tables. `backends/migrations` creates them; a test holds the two to each other."""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData()

conversations = sa.Table(
    "conversations",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),  # unguessable; it stands in pages
    sa.Column("visitor", sa.Text, nullable=False),  # whose it is, a key of `askers.py`; nobody else's requests reach it
    sa.Column("customer", sa.Text),  # the id of the customer who was signed in; a guest's has none
    sa.Column("language", sa.Text, nullable=False),  # of the page it was begun on
    sa.Column("created_at", sa.DateTime, nullable=False),
)
sa.Index("conversations_visitor", conversations.c.visitor, conversations.c.created_at)
sa.Index("conversations_customer", conversations.c.customer)
messages = sa.Table(
    "messages",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("conversation", sa.Text, sa.ForeignKey("conversations.id"), nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("reply", sa.JSON),  # the assistant's: sentences with their citations, to draw it again
    sa.Column("created_at", sa.DateTime, nullable=False),
)
sa.Index("messages_conversation", messages.c.conversation, messages.c.id)
feedback = sa.Table(
    "feedback",
    metadata,
    sa.Column("message", sa.Integer, sa.ForeignKey("messages.id"), primary_key=True),
    sa.Column("value", sa.Integer, nullable=False),  # 1 or -1
    sa.Column("at", sa.DateTime, nullable=False),
)
requests = sa.Table(
    "requests",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),  # the number the customer is told
    # One a conversation: asking twice is the same request.
    sa.Column("conversation", sa.Text, sa.ForeignKey("conversations.id"), nullable=False, unique=True),
    sa.Column("contact", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
)
staff = sa.Table(
    "staff",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("password", sa.Text, nullable=False),  # its argon2 hash
    sa.Column("roles", sa.Text, nullable=False),  # separated by spaces
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("created_at", sa.DateTime, nullable=False),
)
staff_sessions = sa.Table(
    "staff_sessions",
    metadata,
    sa.Column("token", sa.Text, primary_key=True),  # its SHA-256
    sa.Column("name", sa.Text, sa.ForeignKey("staff.name"), nullable=False),
    sa.Column("created_at", sa.DateTime, nullable=False),
    sa.Column("expires_at", sa.DateTime, nullable=False),
)
sa.Index("staff_sessions_name", staff_sessions.c.name)
