"""What a passage repeats of other documents, and where it seems to contradict them. Pure functions over values.

Which passages are worth comparing is `ingest/similar.py`'s; whether two sentences agree is `ingest/claims.py`'s.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from ingest.claims import Claim, alike, conflict, repeats
from ingest.rows import named
from rag.ports import Candidate
from rag.text import content_tokens, sentence_spans
from rag.types import Chunk, DocumentMeta

MOSTLY = 0.5  # share of a passage's new text that repeats another passage, to be called a duplicate
NEAR = 0.3  # share of the shorter sentence's words that two must have in common to be compared at all
SHORT = 40  # characters (Chinese: half) below which a repetition is no news
Place = tuple[Chunk, int]  # a sentence, by its passage and number


@dataclass(frozen=True, slots=True)
class Overlap:
    """Sentences of a staged passage beside those of another document's passage: (here, there) by number."""

    kind: Literal["duplicate", "contradiction"]
    here: Chunk
    there: Chunk
    pairs: tuple[tuple[int, int], ...]
    reason: str = ""


def overlaps(staged: Candidate, fresh: Collection[int], others: Sequence[Candidate], today: date) -> list[Overlap]:
    """What the sentences `fresh` of a staged passage repeat of `others`, and what of them they contradict."""
    here = staged.chunk
    met = [each for each in others if may_meet(here, each.chunk, today)]
    near = {number: _near(staged, number, met) for number in sorted(fresh)}
    found = _duplicates(here, near)
    for number, places in near.items():
        found += _contradictions(here, number, places)
    return found


def _near(staged: Candidate, number: int, met: Sequence[Candidate]) -> list[Place]:
    """Sentences that share enough words to be worth a closer look."""
    mine = _words(staged.tokens[number])
    return [
        (each.chunk, at)
        for each in met
        for at, said in enumerate(each.tokens)
        if len(mine & (theirs := _words(said))) >= NEAR * min(len(mine), len(theirs))
    ]


def may_meet(one: Chunk, other: Chunk, today: date) -> bool:
    """Whether two passages can be told to the same customer about the same thing, today or later."""
    mine, theirs = one.meta, other.meta
    return (
        one.source != other.source
        and one.language == other.language
        and other.source not in named(mine.supersedes)
        and one.source not in named(theirs.supersedes)
        and _one_audience(mine.audience, theirs.audience)
        and _fits(mine.product, theirs.product)
        and (not mine.region or not theirs.region or mine.region == theirs.region)
        and _together(mine, theirs, today)
    )


def _one_audience(mine: str, theirs: str) -> bool:
    """Whoever may read what is not public reads what is public beside it."""
    return mine == theirs or "public" in (mine, theirs)


def _fits(mine: str, theirs: str) -> bool:
    """The same product, or a family and its member: "Sweep" and "Sweep R2", not "Sweep R2" and "Sweep R2 Pro"."""
    short, long = sorted((mine, theirs), key=len)
    family = long.startswith(f"{short} ") and not any(each.isdigit() for each in short)
    return not short or short == long or family


def _together(mine: DocumentMeta, theirs: DocumentMeta, today: date) -> bool:
    begins = max(today, mine.valid_from or today, theirs.valid_from or today)
    return begins <= min(mine.valid_until or date.max, theirs.valid_until or date.max)


def _duplicates(here: Chunk, near: Mapping[int, Sequence[Place]]) -> list[Overlap]:
    """Passages that the sentences repeat, where those are most of what is new here."""
    same = dict[int, tuple[Chunk, list[tuple[int, int]]]]()
    for number, places in near.items():
        mine, seen = _whole(here, number), set[int]()
        for there, at in places:
            if there.id not in seen and repeats(mine, _whole(there, at)):
                seen.add(there.id)
                same.setdefault(there.id, (there, []))[1].append((number, at))
    new = sum(_length(here, number) for number in near)
    found = []
    for there, pairs in same.values():
        said = sum(_length(here, number) for number, _ in pairs)
        if said >= (SHORT if here.language == "en" else SHORT / 2) and said >= MOSTLY * new:
            found.append(Overlap("duplicate", here, there, tuple(pairs)))
    return found


def _contradictions(here: Chunk, number: int, places: Sequence[Place]) -> list[Overlap]:
    """In each other document the sentence most like this one, if it differs in what may not differ."""
    found: dict[str, Overlap] = {}
    said = [(there, at, claim) for there, at in places for claim in _claims(there, at)]
    for mine in _claims(here, number):
        best: dict[str, tuple[float, bool, Overlap]] = {}
        for there, at, theirs in said:
            if near := alike(mine, theirs):
                reason = conflict(mine, theirs)
                each = near, not reason, Overlap("contradiction", here, there, ((number, at),), reason)
                best[there.source] = max(best.get(there.source, each), each, key=lambda one: one[:2])
        found |= {source: overlap for source, (_, agrees, overlap) in best.items() if not agrees}
    return list(found.values())


@lru_cache(maxsize=65536)
def _words(said: tuple[str, ...]) -> frozenset[str]:
    return frozenset(content_tokens(said))


def _whole(chunk: Chunk, number: int) -> Claim:
    return _claim(chunk, number, chunk.quote(number))


def _claims(chunk: Chunk, number: int) -> list[Claim]:
    """A list entry may hold several sentences; each of them says something of its own."""
    text = chunk.quote(number)
    return [_claim(chunk, number, text[start:end]) for start, end in sentence_spans(text)]


def _claim(chunk: Chunk, number: int, text: str) -> Claim:
    return Claim(text, f"{chunk.title} {chunk.label} {chunk.meta.product}", chunk.sentences[number].kind)


def _length(chunk: Chunk, number: int) -> int:
    return chunk.sentences[number].end - chunk.sentences[number].start
