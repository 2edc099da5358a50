"""Two runs side by side: what is paired, what is not, and whether the difference is more than chance."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from eval.__main__ import app
from eval.compare import compare, made_differently
from eval.runs import RunsError, find, read_run
from eval.statistics import mcnemar
from tests.eval.made_runs import answered, case, made, result, run, stored


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


def compared(home: Path, *words: str) -> str:
    ended = CliRunner().invoke(app, ["compare", *words, "--data", str(home)], env={"COLUMNS": "120"})
    assert ended.exit_code == 0, ended.output
    return ended.output


def test_the_command_shows_changed_cases_side_by_side(tmp_path: Path) -> None:
    hostile = case(0, turns=("[red]Why\x1b[31m?[/red]",))
    before = result(hostile, 1)
    after = result(hostile, 0, why="lacks '12 months'").model_copy(
        update={"turns": (answered("It lasts [bold]long\x1b]0;x\x07."),)}
    )
    stored(tmp_path / "runs", made([before, result(case(1), None)], "a1", release=3))
    stored(tmp_path / "runs", made([after, result(case(1), 1)], "b1", release=4, judge="m1, prompt ab"))
    told = compared(tmp_path, "a1", "b1", "--json", str(tmp_path / "out.json"))
    for said in ("release: 3 → 4", "0 cases gained, 1 lost", "[red]Why", "It lasts [bold]long", "lacks '12 months'"):
        assert said in told
    assert "judge m1, prompt ab: agreement with people unmeasured" in told
    assert "1 unscored in one of them, not compared:\n  c1#0: ModelError: the endpoint was away" in told
    assert not {"\x1b", "\x07"} & set(told)
    figures = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert (figures["lost"], len(figures["changes"]), figures["unscored"]) == (1, 1, ["c1#0"])


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("nothing", "is no run in"),
        ("2026", "begins the ids of 2 runs"),
        ("killed", "not finished. Go on with"),
        ("torn", r"results.jsonl:2: .* run the cases again"),
        ("old", r"header.json: .* made by another version"),
    ],
)
def test_runs_that_cannot_be_used_say_why(tmp_path: Path, name: str, reason: str) -> None:
    for id in ("2026-1", "2026-2"):
        stored(tmp_path, run([1], id))
    stored(tmp_path, run([1], "killed", finished_at=""))
    stored(tmp_path, run([1, 1], "torn"))
    file = tmp_path / "torn" / "results.jsonl"
    file.write_text(file.read_text(encoding="utf-8")[:-300], encoding="utf-8")
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "header.json").write_text('{"id": "old", "started": 1}', encoding="utf-8")
    with pytest.raises(RunsError, match=reason):
        read_run(find(tmp_path, name))


def test_a_run_is_found_by_its_beginning_its_folder_or_as_the_newest(tmp_path: Path) -> None:
    stored(tmp_path, run([1], "b-old", started_at="2026-01-01T00:00:00+00:00"))
    stored(tmp_path, run([1], "a-new", started_at="2026-02-01T00:00:00+00:00"))
    assert {find(tmp_path, each).name for each in ("a-new", "a-", "newest", str(tmp_path / "a-new"))} == {"a-new"}
