"""Conversations that went badly, for those who look after quality: rated down, handed to people, or opened again.

Reads over all visitors, which `desk/store.py` never does: for those who make cases, and masked before anybody reads it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy import Connection, Engine, Row, Select

from desk.schema import conversations, feedback, messages, tickets, transitions

Trouble = Literal["rated down", "handed off", "reopened"]


@dataclass(frozen=True, slots=True)
class Line:
    """A message, with what came of it. `outcome` and `rule` are the assistant's; `down`: the customer rated it so."""

    role: str  # of desk/records.py: customer, assistant, agent, or a notice of the desk's own
    text: str
    at: datetime
    outcome: str = ""
    rule: str = ""
    down: bool = False


@dataclass(frozen=True, slots=True)
class Troubled:
    """A whole conversation, oldest message first, and what was wrong with it."""

    conversation: str
    troubles: tuple[Trouble, ...]
    lines: tuple[Line, ...]


def troubled(engine: Engine) -> Iterator[Troubled]:
    """All of them, as they were begun."""
    with engine.connect() as connection:
        found = {name: set(connection.scalars(query)) for name, query in _queries().items()}
        for conversation in connection.scalars(
            sa.select(conversations.c.id).order_by(conversations.c.created_at)
        ).all():
            if troubles := tuple(name for name, those in found.items() if conversation in those):
                yield Troubled(conversation, troubles, _lines(connection, conversation))


def _queries() -> dict[Trouble, Select[Any]]:
    down = sa.select(messages.c.conversation).join(feedback, feedback.c.message == messages.c.id)
    steps = sa.select(tickets.c.conversation).join(transitions, transitions.c.ticket == tickets.c.number)
    return {
        "rated down": down.where(feedback.c.value < 0),
        "handed off": sa.select(tickets.c.conversation),
        "reopened": steps.where(transitions.c.kind == "reopened"),
    }


def _lines(connection: Connection, conversation: str) -> tuple[Line, ...]:
    query = (
        sa.select(messages.c.role, messages.c.text, messages.c.created_at, messages.c.reply, feedback.c.value)
        .join(feedback, feedback.c.message == messages.c.id, isouter=True)
        .where(messages.c.conversation == conversation)
        .order_by(messages.c.id)
    )
    return tuple(map(_line, connection.execute(query)))


def _line(row: Row[*tuple[Any, ...]]) -> Line:
    decision = row.reply["decision"] if row.reply else {}
    down = (row.value or 0) < 0
    return Line(row.role, row.text, row.created_at, decision.get("outcome", ""), decision.get("rule", ""), down)
