"""Runs on the terminal: a comparison, the history, the agreement of a judge. Cases and answers are foreign text: no
markup and no control character of theirs has an effect."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from eval.agreement import VERDICTS, Agreement, Opinionated, kappa_of, right_or_not
from eval.compare import Change, Comparison, Difference, made_differently
from eval.history import Moment
from eval.results import Header, Result
from eval.shares import told
from eval.verdicts import RESOLUTION, questions, reason, state

SHOWN = 40  # changed cases shown; the JSON has all


def plain(text: str) -> Text:
    """As it stands, in one colour, what cannot be printed replaced."""
    return Text("".join(each if each.isprintable() or each == "\n" else "\ufffd" for each in text))


def comparison(console: Console, found: Comparison, notes: Sequence[str]) -> None:
    """Both runs, every score in both, what could not be compared, and the cases that changed side by side."""
    console.print(plain(f"{found.first.id} → {found.second.id}"), soft_wrap=True)
    for line in made_differently(found.first, found.second) or ("made alike",):
        console.print(plain(f"  {line}"), soft_wrap=True)
    table = Table("", "before", "after", "change (95 %)", "cases", box=None)
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
        return "–", "–", "–", "0"
    change = each.change
    interval = f"{change.value:+.3f} ({change.low:+.3f} to {change.high:+.3f})"
    return f"{each.first:.3f}", f"{each.second:.3f}", interval, str(each.pairs)


def not_compared(found: Comparison) -> list[str]:
    """What stands in one of the runs only, or was not scored, a line each and the reasons below."""
    groups = {
        f"only in {found.first.id}": found.only_first,
        f"only in {found.second.id}": found.only_second,
        "edited between the runs, not compared": found.edited,
    }
    lines = [f"{len(names)} {what}: {', '.join(names)}" for what, names in groups.items() if names]
    if found.unscored:
        lines.append(f"{len(found.unscored)} unscored in one of them, not compared:")
    lines += [f"  {a.key}: {_unscored(a, b)}" for a, b in found.unscored[:SHOWN]]
    return lines


def _unscored(first: Result, second: Result) -> str:
    return reason(first if state(first) == "unscored" else second)


def _change(console: Console, change: Change, found: Comparison) -> None:
    table = Table(title=plain(f"{change.first.key}\n{questions(change.first)}"), title_justify="left", expand=True)
    for header in (found.first, found.second):
        table.add_column(header.id, ratio=1)
    table.add_row(*(plain(_told(each)) for each in (change.first, change.second)))
    console.print(table)


def _told(result: Result) -> str:
    last = result.turns[-1]
    return f"{state(result)}: {reason(result)}\n\n{last.outcome}: {last.text}"


def moments(console: Console, found: Sequence[Moment], accepted: Sequence[str], notes: dict[str, str]) -> None:
    """Every finished run with its accuracy, and what changed since the one before it."""
    for each in found:
        entry, header = each.entry, each.entry.header
        lost = f", {entry.unscored} of {entry.results} unscored" if entry.unscored else ""
        mark = ", accepted" if header.id in accepted else ""
        said = f"{header.started_at[:16]}  {header.id}  {told(entry.scores[RESOLUTION])}{lost}{mark}"
        console.print(plain(said), soft_wrap=True)
        for line in filter(None, (_made_with(header), *each.changed, notes.get(header.judge, ""))):
            console.print(plain(f"    {line}"), soft_wrap=True)


def _made_with(header: Header) -> str:
    knowledge = header.knowledge if header.release is None else f"{header.knowledge}, release {header.release}"
    models = ", ".join(header.models) or header.writer
    prompts = hashlib.sha256(json.dumps(header.prompts, sort_keys=True).encode()).hexdigest()[:8]
    return f"{knowledge}; {models}; prompts {prompts}; commit {header.commit or 'unknown'}"


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
        console.print(f"{language}: {kappa_of([each for each in found if each.label.language == language]).text}")
    console.print(f"right or not: {right_or_not(found).text}")
    console.print(plain(f"{agreement.judge}: {agreement.text}"), soft_wrap=True)
