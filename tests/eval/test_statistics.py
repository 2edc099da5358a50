"""Formulas against figures worked out by hand, scipy and scikit-learn."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest
from scipy.stats import binomtest
from sklearn.metrics import cohen_kappa_score

from eval.statistics import bootstrap_difference, cohen_kappa, mcnemar, pass_hat


def test_mcnemar_by_hand() -> None:
    assert mcnemar(0, 5) == pytest.approx(2 / 32)
    assert mcnemar(1, 5) == pytest.approx(2 * (1 + 6) / 64)
    assert mcnemar(3, 3) == 1
    assert mcnemar(0, 0) == 1


@pytest.mark.parametrize(("b", "c"), [(0, 1), (2, 9), (9, 2), (10, 25), (121, 59), (400, 380)])
def test_mcnemar_is_the_exact_binomial_test(b: int, c: int) -> None:
    assert mcnemar(b, c) == pytest.approx(binomtest(b, b + c).pvalue)


def test_the_bootstrap_repeats_itself_and_holds_the_difference() -> None:
    random = np.random.default_rng(3)
    first = random.integers(0, 2, 200).astype(float)
    second = np.where(random.random(200) < 0.2, 1.0, first)
    found = bootstrap_difference(first.tolist(), second.tolist(), seed=7)
    assert found == bootstrap_difference(first.tolist(), second.tolist(), seed=7)
    difference = second - first
    assert found.value == pytest.approx(difference.mean())
    # Close to the normal interval of 200 differences.
    half = 1.96 * difference.std() / math.sqrt(200)
    assert found.low == pytest.approx(found.value - half, abs=0.01)
    assert found.high == pytest.approx(found.value + half, abs=0.01)


def test_the_bootstrap_of_equal_runs_is_nothing() -> None:
    same = bootstrap_difference([1, 0, 1], [1, 0, 1])
    assert (same.value, same.low, same.high) == (0, 0, 0)
    assert bootstrap_difference([], []).value == 0


def test_kappa_by_hand() -> None:
    # 50 items: both yes 20, both no 15, only the first yes 5, only the second 10. pₒ .7, pₑ .5·.6 + .5·.4 = .5.
    first = "y" * 20 + "n" * 15 + "y" * 5 + "n" * 10
    second = "y" * 20 + "n" * 15 + "n" * 5 + "y" * 10
    found = cohen_kappa(first, second)
    assert found.value == pytest.approx(0.4)
    assert (found.agreed, found.items) == (0.7, 50)
    assert found.low < 0.4 < found.high


def test_kappa_is_that_of_scikit_learn() -> None:
    random = np.random.default_rng(5)
    for _ in range(20):
        first = random.integers(0, 4, 60)
        second = np.where(random.random(60) < 0.6, first, random.integers(0, 4, 60))
        assert cohen_kappa(first.tolist(), second.tolist()).value == pytest.approx(cohen_kappa_score(first, second))


def test_full_agreement_is_not_certain() -> None:
    found = cohen_kappa("abab" * 10, "abab" * 10)
    assert found.value == 1
    assert found.low < 0.95
    assert found.high == pytest.approx(1)


def test_kappa_is_undefined_when_there_is_but_one_label() -> None:
    assert cohen_kappa("aaa", "aaa").value is None
    assert cohen_kappa("", "").value is None


def test_the_interval_of_kappa_holds_the_truth_about_as_often_as_it_says() -> None:
    random, truth, held = np.random.default_rng(11), 0.7, 0
    for _ in range(400):
        first = random.integers(0, 4, 48)
        second = np.where(random.random(48) < truth, first, random.integers(0, 4, 48))  # kappa .7 in the long run
        found = cohen_kappa(first.tolist(), second.tolist())
        held += found.low <= truth <= found.high
    assert 0.92 <= held / 400 <= 0.99


def test_pass_hat_counts_the_draws_that_are_all_right() -> None:
    trials = [1, 1, 1, 0, 1]
    drawn = [all(each) for each in combinations(trials, 3)]
    assert pass_hat(4, 5, 3) == pytest.approx(sum(drawn) / len(drawn))
    assert pass_hat(2, 5, 3) == 0
    assert pass_hat(5, 5, 5) == 1
    assert pass_hat(3, 4, 1) == 0.75
