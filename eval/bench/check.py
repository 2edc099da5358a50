"""How much of what is altered the check catches, and how much of what is faithful it drops.

Beside a plain baseline in the same run: the share of words that stand in the cited span, and nothing else.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from eval import pairs
from eval.metrics import percentile
from eval.pairs import Pair
from eval.passages import demo_passages, public_passages
from rag import citations
from rag.text import content_tokens, normalise, tokens
from rag.types import Chunk, DraftSentence, Span

COVERED = 0.6  # share of words that the baseline asks for
HALVES = ("tuning", "reporting")  # of the documents: what the check was made with, and what it is reported on
Z = 1.96  # of a 95 % interval
Table = dict[str, dict[str, dict[str, dict[str, dict[str, float]]]]]  # half, label, language, kind → share
Check = Callable[[DraftSentence, Sequence[Chunk]], Span | None]  # the span that a sentence is shown with, if it is


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `pairs`: altered ones caught, or faithful ones dropped; with its Wilson interval of 95 %."""

    hits: int
    pairs: int
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Result:
    """What one check made of one pair."""

    pair: Pair
    rejected: bool  # dropped, or moved to a span that says it where the citation was wrong


def collect(folders: Iterable[Path], seed: int) -> list[Pair]:
    """All pairs: from `knowledge/` by rule, by hand and across languages, and from public data by rule."""
    demo = demo_passages()
    found = [*pairs.make(demo, seed, "knowledge"), *pairs.by_hand(demo), *pairs.across(demo, seed)]
    for number, folder in enumerate(folders, 1):
        found += pairs.make(public_passages(folder, number * 1_000_000), seed, folder.name)
    return found


def run(found: Sequence[Pair]) -> dict[str, Any]:
    """{"ours" and "words": {half: {"altered" or "faithful": {language: {kind: share}}}}, "ms": {p50, p95, mean}}"""
    times = list[float]()

    def ours(draft: DraftSentence, passages: Sequence[Chunk]) -> Span | None:
        began = time.perf_counter()
        verdict, spans = citations.check(draft, passages)
        times.append((time.perf_counter() - began) * 1000)
        return spans[0] if verdict.supported else None

    figures: dict[str, Any] = {
        name: tables(results(check, found)) for name, check in (("ours", ours), ("words", words))
    }
    mean = sum(times) / max(1, len(times))
    return {**figures, "ms": {"p50": percentile(times, 0.5), "p95": percentile(times, 0.95), "mean": mean}}


def words(draft: DraftSentence, _: Sequence[Chunk]) -> Span | None:
    """The baseline: enough of the words stand in the cited span."""
    said, source = ({*content_tokens(tokens(text))} for text in (draft.text, draft.spans[0].text))
    return draft.spans[0] if len(said & source) >= COVERED * len(said) else None


def results(check: Check, found: Iterable[Pair]) -> list[Result]:
    """What `check` makes of each pair."""
    return [
        Result(pair, _rejected(pair, check(DraftSentence(pair.text, (pair.cited,)), pair.passages))) for pair in found
    ]


def _rejected(pair: Pair, shown: Span | None) -> bool:
    if shown is None or pair.kind != "wrong span":
        return shown is None
    return normalise(pair.text).strip() in normalise(shown.text)


def tables(found: Sequence[Result]) -> Table:
    """Shares by half, label, language and kind; "all" is every kind together."""
    made: Table = {}
    for half in HALVES:
        for label in ("altered", "faithful"):
            for language in ("en", "zh"):
                place = half == HALVES[0], label == "faithful", language
                some = [each for each in found if (each.pair.tuning, each.pair.faithful, each.pair.language) == place]
                kinds = sorted({each.pair.kind for each in some})
                few = {kind: [each for each in some if each.pair.kind == kind] for kind in kinds}
                shares = {kind: asdict(share(each)) for kind, each in {"all": some, **few}.items()}
                made.setdefault(half, {}).setdefault(label, {})[language] = shares
    return made


def rows(figures: dict[str, Any], half: str) -> Iterator[tuple[str, ...]]:
    """Label, kind, language, ours, its interval and the baseline's, for a table of one half."""
    for label, said in (("altered", "caught"), ("faithful", "dropped")):
        for language, kinds in figures["ours"][half][label].items():
            for kind, ours in kinds.items():
                base = figures["words"][half][label][language][kind]
                cells = [f"{each['hits']}/{each['pairs']} {each['share']:.3f}" for each in (ours, base)]
                yield f"{label}, {said}", kind, language, cells[0], f"{ours['low']:.3f}–{ours['high']:.3f}", cells[1]


def share(found: Sequence[Result]) -> Share:
    """The share rejected, with its interval (Wilson 1927)."""
    hits, number = sum(each.rejected for each in found), len(found)
    if not number:
        return Share(0, 0, 0.0, 0.0, 1.0)
    part = hits / number
    centre = (part + Z * Z / (2 * number)) / (1 + Z * Z / number)
    half = Z * math.sqrt(part * (1 - part) / number + Z * Z / (4 * number * number)) / (1 + Z * Z / number)
    return Share(hits, number, part, max(0.0, centre - half), min(1.0, centre + half))
