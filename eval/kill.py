"""kill -9 during `ingest sync`: what readers see in between, and what the next run makes of it.

Each round takes a store that holds a folder's first edition, lets a real `python -m ingest sync` bring it to
the second, and kills it at a moment drawn uniformly from the time an undisturbed run takes; in every third
round the run after that is killed as well. Then the store is read the two ways it can be opened. Every
document must answer, wholly from the one edition or wholly from the other. At last a run is let through, and
the store must equal that of the undisturbed run. Beside random moments, each phase of a run is hit exactly.
"""

from __future__ import annotations

import itertools
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from eval.dump import Dump, dump, live_documents
from eval.editions import MARKS, Paper, papers, write_edition
from eval.kill_at import PHASES
from eval.workbench import Workbench
from ingest.store import Store
from rag.config import ROOT
from rag.errors import VouchError
from rag.types import Access, Turn
from rag.understand import understand

PASSAGES = 6  # looked at for each question
ASKED = 8  # documents that are asked about after each kill; all of them are compared
TOO_LONG = 300.0  # seconds; a run that takes longer hangs


@dataclass(frozen=True, slots=True)
class Size:
    """How large the generated folder is. The default makes several publishing commits."""

    documents: int = 24
    sections: int = 24


@dataclass(slots=True)
class Report:
    """What the rounds came to. `problems` is empty when all is well."""

    rounds: int = 0
    kills: int = 0
    seconds: float = 0.0  # that an undisturbed run takes
    phases: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Setting:
    """What all rounds share."""

    bench: Workbench
    folder: Path
    papers: list[Paper]
    first: Path  # data folder that holds the first edition
    before: Dump
    after: Dump
    seconds: float


def set_up(bench: Workbench, scratch: Path, size: Size = Size()) -> Setting:
    """The folder at its second edition, a store at its first, and what both hold. Raises VouchError if that fails."""
    folder, first, second = scratch / "documents", scratch / "first", scratch / "second"
    some = papers(size.documents)
    write_edition(folder, some, 0, size.sections)
    finish(folder, first)
    shutil.copytree(first, second)
    write_edition(folder, some, 1, size.sections)
    before = dumped(bench, copied(first, scratch / "read"))
    began = time.perf_counter()
    finish(folder, second)
    seconds = time.perf_counter() - began
    return Setting(bench, folder, some, first, before, dumped(bench, second), seconds)


def random_moments(setting: Setting, data: Path, rounds: int, seed: int) -> Iterator[Report]:
    """The report so far, after each of `rounds` rounds in `data`."""
    report, chance = Report(seconds=setting.seconds), random.Random(seed)
    for number in range(rounds):
        copied(setting.first, data)
        while not _killed(setting, data, chance):
            copied(setting.first, data)  # it was through before its moment came: not a kill
        _look(setting, data, report, chance)
        if number % 3 == 2 and _killed(setting, data, chance):
            _look(setting, data, report, chance)
        compare(setting, data, report)
        yield report


def every_phase(setting: Setting, data: Path) -> Iterator[Report]:
    """The same for a kill at the first and at the second passing of each phase."""
    report, chance = Report(seconds=setting.seconds), random.Random(1)
    for (place, when), number in itertools.product(PHASES, (1, 2)):
        copied(setting.first, data)
        with sync(setting.folder, data, "eval.kill_at", place, when, str(number)) as process:
            process.communicate(timeout=TOO_LONG)
        if process.returncode == -signal.SIGKILL:
            _look(setting, data, report, chance)
        elif number == 1:
            report.problems.append(f"{place} was never reached: exit code {process.returncode}")
        compare(setting, data, report)
        yield report


def compare(setting: Setting, data: Path, report: Report) -> None:
    """Let a run through; the store must equal that of the undisturbed run, and nothing half-written lie about."""
    report.rounds += 1
    finish(setting.folder, data)
    differing = dumped(setting.bench, data).differences(setting.after)
    report.problems += [f"in round {report.rounds} the next run left another {name}" for name in differing]
    report.problems += [f"in round {report.rounds} {part.name} was left" for part in data.rglob("*.part")]


def _look(setting: Setting, data: Path, report: Report, chance: random.Random) -> None:
    report.kills += 1
    report.phases[_phase(setting, data)] += 1
    report.problems += [f"kill {report.kills}: {each}" for each in _problems_between(setting, data, chance)]


def _phase(setting: Setting, data: Path) -> str:
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


def _problems_between(setting: Setting, data: Path, chance: random.Random) -> list[str]:
    """What a reader beside the owner and the next owner find wrong. The owner opens a copy: opening it repairs."""
    asked = chance.sample(setting.papers, min(ASKED, len(setting.papers)))
    with setting.bench.open_beside(data) as store:
        found = [f"beside the owner, {each}" for each in problems_of(setting, store, asked)]
    with setting.bench.open_store(copied(data, data.with_name("copy"))) as store:
        return found + [f"as the next owner, {each}" for each in problems_of(setting, store, asked)]


def problems_of(setting: Setting, store: Store, asked: Sequence[Paper]) -> list[str]:
    """What is wrong with a store that may hold some documents' first edition and others' second."""
    before, after = setting.before.live, setting.after.live
    live = live_documents(store)
    found = [
        f"{source} is of neither edition"
        for source, each in live.items()
        if each not in (before.get(source), after.get(source))
    ]
    found += [f"{source} is gone" for source in before.keys() & after.keys() - live.keys()]
    found += [problem for each in asked for problem in _answer_problems(setting, store, each)]  # by keywords, maybe
    store.index.wait()
    if store.index.ids() != store.ledger.live_ids():
        found.append("the vector index is not in step")
    return found + [problem for each in asked for problem in _answer_problems(setting, store, each)]


def _answer_problems(setting: Setting, store: Store, paper: Paper) -> list[str]:
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


def dumped(bench: Workbench, data: Path) -> Dump:
    """What the store holds, as its next owner opens it."""
    with bench.open_store(data) as store:
        store.index.wait()
        return dump(store)


def copied(source: Path, target: Path) -> Path:
    """`target`, now holding what `source` holds and nothing else."""
    shutil.rmtree(target, ignore_errors=True)
    return shutil.copytree(source, target)


def _killed(setting: Setting, data: Path, chance: random.Random) -> bool:
    """Whether the run was still under way when its moment came, and was killed."""
    with sync(setting.folder, data) as process:
        try:
            process.wait(chance.uniform(0, setting.seconds))
        except subprocess.TimeoutExpired:
            process.kill()
            return True
    return False


def finish(folder: Path, data: Path) -> None:
    """A run that is let through. Raises VouchError if it fails all the same."""
    with sync(folder, data) as process:
        _, said = process.communicate(timeout=TOO_LONG)
    if process.returncode:
        raise VouchError(f"'ingest sync' failed with exit code {process.returncode}: {said}. Run it by hand on {data}.")


def sync(folder: Path, data: Path, *module: str) -> subprocess.Popen[str]:
    """`python -m ingest sync`, begun; `module`: what to run instead of ingest, with its first arguments."""
    command = [sys.executable, "-m", *(module or ("ingest",)), "sync", str(folder), "--data", str(data)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
