"""What customers asked lately, for those who change the knowledge: masked, without who asked it."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Engine

from desk.schema import messages
from rag.mask import mask

LONGEST = 300  # characters; what is longer tells a story and is no question of its own


def recent_questions(engine: Engine, since: datetime, limit: int) -> list[str]:
    """The first messages of conversations begun since then (UTC, without a zone), each once, the newest first."""
    first = sa.select(sa.func.min(messages.c.id)).where(messages.c.role == "customer").group_by(messages.c.conversation)
    query = (
        sa.select(messages.c.text)
        .where(messages.c.id.in_(first), messages.c.created_at >= since)
        .order_by(messages.c.id.desc())
        .limit(10 * limit)
    )
    with engine.connect() as connection:
        said = [mask(" ".join(text.split())) for text in connection.scalars(query)]
    return list(dict.fromkeys(each for each in said if 0 < len(each) <= LONGEST))[:limit]
