"""How many cases were resolved, of all and by tag, and the mean of every score. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from eval.compare import RESOLUTION, value
from eval.metrics import wilson
from eval.results import Result, Run


@dataclass(frozen=True, slots=True)
class Tally:
    """Cases resolved, scored, and not scored."""

    hits: int
    scored: int
    unscored: int

    @property
    def share(self) -> float:
        return self.hits / self.scored if self.scored else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's, at 95 %."""
        return wilson(self.hits, self.scored)

    @property
    def text(self) -> str:
        """The share with its interval and what it is of."""
        low, high = self.interval
        return f"{self.share:.3f} ({low:.3f}–{high:.3f}; {self.hits} of {self.scored}, {self.unscored} unscored)"


def tally(results: Sequence[Result]) -> Tally:
    """Of all of them."""
    values = [value(each, RESOLUTION) for each in results]
    scored = [each for each in values if each is not None]
    return Tally(sum(each == 1 for each in scored), len(scored), len(values) - len(scored))


def tallies(results: Iterable[Result]) -> dict[str, Tally]:
    """By tag, in alphabetical order."""
    tagged = dict[str, list[Result]]()
    for each in results:
        for tag in each.case.tags:
            tagged.setdefault(tag, []).append(each)
    return {tag: tally(tagged[tag]) for tag in sorted(tagged)}


def figures(run: Run) -> dict[str, float]:
    """Score → its mean over the results that have it."""
    found = dict[str, list[float]]()
    for each in run.results:
        for name in each.scores:
            if (score := value(each, name)) is not None:
                found.setdefault(name, []).append(score)
    return {name: sum(values) / len(values) for name, values in found.items()}
