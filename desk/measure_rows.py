"""The conversations of a period out of the desk's tables, as `desk/measures.py` takes them: one snapshot, one reading.

Knows the tables and what a stored reply looks like; knows no formula.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from desk.directory_schema import customers
from desk.measures import DIMENSIONS, Dimension, Figures, Line, Talk, Wait, by, figures
from desk.schema import conversations, feedback, messages, surveys, tickets, transitions

GUEST, CUSTOMER = "guest", "customer"  # segments of who has no tier in the records
RECORD = "record:"  # a source of the customer's own
MILLIONTHS = 1_000_000


@dataclass(frozen=True, slots=True)
class Period:
    """Days of UTC, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def former(self) -> Period:
        """As many days just before it."""
        return Period(self.first - timedelta(days=self.days), self.first - timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of a period: by dimension, by its value."""

    period: Period
    figures: Mapping[Dimension, Mapping[str, Figures]]

    @property
    def all(self) -> Figures:
        return self.figures["all"].get("", Figures())


def report(engine: Engine, period: Period, now: datetime | None = None) -> Report:
    """Of the conversations begun in the period, as they stand at `now` (UTC without a zone)."""
    now = now or datetime.now(UTC).replace(tzinfo=None)
    read = talks(engine, datetime.combine(period.first, time()), now)
    end = datetime.combine(period.last, time()) + timedelta(days=1)
    chosen, later = [each for each in read if each.begun_at < end], dict[str, list[Talk]]()
    for each in read:
        later.setdefault(each.who, []).append(each)
    found = {
        dimension: {value: figures(some, later, now) for value, some in by(chosen, dimension).items()}
        for dimension in DIMENSIONS
    }
    return Report(period, found)


def talks(engine: Engine, since: datetime, until: datetime) -> list[Talk]:
    """The conversations begun between these moments in which the customer wrote something; what was said up to `until`.

    Oldest first.
    """
    with engine.connect() as connection:  # one transaction: all of it from one moment
        begun = sa.and_(conversations.c.created_at >= since, conversations.c.created_at <= until)
        lines, waits = _lines(connection, begun, until), _waits(connection, begun, until)
        columns = (*conversations.c, customers.c.tier, surveys.c.score)
        query = (
            sa.select(*columns)
            .join(customers, customers.c.id == conversations.c.customer, isouter=True)
            .join(surveys, surveys.c.conversation == conversations.c.id, isouter=True)
            .where(begun)
            .order_by(conversations.c.created_at, conversations.c.id)
        )
        return [
            Talk(
                row.visitor, _segment(row.customer, row.tier), row.language, row.created_at,
                tuple(lines[row.id]), tuple(waits.get(row.id, ())), row.score, row.id,
            )
            for row in connection.execute(query)
            if any(each.role == "customer" for each in lines.get(row.id, ()))
        ]  # fmt: skip


def _lines(connection: Connection, begun: sa.ColumnElement[bool], until: datetime) -> dict[str, list[Line]]:
    columns = (messages.c.conversation, messages.c.role, messages.c.created_at, messages.c.reply, feedback.c.value)
    query = (
        sa.select(*columns)
        .join(conversations, conversations.c.id == messages.c.conversation)
        .join(feedback, feedback.c.message == messages.c.id, isouter=True)
        .where(begun, messages.c.role != "notice", messages.c.created_at <= until)
        .order_by(messages.c.id)
    )
    found = dict[str, list[Line]]()
    for row in connection.execute(query):
        line = _line(row.role, row.created_at, row.reply or {}, row.value or 0)
        found.setdefault(row.conversation, []).append(line)
    return found


def _line(role: str, at: datetime, reply: Mapping[str, Any], rating: int) -> Line:
    if role != "assistant":
        return Line(role, at)
    sentences = reply.get("sentences", ())
    cited = bool(sentences) and all(each["citations"] for each in sentences)
    first = next((citation for each in sentences for citation in each["citations"]), None)
    cost = int(reply.get("usage", {}).get("cost", 0.0) * MILLIONTHS + 0.5)
    return Line(role, at, reply.get("decision", {}).get("outcome", ""), cited, _topic(first), rating, cost)


def _topic(citation: Mapping[str, Any] | None) -> str:
    """The document's title; of a customer's own record its kind, so that no number of theirs stands in a table."""
    if citation is None:
        return ""
    source = str(citation["source"])
    return source.split("/")[0] if source.startswith(RECORD) else str(citation["title"])


def _waits(connection: Connection, begun: sa.ColumnElement[bool], until: datetime) -> dict[str, list[Wait]]:
    def first(kind: str) -> sa.ScalarSelect[Any]:
        mine = (transitions.c.ticket == tickets.c.number, transitions.c.kind == kind, transitions.c.at <= until)
        return sa.select(sa.func.min(transitions.c.at)).where(*mine).correlate(tickets).scalar_subquery()

    claimed, withdrawn = first("claimed").label("claimed_at"), first("withdrawn").label("withdrawn_at")
    query = (
        sa.select(tickets.c.conversation, tickets.c.opened_at, tickets.c.promised_at, claimed, withdrawn)
        .join(conversations, conversations.c.id == tickets.c.conversation)
        .where(begun, tickets.c.opened_at <= until)
        .order_by(tickets.c.number)
    )
    found = dict[str, list[Wait]]()
    for row in connection.execute(query):
        wait = Wait(row.opened_at, row.claimed_at, row.withdrawn_at, row.promised_at)
        found.setdefault(row.conversation, []).append(wait)
    return found


def _segment(customer: str | None, tier: str | None) -> str:
    if customer is None:
        return GUEST
    return tier or CUSTOMER
