"""Declining what cannot be answered: our confidence beside the plain similarity of what was found, in one run.

Reports on the half of each set's documents that nothing was fitted on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import numpy as np

from eval.calibrate import confidences, curve, scored, two_sided
from eval.declining import Example
from eval.metrics import Array, Mask, auroc
from rag.weights import weights

Figures = dict[str, object]


def run(examples: Sequence[Example]) -> dict[str, dict[str, Figures]]:
    """set → {"ours", "plain"} → {questions, auroc, curve: [{coverage, wrongly, …}, …]}; the held-aside half."""
    found = {}
    held = [each for each in examples if each.held]
    for name in two_sided(held):
        mine = [each for each in held if each.set == name]
        data = scored(mine)
        ours = confidences(weights()["confidence"][mine[0].language], data)
        plain = np.array([each.plain for each in mine])
        found[name] = {"ours": _figures(ours, data.answerable), "plain": _figures(plain, data.answerable)}
    return found


def _figures(scores: Array, answerable: Mask) -> Figures:
    points = [asdict(each) for each in curve(scores, answerable)]
    return {"questions": len(scores), "auroc": auroc(scores, answerable), "curve": points}
