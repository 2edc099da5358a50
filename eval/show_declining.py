"""Tables of what `bench decline` and `calibrate` measured. Knows no store and fits nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from eval.calibrate import (
    COVERAGES,
    Judged,
    Point,
    Scored,
    confidences,
    crossed,
    curve,
    fit,
    left_out,
    reliability,
    scored,
    threshold_for,
)
from eval.declining import Example
from rag.errors import ConfigError

AT = (0.8, 0.85, 0.9)  # coverages in the short tables


def pairs(words: Sequence[str]) -> dict[str, Path]:
    """NAME DIR NAME DIR … as a mapping. Raises ConfigError for an odd one out."""
    if len(words) % 2:
        raise ConfigError(f"{words[-1]!r} stands alone. Name each data set with its folder: NAME DIR NAME DIR …")
    return {name: Path(folder) for name, folder in zip(words[::2], words[1::2], strict=True)}


def show_bench(console: Console, figures: Mapping[str, Mapping[str, Any]]) -> None:
    """For each set ours and plain side by side, then the risk–coverage curves."""
    table = Table("held aside", "", "questions", "AUROC", *(f"wrongly at {each:.0%}" for each in AT), box=None)
    for name, systems in figures.items():
        for system, found in systems.items():
            wrongly = [f"{each['wrongly']:.3f}" for each in _at(found["curve"])]
            table.add_row(name, system, str(found["questions"]), f"{found['auroc']:.3f}", *wrongly)
    console.print(table)
    risks = Table("risk at coverage", "", *(f"{each:.0%}" for each in COVERAGES), box=None)
    for name, systems in figures.items():
        for system, found in systems.items():
            risks.add_row(name, system, *(f"{each['risk']:.3f}" for each in found["curve"]))
    console.print(risks)


def _at(points: Sequence[Mapping[str, float]]) -> list[Mapping[str, float]]:
    """The points at the coverages of the short tables."""
    return [min(points, key=lambda each: abs(each["coverage"] - wanted)) for wanted in AT]


def calibrated(console: Console, examples: Sequence[Example], wanted: float) -> dict[str, dict[str, float]]:
    """Fits each language on its half, shows how far that can be trusted on the other, and returns the weights."""
    fitted: dict[str, dict[str, float]] = {}
    for language in sorted({each.language for each in examples}):
        mine = [each for each in examples if each.language == language]
        tuning, held = scored([each for each in mine if not each.held]), scored([each for each in mine if each.held])
        weights = fit(tuning)
        fitted[language] = weights
        console.print(f"[bold]{language}[/bold]: {weights}", highlight=False)
        _trust(console, weights, held, wanted)
    _judged(console, "all, by the other half", crossed(examples))
    _judged(console, "all, by the other sets only", left_out(examples))
    return fitted


def _trust(console: Console, weights: Mapping[str, float], held: Scored, wanted: float) -> None:
    confidence = confidences(weights, held)
    bins = Table("confidence", "examples", "mean", "answerable", box=None)
    for each in reliability(confidence, held):
        row = (str(each.examples), f"{each.confidence:.3f}", f"{each.answerable:.3f}")
        bins.add_row(f"{each.low:.1f}–{each.high:.1f}", *row)
    console.print(bins)
    table = Table("", "threshold", "coverage", "wrongly", "95 %", "risk", box=None)
    for name in sorted(set(held.sets)):
        chosen = np.array(held.sets) == name
        mine, answerable = confidence[chosen], held.answerable[chosen]
        for point in curve(mine, answerable) if answerable.any() else ():
            table.add_row(name, *_row(point))
        table.add_row(f"{name}: at most {wanted:.0%}", *_row(threshold_for(mine, answerable, wanted)))
    console.print(table)


def _row(point: Point) -> tuple[str, ...]:
    interval = f"{point.low:.3f}–{point.high:.3f}"
    return f"{point.threshold:.3f}", f"{point.coverage:.3f}", f"{point.wrongly:.3f}", interval, f"{point.risk:.3f}"


def _judged(console: Console, title: str, found: Judged) -> None:
    table = Table(title, "AUROC", *(f"wrongly at {each:.0%}" for each in AT), box=None)
    for name, (area, points) in found.items():
        wrongly = [min(points, key=lambda each: abs(each.coverage - wanted)).wrongly for wanted in AT]
        table.add_row(name, f"{area:.3f}", *(f"{each:.3f}" for each in wrongly))
    console.print(table)
