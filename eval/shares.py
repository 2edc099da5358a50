"""Every score of a run by its name, as a share with its interval: what reports show and gates ask for. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from eval.results import Result, Run
from eval.statistics import pass_hat
from eval.summary import Share, Summary, share_of
from eval.verdicts import RESOLUTION, value

_DETECTED = ("escalation", "decline")  # told as precision and recall


def shares(run: Run, summary: Summary) -> dict[str, Share]:
    """Those of the summary first, then whatever else was scored; one that applied to no case has no value."""
    found = {RESOLUTION: summary.resolution} | _in_a_row(run)
    for name, both in zip(_DETECTED, (summary.escalation, summary.decline), strict=True):
        found |= {f"{name}_precision": both.precision, f"{name}_recall": both.recall}
    found |= summary.means
    others = dict.fromkeys(name for each in run.results for name in each.scores)
    return found | {name: mean(run.results, name) for name in others if name not in {*found, *_DETECTED}}


def _in_a_row(run: Run) -> dict[str, Share]:
    """pass^k for every k from 2 to the number of repeats, over the cases of which each repeat is scored."""
    trials = dict[str, list[float | None]]()
    for each in run.results:
        trials.setdefault(each.case.id, []).append(value(each, RESOLUTION))
    whole = [(some.count(1.0), len(some)) for some in trials.values() if None not in some]
    return {
        f"pass^{k}": share_of([pass_hat(right, of, k) for right, of in whole if of >= k])
        for k in range(2, run.header.repeat + 1)
    }


def mean(results: Sequence[Result], name: str) -> Share:
    """Of a score over the cases that have it, each by the mean of its repeats."""
    values = dict[str, list[float]]()
    for each in results:
        if (found := value(each, name)) is not None:
            values.setdefault(each.case.id, []).append(found)
    return share_of([sum(some) / len(some) for some in values.values()])


def told(share: Share) -> str:
    """A share in words, with its interval and what it is of."""
    if share.value is None:
        return "– (no cases)"
    return f"{share.value:.3f} ({share.low:.3f}–{share.high:.3f}, {share.of} cases)"
