"""Weights learned from passages whose right order is known."""

from __future__ import annotations

import numpy as np
import pytest

from eval.learn import Listed, cross_validated, first_right, fit, held_out, learn


def questions(seed: int, useful: int = 0, count: int = 40) -> Listed:
    """Four passages a question, the last one missing from every other; signal `useful` tells the relevant one."""
    chance = np.random.default_rng(seed)
    signals = chance.random((count, 4, 3)) * 0.5
    relevant = np.zeros((count, 4), bool)
    relevant[np.arange(count), chance.integers(0, 3, count)] = True
    signals[relevant, useful] += 0.5
    present = np.ones((count, 4), bool)
    present[::2, 3] = False
    return Listed(signals, present, relevant, np.arange(count) % 5)


def test_the_signal_that_tells_gets_the_weight() -> None:
    data = questions(1)
    weights = fit([data])
    assert weights[0] > 3 * weights[1:].max()
    assert (weights >= 0).all()
    assert first_right(data, weights).mean() == 1
    assert first_right(data, np.array([0.0, 1.0, 0.0])).mean() < 0.7


def test_passages_that_are_not_there_never_win() -> None:
    data = questions(2)
    data.signals[~data.present] = 9.0
    assert first_right(data, fit([data])).mean() == 1


def test_what_is_reported_was_not_learned_from() -> None:
    one, other = questions(3, useful=0), questions(4, useful=1)
    assert cross_validated([one]) == [1.0]
    assert held_out([one]) == []
    assert max(held_out([one, other])) < 0.7  # each by the weights of the other, in which another signal tells
    weights, figures = learn({"one": one, "same": questions(5)})
    assert figures["one"]["cross-validated"] == figures["same"]["by the others"] == pytest.approx(1.0)
    assert weights.argmax() == 0
