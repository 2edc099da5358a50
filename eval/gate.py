"""May this run's assistant go live? Thresholds, and no worse than the run accepted last beyond chance. Pure, but for
the record of what was accepted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from eval import journal
from eval.compare import compare
from eval.results import Run
from eval.shares import shares, told
from eval.summary import Summary, summarise
from eval.verdicts import state
from rag.config_evaluation import Gate
from rag.errors import VouchError

FILE = "accepted.jsonl"
NAMED = 5  # cases named in a reason


class GateError(VouchError):
    """The gate's settings ask for a score that there is not."""


class Accepted(BaseModel):
    """A run that a person took as the measure of later ones."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    run: str
    at: str  # ISO 8601, UTC


def reasons(run: Run, gate: Gate, accepted: Run | None) -> tuple[str, ...]:
    """Why the run does not pass, one a line; empty where it does. Raises GateError."""
    short, summary = unusable(run, gate), summarise(run)
    if not summary.resolution.of:
        return short
    worse = _worse(run, gate, accepted) if accepted else []
    return (*short, *_below(summary, gate), *_other_scores(run, summary, gate), *worse)


def unusable(run: Run, gate: Gate) -> tuple[str, ...]:
    """Why the run says too little to be judged by."""
    states = [state(each) for each in run.results]
    lost = states.count("unscored")
    if lost == len(states):
        return ("no case was scored",)
    share = lost / len(states)
    return (
        (f"{lost} of {len(states)} unscored ({share:.1%}), at most {gate.unscored:.1%}",)
        if share > gate.unscored
        else ()
    )


def _below(summary: Summary, gate: Gate) -> list[str]:
    """Resolution accuracy, of all and by tag."""
    wanted = {"resolution": (summary.resolution, gate.resolution)} | {
        f"resolution of tag {tag}": (share, gate.tag)
        for tag, share in summary.by_tag.items()
        if share.of >= gate.tag_cases
    }
    return [
        f"{name} {told(share)}, at least {least:.3f}"
        for name, (share, least) in wanted.items()
        if share.value is not None and share.value < least
    ]


def _other_scores(run: Run, summary: Summary, gate: Gate) -> list[str]:
    """Those the settings name. One that applies to no case of the run is left alone."""
    known = shares(run, summary)
    if unknown := sorted({*gate.at_least, *gate.at_most} - set(known)):
        raise GateError(
            f"evaluation.gate names {', '.join(unknown)}, which run {run.header.id} has not. "
            f"Its scores: {', '.join(sorted(known))}."
        )
    torn = [(name, summary.failed.get(name, 0)) for name in dict.fromkeys([*gate.at_least, *gate.at_most])]
    wrong = [
        f"{name} failed to score {lost} of {summary.results}, at most {gate.unscored:.1%}"
        for name, lost in torn
        if lost > gate.unscored * summary.results
    ]
    values = {name: share.value for name, share in known.items() if share.value is not None}
    low = [(name, "least", bound) for name, bound in gate.at_least.items() if name in values and values[name] < bound]
    high = [(name, "most", bound) for name, bound in gate.at_most.items() if name in values and values[name] > bound]
    return wrong + [f"{name} {told(known[name])}, at {which} {bound:.3f}" for name, which, bound in low + high]


def _worse(run: Run, gate: Gate, accepted: Run) -> list[str]:
    """Worse beyond chance on the cases of both; leaving out cases is no way around it."""
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
