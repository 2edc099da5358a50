"""Whether two sentences say the same, or contradict each other. Pure functions over a sentence and where it stands.

Numbers, units, names and negation are those of `rag/facts.py` and `rag/quantities.py`. Compares words of one language;
what is said in quite other words is not seen, and a rule beside its exception in nearly the same words is taken for a
contradiction. The limits below were chosen with `tests/ingest/overlap_cases.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from rag.facts import conditions_dropped, negated, new_names, new_numbers, opposites, without_marker
from rag.quantities import quantities, without_quantities
from rag.text import HAN, content_tokens, is_han, normalise, tokens
from rag.types import SentenceKind

REPEATED = 0.8  # share of all words (Jaccard) from which on a sentence repeats another
FEWEST = 2  # content words, numbers and their units not counted, below which a sentence says too little to be compared
ALIKE = 0.7  # share of content words without numbers (Dice) from which on two sentences are about the same
PART = 0.8  # what a sentence counts whose words are a part of the other's
ENOUGH = 3  # content words that such a sentence must have
PLACED = 0.5  # the same with the words they stand under: a short sentence has its subject there
NEARLY = 0.25  # share of words in one of the two only, up to which the sentences are the same but for those
FIRST_CELL = 0.6  # of the first cells of two rows: they say what a row is about
_UNIT = re.compile(rf"[{HAN}]|[^\W{HAN}]+(?:['’.,-][^\W{HAN}]+)*|[^\s\w]")
_BETWEEN_HAN = re.compile(f"(?<=[{HAN}]) (?=[{HAN}])")


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence, and the title and label under which it stands."""

    text: str
    place: str
    kind: SentenceKind = "text"


def alike(one: Claim, other: Claim) -> float:
    """Share of content words without numbers that two claims have in common (Dice); 0 where their subjects differ."""
    mine, theirs = _subject(one.text), _subject(other.text)
    shared = max(_dice(mine, theirs), _held(mine, theirs))
    if min(len(mine), len(theirs)) < FEWEST or shared < ALIKE:
        return 0.0
    if _dice(mine | _subject(one.place), theirs | _subject(other.place)) < PLACED:
        return 0.0
    other_row = one.kind == other.kind == "row" and _other_row(_cell(one.text), _cell(other.text))
    return 0.0 if other_row or _other_subject(one, other) else shared


def repeats(one: Claim, other: Claim) -> bool:
    """Whether two sentences are the same but for a word or so, and nothing in them contradicts."""
    mine, theirs = _all(one.text), _all(other.text)
    return len(mine & theirs) >= REPEATED * len(mine | theirs) > 0 and not conflict(one, other)


def conflict(one: Claim, other: Claim) -> str:
    """In what two sentences about the same subject contradict each other; empty if in nothing that can be seen."""
    text, said = without_marker(one.text), without_marker(other.text)
    apart, mine, theirs = _apart(text, said)
    near = apart <= NEARLY
    if not near and (conditions_dropped(text, said) or conditions_dropped(said, text)):
        return ""
    if figures := _figures(text, said, near):
        return figures
    if near and negated(mine) != negated(theirs):
        return "one of the two is negated"
    turned = opposites(mine, theirs) if near else []
    return f"“{turned[0]}” against its opposite" if turned else ""


def _apart(text: str, other: str) -> tuple[float, str, str]:
    """Share of the words that are not in both, in order, and those words of each with a neighbour on either side."""
    ours, found = _units(text), _units(other)
    matcher = SequenceMatcher(None, ours, found, autojunk=False)
    mine, theirs = list[str](), list[str]()
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind != "equal":
            mine += [*ours[max(0, a - 1) : b + 1], ";"]
            theirs += [*found[max(0, c - 1) : d + 1], ";"]
    return 1 - matcher.ratio(), _joined(mine), _joined(theirs)


def _figures(text: str, other: str, near: bool) -> str:
    """Figures of one kind of which each sentence has some that the other lacks, and none in common unless `near`."""
    mine, theirs = set(new_numbers(text, other)), set(new_numbers(other, text))
    ours, found = quantities(text), quantities(other)
    for value, unit in sorted(ours):
        for value2, unit2 in sorted(found):
            new = f"{value} {unit}".strip() in mine and f"{value2} {unit2}".strip() in theirs
            common = any(_kind(each) == _kind(unit) for _, each in ours & found)
            if new and (_kind(unit) == _kind(unit2) or value == value2) and (near or not common):
                return f"{value} {unit}".strip() + " ≠ " + f"{value2} {unit2}".strip()
    return ""


def _other_row(cell: str, other: str) -> bool:
    alike = _dice(_subject(cell), _subject(other)) >= FIRST_CELL
    return not alike or bool(new_names(cell, other)) or bool(new_names(other, cell))


def _other_subject(one: Claim, other: Claim) -> bool:
    """Whether each names a model, code or name that the other has neither in the sentence nor above it."""
    text, said = _about(one.text), _about(other.text)
    mine, theirs = f"{one.place} {text}", f"{other.place} {said}"
    below = new_names(mine, theirs) and new_names(said, mine)
    above = new_names(text, theirs) and new_names(theirs, mine)
    return bool(below or above)


def _about(text: str) -> str:
    return without_quantities(without_marker(text))


def _units(text: str) -> list[str]:
    """Words; of Chinese, characters."""
    return _UNIT.findall(normalise(text))


def _joined(units: Iterable[str]) -> str:
    return _BETWEEN_HAN.sub("", " ".join(units))


def _kind(unit: str) -> str:
    return "date" if unit.startswith("of month") else unit


def _cell(row: str) -> str:
    """What the first cell of a row holds: "Property: Weight; Value: 5 kg" → "Weight"."""
    return row.split(";")[0].split(":", 1)[-1]


def _dice(mine: frozenset[str], theirs: frozenset[str]) -> float:
    return 2 * len(mine & theirs) / max(1, len(mine) + len(theirs))


def _held(mine: frozenset[str], theirs: frozenset[str]) -> float:
    """Share of the shorter one's words in the longer, counted a little less: a part of what is said there."""
    shorter = min(len(mine), len(theirs))
    return PART * len(mine & theirs) / shorter if shorter >= ENOUGH else 0.0


@lru_cache(maxsize=65536)
def _all(text: str) -> frozenset[str]:
    return frozenset(tokens(without_marker(text)))


@lru_cache(maxsize=65536)
def _subject(text: str) -> frozenset[str]:
    """Content words without numbers and their units; of Chinese the pairs of characters where there are any."""
    words = [word for word in content_tokens(tokens(_about(text))) if not word.isdigit()]
    paired = [word for word in words if len(word) > 1 or not is_han(word)]
    return frozenset(paired or words)
