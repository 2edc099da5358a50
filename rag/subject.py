"""What a question is about, said back safely: in names and words that the documents themselves use.

Nothing else of a customer's message is ever repeated by the assistant: no markup, no insult, no claim.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.text import HAN, STOP_CHARACTERS, content_tokens, is_han, normalise, tokens
from rag.types import Hit, Query

MOST = 3  # names and words said back
KNOWN = 0.5  # share of the question's words that documents must know before any is said back
_WORDS = re.compile(r"[a-z]{3,20}(?:-[a-z]{3,20})?")
_RUNS = re.compile(rf"[{HAN}]{{2,}}")


def subject(query: Query, hits: Sequence[Hit]) -> tuple[str, ...]:
    """Products it names, and its words that stand in headings of what was found; empty where that says little."""
    labels = " ".join(f"{hit.chunk.title} {hit.chunk.label}" for hit in hits)
    content = set(content_tokens(query.tokens))
    if query.language == "zh":
        spoken = _shared(query.text, labels)
        asked, known = sum(len(word) == 1 and is_han(word) for word in content), len(set("".join(spoken)))
    else:
        spoken = _spoken(query.text, set(tokens(labels)))
        asked, known = len(content), len(content.intersection(tokens(labels)))
    if not known or known < KNOWN * asked:
        spoken = []
    names = normalise(" ".join(query.named))
    return tuple(dict.fromkeys([*query.named, *(word for word in spoken if word not in names)]))[:MOST]


def _spoken(text: str, known: set[str]) -> list[str]:
    """The words of the text, as written there, that are known."""
    plain = normalise(text)
    return [word for word in _WORDS.findall(plain) if set(content_tokens((*tokens(word), "x"))[:-1]) & known]


def _shared(text: str, labels: str) -> list[str]:
    """The longest pieces of two characters and more that stand in the labels as they stand in the text."""
    plain, found = normalise(labels), list[str]()
    spoken = "".join(" " if character in STOP_CHARACTERS else character for character in normalise(text))
    for run in _RUNS.findall(spoken):
        at = 0
        while at < len(run) - 1:
            end = next((end for end in range(len(run), at + 1, -1) if run[at:end] in plain), at + 1)
            if end > at + 1:
                found.append(run[at:end])
            at = end
    return found
