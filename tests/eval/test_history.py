"""Accuracy over time: what is kept, by several processes at once, and what changed between neighbours."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from eval.history import FILE, entries, moments, record, unfinished
from tests.eval.made_runs import run, stored

AT = "2026-11-2{}T10:00:00+00:00"


def test_a_finished_run_is_kept_with_its_figures(tmp_path: Path) -> None:
    record(tmp_path, run([1, 1, 0, None]))
    (entry,) = entries(tmp_path)
    assert (entry.hits, entry.scored, entry.unscored) == (2, 3, 1)
    assert entry.header.release == 3
    low, high = entry.interval
    assert low < entry.accuracy < high


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
    assert [each.hits for each in entries(tmp_path)] == [1]


def test_a_line_cut_short_costs_only_itself(tmp_path: Path) -> None:
    record(tmp_path, run([0], "a"))
    with (tmp_path / FILE).open("ab") as index:
        index.write(b'\n{"header": {"id": "torn')
    record(tmp_path, run([1], "b"))
    assert [each.header.id for each in entries(tmp_path)] == ["a", "b"]


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


def test_runs_without_an_end_are_told(tmp_path: Path) -> None:
    record(tmp_path, stored(tmp_path, run([1], "done")))
    stored(tmp_path, run([1], "killed"))
    assert [each.id for each in unfinished(tmp_path)] == ["killed"]
