"""`python -m eval run` as a person or CI starts it: killed, resumed, given foreign and bad files."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from backends.database import open_database
from eval.__main__ import app
from eval.archive import RUNS, Folder, ids
from ingest.ledger import Ledger
from rag.cli import run
from rag.config import ROOT
from rag.ports import Embedder
from tests.eval.stages import timeless
from tests.rag.shop import DOCUMENTS, FILTER, open_shop

FILTER_CASE = {
    "id": "filter",
    "turns": [FILTER],
    "expect": "answer",
    "facts": [["12 months"]],
    "cite": [["airpure.md"]],
}
CHINESE_CASE = {"id": "zh", "turns": ["可以退货吗？"], "expect": "answer", "language": "zh", "tags": ["zh"]}
COMMAND = (sys.executable, "-m", "eval", "run", "--data")
WAIT = 60.0  # seconds until a process must have done what is waited for


@pytest.fixture
def data(tmp_path: Path, minilm: Embedder) -> Path:
    """A data folder with the shop's store in it."""
    shop = open_shop(tmp_path, minilm)
    shop.close()
    return shop.data


def written(file: Path, *rows: dict[str, Any]) -> Path:
    file.write_text("".join(json.dumps(each, ensure_ascii=False) + "\n" for each in rows), encoding="utf-8")
    return file


class Ran(NamedTuple):
    """What became of a command."""

    returncode: int
    stdout: str
    stderr: str


