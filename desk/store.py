"""Conversations, feedback and requests for a person, in SQL. Each write is one durable transaction.

Every method takes the visitor beside the conversation, and raises NotYours for any other's: there is no way
in that names a conversation alone.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import cast

import sqlalchemy as sa
from sqlalchemy import Connection, Engine, Row

from desk.askers import customer_of
from desk.records import Message, NotYours, Rating, Request, reply_from_json, reply_to_json
from desk.schema import conversations, feedback, messages, requests
from rag.types import Reply


class Conversations:
    """All reading and writing of the desk's tables."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writing = engine.execution_options(writes=True)

    # --- writing -------------------------------------------------------------------------------------------

    def begin(self, visitor: str, language: str) -> str:
        """A new, empty conversation; its id."""
        conversation = secrets.token_urlsafe(16)
        row = {"id": conversation, "visitor": visitor, "customer": customer_of(visitor), "language": language}
        with self._writing.begin() as connection:
            connection.execute(conversations.insert().values(created_at=_now(), **row))
        return conversation

    def add_question(self, conversation: str, visitor: str, text: str) -> int:
        """Store what the customer wrote; the message's number."""
        return self._add(conversation, visitor, {"role": "customer", "text": text})

    def add_answer(self, conversation: str, visitor: str, reply: Reply) -> int:
        """Store what the assistant said; the message's number."""
        row = {"role": "assistant", "text": reply.text, "reply": reply_to_json(reply)}
        return self._add(conversation, visitor, row)

    def rate(self, conversation: str, visitor: str, message: int, value: Rating) -> None:
        """Set, change or (with 0) take back what the customer thinks of an answer."""
        with self._writing.begin() as connection:
            _own(connection, conversation, visitor)
            answer = (messages.c.id == message, messages.c.conversation == conversation, messages.c.role != "customer")
            if connection.scalar(sa.select(messages.c.id).where(*answer)) is None:
                raise NotYours
            connection.execute(feedback.delete().where(feedback.c.message == message))
            if value:
                connection.execute(feedback.insert().values(message=message, value=value, at=_now()))

    def ask_for_person(self, conversation: str, visitor: str) -> tuple[Request, bool]:
        """The conversation's request for a person, and whether it is new."""
        with self._writing.begin() as connection:
            _own(connection, conversation, visitor)
            if known := _request(connection, conversation):
                return known, False
            row = {"conversation": conversation, "contact": "", "state": "open", "at": _now()}
            connection.execute(requests.insert().values(row))
            return cast(Request, _request(connection, conversation)), True

    def leave_contact(self, conversation: str, visitor: str, contact: str) -> Request:
        """Store how to reach the customer. The request must be there."""
        with self._writing.begin() as connection:
            _own(connection, conversation, visitor)
            connection.execute(requests.update().where(requests.c.conversation == conversation).values(contact=contact))
            if changed := _request(connection, conversation):
                return changed
            raise NotYours

    # --- reading -------------------------------------------------------------------------------------------

    def latest(self, visitor: str) -> str:
        """The visitor's newest conversation, or an empty string."""
        newest = sa.text("rowid DESC")  # two may begin in the same microsecond
        query = sa.select(conversations.c.id).where(conversations.c.visitor == visitor).order_by(newest).limit(1)
        with self._engine.connect() as connection:
            return connection.scalar(query) or ""

    def messages(self, conversation: str, visitor: str) -> tuple[Message, ...]:
        """The whole conversation, oldest message first."""
        query = (
            sa.select(messages, feedback.c.value)
            .join(feedback, feedback.c.message == messages.c.id, isouter=True)
            .where(messages.c.conversation == conversation)
            .order_by(messages.c.id)
        )
        with self._engine.connect() as connection:
            _own(connection, conversation, visitor)
            return tuple(_message(row) for row in connection.execute(query))

    def request(self, conversation: str, visitor: str) -> Request | None:
        """The conversation's request for a person, if there is one."""
        with self._engine.connect() as connection:
            _own(connection, conversation, visitor)
            return _request(connection, conversation)

    def _add(self, conversation: str, visitor: str, row: Mapping[str, object]) -> int:
        with self._writing.begin() as connection:
            _own(connection, conversation, visitor)
            added = connection.execute(messages.insert().values(conversation=conversation, created_at=_now(), **row))
            return int(added.inserted_primary_key[0])  # type: ignore[index]


def _own(connection: Connection, conversation: str, visitor: str) -> None:
    """Raises NotYours unless the conversation is this visitor's."""
    mine = (conversations.c.id == conversation, conversations.c.visitor == visitor)
    if connection.scalar(sa.select(conversations.c.id).where(*mine)) is None:
        raise NotYours


def _request(connection: Connection, conversation: str) -> Request | None:
    row = connection.execute(sa.select(requests).where(requests.c.conversation == conversation)).first()
    return Request(row.id, row.contact, row.state) if row else None


def _message(row: Row[tuple[object, ...]]) -> Message:
    reply = reply_from_json(row.reply) if row.reply else None
    return Message(row.id, row.role, row.text, row.created_at, reply, row.value or 0)


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
