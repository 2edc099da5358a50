"""Pairs to try the check on: a sentence, the span it cites, the passages around it, and whether it is faithful.

Made by the rules of `eval/reworded.py` and `eval/altered.py` from passages, by hand in `eval/check_pairs.jsonl`, and
from table rows that stand in a document and in its translation. The same seed gives the same pairs.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval import altered, reworded
from eval.passages import Shelf, for_tuning
from rag.quantities import quantities
from rag.text import language_of, normalise
from rag.types import Chunk, Language, Span

BY_HAND = Path(__file__).parent / "check_pairs.jsonl"
CAP = 40  # pairs of one kind, language and half from one collection
LENGTHS = (14, 260)  # characters of a sentence that rules are tried on; half of that in Chinese
OF_VALUES = ("number", "unit", "negation")  # alterations that can be made without knowing the other language


@dataclass(frozen=True, slots=True)
class Pair:
    """`right` is the span that says it; `cited` is another one only where the kind is "wrong span"."""

    text: str
    cited: Span
    right: Span
    passages: tuple[Chunk, ...]
    faithful: bool
    kind: str
    language: Language

    @property
    def tuning(self) -> bool:
        return for_tuning(self.right.chunk)


def make(chunks: Sequence[Chunk], seed: int, collection: str) -> list[Pair]:
    """Pairs by rule, at most CAP of each kind, language and half, evenly drawn."""
    shelf, kept = Shelf(chunks), dict[tuple[str, bool, str, bool], int]()
    spans = [Span(chunk, at, at) for chunk in chunks for at in range(len(chunk.sentences)) if _fits(chunk, at)]
    random.Random(f"{seed} {collection}").shuffle(spans)
    pairs = list[Pair]()
    for span in spans:
        around = shelf.around(span.chunk)
        chance = random.Random(f"{seed} {span.chunk.source} {span.chunk.ordinal} {span.first}")
        for pair in [*_faithful(span, around, chance), *_altered(span, around, chance)]:
            place = pair.kind, pair.faithful, pair.language, pair.tuning
            kept[place] = kept.get(place, 0) + 1
            if kept[place] <= CAP:
                pairs.append(pair)
    return pairs


def _fits(chunk: Chunk, at: int) -> bool:
    text, short = chunk.quote(at), language_of(chunk.text) == "zh"
    low, high = (each // 2 for each in LENGTHS) if short else LENGTHS
    return low <= len(text) <= high and language_of(text) == chunk.language and chunk.sentences[at].kind != "code"


def _faithful(span: Span, around: tuple[Chunk, ...], chance: random.Random) -> Iterator[Pair]:
    language = language_of(span.text)
    yield Pair(span.text, span, span, around, True, "verbatim", language)
    for kind, rule in reworded.rules(language).items():
        text = rule(span.text, chance)
        if (text and normalise(text) != normalise(span.text)) or (kind == "script" and text != span.text):
            yield Pair(text, span, span, around, True, kind, language)
    both = Span(span.chunk, span.first, span.first + 1)
    if both.last < len(span.chunk.sentences) and {
        each.kind for each in span.chunk.sentences[both.first : both.last + 1]
    } == {"text"}:
        text = reworded.merged(span.text, span.chunk.quote(both.last), language)
        yield Pair(text, both, both, around, True, "two merged", language)


def _altered(span: Span, around: tuple[Chunk, ...], chance: random.Random) -> Iterator[Pair]:
    language = language_of(span.text)
    everything = "\n".join(chunk.text for chunk in around)
    plain = normalise(everything)
    for kind, rule in altered.rules(language).items():
        text = rule(span.text, everything, chance)
        if text and normalise(text).rstrip(".。") not in plain:
            yield Pair(text, span, span, around, False, kind, language)
    wrong = chance.choice(around[1:]) if len(around) > 1 else None
    if wrong and normalise(span.text) not in normalise(wrong.text):
        yield Pair(span.text, Span(wrong, 0, 0), span, around, False, "wrong span", language)


def by_hand(chunks: Sequence[Chunk]) -> list[Pair]:
    """The pairs of `check_pairs.jsonl`. Raises ValueError if a source no longer holds its words."""
    shelf = Shelf(chunks)
    return [_found(json.loads(line), chunks, shelf) for line in BY_HAND.read_text(encoding="utf-8").splitlines()]


def _found(row: Mapping[str, str], chunks: Sequence[Chunk], shelf: Shelf) -> Pair:
    for chunk in chunks:
        at = next((at for at in range(len(chunk.sentences)) if row["words"] in chunk.quote(at)), None)
        if chunk.source == row["source"] and at is not None:
            span, language = Span(chunk, at, at), language_of(row["text"])
            across = "across: " if language != chunk.language else ""
            kind = f"{across}by hand"
            return Pair(row["text"], span, span, shelf.around(chunk), row["label"] == "faithful", kind, language)
    raise ValueError(f"{row['source']} does not hold {row['words']!r}: correct {BY_HAND.name}.")


def across(chunks: Sequence[Chunk], seed: int) -> list[Pair]:
    """A row cited for its translation, where the same figures stand in one row of each of the two documents only."""
    shelf, pairs = Shelf(chunks), list[Pair]()
    for one, other in _rows(chunks):
        for said, span in ((one, other), (other, one)):
            chance, language = random.Random(f"{seed} {said.text}"), language_of(said.text)
            around = shelf.around(span.chunk)
            pairs.append(Pair(said.text, span, span, around, True, "across: row", language))
            for kind in OF_VALUES:
                text = altered.rules(language)[kind](said.text, "", chance)
                if (text and quantities(text) != quantities(said.text)) or (
                    kind == "negation" and text not in ("", said.text)
                ):
                    pairs.append(Pair(text, span, span, around, False, f"across: {kind}", language))
    return pairs


def _rows(chunks: Sequence[Chunk]) -> Iterator[tuple[Span, Span]]:
    """Rows of NAME.EXT and of NAME.zh.EXT with the same figures, at least one of them with a unit or a fraction."""
    by_stem: dict[str, dict[str, dict[frozenset[tuple[str, str]], list[Span]]]] = {}
    for chunk in chunks:
        for at, sentence in enumerate(chunk.sentences):
            figures = quantities(chunk.quote(at))
            telling = any(unit or "." in value for value, unit in figures)
            if sentence.kind == "row" and telling and language_of(chunk.quote(at)) == chunk.language:
                stem = by_stem.setdefault(chunk.source.split(".")[0], {}).setdefault(chunk.language, {})
                stem.setdefault(figures, []).append(Span(chunk, at, at))
    for languages in by_stem.values():
        english, chinese = languages.get("en", {}), languages.get("zh", {})
        for figures in sorted(english.keys() & chinese.keys(), key=sorted):
            if len(english[figures]) == len(chinese[figures]) == 1:
                yield english[figures][0], chinese[figures][0]
