"""The conversations behind a gap, for whoever writes the document that closes it: what was said, without who it was.

Numbers and addresses of persons are masked (`rag/mask.py`), the customer's own name where the records know it, and what the
assistant said out of a customer's record is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine, Row

from desk.measure_rows import RECORD
from desk.schema import conversations, messages, tickets
from rag.mask import mask

MOST, LINES = 12, 30  # conversations of a gap, lines of each
LONGEST = 1200  # characters of a line
NAMED = "[name]"
NameOf = Callable[[str], str]  # a customer's id → their name; empty where it is not known


@dataclass(frozen=True, slots=True)
class Said:
    """A line. `asked`: it is one of the gap's questions; `record`: it was said out of the customer's record, and is left
    out; `outcome`: of an assistant's reply."""

    role: str
    text: str
    asked: bool = False
    record: bool = False
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class GapTalk:
    """A conversation, oldest line first. `state`: of its ticket; empty without one."""

    lines: tuple[Said, ...]
    more: int
    state: str


def gap_talks(engine: Engine, found: Sequence[str], asked: Sequence[int], name_of: NameOf) -> list[GapTalk]:
    """Of the conversations with these ids; `asked`: the numbers of the gap's questions."""
    wanted, questions = list(found[:MOST]), set(asked)
    query = (
        sa.select(messages, conversations.c.customer)
        .join(conversations, conversations.c.id == messages.c.conversation)
        .where(messages.c.conversation.in_(wanted), messages.c.role != "notice")
        .order_by(messages.c.id)
    )
    newest = sa.select(tickets.c.conversation, tickets.c.state).where(tickets.c.conversation.in_(wanted))
    with engine.connect() as connection:
        states = {row.conversation: row.state for row in connection.execute(newest.order_by(tickets.c.number))}
        rows = connection.execute(query).all()
    said, names = dict[str, list[Said]](), dict[str, str]()
    for row in rows:
        if row.customer and row.customer not in names:
            names[row.customer] = name_of(row.customer)
        line = _line(row, row.id in questions, names.get(row.customer or "", ""))
        said.setdefault(row.conversation, []).append(line)
    return [
        GapTalk(tuple(lines[:LINES]), max(0, len(lines) - LINES), states.get(conversation, ""))
        for conversation, lines in sorted(said.items(), key=lambda each: wanted.index(each[0]))
    ]


def without_name(text: str, name: str) -> str:
    """The text without a person's name, nor a part of it that stands alone."""
    parts = sorted({name, *name.split()}, key=len, reverse=True) if name.strip() else []
    for part in (each for each in parts if len(each) > 1):
        text = re.sub(rf"(?<!\w){re.escape(part)}(?!\w)" if part.isascii() else re.escape(part), NAMED, text)
    return text


def _line(row: Row[Any], asked: bool, name: str) -> Said:
    reply: Mapping[str, Any] = row.reply or {}
    if _of_a_record(reply):
        return Said(row.role, "", asked, record=True)
    text = without_name(mask(row.text), name)
    cut = f"{text[:LONGEST]}…" if len(text) > LONGEST else text
    return Said(row.role, cut, asked, outcome=reply.get("decision", {}).get("outcome", ""))


def _of_a_record(reply: Mapping[str, Any]) -> bool:
    cited = (each for sentence in reply.get("sentences", ()) for each in sentence["citations"])
    return reply.get("writer") == "record" or any(str(each["source"]).startswith(RECORD) for each in cited)
