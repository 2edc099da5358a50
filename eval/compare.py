"""Two runs beside each other, pure: the same cases paired, and whether their difference is more than chance.

A case with several repeats is one pair: its repeats are not independent of each other. What is unscored in one of the
runs is in neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from eval.results import Header, Result, Run
from eval.statistics import Interval, bootstrap_difference, mcnemar
from eval.verdicts import RESOLUTION, value


@dataclass(frozen=True, slots=True)
class Difference:
    """A score in both runs, over the pairs that have it in both."""

    first: float
    second: float
    change: Interval
    pairs: int


@dataclass(frozen=True, slots=True)
class Change:
    """A case, once in each run, that one of them resolved and the other did not."""

    first: Result
    second: Result

    @property
    def better(self) -> bool:
        return (value(self.second, RESOLUTION) or 0) > (value(self.first, RESOLUTION) or 0)


@dataclass(frozen=True, slots=True)
class Comparison:
    """`gained` and `lost`: cases that the second run resolves more often than the first, and less often."""

    first: Header
    second: Header
    scores: dict[str, Difference]  # resolution the first
    gained: int
    lost: int
    p: float  # exact, two-sided, of gained against lost (McNemar; the sign test where cases were repeated)
    changes: tuple[Change, ...]
    unscored: tuple[tuple[Result, Result], ...]  # in one of the runs or both
    only_first: tuple[str, ...]  # keys of cases that the other run has not
    only_second: tuple[str, ...]
    edited: tuple[str, ...]  # ids of cases that read differently in the two runs: not paired

    @property
    def resolution(self) -> Difference:
        return self.scores[RESOLUTION]

    def figures(self) -> dict[str, Any]:
        """All of it as plain values, for JSON."""
        return {
            "first": self.first.model_dump(),
            "second": self.second.model_dump(),
            "made differently": made_differently(self.first, self.second),
            "scores": {name: asdict(each) for name, each in self.scores.items()},
            "gained": self.gained,
            "lost": self.lost,
            "p": self.p,
            "changes": [
                [each.first.model_dump(mode="json"), each.second.model_dump(mode="json")] for each in self.changes
            ],
            "unscored": [a.key for a, _ in self.unscored],
            "only_first": self.only_first,
            "only_second": self.only_second,
            "edited": self.edited,
        }


def compare(first: Run, second: Run) -> Comparison:
    """What changed from the first run to the second. The intervals repeat themselves."""
    mine, yours = ({each.key: each for each in run.results} for run in (first, second))
    shared = [(mine[key], yours[key]) for key in mine if key in yours]
    pairs = [(a, b) for a, b in shared if a.case == b.case]
    scored = [(a, b) for a, b in pairs if None not in (value(a, RESOLUTION), value(b, RESOLUTION))]
    by_case = _means(scored, RESOLUTION)
    gained, lost = sum(b > a for a, b in by_case), sum(b < a for a, b in by_case)
    names = dict.fromkeys([RESOLUTION, *(name for pair in pairs for each in pair for name in each.scores)])
    return Comparison(
        first=first.header,
        second=second.header,
        scores={name: _difference(_means(scored, name)) for name in names},
        gained=gained,
        lost=lost,
        p=mcnemar(lost, gained),
        changes=tuple(Change(a, b) for a, b in scored if value(a, RESOLUTION) != value(b, RESOLUTION)),
        unscored=tuple((a, b) for a, b in pairs if None in (value(a, RESOLUTION), value(b, RESOLUTION))),
        only_first=tuple(key for key in mine if key not in yours),
        only_second=tuple(key for key in yours if key not in mine),
        edited=tuple(dict.fromkeys(a.case.id for a, b in shared if a.case != b.case)),
    )


def made_differently(first: Header, second: Header) -> tuple[str, ...]:
    """What the runs were made with that is not the same, each as "name: before → after"."""
    changed = [
        f"{name}: {_shown(before)} → {_shown(after)}"
        for name in ("knowledge", "release", "state", "writer", "models", "commit", "cases", "judge", "seed", "repeat")
        if (before := getattr(first, name)) != (after := getattr(second, name))
    ]
    prompts = [
        f"prompt {name}: {first.prompts.get(name, 'none')} → {second.prompts.get(name, 'none')}"
        for name in sorted({*first.prompts, *second.prompts})
        if first.prompts.get(name) != second.prompts.get(name)
    ]
    return tuple(changed + prompts)


def _shown(field: object) -> str:
    if isinstance(field, tuple):
        return ", ".join(map(str, field)) or "none"
    return "none" if field in (None, "") else str(field)


def _means(pairs: Iterable[tuple[Result, Result]], name: str) -> list[tuple[float, float]]:
    """Case by case the means over the repeats that have the score in both runs."""
    found = dict[str, list[tuple[float, float]]]()
    for a, b in pairs:
        first, second = value(a, name), value(b, name)
        if first is not None and second is not None:
            found.setdefault(a.case.id, []).append((first, second))
    return [(_mean([a for a, _ in each]), _mean([b for _, b in each])) for each in found.values()]


def _difference(means: Sequence[tuple[float, float]]) -> Difference:
    first, second = [a for a, _ in means], [b for _, b in means]
    return Difference(_mean(first), _mean(second), bootstrap_difference(first, second), len(means))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
