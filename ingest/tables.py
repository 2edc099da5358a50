"""How status, due dates and releases look in a terminal."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ingest.publishing import Release, changes_of
from ingest.rows import Status
from ingest.status import Due


def show_status(rows: Sequence[Status], console: Console) -> None:
    """Every document in a line, then what is to be said of some."""
    names = ("Document", "State", "Version", "Passages", "Lang", "Audience", "Title")
    console.print(_table(names, map(_cells, rows), right=("Version", "Passages")))
    for row in rows:
        for text in (row.refusal, *(f"warning: {each}" for each in row.warnings)):
            if text:
                console.print(f"{row.source}: {text}", highlight=False, soft_wrap=True, markup=False)


def show_due(rows: Sequence[Due], console: Console) -> None:
    """Dates with what they mean, whose they are, and the owner."""
    if not rows:
        console.print("Nothing is due.")
        return
    cells = ((each.on.isoformat(), each.what, each.source, each.owner) for each in rows)
    console.print(_table(("Date", "What", "Document", "Owner"), cells))


def show_releases(rows: Sequence[Release], console: Console) -> None:
    """The newest first; those that cannot be returned to say so."""
    cells = (
        (
            str(each.number),
            f"{each.at:%Y-%m-%d %H:%M}",
            each.note,
            changes_of(each) + (" (kept no longer)" if each.lost else ""),
        )
        for each in rows
    )
    console.print(_table(("Release", "Time (UTC)", "Note", "Changes"), cells, right=("Release",)))


def as_json(rows: Iterable[Status] | Iterable[Due]) -> str:
    """For programs: one object a row, dates as ISO 8601."""
    return json.dumps([asdict(each) for each in rows], default=str, ensure_ascii=False, indent=1)


def _table(names: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[str] = ()) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in names:
        table.add_column(name, justify="right" if name in right else "left", overflow="fold")
    for row in rows:
        table.add_row(*map(escape, row))
    return table


def _cells(row: Status) -> list[str]:
    version = "" if row.version is None else str(row.version)
    passages = str(row.passages) if row.passages else ""
    return [row.source, row.summary, version, passages, row.language, row.audience, row.title]
