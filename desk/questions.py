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

MOST = 2000  # questions of a period that are looked at, the newest


def hot_topics(engine: Engine, embedder: QuestionEmbedder, period: Period) -> list[Topic]:
    """The topics of the period, against as many days before it."""
    now, before = questions(engine, period), questions(engine, period.former)
    return topics(now, before, vectors([each.text for each in (*now, *before)], embedder))


def vectors(texts: Sequence[str], embedder: QuestionEmbedder) -> dict[str, Vector]:
    """Text → vector, for those in a language that the embedder has vectors for."""
    told = [each for each in dict.fromkeys(texts) if language_of(each) in embedder.languages]
    return dict(zip(told, embedder.embed_texts(told), strict=True)) if told else {}


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
