"""May this run's assistant go live? Thresholds, and not worse than the run accepted last beyond chance. Pure but for
the record of what was accepted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from eval import journal
from eval.compare import compare
from eval.results import Run
from eval.tally import Tally, figures, tallies, tally
from rag.config import Gate
from rag.errors import VouchError

FILE = "accepted.jsonl"
NAMED = 5  # cases named in a reason


class GateError(VouchError):
    """The gate's settings ask for something the run cannot tell."""


class Accepted(BaseModel):
    """A run that a person took as the measure of later ones."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    run: str
    at: str  # ISO 8601, UTC


def reasons(run: Run, gate: Gate, accepted: Run | None) -> tuple[str, ...]:
    """Why the run does not pass, a sentence each; empty where it does. Raises GateError."""
    short = unusable(run, gate)
    if not tally(run.results).scored:
        return short
    return (*short, *_below(run, gate), *_other_scores(run, gate), *(_worse(run, gate, accepted) if accepted else ()))


def unusable(run: Run, gate: Gate) -> tuple[str, ...]:
    """Why the run says too little to be judged by."""
    found = tally(run.results)
    if not found.scored:
        return ("no case was scored",)
    share = found.unscored / (found.scored + found.unscored)
    if share <= gate.unscored:
        return ()
    return (
        f"unscored: {found.unscored} of {found.scored + found.unscored} ({share:.1%}), at most {gate.unscored:.1%}",
    )


def _below(run: Run, gate: Gate) -> list[str]:
    """Resolution accuracy, of all and by tag."""
    wanted = {"resolution": (tally(run.results), gate.resolution)} | {
        f"resolution of tag {tag}": (found, gate.tag)
        for tag, found in tallies(run.results).items()
        if found.scored >= gate.tag_cases
    }
    return [
        f"{name} {_said(found)}, at least {least:.3f}" for name, (found, least) in wanted.items() if found.share < least
    ]


def _said(found: Tally) -> str:
    return f"{found.share:.3f} ({found.hits} of {found.scored})"


def _other_scores(run: Run, gate: Gate) -> list[str]:
    known = figures(run)
    unknown = sorted({*gate.at_least, *gate.at_most} - set(known))
    if unknown:
        raise GateError(
            f"evaluation.gate names {', '.join(unknown)}, which run {run.header.id} has no value of. "
            f"It has: {', '.join(sorted(known))}."
        )
    low = [
        f"{name} {known[name]:.3f}, at least {least:.3f}"
        for name, least in gate.at_least.items()
        if known[name] < least
    ]
    high = [
        f"{name} {known[name]:.3f}, at most {most:.3f}" for name, most in gate.at_most.items() if known[name] > most
    ]
    return low + high


def _worse(run: Run, gate: Gate, accepted: Run) -> list[str]:
    """Beyond chance on the cases of both; and no way around it by leaving cases out."""
    found, name, wrong = compare(accepted, run), accepted.header.id, list[str]()
    if found.only_first:
        wrong.append(
            f"lacks {len(found.only_first)} of the cases of the accepted run {name}: {_some(found.only_first)}"
        )
    if not found.resolution.pairs:
        wrong.append(f"has no scored case in common with the accepted run {name}")
    elif found.lost > found.gained and found.p < gate.significance:
        change = found.resolution.change
        wrong.append(
            f"worse than the accepted run {name}: {found.gained} cases gained, {found.lost} lost, p = {found.p:.4f}, "
            f"resolution {change.value:+.3f} ({change.low:+.3f} to {change.high:+.3f})"
        )
    return wrong


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:NAMED]) + (" …" if len(names) > NAMED else "")


def accept(runs: Path, run: Run) -> None:
    """Take the run as the measure of later ones."""
    journal.append(runs / FILE, Accepted(run=run.header.id, at=datetime.now(UTC).isoformat(timespec="seconds")))


def accepted_runs(runs: Path) -> list[Accepted]:
    """What was accepted, the last of them the measure."""
    return journal.read(runs / FILE, Accepted)
