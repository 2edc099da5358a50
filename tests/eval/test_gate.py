"""The gate: its reasons, its exit codes, and what is accepted."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from eval.gate import GateError, accept, accepted_runs, reasons
from eval.results import Score
from rag.config_evaluation import Gate
from tests.eval.made_runs import case, made, result, run, stored

GATE = Gate(resolution=0.8, tag=0.7, tag_cases=5, unscored=0.1, significance=0.05)
GOOD = [1.0] * 18 + [0.0] * 2


def test_a_good_run_passes() -> None:
    assert reasons(run(GOOD), GATE, None) == ()


def test_too_low_a_resolution_fails_of_all_and_by_tag() -> None:
    low = [result(case(n, tags=("plain", "tables" if n < 6 else "many")), float(n >= 5)) for n in range(20)]
    found = reasons(made(low), GATE, None)
    assert found == (
        "resolution 0.750 (0.531–0.888, 20 cases), at least 0.800",
        "resolution of tag tables 0.167 (0.030–0.564, 6 cases), at least 0.700",
    )


def test_a_tag_of_few_cases_is_not_judged() -> None:
    few = [result(case(n, tags=("rare",) if n < 4 else ()), float(n >= 2)) for n in range(20)]
    assert reasons(made(few), GATE, None) == ()


@pytest.mark.parametrize("values", [[None] * 5, [], [None] * 3 + [1.0] * 20])
def test_too_many_unscored_fail_however_good_the_rest(values: list[float | None]) -> None:
    found = reasons(run(values), GATE, None)
    assert len(found) == 1
    assert "scored" in found[0]


def test_other_scores_have_their_bounds() -> None:
    some = made([result(case(n), 1, facts=0.5) for n in range(10)])
    bounded = GATE.model_copy(update={"at_least": {"facts": 0.6}, "at_most": {"facts": 0.4}})
    found = [each.split(" (")[0] + each.split("),")[1] for each in reasons(some, bounded, None)]
    assert found == ["facts 0.500 at least 0.600", "facts 0.500 at most 0.400"]


def test_a_bound_on_what_no_case_is_about_is_left_alone() -> None:
    assert reasons(run(GOOD), GATE.model_copy(update={"at_least": {"escalation_recall": 1.0}}), None) == ()


def test_a_scorer_that_failed_leaves_the_case_unscored() -> None:
    torn = Score(value=None, failed=True, why="KeyError: 'x'")
    lost = [result(case(n), 1).model_copy(update={"scores": {"resolution": torn}}) for n in range(3)]
    (found,) = reasons(made([*lost, *(result(case(n), 1) for n in range(3, 10))]), GATE, None)
    assert found == "3 of 10 unscored (30.0%), at most 10.0%"


def test_a_bounded_score_that_could_not_be_scored_is_no_pass() -> None:
    torn = Score(value=None, failed=True, why="KeyError: 'x'")
    some = [
        each.model_copy(update={"scores": each.scores | {"nothing_forbidden": torn}}) for each in run(GOOD).results[:3]
    ]
    found = reasons(made([*some, *run(GOOD).results[3:]]), GATE, None)
    assert found == ("nothing_forbidden failed to score 3 of 20, at most 10.0%",)


def test_an_unknown_score_is_a_mistake_of_the_settings() -> None:
    with pytest.raises(GateError, match=r"names fcts, .* Its scores: .*resolution"):
        reasons(run(GOOD), GATE.model_copy(update={"at_least": {"fcts": 0.6}}), None)


def test_significantly_worse_than_the_accepted_run_fails_above_all_thresholds() -> None:
    before, worse = run([1.0] * 100), run([0.0] * 6 + [1.0] * 94, "r2")
    (found,) = reasons(worse, GATE, before)
    assert "worse than the accepted run r1: 0 cases gained, 6 lost, p = 0.0312" in found


def test_worse_by_chance_only_passes() -> None:
    before, worse = run([1.0] * 100), run([0.0] * 5 + [1.0] * 95, "r2")
    assert reasons(worse, GATE, before) == ()  # p = .0625
    assert reasons(before, GATE, worse) == ()  # better is never worse


def test_leaving_cases_out_is_no_way_around_the_accepted_run() -> None:
    (found,) = reasons(run([1.0] * 15, "r2"), GATE, run(GOOD))
    assert "lacks 5 of the cases of the accepted run r1: c15#0, c16#0" in found


def gate(home: Path, *words: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "eval", "gate", *words, "--data", str(home)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    return ended.returncode, ended.stdout + ended.stderr


def test_exit_codes_as_ci_sees_them(tmp_path: Path) -> None:
    stored(tmp_path / "runs", run([1.0] * 100, "good"))
    stored(tmp_path / "runs", run([0.0] * 60 + [1.0] * 40, "bad"))
    assert gate(tmp_path, "nothing")[0] == 2
    code, said = gate(tmp_path, "good", "--accept")
    assert (code, [each.run for each in accepted_runs(tmp_path / "runs")]) == (0, ["good"])
    code, said = gate(tmp_path, "bad")
    assert code == 1
    assert [line.split(":")[0] for line in said.splitlines()] == ["bad"] * 3
    assert "resolution 0.400" in said
    assert "worse than the accepted run good" in said
    code, said = gate(tmp_path, "good")
    assert code == 0
    assert "passes, resolution 1.000" in said


def test_what_was_accepted_last_counts(tmp_path: Path) -> None:
    for id in ("a", "b", "a"):
        accept(tmp_path, run([1.0], id))
    assert [each.run for each in accepted_runs(tmp_path)] == ["a", "b", "a"]
