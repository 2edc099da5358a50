"""What changed between two versions of a document: passages and, within them, sentences. Pure functions.

Sentences are aligned over the whole document, so that one which only moved to the next passage is no change.
Compares words; a sentence that kept half of them is the same sentence, changed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from rag.text import normalise, tokens
from rag.types import Chunk, DocumentMeta

SAME = 0.5  # share of words (Dice) from which on two sentences are one that was changed
COMMON = 50  # a word in more sentences than this finds no partner


@dataclass(frozen=True, slots=True)
class SentenceChange:
    """From → to; an empty string where the sentence appeared or vanished."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PassageChange:
    """One passage that is not as it was. `place` is its label; `was` the former label where that changed too."""

    kind: Literal["added", "changed", "removed"]
    place: str
    sentences: tuple[SentenceChange, ...]
    was: str = ""


@dataclass(frozen=True, slots=True)
class Differences:
    """All that differs between two versions."""

    passages: tuple[PassageChange, ...]
    fields: tuple[tuple[str, str, str], ...]  # what editors say of the document: field, before, after
    fresh: frozenset[tuple[int, int]]  # (ordinal, sentence) of the new version that its predecessor did not say

    def count(self, kind: str) -> int:
        return sum(each.kind == kind for each in self.passages)


@dataclass(frozen=True, slots=True)
class _Line:
    """A sentence of one version: its passage and number there."""

    passage: int
    number: int
    text: str
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Alignment:
    """The sentences of both versions, and which was which: number in `new` → number in `old`."""

    old: tuple[_Line, ...]
    new: tuple[_Line, ...]
    partner: Mapping[int, int]

    def said(self, at: int) -> SentenceChange | None:
        """What became of a sentence of the new version; None where it stayed as it was."""
        was = self.old[self.partner[at]] if at in self.partner else None
        if was and _key(was) == _key(self.new[at]):
            return None
        return SentenceChange(was.text if was else "", self.new[at].text)

    def heirs(self) -> dict[int, Counter[int]]:
        """Passage of the old version → passages of the new one that hold its sentences, and how many."""
        found = defaultdict[int, Counter[int]](Counter)
        for at, was in self.partner.items():
            found[self.old[was].passage][self.new[at].passage] += 1
        return found


def differences(before: Sequence[Chunk], after: Sequence[Chunk]) -> Differences:
    """What `after` says that `before` did not, and the other way round. Either may be empty."""
    old, new = _lines(before), _lines(after)
    alignment = _Alignment(old, new, _aligned(old, new))
    fresh = [line for at, line in enumerate(new) if alignment.said(at)]
    return Differences(
        passages=tuple(_passages(before, after, alignment)),
        fields=_fields(before, after),
        fresh=frozenset((after[line.passage].ordinal, line.number) for line in fresh),
    )


def _lines(passages: Sequence[Chunk]) -> tuple[_Line, ...]:
    return tuple(
        _Line(at, number, passage.quote(number), frozenset(tokens(passage.quote(number))))
        for at, passage in enumerate(passages)
        for number in range(len(passage.sentences))
    )


def _key(line: _Line) -> str:
    return " ".join(normalise(line.text).split())


def _aligned(old: Sequence[_Line], new: Sequence[_Line]) -> dict[int, int]:
    """Which sentence was which: the same ones in order, then the same ones moved, then the most alike."""
    matcher = SequenceMatcher(None, [_key(each) for each in old], [_key(each) for each in new], autojunk=False)
    found = {block.b + at: block.a + at for block in matcher.get_matching_blocks() for at in range(block.size)}
    left, taken = defaultdict[str, list[int]](list), set(found.values())
    for at, line in enumerate(old):
        if at not in taken:
            left[_key(line)].append(at)
    for at, line in enumerate(new):
        if at not in found and left[_key(line)]:
            found[at] = left[_key(line)].pop(0)
    _add_alike(found, old, new)
    return found


def _add_alike(found: dict[int, int], old: Sequence[_Line], new: Sequence[_Line]) -> None:
    """Pair what is left by the words in common, the most alike first. Words that stand everywhere do not count."""
    taken, holders = set(found.values()), defaultdict[str, list[int]](list)
    for at, line in enumerate(old):
        if at not in taken:
            for word in line.words:
                holders[word].append(at)
    pairs = []
    for at, line in enumerate(new):
        if at not in found:
            near = {
                each for word in line.words if len(holders.get(word, ())) <= COMMON for each in holders.get(word, ())
            }
            pairs += [(_dice(line, old[each]), -abs(at - each), at, each) for each in near]
    for alike, _, at, was in sorted(pairs, reverse=True):
        if alike >= SAME and at not in found and was not in taken:
            found[at] = was
            taken.add(was)


def _dice(one: _Line, other: _Line) -> float:
    return 2 * len(one.words & other.words) / max(1, len(one.words) + len(other.words))


def _passages(before: Sequence[Chunk], after: Sequence[Chunk], aligned: _Alignment) -> Iterator[PassageChange]:
    """The new version's passages in order, then those of the old one of which nothing is left."""
    heirs = aligned.heirs()
    said, lost = defaultdict[int, list[SentenceChange]](list), defaultdict[int, list[SentenceChange]](list)
    for at, line in enumerate(aligned.new):
        if change := aligned.said(at):
            said[line.passage].append(change)
    for at in sorted(set(range(len(aligned.old))) - set(aligned.partner.values())):
        home = aligned.old[at].passage
        place = said[heirs[home].most_common(1)[0][0]] if home in heirs else lost[home]
        place.append(SentenceChange(aligned.old[at].text, ""))
    origin = {number: home for home, found in heirs.items() for number in found}
    for number, passage in enumerate(after):
        was = before[origin[number]].label if number in origin else ""
        moved = was if was != passage.label else ""
        if said[number] or moved:
            yield PassageChange("changed" if was else "added", passage.label, tuple(said[number]), moved)
    for home, vanished in lost.items():
        yield PassageChange("removed", before[home].label, tuple(vanished))


def _fields(before: Sequence[Chunk], after: Sequence[Chunk]) -> tuple[tuple[str, str, str], ...]:
    if not before or not after:
        return ()
    old, new = before[0].meta, after[0].meta
    pairs = [(name, getattr(old, name), getattr(new, name)) for name in DocumentMeta.__slots__]
    return tuple((name, str(was or ""), str(now or "")) for name, was, now in pairs if was != now)
