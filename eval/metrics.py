"""Measures, pure. Those of ranking take the ranked ids and the relevant ones with their grades."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


def recall_at(ranked: Sequence[str], relevant: Mapping[str, float], k: int) -> float:
    """Share of the relevant documents among the first `k`."""
    return sum(each in relevant for each in ranked[:k]) / len(relevant)


def reciprocal_rank_at(ranked: Sequence[str], relevant: Mapping[str, float], k: int) -> float:
    """1 / rank of the first relevant document among the first `k`, else 0 (MRR is its mean)."""
    return next((1 / rank for rank, each in enumerate(ranked[:k], 1) if each in relevant), 0.0)


def ndcg_at(ranked: Sequence[str], relevant: Mapping[str, float], k: int) -> float:
    """Σ grade / log₂(rank + 1), as a share of the best order's (Järvelin & Kekäläinen 2002, linear gain)."""
    gained = sum(relevant.get(each, 0.0) / math.log2(rank + 1) for rank, each in enumerate(ranked[:k], 1))
    ideal = sum(
        grade / math.log2(rank + 1) for rank, grade in enumerate(sorted(relevant.values(), reverse=True)[:k], 1)
    )
    return gained / ideal if ideal else 0.0


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of the values lie, interpolated; 0 for none."""
    if not values:
        return 0.0
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def auroc(scores: Array, positive: Mask) -> float:
    """Probability that a positive scores above a negative, a tie counting half (Mann–Whitney U / n₁n₀); ½ without both."""
    mine, others = np.sort(scores[positive]), scores[~positive]
    if not len(mine) or not len(others):
        return 0.5
    below = np.searchsorted(mine, others, side="right")
    at_most = np.searchsorted(mine, others, side="left")
    return float(1 - (below + at_most).mean() / (2 * len(mine)))


def threshold_at(scores: Array, positive: Mask, coverage: float) -> float:
    """The highest threshold at or above which at least `coverage` of the positives score; above all for none."""
    mine = np.sort(scores[positive])[::-1]
    return float(mine[max(1, math.ceil(coverage * len(mine) - 1e-9)) - 1]) if len(mine) else math.inf


def wilson(hits: float, trials: int, z: float = 1.96) -> tuple[float, float]:
    """The score interval of a share (Wilson 1927), by default at 95 %; 0 … 1 for no trials."""
    if not trials:
        return 0.0, 1.0
    share, spread = hits / trials, z * z / trials
    middle = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * math.sqrt(share * (1 - share) / trials + spread / (4 * trials))
    return max(0.0, middle - half), min(1.0, middle + half)
