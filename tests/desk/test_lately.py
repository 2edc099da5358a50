"""What customers asked lately, as those who change the knowledge may see it."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Engine

from desk.lately import recent_questions
from desk.schema import conversations, messages

NOW = datetime(2026, 3, 1)


def said(engine: Engine, conversation: str, *texts: str, days_ago: int = 0) -> None:
    at = NOW - timedelta(days=days_ago)
    with engine.execution_options(writes=True).begin() as connection:
        connection.execute(sa.insert(conversations).values(id=conversation, visitor="v", language="en", created_at=at))
        for text in texts:
            connection.execute(
                sa.insert(messages).values(conversation=conversation, role="customer", text=text, created_at=at)
            )


def test_first_messages_of_the_last_weeks_masked_and_each_once(engine: Engine) -> None:
    said(engine, "old", "Too long ago?", days_ago=60)
    said(engine, "a", "Do you deliver\nto Norway?", "And to Oslo?", days_ago=3)
    said(engine, "b", "I am a@b.example, who are you?", days_ago=2)
    said(engine, "c", "Do you deliver to Norway?", days_ago=1)
    said(engine, "d", "x" * 500)
    found = recent_questions(engine, NOW - timedelta(weeks=4), 10)
    assert found == ["Do you deliver to Norway?", "I am [e-mail], who are you?"]
    assert recent_questions(engine, NOW - timedelta(weeks=4), 1) == found[:1]
