"""Sections and the lists in them: what is whole only together, also where it runs on in the next passage."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from rag.types import Chunk, Span

LIST_LIMIT = 12  # entries of a list quoted at once; more is a manual, not an answer
ENTRIES = ("item", "row")
_LEAD_IN = re.compile(r"[:：]\W*$")

Neighbours = Callable[[Chunk], list[Chunk]]  # passages under the same heading, in order


def flat(section: Sequence[Chunk]) -> list[Span]:
    """Every sentence of these passages, in order."""
    return [Span(each, at, at) for each in section for at in range(len(each.sentences))]


def opens_list(span: Span) -> bool:
    """Whether a sentence introduces a list; at the end of a passage the list may follow in the next one."""
    chunk, behind = span.chunk, span.last + 1
    following = chunk.sentences[behind].kind if behind < len(chunk.sentences) else "item"
    return bool(_LEAD_IN.search(span.text)) and following in ENTRIES


def completed(section: Sequence[Span], wanted: set[int]) -> list[Span]:
    """The spans at these places, every list among them whole, in order."""
    wanted = wanted.union(*(_whole_list(section, place) for place in wanted))
    return [section[place] for place in sorted(wanted)][: LIST_LIMIT + 2]


def _whole_list(section: Sequence[Span], place: int) -> set[int]:
    """Places of the list around `place`, or opened by it, with the line that introduces it."""
    if not _is_item(section[place]):
        if not _LEAD_IN.search(section[place].text):
            return set()
        place += 1
    if place >= len(section) or not _is_item(section[place]):
        return set()
    first = last = place
    while first > 0 and _is_item(section[first - 1]):
        first -= 1
    while last + 1 < len(section) and _is_item(section[last + 1]):
        last += 1
    lead = {first - 1} if first > 0 and _LEAD_IN.search(section[first - 1].text) else set()
    return lead | set(range(first, last + 1))


def _is_item(span: Span) -> bool:
    return span.chunk.sentences[span.first].kind in ENTRIES
