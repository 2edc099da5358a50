"""Ranking measures, pure. Each takes the ranked ids and the relevant ones with their grades."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence


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
