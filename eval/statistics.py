"""Is a difference more than chance, and do two judges agree: formulas, pure and with their sources. Knows no run."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from eval.metrics import wilson

RESAMPLES = 10_000


@dataclass(frozen=True, slots=True)
class Interval:
    """A value and where it lies with 95 % confidence."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Kappa:
    """Agreement of two judges beyond chance. `value` is None where chance alone would give full agreement, or no items."""

    value: float | None
    low: float
    high: float
    agreed: float  # share of items, 0 … 1
    items: int

    @property
    def text(self) -> str:
        """In words, with its interval."""
        if self.value is None:
            return f"κ undefined over {self.items}"
        return f"κ {self.value:.2f} ({self.low:.2f} to {self.high:.2f}) over {self.items}"


def mcnemar(only_first: int, only_second: int) -> float:
    """Two-sided exact p that the pairs in which just one of two is right fall this unevenly by chance; 1 without any.

    McNemar 1947 in its exact form: min(1, 2 · P(X ≤ min(b, c))), X binomial with n = b + c and ½.
    """
    pairs, fewer = only_first + only_second, min(only_first, only_second)
    below: int = sum(math.comb(pairs, each) for each in range(fewer + 1))
    return float(min(1.0, 2 * below / (1 << pairs)))


def bootstrap_difference(
    first: Sequence[float], second: Sequence[float], seed: int = 0, resamples: int = RESAMPLES
) -> Interval:
    """mean(second) − mean(first) of paired values, with the percentile interval at 95 % over resampled pairs.

    Efron & Tibshirani 1993, chapter 13. The same seed gives the same interval. Zero for no pairs.
    """
    differences = np.asarray(second, dtype=np.float64) - np.asarray(first, dtype=np.float64)
    if not len(differences):
        return Interval(0.0, 0.0, 0.0)
    random = np.random.default_rng(seed)
    means = np.array(
        [differences[random.integers(0, len(differences), len(differences))].mean() for _ in range(resamples)]
    )
    low, high = np.percentile(means, [2.5, 97.5])
    return Interval(float(differences.mean()), float(low), float(high))


def cohen_kappa(first: Sequence[Hashable], second: Sequence[Hashable]) -> Kappa:
    """κ = (pₒ − pₑ) / (1 − pₑ) of two judges' labels, item by item (Cohen 1960), with an interval at 95 %.

    Like Cohen's own standard error the interval takes pₑ as known; that of pₒ is Wilson's, because the usual one has
    no width at full agreement.
    """
    items = len(first)
    if not items or items != len(second):
        return Kappa(None, -1.0, 1.0, 0.0, 0)
    agreed = sum(mine == yours for mine, yours in zip(first, second, strict=True))
    labels = {*first, *second}
    chance = sum(list(first).count(each) * list(second).count(each) for each in labels) / items**2
    if chance == 1:
        return Kappa(None, -1.0, 1.0, 1.0, items)
    value, low, high = ((each - chance) / (1 - chance) for each in (agreed / items, *wilson(agreed, items)))
    return Kappa(value, low, high, agreed / items, items)


def pass_hat(right: int, trials: int, k: int) -> float:
    """Estimate without bias that `k` trials of a case in a row are all right: C(right, k) / C(trials, k).

    pass^k of τ-bench (Yao et al. 2024). Needs 1 ≤ k ≤ trials.
    """
    return math.comb(right, k) / math.comb(trials, k)
