"""What a run comes to, as plain values that any report can draw. Pure: stored results in, figures out.

Cases that are unscored because the assistant, an endpoint or a scorer failed are counted beside the figures, in none.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from eval.metrics import percentile, wilson
from eval.results import Result, Run, Stored
from eval.scores import handed_over, turns_late

MEANS = ("facts", "citation_precision", "citation_recall", "retrieval_recall@5", "mrr", "language")


class Share(Stored):
    """Of `of` cases, `value` of them on average; with several repeats a case counts by its own mean. 95 % interval."""

    value: float | None  # None of none
    of: int
    low: float
    high: float


class Detection(Stored):
    """Of what was done, how much was due; and of what was due, how much was done."""

    precision: Share
    recall: Share


class Times(Stored):
    """Milliseconds of a turn."""

    p50: float
    p95: float


class Summary(Stored):
    """A run's figures."""

    cases: int  # different ones
    results: int  # cases × repeats
    unscored: int  # results
    errors: dict[str, int]  # why they are, and how often
    failed: dict[str, int]  # score → results of which its scorer failed
    resolution: Share
    by_tag: dict[str, Share]
    by_language: dict[str, Share]
    by_split: dict[str, Share]
    confusion: dict[str, dict[str, int]]  # expected outcome → outcome → results
    means: dict[str, Share]  # of those in MEANS
    escalation: Detection
    turns_late: dict[int, int]  # by how many turns a person was called too late (below 0: too early) → results
    decline: Detection
    first_sentence: Times
    whole_reply: Times
    tokens_in: int
    tokens_out: int
    cost: float
    passed_all: Share | None  # pass^k: cases that are resolved in every repeat; None without repeats


def summarise(run: Run) -> Summary:
    """The figures of a run."""
    scored = [each for each in run.results if not each.error]
    turns = [turn for each in scored for turn in each.turns]
    late = [turns_late(each.case, each.turns) for each in scored]
    return Summary(
        cases=len({each.case.id for each in run.results}),
        results=len(run.results),
        unscored=len(run.results) - len(scored),
        errors=dict(Counter(each.error for each in run.results if each.error).most_common()),
        failed=dict(
            sorted(Counter(name for each in scored for name, one in each.scores.items() if one.failed).items())
        ),
        resolution=_share(scored, "resolution"),
        by_tag=_grouped((tag, each) for each in scored for tag in each.case.tags),
        by_language=_grouped((each.case.language, each) for each in scored),
        by_split=_grouped((each.case.split, each) for each in scored),
        confusion=_confusion(scored),
        means={name: _share(scored, name) for name in MEANS},
        escalation=_detection(scored, "hand_off", [handed_over(each.turns) is not None for each in scored]),
        turns_late=dict(sorted(Counter(each for each in late if each).items())),
        decline=_detection(scored, "decline", [each.turns[-1].outcome == "decline" for each in scored]),
        first_sentence=_times(turn.first_ms for turn in turns),
        whole_reply=_times(turn.total_ms for turn in turns),
        tokens_in=sum(each.tokens_in for each in turns),
        tokens_out=sum(each.tokens_out for each in turns),
        cost=sum(each.cost for each in turns),
        passed_all=_passed_all(run) if run.header.repeat > 1 else None,
    )


def _share(results: Sequence[Result], name: str) -> Share:
    """Mean over cases of the mean over their repeats: repeats of a case are not so many more cases."""
    values = defaultdict[str, list[float]](list)
    for each in results:
        if name in each.scores and (value := each.scores[name].value) is not None:
            values[each.case.id].append(value)
    return share_of([sum(some) / len(some) for some in values.values()])


def share_of(values: Sequence[float]) -> Share:
    """The mean of values between 0 and 1 with the interval of a share of as many."""
    low, high = wilson(sum(values), len(values))
    return Share(value=sum(values) / len(values) if values else None, of=len(values), low=low, high=high)


def _grouped(pairs: Iterable[tuple[str, Result]]) -> dict[str, Share]:
    groups = defaultdict[str, list[Result]](list)
    for name, result in pairs:
        groups[name].append(result)
    return {name: _share(groups[name], "resolution") for name in sorted(groups)}


def _confusion(results: Sequence[Result]) -> dict[str, dict[str, int]]:
    counts = Counter((each.case.expect, each.turns[-1].outcome) for each in results)
    table = defaultdict[str, dict[str, int]](dict)
    for (expected, got), number in sorted(counts.items()):
        table[expected][got] = number
    return dict(table)


def _detection(results: Sequence[Result], outcome: str, done: Sequence[bool]) -> Detection:
    due = [each.case.expect == outcome for each in results]
    every = list(zip(due, done, strict=True))
    return Detection(
        precision=share_of([float(was_due) for was_due, was_done in every if was_done]),
        recall=share_of([float(was_done) for was_due, was_done in every if was_due]),
    )


def _times(milliseconds: Iterable[float]) -> Times:
    values = list(milliseconds)
    return Times(p50=percentile(values, 0.5), p95=percentile(values, 0.95))


def _passed_all(run: Run) -> Share:
    """Cases of which each repeat is scored and resolved, among those of which each is scored."""
    repeats = defaultdict[str, list[float | None]](list)
    for each in run.results:
        repeats[each.case.id].append(each.scores["resolution"].value if each.scores else None)
    whole = [some for some in repeats.values() if None not in some]
    return share_of([float(all(some)) for some in whole])
