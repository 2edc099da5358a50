"""Resolution accuracy over time: one line a finished run in an index beside the runs, which outlives their folders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from eval import journal
from eval.compare import made_differently
from eval.metrics import wilson
from eval.results import Header, Run
from eval.runs import headers
from eval.tally import figures, tally

FILE = "history.jsonl"


class Entry(BaseModel):
    """A finished run."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    header: Header
    hits: int
    scored: int
    unscored: int
    scores: dict[str, float]  # means

    @property
    def accuracy(self) -> float:
        return self.hits / self.scored if self.scored else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's, at 95 %."""
        return wilson(self.hits, self.scored)


@dataclass(frozen=True, slots=True)
class Moment:
    """A finished run, and what it was made with that the one before it was not."""

    entry: Entry
    changed: tuple[str, ...]


def record(runs: Path, run: Run) -> None:
    """Put a finished run into the index. Two processes may do so at once; a run recorded again replaces its entry."""
    found = tally(run.results)
    entry = Entry(header=run.header, hits=found.hits, scored=found.scored, unscored=found.unscored, scores=figures(run))
    journal.append(runs / FILE, entry)


def entries(runs: Path) -> list[Entry]:
    """Each finished run once, the oldest first."""
    newest = {each.header.id: each for each in journal.read(runs / FILE, Entry)}
    return sorted(newest.values(), key=lambda each: (each.header.started_at, each.header.id))


def moments(known: Sequence[Entry]) -> list[Moment]:
    """Each with what changed since the one before."""
    first = [Moment(each, ()) for each in known[:1]]
    return first + [Moment(b, made_differently(a.header, b.header)) for a, b in pairwise(known)]


def unfinished(runs: Path) -> list[Header]:
    """Runs with a folder that never came to an end, or not yet."""
    finished = {each.header.id for each in entries(runs)}
    return [each for each in headers(runs) if each.id not in finished]
