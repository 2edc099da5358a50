"""Hostile files: each gets its one line in the ledger, as expected, and costs its good neighbours nothing."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from backends import build
from backends.database import open_database
from ingest.loaders import LOADERS
from ingest.pipeline import Pipeline
from ingest.recordings import is_recording
from ingest.sandbox import Sandbox
from ingest.store import Store
from rag.config import Ingest
from tests.doubles.embedder import HashEmbedder
from tests.doubles.shelf import count_words
from tests.ingest.hostile import write_all
from tests.ingest.hostile.places import SAID
from tests.ingest.hostile.trap import LIVE, PASSED_OVER, PLANTED, Trap

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
GOOD = 20
MEMORY_MB = 1024


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What one sync over all of it left."""

    traps: list[Trap]
    folder: Path
    store: Store
    results: list[str]  # sources, one for each outcome
    peak: int  # bytes of memory, of the largest worker


def peak_of(sandbox: Sandbox) -> int:
    """The most memory any worker now running has held, in bytes."""
    peaks = [0]
    for worker in list(sandbox._running):
        try:
            status = Path(f"/proc/{worker._process.pid}/status").read_text()
        except OSError:
            continue  # it was replaced meanwhile
        peaks += [int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM")]
    return max(peaks)


@pytest.fixture(scope="module")
def aftermath(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aftermath]:
    base = tmp_path_factory.mktemp("hostile")
    folder, data = base / "knowledge", base / "data"
    folder.mkdir()
    for number in range(GOOD):
        (folder / f"good {number}.md").write_text(f"# Good {number}\n\nNeighbour {number} says a word. {SAID}")
    traps = write_all(folder)
    store = Store(open_database(data), HashEmbedder(), data, *build.memory_index())
    peak, done = 0, threading.Event()
    with Sandbox(2, seconds=20, memory_mb=MEMORY_MB) as sandbox:

        def watch() -> None:
            nonlocal peak
            while not done.wait(0.05):
                peak = max(peak, peak_of(sandbox))

        watching = threading.Thread(target=watch)
        watching.start()
        try:
            _, outcomes = Pipeline(store, sandbox.parse, count_words, Ingest(workers=2)).sync(folder)
            results = [each.source for each in outcomes]
        finally:
            done.set()
            watching.join()
    yield Aftermath(traps, folder, store, results, peak)
    store.close()


def became(store: Store) -> dict[str, str]:
    """source → what the ledger says of it: live, or the code it was refused with."""
    return {each.source: each.refusal.split(":")[0] or each.state for each in store.ledger.status()}


def test_each_becomes_what_is_expected_of_it(aftermath: Aftermath) -> None:
    found = became(aftermath.store)
    wrong = []
    for each in aftermath.traps:
        read = Path(each.name).suffix.lower() in LOADERS or is_recording(each.name)
        expected = each.outcomes if read or {PASSED_OVER, "NOT_A_FILE"} & each.outcomes else {"UNSUPPORTED"}
        if (outcome := found.get(each.source, PASSED_OVER)) not in expected:
            wrong.append(f"{each.source[:60]!r}: {outcome}, not {' or '.join(sorted(expected))}")
    assert not wrong, "\n".join(wrong)
    assert len(aftermath.traps) >= 120


def test_each_file_has_one_line(aftermath: Aftermath) -> None:
    assert [source for source, times in Counter(aftermath.results).items() if times > 1] == []
    passed_over = {each.source for each in aftermath.traps if PASSED_OVER in each.outcomes}
    good = {f"good {number}.md" for number in range(GOOD)}
    assert set(aftermath.results) == {each.source for each in aftermath.traps} - passed_over | good


def test_every_good_neighbour_is_live(aftermath: Aftermath) -> None:
    found = became(aftermath.store)
    assert {found[f"good {number}.md"] for number in range(GOOD)} == {LIVE}


def test_no_worker_holds_more_than_its_limit(aftermath: Aftermath) -> None:
    assert 0 < aftermath.peak < MEMORY_MB * 2**20


def test_nothing_hidden_and_nothing_from_outside_got_in(aftermath: Aftermath) -> None:
    for version in aftermath.store.ledger.live_versions():
        for row in version.chunks:
            assert PLANTED not in row.text, version.source
            assert "root:x:0" not in row.text, version.source
            assert "\0" not in row.text
    assert not list(aftermath.folder.rglob("owned"))
    assert not Path("/tmp/out.xml").exists()


def test_what_was_refused_says_why_and_what_to_do(aftermath: Aftermath) -> None:
    for each in aftermath.store.ledger.status():
        if each.refusal:
            assert each.refusal.count(". ") >= 1, each.refusal
            assert len(each.refusal) < 700
            assert "Traceback" not in each.refusal
