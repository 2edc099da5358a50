"""Resolution accuracy over the runs as a line with intervals and marks of releases: figures to places in a drawing. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from eval.history import Entry
from eval.verdicts import RESOLUTION

WIDTH, HEIGHT = 860, 260
LEFT, RIGHT, TOP, BOTTOM = 46, 44, 30, 34
SHOWN = 40  # runs
DATES = 8  # written below the line


@dataclass(frozen=True, slots=True)
class Point:
    """A run. `low` and `high`: where the ends of its interval are drawn; `label`: its date, where that is written."""

    x: float
    y: float
    low: float
    high: float
    told: str
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """The drawing. `marks`: (x, release) where another release than before was played; `ticks`: (y, percent)."""

    points: tuple[Point, ...]
    path: str
    marks: tuple[tuple[float, int], ...]
    ticks: tuple[tuple[float, int], ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = HEIGHT - BOTTOM


def chart(entries: Sequence[Entry]) -> Chart | None:
    """Of runs, the oldest first; None where none has a value."""
    scored = [each for each in entries if each.scores[RESOLUTION].value is not None][-SHOWN:]
    if not scored:
        return None
    floor = math.floor(10 * min(each.scores[RESOLUTION].low for each in scored)) / 10
    floor = min(floor, 0.9)
    step = (WIDTH - LEFT - RIGHT) / max(len(scored) - 1, 1)
    every = -(-len(scored) // DATES)
    points = tuple(
        _point(each, LEFT + at * step if len(scored) > 1 else WIDTH / 2, floor, at % every == 0)
        for at, each in enumerate(scored)
    )
    pairs = pairwise(zip(points, scored, strict=True))
    marks = tuple(
        (point.x, each.header.release)
        for (_, before), (point, each) in pairs
        if each.header.release is not None and each.header.release != before.header.release
    )
    percents = range(round(100 * floor), 101, 10 if floor >= 0.4 else 20)
    return Chart(
        points,
        " ".join(f"{'M' if not at else 'L'}{point.x:.1f} {point.y:.1f}" for at, point in enumerate(points)),
        marks,
        tuple((_y(percent / 100, floor), percent) for percent in percents),
    )


def _point(entry: Entry, x: float, floor: float, dated: bool) -> Point:
    share, at = entry.scores[RESOLUTION], entry.header.started_at
    told = f"{entry.header.id}: {100 * (share.value or 0):.1f} % ({100 * share.low:.1f}–{100 * share.high:.1f} %)"
    y, low, high = (_y(value, floor) for value in (share.value or 0.0, share.low, share.high))
    return Point(round(x, 1), y, low, high, told, at[5:10] if dated else "")


def _y(value: float, floor: float) -> float:
    """From the bottom at `floor` to the top at 1."""
    return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value - floor) / (1 - floor), 1)
