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
sa.Index("conversations_created", conversations.c.created_at)
messages = sa.Table(
    "messages",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("conversation", sa.Text, sa.ForeignKey("conversations.id"), nullable=False),
    sa.Column("role", sa.Text, nullable=False),  # of records.Role
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("reply", sa.JSON),  # the assistant's: sentences with their citations, to draw it again
    sa.Column("author", sa.Text, nullable=False, server_default=sa.text("''")),  # the name of the agent who wrote it
    sa.Column("key", sa.Text),  # the agent's page sends the same message twice with the same key
    sa.Column("created_at", sa.DateTime, nullable=False),
)
sa.Index("messages_key", messages.c.conversation, messages.c.key, unique=True)
sa.Index("messages_conversation", messages.c.conversation, messages.c.id)
feedback = sa.Table(
    "feedback",
    metadata,
    sa.Column("message", sa.Integer, sa.ForeignKey("messages.id"), primary_key=True),
    sa.Column("value", sa.Integer, nullable=False),  # 1 or -1
    sa.Column("at", sa.DateTime, nullable=False),
)
surveys = sa.Table(
    "surveys",  # what the customer said of a conversation at its end
    metadata,
    sa.Column("conversation", sa.Text, sa.ForeignKey("conversations.id"), primary_key=True),
    sa.Column("score", sa.Integer, nullable=False),  # 1, the worst, to 5
    sa.Column("word", sa.Text, nullable=False),  # in the customer's own words; empty: none
    sa.Column("at", sa.DateTime, nullable=False),
)
tickets = sa.Table(
    "tickets",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),  # what the customer is told; never given twice
    sa.Column("conversation", sa.Text, sa.ForeignKey("conversations.id"), nullable=False),
    sa.Column("state", sa.Text, nullable=False),  # of handoff.State
    sa.Column("agent", sa.Text, nullable=False),
    sa.Column("team", sa.Text, nullable=False),
    sa.Column("priority", sa.Integer, nullable=False),
    sa.Column("raises", sa.Integer, nullable=False),
    sa.Column("since", sa.DateTime, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),  # counts its transitions
    sa.Column("rule", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("skills", sa.JSON, nullable=False),
    sa.Column("contact", sa.Text, nullable=False),
    sa.Column("opened_at", sa.DateTime, nullable=False),
    sa.Column("promised_at", sa.DateTime),
    sqlite_autoincrement=True,
)
_open = tickets.c.state.in_(["waiting", "claimed"])
# However two processes race: a conversation has one open ticket.
sa.Index("tickets_open", tickets.c.conversation, unique=True, sqlite_where=_open, postgresql_where=_open)
sa.Index("tickets_conversation", tickets.c.conversation, tickets.c.number)
sa.Index("tickets_queue", tickets.c.state, tickets.c.priority, tickets.c.since)
transitions = sa.Table(
    "transitions",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("ticket", sa.Integer, sa.ForeignKey("tickets.number"), nullable=False),
    sa.Column("kind", sa.Text, nullable=False),  # of handoff.Kind
    sa.Column("before", sa.Text, nullable=False),
    sa.Column("after", sa.Text, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),  # customer, assistant, desk, or "agent:" and a name
    sa.Column("key", sa.Text, nullable=False, unique=True),  # the same key is the same step
    sa.Column("at", sa.DateTime, nullable=False),
)
sa.Index("transitions_ticket", transitions.c.ticket, transitions.c.id)
notes = sa.Table(
    "notes",  # among agents; no customer ever sees one
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("ticket", sa.Integer, sa.ForeignKey("tickets.number"), nullable=False),
    sa.Column("agent", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
)
sa.Index("notes_ticket", notes.c.ticket, notes.c.id)
outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),  # ascending as things happened
    sa.Column("ticket", sa.Integer, sa.ForeignKey("tickets.number")),  # null: it tells of no ticket
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False, unique=True),  # by which the receiver knows a repetition
    sa.Column("payload", sa.JSON, nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("due_at", sa.DateTime, nullable=False),  # of the next attempt
    sa.Column("sent_at", sa.DateTime),
    sa.Column("problem", sa.Text, nullable=False),  # of the last attempt that failed
)
sa.Index("outbox_ticket", outbox.c.ticket, outbox.c.channel, outbox.c.id)
sa.Index("outbox_due", outbox.c.sent_at, outbox.c.due_at)
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
remedies = sa.Table(
    "remedies",  # documents that were written because customers' questions had no answer
    metadata,
    sa.Column("source", sa.Text, primary_key=True),  # the document's path below the knowledge folder
    sa.Column("tag", sa.Text, nullable=False, unique=True),  # of its cases
    sa.Column("by", sa.Text, nullable=False),  # the account that staged it
    sa.Column("staged_at", sa.DateTime, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),  # the live one that its cases were played on; 0: none yet
    sa.Column("run", sa.Text, nullable=False),  # the run's id; empty while it is played, and where it failed
)
remedy_questions = sa.Table(
    "remedy_questions",  # which questions a document answers: their words stay where they were said, and go with them
    metadata,
    sa.Column("source", sa.Text, sa.ForeignKey("remedies.source"), primary_key=True),
    sa.Column("message", sa.Integer, sa.ForeignKey("messages.id"), primary_key=True),
)
sa.Index("remedy_questions_message", remedy_questions.c.message)
risen = sa.Table(
    "risen",  # topics that somebody was alerted of, by their questions
    metadata,
    sa.Column("week", sa.Text, primary_key=True),  # by ISO 8601, "2026-W48"
    sa.Column("topic", sa.Integer, primary_key=True),  # the number of its oldest question then
    sa.Column("message", sa.Integer, sa.ForeignKey("messages.id"), primary_key=True),
)
sa.Index("risen_message", risen.c.message)
