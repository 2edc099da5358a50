"""What customers asked in a period, out of the desk's tables, and the topics in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy import Engine

from desk.measure_rows import Period
from desk.schema import conversations, messages
from desk.topics import Question, Topic, topics
from rag.ports import QuestionEmbedder
from rag.text import language_of
from rag.types import Vector

MOST = 1000  # questions of a period that are looked at, the newest
KEPT = 20_000  # texts whose vectors are remembered


class HotTopics:
    """The topics of periods. Texts that were looked at before are not embedded again."""

    def __init__(self, engine: Engine, embedder: QuestionEmbedder) -> None:
        self._engine, self._embedder = engine, embedder
        self._vectors = dict[str, Vector]()

    def __call__(self, period: Period) -> list[Topic]:
        """Of the period, against as many days before it; the largest first."""
        now, before = questions(self._engine, period), questions(self._engine, period.former)
        return topics(now, before, self._known([each.text for each in (*now, *before)]))

    def _known(self, texts: Sequence[str]) -> dict[str, Vector]:
        """Text → vector, for those in a language that the embedder has vectors for."""
        told = [each for each in dict.fromkeys(texts) if language_of(each) in self._embedder.languages]
        known = self._vectors
        if fresh := [each for each in told if each not in known]:
            known = known if len(known) < KEPT else {}
            known = known | dict(zip(fresh, self._embedder.embed_texts(fresh), strict=True))
        self._vectors = known  # replaced as a whole: another thread may be reading it
        return {each: known[each] for each in told if each in known}


def questions(engine: Engine, period: Period) -> list[Question]:
    """The customers' messages of these days that the assistant took for questions, newest first."""
    reply = messages.alias("reply")
    first = (
        sa.select(sa.func.min(reply.c.id))
        .where(reply.c.conversation == messages.c.conversation, reply.c.id > messages.c.id, reply.c.role != "notice")
        .correlate(messages)
        .scalar_subquery()
    )
    outcome = reply.c.reply["decision"]["outcome"].as_string().label("outcome")
    begin = datetime.combine(period.first, time())
    query = (
        sa.select(conversations.c.visitor, conversations.c.id, messages.c.text, outcome)
        .join(conversations, conversations.c.id == messages.c.conversation)
        .join(reply, reply.c.id == first)
        .where(messages.c.role == "customer", reply.c.role == "assistant", outcome != "small_talk")
        .where(messages.c.created_at >= begin, messages.c.created_at < begin + timedelta(days=period.days))
        .order_by(messages.c.id.desc())
        .limit(MOST)
    )
    with engine.connect() as connection:
        return [Question(row.visitor, row.text, row.outcome, row.id) for row in connection.execute(query)]
