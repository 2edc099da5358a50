"""Alerts of topics that rise, put into the outbox once a topic and week. Knows no way out and no knowledge.

A topic has no name that stays: another question more, and other words lead. So it is known by its questions, whose
numbers are kept with the week; what shares a third of them is the same topic.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from desk.moves import RULES
from desk.schema import outbox, risen
from desk.topics import Topic, common_words

SHARED = 3  # one in so many questions of the smaller one: the same topic


class Rising:
    """`channels`: names of those that are to tell of it; `askers`: how many people must have asked."""

    def __init__(
        self, engine: Engine, channels: Collection[str], askers: int, now: Callable[[], datetime] = RULES.now
    ) -> None:
        self._channels, self._askers, self._now = channels, askers, now
        self._writing = engine.execution_options(writes=True)

    def tell(self, found: Iterable[Topic]) -> int:
        """Store alerts of those that rise and nobody was told of this week; how many. Raises StoreError."""
        rising = [each for each in found if each.rising and each.visitors >= self._askers]
        if not rising or not self._channels:
            return 0
        at, told = self._now(), 0
        week = week_of(at)
        with self._writing.begin() as connection:
            known = _known(connection, week)
            for topic in rising:
                numbers = {each.message for each in topic.asked}
                if any(len(numbers & each) * SHARED >= min(len(numbers), len(each)) for each in known):
                    continue
                first = min(numbers)
                rows = [{"week": week, "topic": first, "message": each} for each in sorted(numbers)]
                connection.execute(risen.insert(), rows)
                connection.execute(
                    outbox.insert(), [self._row(topic, week, first, at, each) for each in self._channels]
                )
                known.append(numbers)
                told += 1
        return told

    def _row(self, topic: Topic, week: str, first: int, at: datetime, channel: str) -> dict[str, object]:
        """Words that several people used, and counts; nobody's question."""
        payload = {
            "event": "rising", "topic": " · ".join(common_words(topic, self._askers)), "week": week,
            "count": topic.count, "before": topic.before, "people": topic.visitors, "answered": topic.answered,
            "language": topic.language, "at": at.isoformat(timespec="milliseconds") + "Z",
        }  # fmt: skip
        return {
            "ticket": None, "channel": channel, "key": f"rising-{week}-{first}-{channel}", "payload": payload,
            "at": at, "attempts": 0, "due_at": at, "problem": "",
        }  # fmt: skip


def week_of(at: datetime) -> str:
    """By ISO 8601: "2026-W48"."""
    year, week, _ = at.isocalendar()
    return f"{year}-W{week:02}"


def _known(connection: Connection, week: str) -> list[set[int]]:
    found = dict[int, set[int]]()
    for row in connection.execute(sa.select(risen.c.topic, risen.c.message).where(risen.c.week == week)):
        found.setdefault(row.topic, set()).add(row.message)
    return list(found.values())
