"""Conversations, feedback and hand-overs as visitors have them, in SQL. Each write is one durable transaction.

Every method takes the visitor beside the conversation, and raises NotYours for any other's: there is no way
in that names a conversation alone.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping

import sqlalchemy as sa
from sqlalchemy import Connection, Engine, Row

from desk.askers import customer_of
from desk.handoff import Answer, CustomerMessage, Escalate, Withdraw, speaker
from desk.moves import ASSISTANT, CUSTOMER, RULES, Moved, Rules, lock, move, ticket_of
from desk.records import Message, NotYours, Rating, Ticket, mark_of, reply_from_json, reply_to_json
from desk.schema import conversations, feedback, messages, tickets
from rag.types import Reply


class Conversations:
    """All reading and writing of the desk's tables."""

    def __init__(self, engine: Engine, rules: Rules = RULES) -> None:
        self.engine, self.rules = engine, rules
        self._writing = engine.execution_options(writes=True)

    # --- writing -------------------------------------------------------------------------------------------

    def begin(self, visitor: str, language: str) -> str:
        """A new, empty conversation; its id."""
        conversation = secrets.token_urlsafe(16)
        row = {"id": conversation, "visitor": visitor, "customer": customer_of(visitor), "language": language}
        with self._writing.begin() as connection:
            connection.execute(conversations.insert().values(created_at=self.rules.now(), **row))
        return conversation

    def add_question(self, conversation: str, visitor: str, text: str, closing: bool = False) -> tuple[int, bool]:
        """Store what the customer wrote: the message's number, and whether it is the assistant's to answer.

        `closing`: thanks or a goodbye, which does not open a resolved case again.
        """
        with self._writing.begin() as connection:
            own(connection, conversation, visitor)
            lock(connection, conversation)
            number = self._add(connection, conversation, {"role": "customer", "text": text})
            moved = move(connection, conversation, CustomerMessage(closing), CUSTOMER, self.rules)
            theirs = moved.ticket is not None and bool(speaker(moved.ticket.standing))
            return number, not theirs and moved.kind != "reopened"

    def add_answer(self, conversation: str, visitor: str, reply: Reply) -> int:
        """Store what the assistant said; the message's number. Raises NotPossible once a person has the conversation."""
        with self._writing.begin() as connection:
            own(connection, conversation, visitor)
            move(connection, conversation, Answer(), ASSISTANT, self.rules)
            return self._add(connection, conversation, _answer(reply))

    def hand_off(
        self, conversation: str, visitor: str, event: Escalate, key: str, words: Callable[[Moved], Reply | None]
    ) -> tuple[Ticket, Reply | None, int | None]:
        """Store the ticket and, in the same transaction, the reply that names it: what `words` makes of it.

        The ticket there is where one is open already; (ticket, reply, the message's number). Raises NotPossible.
        """
        with self._writing.begin() as connection:
            own(connection, conversation, visitor)
            moved = move(connection, conversation, event, ASSISTANT, self.rules, key)
            assert moved.ticket is not None  # an escalation leads to one or finds one
            reply = words(moved)
            if reply is None:
                return moved.ticket, None, None
            move(connection, conversation, Answer(), ASSISTANT, self.rules)
            return moved.ticket, reply, self._add(connection, conversation, _answer(reply))

    def withdraw(self, conversation: str, visitor: str) -> Ticket | None:
        """The customer no longer wants a person. Raises NotPossible where nobody was asked for."""
        with self._writing.begin() as connection:
            own(connection, conversation, visitor)
            return move(connection, conversation, Withdraw(), CUSTOMER, self.rules).ticket

    def rate(self, conversation: str, visitor: str, message: int, value: Rating) -> None:
        """Set, change or (with 0) take back what the customer thinks of an answer."""
        with self._writing.begin() as connection:
            own(connection, conversation, visitor)
            answer = (
                messages.c.id == message,
                messages.c.conversation == conversation,
                messages.c.role.in_(["assistant", "agent"]),
            )
            if connection.scalar(sa.select(messages.c.id).where(*answer)) is None:
                raise NotYours
            connection.execute(feedback.delete().where(feedback.c.message == message))
            if value:
                connection.execute(feedback.insert().values(message=message, value=value, at=self.rules.now()))

    def leave_contact(self, conversation: str, visitor: str, contact: str) -> Ticket:
        """Store how to reach the customer. The ticket must be there."""
        with self._writing.begin() as connection:
            own(connection, conversation, visitor)
            if known := ticket_of(connection, conversation):
                mine = tickets.c.number == known.number
                connection.execute(tickets.update().where(mine).values(contact=contact))
            if changed := ticket_of(connection, conversation):
                return changed
            raise NotYours

    # --- reading -------------------------------------------------------------------------------------------

    def latest(self, visitor: str) -> str:
        """The visitor's newest conversation, or an empty string."""
        newest = sa.text("rowid DESC")  # two may begin in the same microsecond
        query = sa.select(conversations.c.id).where(conversations.c.visitor == visitor).order_by(newest).limit(1)
        with self.engine.connect() as connection:
            return connection.scalar(query) or ""

    def messages(self, conversation: str, visitor: str) -> tuple[Message, ...]:
        """The whole conversation, oldest message first."""
        with self.engine.connect() as connection:
            own(connection, conversation, visitor)
            return all_messages(connection, conversation)

    def ticket(self, conversation: str, visitor: str) -> Ticket | None:
        """The conversation's ticket: the open one, or the last."""
        with self.engine.connect() as connection:
            own(connection, conversation, visitor)
            return ticket_of(connection, conversation)

    def mark(self, conversation: str, visitor: str) -> str:
        """Something that differs whenever there is anything new to see here."""
        with self.engine.connect() as connection:
            own(connection, conversation, visitor)
            return mark(connection, conversation)

    def _add(self, connection: Connection, conversation: str, row: Mapping[str, object]) -> int:
        at = self.rules.now()
        added = connection.execute(messages.insert().values(conversation=conversation, created_at=at, **row))
        return int(added.inserted_primary_key[0])  # type: ignore[index]


def all_messages(connection: Connection, conversation: str) -> tuple[Message, ...]:
    """The whole conversation, oldest message first."""
    query = (
        sa.select(messages, feedback.c.value)
        .join(feedback, feedback.c.message == messages.c.id, isouter=True)
        .where(messages.c.conversation == conversation)
        .order_by(messages.c.id)
    )
    return tuple(_message(row) for row in connection.execute(query))


def mark(connection: Connection, conversation: str) -> str:
    """Something that differs whenever there is anything new to see."""
    newest = sa.select(sa.func.max(messages.c.id)).where(messages.c.conversation == conversation)
    return mark_of(connection.scalar(newest) or 0, ticket_of(connection, conversation))


def own(connection: Connection, conversation: str, visitor: str) -> None:
    """Raises NotYours unless the conversation is this visitor's."""
    mine = (conversations.c.id == conversation, conversations.c.visitor == visitor)
    if connection.scalar(sa.select(conversations.c.id).where(*mine)) is None:
        raise NotYours


def _answer(reply: Reply) -> dict[str, object]:
    return {"role": "assistant", "text": reply.text, "reply": reply_to_json(reply)}


def _message(row: Row[tuple[object, ...]]) -> Message:
    reply = reply_from_json(row.reply) if row.reply else None
    return Message(row.id, row.role, row.text, row.created_at, reply, row.value or 0, row.author)
