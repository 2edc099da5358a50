"""What customers asked in a period, out of the desk's tables; the topics and the gaps in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from desk.gaps import Gap, gaps
from desk.measure_rows import Period
from desk.schema import conversations, feedback, messages
from desk.topics import Question, Topic, topics
from rag.ports import QuestionEmbedder
from rag.text import language_of
from rag.types import Vector

MOST = 1000  # questions of a period that are looked at, the newest
KEPT = 20_000  # texts whose vectors are remembered


# Rules that hand over because the assistant did not help; by the others it did not come to that.
HELPLESS = ("repeated", "low_confidence", "vip", "open_complaint")


_reply = messages.alias("reply")
_OUTCOME = _reply.c.reply["decision"]["outcome"].as_string()
_RULE = _reply.c.reply["decision"]["rule"].as_string()


class Asked:
    """Topics and gaps of periods. Texts that were looked at before are not embedded again."""

    def __init__(self, engine: Engine, embedder: QuestionEmbedder) -> None:
        self._engine, self._embedder = engine, embedder
        self._vectors = dict[str, Vector]()

    def topics(self, period: Period) -> list[Topic]:
        """What is asked about, against as many days before; the largest first."""
        return self.grouped(questions(self._engine, period), questions(self._engine, period.former))

    def grouped(self, now: Sequence[Question], before: Sequence[Question] = ()) -> list[Topic]:
        """The topics of these questions; the largest first."""
        return topics(now, before, self.vectors(each.text for each in (*now, *before)))

    def gaps(self, period: Period, without: Collection[int] = ()) -> list[Gap]:
        """What was asked and not resolved; `without` the questions of these numbers."""
        found = [each for each in unresolved(self._engine, period) if each.message not in without]
        return gaps(found, self.vectors(each.text for each in found))

    def vectors(self, texts: Iterable[str]) -> dict[str, Vector]:
        """Text → vector, for those in a language that the embedder has vectors for."""
        told = [each for each in dict.fromkeys(texts) if self._has_vectors(each)]
        known = self._vectors
        if fresh := [each for each in told if each not in known]:
            kept = known if len(known) < KEPT else {each: known[each] for each in told if each in known}
            known = kept | dict(zip(fresh, self._embedder.embed_texts(fresh), strict=True))
            self._vectors = known  # replaced as a whole: another thread may be reading it
        return {each: known[each] for each in told}

    def _has_vectors(self, text: str) -> bool:
        return language_of(text) in self._embedder.languages


def questions(engine: Engine, period: Period) -> list[Question]:
    """The customers' messages of these days that the assistant took for questions, newest first."""
    with engine.connect() as connection:
        return [
            Question(row.visitor, row.text, row.outcome, row.conversation, message=row.id)
            for row in connection.execute(_asked(period))
        ]


def unresolved(engine: Engine, period: Period) -> list[Question]:
    """Those that were declined, rated down, or handed over because the assistant did not help; with agents' answers."""
    helpless = sa.and_(_OUTCOME == "hand_off", _RULE.in_(HELPLESS))
    rated = sa.exists().where(feedback.c.message == _reply.c.id, feedback.c.value < 0)
    with engine.connect() as connection:
        rows = connection.execute(_asked(period).where(sa.or_(_OUTCOME == "decline", rated, helpless))).all()
        said = _said_by_agents(connection, {row.conversation for row in rows})
    return [
        Question(
            row.visitor, row.text, row.outcome, row.conversation,
            tuple(text for number, text in said.get(row.conversation, ()) if number > row.id), row.id,
        )
        for row in rows
    ]  # fmt: skip


def _asked(period: Period) -> sa.Select[tuple[str, str, int, str, str]]:
    first = (
        sa.select(sa.func.min(_reply.c.id))
        .where(_reply.c.conversation == messages.c.conversation, _reply.c.id > messages.c.id, _reply.c.role != "notice")
        .correlate(messages)
        .scalar_subquery()
    )
    begin = datetime.combine(period.first, time())
    columns = (
        conversations.c.visitor,
        messages.c.conversation,
        messages.c.id,
        messages.c.text,
        _OUTCOME.label("outcome"),
    )
    return (
        sa.select(*columns)
        .join(conversations, conversations.c.id == messages.c.conversation)
        .join(_reply, _reply.c.id == first)
        .where(messages.c.role == "customer", _reply.c.role == "assistant", _OUTCOME != "small_talk")
        .where(messages.c.created_at >= begin, messages.c.created_at < begin + timedelta(days=period.days))
        .order_by(messages.c.id.desc())
        .limit(MOST)
    )


def _said_by_agents(connection: Connection, wanted: Collection[str]) -> dict[str, list[tuple[int, str]]]:
    """Conversation → (number, text) of agents' messages, oldest first."""
    theirs = (messages.c.role == "agent", messages.c.conversation.in_(wanted))
    query = sa.select(messages.c.conversation, messages.c.id, messages.c.text).where(*theirs).order_by(messages.c.id)
    found = dict[str, list[tuple[int, str]]]()
    for row in connection.execute(query):
        found.setdefault(row.conversation, []).append((row.id, row.text))
    return found
