"""A customer's message, understood without a model: language, wish, and what earlier messages add.

The wish is told in `wishes.py`. Knows no document.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.text import content_tokens, is_han, language_of, normalise, tokens, well_formed
from rag.types import Language, Query, Turn
from rag.wishes import wish_of

# A message that points back ("how do I descale it?"), goes on ("and to France?") or gives but a name ("300S").
_POINTING = re.compile(
    r"\b(?:it|its|it's|they|them|their|that one|this one|these|those|the same)\b|它|这个|那个|这款|那款|同样"
)
_GOING_ON = re.compile(
    r"^\W*(?:(?:ok|and|or|but|so)\b\W*)*(?:and|or|what about|how about|what if|also)\b|^\W*(?:那|还有|或者)|呢\W*$"
)
SHORT = 3  # content words of a message that goes on; a longer one stands by itself
REMEMBERED = 2  # earlier messages of the customer that help to understand the newest


def understand(turns: Sequence[Turn]) -> Query:
    """The newest customer message as a query. An empty conversation gives an empty one."""
    said = [well_formed(turn.text).strip() for turn in turns if turn.role == "customer"]
    text = said[-1] if said else ""
    earlier = tuple(said[-1 - REMEMBERED : -1])
    return Query(
        text=text,
        language=_language(text, earlier),
        wish=wish_of(text),
        tokens=tokens(text),
        history=earlier,
        history_tokens=tokens(" ".join(earlier)),
        leans=bool(earlier) and _leans(text),
    )


def _leans(text: str) -> bool:
    plain = normalise(text)
    words = [word for word in content_tokens((*tokens(plain), "x"))[:-1] if len(word) == 1 or not is_han(word)]
    only_names = not any(word.isalpha() for word in words)
    short = len(words) <= (2 * SHORT if any(map(is_han, words)) else SHORT)
    return only_names or bool(_POINTING.search(plain)) or (short and bool(_GOING_ON.search(plain)))


def _language(text: str, earlier: Sequence[str]) -> Language:
    """Of the message; one without words ("300S?") is in the language of those before it."""
    spoken = re.sub(r"\b\w*\d\w*\b", "", text)
    for each in (spoken, *reversed(earlier), text):
        if re.search(r"[^\W\d_]{2}", each):
            return language_of(each)
    return language_of(text)
