"""Accuracy over time: what is kept, by several processes at once, and what changed between neighbours."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from eval.__main__ import app
from eval.gate import Accepted
from eval.history import FILE, catch_up, entries, moments, record, unfinished
from eval.journal import JournalError, append
from tests.eval.made_runs import run, stored

AT = "2026-11-2{}T10:00:00+00:00"


def test_a_finished_run_is_kept_with_its_figures(tmp_path: Path) -> None:
    record(tmp_path, run([1, 1, 0, None]))
    (entry,) = entries(tmp_path)
    share = entry.scores["resolution"]
    assert (share.of, entry.results, entry.unscored) == (3, 4, 1)
    assert share.value == pytest.approx(2 / 3)
    assert share.low < 2 / 3 < share.high
    assert entry.header.release == 3


def test_runs_stand_in_the_order_of_time_and_say_what_changed(tmp_path: Path) -> None:
    record(tmp_path, run([1], "b", started_at=AT.format(2), release=4, commit="c0ffee"))
    record(tmp_path, run([0], "a", started_at=AT.format(1), commit="c0ffee"))
    found = moments(entries(tmp_path))
    assert [each.entry.header.id for each in found] == ["a", "b"]
    assert found[0].changed == ()
    assert found[1].changed == ("release: 3 → 4",)


def test_a_run_recorded_again_stands_once(tmp_path: Path) -> None:
    record(tmp_path, run([0]))
    record(tmp_path, run([1]))
    assert [each.scores["resolution"].value for each in entries(tmp_path)] == [1]


def test_a_line_cut_short_costs_only_itself(tmp_path: Path) -> None:
    record(tmp_path, run([0], "a"))
    with (tmp_path / FILE).open("ab") as index:
        index.write(b'\n{"header": {"id": "torn')
    record(tmp_path, run([1], "b"))
    assert [each.header.id for each in entries(tmp_path)] == ["a", "b"]


def test_a_whole_line_that_is_something_else_is_told_and_not_passed_over(tmp_path: Path) -> None:
    record(tmp_path, run([0], "a"))
    append(tmp_path / FILE, Accepted(run="a", at="now"))
    with pytest.raises(JournalError, match=r"history\.jsonl:4: .* written by another version"):
        entries(tmp_path)


WRITER = """
import sys
from pathlib import Path
from eval.history import record
from tests.eval.made_runs import run
for number in range(100):
    record(Path(sys.argv[1]), run([1, 0], f"{sys.argv[2]}{number}", commit="x" * 2000))
"""


def test_two_processes_append_at_once(tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[2]
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), name], cwd=root) for name in ("first", "second")
    ]
    assert [each.wait() for each in writers] == [0, 0]
    assert len(entries(tmp_path)) == 200


def test_finished_runs_nobody_recorded_are_caught_up_with_and_unfinished_ones_told(tmp_path: Path) -> None:
    record(tmp_path, stored(tmp_path, run([1], "done")))
    stored(tmp_path, run([1, 0], "forgotten"))
    stored(tmp_path, run([1], "killed", finished_at=""))
    catch_up(tmp_path)
    assert [each.header.id for each in entries(tmp_path)] == ["done", "forgotten"]
    assert [each.id for each in unfinished(tmp_path)] == ["killed"]
    lines = (tmp_path / FILE).read_bytes()
    catch_up(tmp_path)
    assert (tmp_path / FILE).read_bytes() == lines


def test_the_history_outlives_the_folders_of_runs(tmp_path: Path) -> None:
    record(tmp_path / "runs", stored(tmp_path / "runs", run([1], "gone", prompts={"answer.en": "aa"})))
    record(tmp_path / "runs", run([0], "next", prompts={"answer.en": "bb"}))
    shutil.rmtree(tmp_path / "runs" / "gone")
    ended = CliRunner().invoke(app, ["history", "--data", str(tmp_path), "--json", str(tmp_path / "out.json")])
    assert ended.exit_code == 0, ended.output
    assert "live, release 3; extractive; prompts" in ended.output
    told = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert [(each["header"]["id"], each["scores"]["resolution"]["value"]) for each in told] == [
        ("gone", 1),
        ("next", 0),
    ]
    assert told[1]["changed"] == ["prompt answer.en: aa → bb"]
