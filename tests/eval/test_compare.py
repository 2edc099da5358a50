"""Two runs side by side: what is paired, what is not, and whether the difference is more than chance."""

from __future__ import annotations

import pytest

from eval.compare import compare, made_differently
from eval.statistics import mcnemar
from tests.eval.made_runs import case, made, result, run


def test_gains_and_losses_are_counted_pair_by_pair() -> None:
    found = compare(run([1, 1, 0, 0, 0]), run([1, 0, 1, 1, 1], "r2"))
    assert (found.gained, found.lost) == (3, 1)
    assert found.p == mcnemar(1, 3)
    assert (found.resolution.first, found.resolution.second) == (0.4, 0.8)
    assert found.resolution.change.value == pytest.approx(0.4)
    assert [(each.first.key, each.better) for each in found.changes] == [
        ("c1#0", False),
        ("c2#0", True),
        ("c3#0", True),
        ("c4#0", True),
    ]


def test_a_run_beside_itself_differs_in_nothing() -> None:
    found = compare(run([1, 0, None]), run([1, 0, None]))
    assert (found.gained, found.lost, found.p, found.changes) == (0, 0, 1, ())
    assert made_differently(found.first, found.second) == ()


def test_the_unscored_stand_apart_and_count_as_nothing() -> None:
    found = compare(run([1, None, 1, 0]), run([1, 1, None, 0], "r2"))
    assert found.resolution.pairs == 2
    assert found.resolution.change.value == 0
    assert [a.key for a, _ in found.unscored] == ["c1#0", "c2#0"]


def test_cases_of_one_run_only_and_edited_ones_are_named_and_not_paired() -> None:
    first = made([result(case(0), 1), result(case(1), 1), result(case(2), 1)])
    second = made([result(case(0), 1), result(case(1, turns=("Another?",)), 0), result(case(3), 0)], "r2")
    found = compare(first, second)
    assert found.resolution.pairs == 1
    assert (found.only_first, found.only_second, found.edited) == (("c2#0",), ("c3#0",), ("c1",))


def test_repeats_of_a_case_are_one_pair() -> None:
    first = made([result(case(n), 0, repeat=k) for n in range(4) for k in range(5)])
    second = made([result(case(n), 1, repeat=k) for n in range(4) for k in range(5)], "r2")
    found = compare(first, second)
    assert (found.gained, found.resolution.pairs) == (4, 4)
    assert found.p == mcnemar(0, 4)  # of 4 cases, not of 20 trials


def test_other_scores_are_compared_where_both_have_them() -> None:
    first = made([result(case(0), 1, facts=0.5), result(case(1), 1, facts=1.0), result(case(2), 1)])
    second = made([result(case(0), 1, facts=1.0), result(case(1), 1), result(case(2), 1, facts=0.0)], "r2")
    facts = compare(first, second).scores["facts"]
    assert (facts.first, facts.second, facts.pairs) == (0.5, 1.0, 1)


def test_what_the_runs_were_made_with_is_told_apart() -> None:
    first = run([1], release=3, prompts={"answer.en": "aa", "answer.zh": "bb"}, models=("m1",)).header
    second = run([1], "r2", release=4, prompts={"answer.en": "cc", "judge.en": "dd"}, models=()).header
    assert made_differently(first, second) == (
        "release: 3 → 4",
        "models: m1 → none",
        "prompt answer.en: aa → cc",
        "prompt answer.zh: bb → none",
        "prompt judge.en: none → dd",
    )
