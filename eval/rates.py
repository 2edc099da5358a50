"""What a score of upset customers is worth: order, and how many are found while most of those found are upset. Pure."""

from __future__ import annotations

import numpy as np

from eval.metrics import Array, Mask, auroc

PRECISIONS = (0.5, 0.7, 0.9)
COLUMNS = ("auroc", "average_precision", *(f"recall@p{each}" for each in PRECISIONS))
Rates = dict[str, float]


def rates(scores: Array, positive: Mask) -> Rates:
    """AUROC, average precision, and the highest recall at each of PRECISIONS; equal scores are taken together."""
    order = np.argsort(-scores, kind="stable")
    ends = np.flatnonzero(np.append(np.diff(scores[order]) != 0, True))
    hits = np.cumsum(positive[order])[ends]
    precision, recall = hits / (ends + 1), hits / max(1, positive.sum())
    average = float(np.sum(np.diff(recall, prepend=0.0) * precision))
    at = [float(recall[precision >= each].max(initial=0.0)) for each in PRECISIONS]
    return dict(zip(COLUMNS, (auroc(scores, positive), average, *at), strict=True))
