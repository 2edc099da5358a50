"""Documents that were written for gaps: which questions each answers, and what came of them before and after it was live.

Of the questions only the numbers are kept: the words stay with the conversation, and go with it. Knows no document and
no run but by their names.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy import Engine

from desk.measure_rows import Period, talks
from desk.questions import Asked, questions
from desk.schema import messages, remedies, remedy_questions
from desk.topics import alike

BEFORE_DAYS = 28  # up to the moment the document went live


@dataclass(frozen=True, slots=True)
class Remedy:
    """A document and the tag of its cases. `version`: the live one they were played on, `run` the run's id."""

    source: str
    tag: str
    by: str
    staged_at: datetime  # UTC
    version: int = 0
    run: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """Of the conversations in which such a question was asked: those the assistant resolved by itself, verified."""

    resolved: int = 0
    asked: int = 0


class Remedies:
    """All of them, over one database."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self._writing = engine, engine.execution_options(writes=True)

    def add(self, source: str, tag: str, by: str, questions: Collection[int]) -> None:
        """A document was staged for the questions of these numbers. Another one of that source is forgotten."""
        now = datetime.now(UTC).replace(tzinfo=None)
        row = {"source": source, "tag": tag, "by": by, "staged_at": now, "version": 0, "run": ""}
        with self._writing.begin() as connection:
            connection.execute(remedy_questions.delete().where(remedy_questions.c.source == source))
            connection.execute(remedies.delete().where(remedies.c.source == source))
            connection.execute(remedies.insert().values(row))
            there = connection.scalars(sa.select(messages.c.id).where(messages.c.id.in_(questions))).all()
            if there:
                rows = [{"source": source, "message": each} for each in there]
                connection.execute(remedy_questions.insert(), rows)

    def all(self) -> list[Remedy]:
        """The newest first."""
        query = sa.select(remedies).order_by(remedies.c.staged_at.desc(), remedies.c.source)
        with self._engine.connect() as connection:
            return [Remedy(**row) for row in connection.execute(query).mappings()]

    def played(self, source: str, version: int, run: str = "") -> None:
        """Its cases are being played on this live version; or were, in this run."""
        with self._writing.begin() as connection:
            values = {"version": version, "run": run}
            connection.execute(remedies.update().where(remedies.c.source == source).values(values))

    def answered(self) -> set[int]:
        """The numbers of all questions that a document was written for."""
        with self._engine.connect() as connection:
            return set(connection.scalars(sa.select(remedy_questions.c.message)))

    def document_of(self, question: int) -> str:
        """The document that was written for the question of this number; empty where there is none."""
        query = sa.select(remedy_questions.c.source).where(remedy_questions.c.message == question)
        with self._engine.connect() as connection:
            return connection.scalar(query) or ""

    def texts(self, source: str) -> list[str]:
        """The questions a document was written for, as they were asked; those that are still kept."""
        query = (
            sa.select(messages.c.text)
            .join(remedy_questions, remedy_questions.c.message == messages.c.id)
            .where(remedy_questions.c.source == source)
            .order_by(messages.c.id)
        )
        with self._engine.connect() as connection:
            return list(connection.scalars(query))


def effect(
    engine: Engine, asked: Asked, texts: Sequence[str], live_at: datetime, now: datetime | None = None
) -> tuple[Tally, Tally]:
    """Before and since `live_at` (UTC): conversations with a question like one of `texts`, begun in the BEFORE_DAYS before
    it, and up to `now`. Of each side the newest `desk.questions.MOST` questions are looked at."""
    now = now or datetime.now(UTC).replace(tzinfo=None)
    begin = live_at - timedelta(days=BEFORE_DAYS)
    found = {
        each.conversation: each
        for each in talks(engine, datetime.combine(begin.date(), time()), now)
        if begin <= each.begun_at
    }
    told = [
        one
        for period in (Period(begin.date(), live_at.date()), Period(live_at.date(), now.date()))
        for one in questions(engine, period)
    ]
    near = alike([each.text for each in told], texts, asked.vectors((*texts, *(each.text for each in told))))
    about = {each.conversation for each, yes in zip(told, near, strict=True) if yes} & found.keys()
    sides = [[found[each] for each in about if (found[each].begun_at < live_at) == early] for early in (True, False)]
    before, after = (Tally(sum(each.verified for each in side), len(side)) for side in sides)
    return before, after
