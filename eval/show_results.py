"""Runs on the terminal: a comparison, the history, the agreement of a judge. Cases and answers are foreign text: no
markup and no control character of theirs has an effect."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from eval.agreement import VERDICTS, Agreement, Opinionated, kappa_of
from eval.compare import RESOLUTION, Change, Comparison, Difference, made_differently
from eval.history import Moment
from eval.results import Header, Result

SHOWN = 40  # changed cases shown; the JSON has all


def plain(text: str) -> Text:
    """As it stands, in one colour, what cannot be printed replaced."""
    return Text("".join(each if each.isprintable() or each == "\n" else "\ufffd" for each in text))


def comparison(console: Console, found: Comparison, notes: Sequence[str]) -> None:
    """Both runs, every score in both, what could not be compared, and the cases that changed side by side."""
    for line in made_differently(found.first, found.second) or ("made alike",):
        console.print(plain(line), soft_wrap=True)
    table = Table("", found.first.id, found.second.id, "change", "95 %", "cases", box=None)
    for name, each in found.scores.items():
        table.add_row(name, *_difference(each))
    console.print(table)
    said = f"{RESOLUTION}: {found.gained} cases gained, {found.lost} lost, McNemar p = {found.p:.4f}"
    console.print(said, highlight=False)
    for line in (*notes, *not_compared(found)):
        console.print(plain(line), soft_wrap=True)
    for change in found.changes[:SHOWN]:
        _change(console, change, found)
    if len(found.changes) > SHOWN:
        console.print(f"… and {len(found.changes) - SHOWN} more changed cases; --json has all.")


def _difference(each: Difference) -> tuple[str, ...]:
    if not each.pairs:
        return "–", "–", "–", "–", "0"
    change = each.change
    interval = f"{change.low:+.3f} to {change.high:+.3f}"
    return f"{each.first:.3f}", f"{each.second:.3f}", f"{change.value:+.3f}", interval, str(each.pairs)


def not_compared(found: Comparison) -> list[str]:
    """What stands in one of the runs only, or was not scored, a line each."""
    groups = {
        f"only in {found.first.id}": found.only_first,
        f"only in {found.second.id}": found.only_second,
        "edited between the runs, not compared": found.edited,
        "unscored in one of them, not compared": [f"{a.key} ({unscored(a) or unscored(b)})" for a, b in found.unscored],
    }
    return [f"{len(names)} {what}: {', '.join(names)}" for what, names in groups.items() if names]


def unscored(result: Result) -> str:
    """Why the result has no resolution; empty where it has one."""
    score = result.scores.get(RESOLUTION)
    if result.error:
        return result.error
    if score is None:
        return "no score"
    return "" if score.value is not None and not score.failed else score.why or "not scored"


def _change(console: Console, change: Change, found: Comparison) -> None:
    table = Table(title=plain(change.first.key), title_justify="left", expand=True)
    for header in (found.first, found.second):
        table.add_column(header.id, ratio=1)
    for turn in change.first.case.turns[:-1]:
        console.print(plain(f"› {turn}"))
    console.print(plain(f"› {change.first.case.turns[-1]}"))
    table.add_row(*(plain(_told(each)) for each in (change.first, change.second)))
    console.print(table)


def _told(result: Result) -> str:
    last, score = result.turns[-1] if result.turns else None, result.scores[RESOLUTION]
    said = f"{last.outcome}\n{last.text}\n" if last else ""
    return f"{'resolved' if score.value == 1 else 'not resolved'}: {said}{score.why}"


def moments(console: Console, found: Sequence[Moment], accepted: Sequence[str], notes: dict[str, str]) -> None:
    """Every finished run with its accuracy, and what changed since the one before it."""
    table = Table(
        "started", "run", "resolution", "95 %", "scored", "unscored", "changed since the one before", box=None
    )
    for each in found:
        entry, header = each.entry, each.entry.header
        low, high = entry.interval
        mark = " accepted" if header.id in accepted else ""
        changed = plain("\n".join(filter(None, (*each.changed, notes.get(header.judge, "")))))
        figures = (f"{entry.accuracy:.3f}", f"{low:.3f}–{high:.3f}", str(entry.scored), str(entry.unscored))
        table.add_row(header.started_at, f"{header.id}{mark}", *figures, changed)
    console.print(table)


def unfinished(console: Console, found: Sequence[Header]) -> None:
    """Runs that did not come to an end."""
    if found:
        console.print(f"Not finished: {', '.join(each.id for each in found)}", soft_wrap=True, highlight=False)


def checked(console: Console, found: Sequence[Opinionated], agreement: Agreement) -> None:
    """Where judge and people differ, the table of both, and κ: of all and by language."""
    for each in found:
        if each.verdict != each.label.label:
            said = f"{each.label.id}: people {each.label.label}, judge {each.verdict or 'failed'}: {each.why}"
            console.print(plain(said), soft_wrap=True)
    table = Table("people \\ judge", *VERDICTS, "failed", box=None)
    for label in VERDICTS:
        mine = [each.verdict for each in found if each.label.label == label]
        table.add_row(label, *(str(mine.count(each)) for each in (*VERDICTS, None)))
    console.print(table)
    for language in sorted({each.label.language for each in found}):
        kappa = kappa_of([each for each in found if each.label.language == language])
        value = "undefined" if kappa.value is None else f"{kappa.value:.2f} ({kappa.low:.2f} to {kappa.high:.2f})"
        console.print(f"{language}: κ {value} over {kappa.items}", highlight=False)
    console.print(plain(f"{agreement.judge}: {agreement.text}"), soft_wrap=True)
