"""A customer's message, understood without a model: language, wish, and what earlier messages add.

The wish is told in `wishes.py`. Knows no document.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.text import language_of, tokens
from rag.types import Language, Query, Turn
from rag.wishes import wish_of

REMEMBERED = 2  # earlier messages of the customer that help to understand the newest


def understand(turns: Sequence[Turn]) -> Query:
    """The newest customer message as a query. An empty conversation gives an empty one."""
    said = [turn.text.strip() for turn in turns if turn.role == "customer"]
    text = said[-1] if said else ""
    earlier = tuple(said[-1 - REMEMBERED : -1])
    return Query(
        text=text,
        language=_language(text, earlier),
        wish=wish_of(text),
        tokens=tokens(text),
        history=earlier,
        history_tokens=tokens(" ".join(earlier)),
    )


def _language(text: str, earlier: Sequence[str]) -> Language:
    """Of the message; one without words ("300S?") is in the language of those before it."""
    spoken = re.sub(r"\b\w*\d\w*\b", "", text)
    for each in (spoken, *reversed(earlier), text):
        if re.search(r"[^\W\d_]{2}", each):
            return language_of(each)
    return language_of(text)
