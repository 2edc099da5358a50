"""kill -9 at random moments of `ingest sync`: what readers see in between, and what the next run makes of it.

Each round takes a store that holds a folder's first edition, lets a real `python -m ingest sync` bring it to
the second, and kills it at a moment drawn uniformly from the time an undisturbed run takes; in every third
round the run after that is killed as well. Then the store is read the two ways it can be opened. Every
document must answer, wholly from the one edition or wholly from the other. At last a run is let through, and
the store must equal that of the undisturbed run.
"""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from eval.dump import Dump, dump, live_documents
from eval.editions import MARKS, Paper, papers, write_edition
from eval.workbench import Workbench
from ingest.store import Store
from rag.config import ROOT
from rag.errors import VouchError
from rag.types import Access, Turn
from rag.understand import understand

PASSAGES = 6  # looked at for each question
TOO_LONG = 300.0  # seconds; a run that takes longer hangs


@dataclass(frozen=True, slots=True)
class Size:
    """How large the generated folder is. The default makes several publishing commits."""

    documents: int = 42
    sections: int = 20


@dataclass(slots=True)
class Report:
    """What the rounds came to. `problems` is empty when all is well."""

    rounds: int = 0
    kills: int = 0
    seconds: float = 0.0  # that an undisturbed run takes
    phases: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Setting:
    """What all rounds share."""

    bench: Workbench
    folder: Path
    papers: list[Paper]
    first: Path  # data folder that holds the first edition
    before: Dump
    after: Dump
    seconds: float


def run(
    bench: Workbench,
    scratch: Path,
    rounds: int,
    seed: int,
    size: Size = Size(),
    say: Callable[[Report], None] = lambda _: None,
) -> Report:
    """`rounds` rounds in `scratch`; `say` hears of each when it is over. Raises VouchError if even setting up fails."""
    setting = _set_up(bench, scratch, size)
    report, chance = Report(seconds=setting.seconds), random.Random(seed)
    for number in range(rounds):
        _round(setting, scratch / "round", report, chance, twice=number % 3 == 2)
        report.rounds += 1
        say(report)
    return report


def _set_up(bench: Workbench, scratch: Path, size: Size) -> _Setting:
    folder, first, second = scratch / "documents", scratch / "first", scratch / "second"
    some = papers(size.documents)
    write_edition(folder, some, 0, size.sections)
    _finish(folder, first)
    shutil.copytree(first, second)
    write_edition(folder, some, 1, size.sections)
    before = _dumped(bench, _copied(first, scratch / "read"))
    began = time.perf_counter()
    _finish(folder, second)
    seconds = time.perf_counter() - began
    return _Setting(bench, folder, some, first, before, _dumped(bench, second), seconds)


def _round(setting: _Setting, data: Path, report: Report, chance: random.Random, twice: bool) -> None:
    _copied(setting.first, data)
    while not _killed(setting, data, chance):
        _copied(setting.first, data)  # it was through before its moment came: not a kill
    _look(setting, data, report)
    if twice and _killed(setting, data, chance):
        _look(setting, data, report)
    _finish(setting.folder, data)
    differing = _dumped(setting.bench, data).differences(setting.after)
    report.problems += [f"after kill {report.kills} the next run left another {name}" for name in differing]


def _look(setting: _Setting, data: Path, report: Report) -> None:
    report.kills += 1
    report.phases[_phase(setting, data)] += 1
    report.problems += [f"kill {report.kills}: {each}" for each in _problems_between(setting, data)]


def _phase(setting: _Setting, data: Path) -> str:
    """How far the killed run had come, by what it left."""
    before, after = setting.before.live, setting.after.live
    unsure = "" if (data / ".chroma-seal.json").exists() else ", index being written"
    with setting.bench.open_beside(data) as store:
        versions, live = len(store.ledger.stored()), live_documents(store)
    if live == after:
        return f"all published{unsure}"
    if any(live.get(source) == each != before.get(source) for source, each in after.items()):
        return f"part published{unsure}"
    if versions > len(setting.before.versions):
        return f"staged{unsure}"
    return f"withdrawn{unsure}" if live != before else f"reading{unsure}"


def _problems_between(setting: _Setting, data: Path) -> list[str]:
    """What a reader beside the owner and the next owner find wrong. The owner opens a copy: opening it repairs."""
    with setting.bench.open_beside(data) as store:
        found = [f"beside the owner, {each}" for each in _problems(setting, store)]
    with setting.bench.open_store(_copied(data, data.with_name("copy"))) as store:
        return found + [f"as the next owner, {each}" for each in _problems(setting, store)]


def _problems(setting: _Setting, store: Store) -> list[str]:
    before, after = setting.before.live, setting.after.live
    live = live_documents(store)
    found = [
        f"{source} is of neither edition"
        for source, each in live.items()
        if each not in (before.get(source), after.get(source))
    ]
    found += [f"{source} is gone" for source in before.keys() & after.keys() - live.keys()]
    if store.index.ids() != store.ledger.live_ids():
        found.append("the vector index is not in step")
    return found + [problem for each in setting.papers for problem in _answer_problems(setting, store, each)]


def _answer_problems(setting: _Setting, store: Store, paper: Paper) -> list[str]:
    """Whether a question about `paper` finds it, in one edition only."""
    query = understand([Turn("customer", paper.question())])
    hits = setting.bench.retriever(store).retrieve(query, Access(), PASSAGES)
    own = [hit.chunk.text for hit in hits if hit.chunk.source == paper.name]
    if not own:
        both = paper.in_edition(0) and paper.in_edition(1)
        return [f"{paper.name} is not found"] if both else []
    if sum(any(mark in text for text in own) for mark in MARKS) != 1:
        return [f"{paper.name} answers from both editions"]
    return []


def _dumped(bench: Workbench, data: Path) -> Dump:
    with bench.open_store(data) as store:
        return dump(store)


def _copied(source: Path, target: Path) -> Path:
    shutil.rmtree(target, ignore_errors=True)
    return shutil.copytree(source, target)


def _killed(setting: _Setting, data: Path, chance: random.Random) -> bool:
    """Whether the run was still under way when its moment came, and was killed."""
    with _sync(setting.folder, data) as process:
        try:
            process.wait(chance.uniform(0, setting.seconds))
        except subprocess.TimeoutExpired:
            process.kill()
            return True
    return False


def _finish(folder: Path, data: Path) -> None:
    with _sync(folder, data) as process:
        _, said = process.communicate(timeout=TOO_LONG)
    if process.returncode:
        raise VouchError(f"'ingest sync' failed with exit code {process.returncode}: {said}. Run it by hand on {data}.")


def _sync(folder: Path, data: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "ingest", "sync", str(folder), "--data", str(data)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