Run = Callable[..., Ran]


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `eval run` in this process as its command line would."""

    def call(data: Path, *words: str | Path) -> Ran:
        monkeypatch.setattr(sys, "argv", ["eval", "run", "--data", str(data), *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            run(app)
        return Ran(int(ended.value.code or 0), *capsys.readouterr())

    return call


@pytest.mark.slow
def test_a_run_killed_three_times_equals_one_left_alone(ran: Run, data: Path, tmp_path: Path) -> None:
    cases = written(tmp_path / "c.jsonl", FILTER_CASE, CHINESE_CASE, FILTER_CASE | {"id": "again"})
    words: tuple[str | Path, ...] = ("--cases", cases, "--repeat", "25")
    assert ran(data, *words).returncode == 0
    (whole,) = ids(data / RUNS)
    stored = list[int]()
    for _ in range(3):
        stored.append(killed_under_way(data, whole, *words))
        (begun,) = set(ids(data / RUNS)) - {whole}
        words = ("--resume", begun)
    assert stored == sorted(set(stored))  # each went on, and none had come to the end
    assert stored[-1] < 75
    assert not Folder(data / RUNS / begun).header.finished_at
    assert ran(data, *words).returncode == 0
    done, undisturbed = (Folder(data / RUNS / each) for each in (begun, whole))
    assert done.header.finished_at
    assert timeless(done.results()) == timeless(undisturbed.results())


def killed_under_way(data: Path, whole: str, *words: str | Path) -> int:
    """Kill a run once it has stored some results more; how many there are then."""
    before = results_beside(data, whole)
    process = subprocess.Popen(
        [*COMMAND, str(data), *map(str, words)], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    until = time.monotonic() + WAIT
    while results_beside(data, whole) < before + 4:
        assert process.poll() is None, process.stderr and process.stderr.read()
        assert time.monotonic() < until
        time.sleep(0.002)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    return results_beside(data, whole)


def results_beside(data: Path, whole: str) -> int:
    """Whole lines of results stored of the other run."""
    files = [each for each in (data / RUNS).glob("*/results.jsonl") if each.parent.name != whole]
    return sum(each.read_bytes().count(b"\n") for each in files)


def test_a_run_prints_and_writes_its_figures(ran: Run, data: Path, tmp_path: Path) -> None:
    cases = written(tmp_path / "c.jsonl", FILTER_CASE | {"facts": [["13 months"]]}, CHINESE_CASE)
    done = ran(data, "--cases", cases, "--json", tmp_path / "out.json")
    assert done.returncode == 0, done.stderr
    assert "failed filter#0: lacks '13 months'" in done.stdout
    figures = json.loads((tmp_path / "out.json").read_text())
    assert figures["summary"]["resolution"]["value"] == 0.5
    assert (figures["header"]["knowledge"], figures["header"]["release"]) == ("live", 1)
    one = ran(data, "--cases", cases, "--tag", "zh")
    assert "1 cases on live" in one.stdout
    none = ran(data, "--cases", cases, "--tag", "other")
    assert (none.returncode, "Tags there are: zh." in none.stderr) == (2, True)


def test_cases_run_on_what_is_staged_and_on_former_releases(ran: Run, tmp_path: Path, minilm: Embedder) -> None:
    shop = open_shop(tmp_path, minilm)
    shop.write("airpure.md", DOCUMENTS["airpure.md"].replace("12 months", "15 months"))
    shop.sync()
    shop.mode = "review"
    shop.write("airpure.md", DOCUMENTS["airpure.md"].replace("12 months", "18 months"))
    assert shop.sync()["airpure.md"] == "staged"
    shop.close()
    for release, fact in (("1", "12 months"), ("live", "15 months"), ("staged", "18 months")):
        cases = written(tmp_path / "c.jsonl", FILTER_CASE | {"facts": [[fact]]})
        done = ran(shop.data, "--cases", cases, "--release", release, "--json", tmp_path / "out.json")
        assert done.returncode == 0, done.stderr
        figures = json.loads((tmp_path / "out.json").read_text())
        assert figures["summary"]["resolution"]["value"] == 1.0, (release, done.stdout)
    for release in ("7", "yesterday"):
        assert ran(shop.data, "--cases", cases, "--release", release).returncode == 2
    after = open_database(shop.data)
    assert Ledger(after).pending()  # nothing was published
    after.dispose()


def test_a_resumed_run_does_not_mix_two_sets_of_cases(ran: Run, data: Path, tmp_path: Path) -> None:
    cases = written(tmp_path / "c.jsonl", FILTER_CASE)
    assert ran(data, "--cases", cases).returncode == 0
    written(cases, FILTER_CASE | {"facts": []})
    (begun,) = ids(data / RUNS)
    done = ran(data, "--resume", begun)
    assert (done.returncode, "begun with another cases" in done.stderr) == (2, True)
    unknown = ran(data, "--resume", "yesterday")
    assert (unknown.returncode, begun in unknown.stderr) == (2, True)


def test_foreign_documents_and_cases_run_as_they_are(ran: Run, tmp_path: Path) -> None:
    corpus = written(
        tmp_path / "corpus.jsonl",
        {"_id": "kb/9", "title": "Bicycle lamps", "text": "The battery of the lamp lasts 40 hours. It charges by USB."},
        {"_id": "kb/10", "title": "Saddles", "text": "A saddle is mounted with a 6 mm key."},
    )
    asks = {"id": "lamp", "turns": ["How long does the lamp's battery last?"], "expect": "answer"}
    cases = written(tmp_path / "c.jsonl", asks | {"facts": [["40 hours"]], "cite": [["kb/9"]]})
    done = ran(tmp_path / "data", "--knowledge", corpus, "--cases", cases, "--json", tmp_path / "out.json")
    assert done.returncode == 0, done.stderr
    assert json.loads((tmp_path / "out.json").read_text())["summary"]["resolution"]["value"] == 1.0
    folder = tmp_path / "manuals"
    folder.mkdir()
    (folder / "lamp.md").write_text("# Bicycle lamps\n\nThe battery of the lamp lasts 40 hours. It charges by USB.\n")
    cases = written(tmp_path / "c.jsonl", asks | {"cite": [["lamp.md"]]})
    done = ran(tmp_path / "data", "--knowledge", folder, "--cases", cases, "--json", tmp_path / "out.json")
    assert done.returncode == 0, done.stderr
    assert json.loads((tmp_path / "out.json").read_text())["summary"]["resolution"]["value"] == 1.0


def test_every_mistake_in_files_of_cases_is_told_with_its_line(ran: Run, data: Path, tmp_path: Path) -> None:
    file = tmp_path / "bad.cases.jsonl"
    rows = [
        FILTER_CASE,
        FILTER_CASE | {"colour": "red"},
        FILTER_CASE,
        FILTER_CASE | {"id": "x", "cite": [["gone.md"]]},
        FILTER_CASE | {"id": "y", "expect": "applause"},
    ]
    written(file, *rows)
    with file.open("a") as opened:
        opened.write("{no JSON\n")
    done = ran(data, "--cases", tmp_path)
    assert done.returncode == 2
    lines = done.stderr.splitlines()
    assert [each.split(": ")[0] for each in lines] == [f"{file}:{at}" for at in (2, 3, 4, 5, 6)]
    for line, reason in zip(lines, ("colour", "used in", "gone.md", "answer", "not JSON"), strict=True):
        assert reason in line
    file.write_bytes(b'{"id": "\xff"}\n')
    done = ran(data, "--cases", file)
    assert (done.returncode, done.stderr.startswith(f"{file}:1: ")) == (2, True)


def test_a_store_that_is_empty_is_told_with_the_way_out(ran: Run, tmp_path: Path) -> None:
    done = ran(tmp_path / "data")
    assert (done.returncode, "ingest sync" in done.stderr, "--knowledge" in done.stderr) == (2, True, True)
