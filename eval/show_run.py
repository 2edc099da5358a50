"""A run's figures on the console: accuracy with its interval, tags, outcomes, the rest, and what failed and why."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Console
from rich.table import Table

from eval.results import Run
from eval.summary import Detection, Share, Summary


def show(console: Console, run: Run, figures: Summary) -> None:
    """Print a run."""
    for table in (_accuracy(figures), _confusion(figures), _beside(figures)):
        console.print(table)
    for name, number in figures.failed.items():
        console.print(f"{name}: {number} failed to score", style="yellow", highlight=False)
    for each in run.results:
        if each.error:
            _line(console, "yellow", f"unscored {each.key}: {each.error}")
        elif each.scores["resolution"].value != 1.0:
            _line(console, "red", f"failed {each.key}: {each.scores['resolution'].why}")


def _line(console: Console, style: str, text: str) -> None:
    console.print(text, style=style, soft_wrap=True, markup=False, highlight=False)


def _accuracy(figures: Summary) -> Table:
    table = Table("Resolution accuracy", "", "95 %", "cases", box=None)
    _rows(table, {"all": figures.resolution} | figures.by_language | figures.by_split)
    if figures.passed_all:
        _rows(table, {"resolved in every repeat": figures.passed_all})
    _rows(table, {f"  {tag}": share for tag, share in figures.by_tag.items()})
    table.add_row("unscored", str(figures.unscored), "", str(figures.results))
    return table


def _rows(table: Table, shares: Mapping[str, Share]) -> None:
    for name, share in shares.items():
        table.add_row(name, _value(share), f"{share.low:.3f}–{share.high:.3f}" if share.of else "", str(share.of))


def _value(share: Share) -> str:
    return "–" if share.value is None else f"{share.value:.3f}"


def _confusion(figures: Summary) -> Table:
    outcomes = sorted({*figures.confusion, *(got for row in figures.confusion.values() for got in row)})
    table = Table("Expected, and what came", *outcomes, box=None)
    for expected in outcomes:
        row = figures.confusion.get(expected, {})
        table.add_row(expected, *(str(row.get(got, "")) for got in outcomes))
    return table


def _beside(figures: Summary) -> Table:
    table = Table("Beside it", "", "95 %", "cases", box=None)
    _rows(table, figures.means)
    _rows(table, _both("escalation", figures.escalation) | _both("decline", figures.decline))
    late = ", ".join(f"{turns:+} turns: {number}" for turns, number in figures.turns_late.items())
    table.add_row("called a person late (+) or early (-)", late or "never", "", "")
    for name, times in (("first sentence", figures.first_sentence), ("whole reply", figures.whole_reply)):
        table.add_row(f"{name}, ms p50 / p95", f"{times.p50:.0f} / {times.p95:.0f}", "", "")
    table.add_row("tokens in / out, cost", f"{figures.tokens_in} / {figures.tokens_out}, {figures.cost:.4f}", "", "")
    return table


def _both(name: str, found: Detection) -> dict[str, Share]:
    return {f"{name} precision": found.precision, f"{name} recall": found.recall}
