"""Resolution accuracy over time: one line a finished run in an index beside the runs, which outlives their folders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from eval import journal
from eval.compare import made_differently
from eval.results import Header, Run
from eval.runs import headers, read_run
from eval.shares import shares
from eval.summary import Share, summarise
from eval.verdicts import state

FILE = "history.jsonl"


class Entry(BaseModel):
    """A finished run."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    header: Header
    results: int
    unscored: int
    scores: dict[str, Share]  # resolution among them


@dataclass(frozen=True, slots=True)
class Moment:
    """A finished run, and what it was made with that the one before it was not."""

    entry: Entry
    changed: tuple[str, ...]


def record(runs: Path, run: Run) -> None:
    """Put a finished run into the index. Two processes may do so at once; a run recorded again replaces its entry."""
    lost = sum(state(each) == "unscored" for each in run.results)
    found = shares(run, summarise(run))
    journal.append(runs / FILE, Entry(header=run.header, results=len(run.results), unscored=lost, scores=found))


def catch_up(runs: Path) -> None:
    """Record the finished runs whose process did not come to it. Raises RunsError."""
    known = {each.header.id for each in entries(runs)}
    for header in headers(runs):
        if header.finished_at and header.id not in known:
            record(runs, read_run(runs / header.id))


def entries(runs: Path) -> list[Entry]:
    """Each finished run once, the oldest first."""
    newest = {each.header.id: each for each in journal.read(runs / FILE, Entry)}
    return sorted(newest.values(), key=lambda each: (each.header.started_at, each.header.id))


def moments(known: Sequence[Entry]) -> list[Moment]:
    """Each with what changed since the one before."""
    first = [Moment(each, ()) for each in known[:1]]
    return first + [Moment(b, made_differently(a.header, b.header)) for a, b in pairwise(known)]


def unfinished(runs: Path) -> list[Header]:
    """Runs that did not come to their end, or not yet."""
    return [each for each in headers(runs) if not each.finished_at]
