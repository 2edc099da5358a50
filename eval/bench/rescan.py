"""A folder of many files that hardly changes: how long a re-scan takes, and how soon one saved file answers.

The baseline of the re-scan is the same one reading every file again (`--thorough`).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue
from statistics import median

from eval.workbench import Workbench
from ingest.owner import keep_in_step
from ingest.pipeline import Pipeline
from ingest.run import sandbox_for
from ingest.seen import RACY_NS
from ingest.watch import Follower
from ingest.work import Work
from rag.errors import VouchError

FOLDER = 100  # files in each
PATIENCE = 60.0  # seconds until a saved file that does not answer counts as a failure

Figures = dict[str, float]


def run(bench: Workbench, scratch: Path, files: int, rounds: int) -> Figures:
    """Seconds, each the median of `rounds`: unchanged folder (and its processor time), read again, save to live."""
    root, limits = scratch / "documents", bench.settings.ingest
    _write(root, files)
    with (
        bench.open_store(scratch / "store") as store,
        sandbox_for(limits) as sandbox,
    ):
        pipeline = Pipeline(store, sandbox.parse, bench.count, limits)
        first = _seconds(pipeline, root)
        time.sleep(RACY_NS / 1e9)  # younger files are read again whatever their stamp
        thorough, quick, processor = [], [], []
        for _ in range(rounds):
            pipeline.seen.forget()
            thorough.append(_seconds(pipeline, root))
            began = time.process_time()
            quick.append(_seconds(pipeline, root))
            processor.append(time.process_time() - began)
        live = _live_seconds(Work(store, bench.settings, pipeline), root, rounds)
    return {
        "files": files,
        "first sync": first,
        "re-scan": median(quick),
        "re-scan, slowest": max(quick),
        "re-scan, processor": median(processor),
        "reading all again": median(thorough),
        "save to live": median(live),
        "save to live, slowest": max(live),
    }


def _write(root: Path, files: int) -> None:
    for number in range(files):
        path = root / f"{number // FOLDER:03}" / f"{number:05}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# Document {number}\n\nIt speaks of thing {number} and of nothing else.\n", encoding="utf-8")


def _seconds(pipeline: Pipeline, root: Path) -> float:
    began = time.perf_counter()
    for _ in pipeline.sync(root)[1]:
        pass
    return time.perf_counter() - began


def _live_seconds(work: Work, root: Path, rounds: int) -> list[float]:
    """From the end of a write until the follower says that it is published, which it does after the commit."""
    source, said, times = "000/00000.md", Queue[str](), []
    with _followed(work, root, said.put):
        for number in range(rounds + 1):
            (root / source).write_text(f"# Document 0\n\nIt speaks of edition {number} now.\n", encoding="utf-8")
            began = time.perf_counter()
            try:
                while said.get(timeout=PATIENCE) != f"published {source}":
                    pass
            except Empty:
                raise VouchError("A saved file did not go live. See what 'python -m ingest watch' says.") from None
            times.append(time.perf_counter() - began)
    return times[1:]  # the first waited for the re-scan at the start


@contextmanager
def _followed(work: Work, root: Path, say: Callable[[str], None]) -> Iterator[None]:
    stop = threading.Event()
    follower = Follower(work.pipeline, root, root, work.settings.ingest, say)
    thread = threading.Thread(target=keep_in_step, args=(work, follower, stop, say))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
