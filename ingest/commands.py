"""The editors' commands on what is in the store: status, show, publish, releases, rollback, retry, erase, compact.

They read their words, and print or ask for the work to be done: by this process or by the store's owner, which
`__main__` knows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

import typer
from pydantic import JsonValue
from rich.console import Console

from ingest import publishing
from ingest.ledger import Ledger
from ingest.show import show as lines_about
from ingest.status import due as dates_due
from ingest.tables import as_json, show_due, show_releases, show_status
from rag.cli import DataOption
from rag.config import Settings, load
from rag.errors import StoreError

Source = Annotated[str, typer.Argument(help="Path below the knowledge folder, as `status` names it.")]
Sources = Annotated[list[str] | None, typer.Argument(help="Paths below the knowledge folder, as `status` names them.")]
NoteOption = Annotated[str, typer.Option("--note", help="Kept with the release.")]


@dataclass(frozen=True, slots=True)
class Parts:
    """What `__main__` puts together for the commands; a typer context carries it."""

    read_ledger: Callable[[Settings], Ledger]
    carry_out: Callable[[Settings, str, dict[str, JsonValue]], int]  # as the owner, or by it; gives the exit code
    console: Console


def status(
    context: typer.Context,
    due: Annotated[bool, typer.Option("--due", help="Only dates that need somebody: reviews, validity.")] = False,
    days: Annotated[int, typer.Option("--days", help="With --due: how far ahead.", min=0)] = 30,
    as_data: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    data: DataOption = None,
) -> None:
    """Every document: its version, state, passages and, where its newest file was refused, why."""
    parts: Parts = context.obj
    rows = parts.read_ledger(load(data=data)).status()
    dates = dates_due(rows, date.today(), days) if due else []
    if as_data:
        print(as_json(dates) if due else as_json(rows))
    elif due:
        show_due(dates, parts.console)
    else:
        show_status(rows, parts.console)


def show(
    context: typer.Context,
    source: Source,
    version: Annotated[int | None, typer.Option("--version", help="Default: the live one, else the newest.")] = None,
    chunks: Annotated[bool, typer.Option("--chunks", help="Also its passages, sentence by sentence.")] = False,
    data: DataOption = None,
) -> None:
    """What is said about a document, its versions, and its passages as they are cited."""
    parts: Parts = context.obj
    _say(parts.console, list(lines_about(parts.read_ledger(load(data=data)).engine, source, version, chunks)))


def releases(context: typer.Context, data: DataOption = None) -> None:
    """Every release: number, time, note, what changed."""
    parts: Parts = context.obj
    show_releases(publishing.releases_of(parts.read_ledger(load(data=data)).engine), parts.console)


def publish(
    context: typer.Context,
    sources: Sources = None,
    everything: Annotated[bool, typer.Option("--all", help="All that is staged, as one release.")] = False,
    note: NoteOption = "",
    data: DataOption = None,
) -> None:
    """Publish what is staged for SOURCES, or --all, in one commit. Lets a held SOURCE go on."""
    if bool(sources) == everything:
        raise StoreError("Say what to publish: the documents by name, or --all for everything that is staged.")
    _carry_out(context, data, "publish", sources=[*(sources or [])], note=note)


def rollback(
    context: typer.Context,
    release: Annotated[int, typer.Argument(help="Its number, as `releases` lists it.")],
    data: DataOption = None,
) -> None:
    """Let exactly that answer which answered right after RELEASE. What changes is held until its file changes."""
    _carry_out(context, data, "rollback", release=release)


def retry(context: typer.Context, sources: Sources = None, data: DataOption = None) -> None:
    """Look again at refused files, or at these of them, though they have not changed."""
    _carry_out(context, data, "retry", sources=[*(sources or [])])


def erase(
    context: typer.Context,
    sources: Annotated[list[str], typer.Argument(help="Paths below the knowledge folder, as `status` names them.")],
    yes: Annotated[bool, typer.Option("--yes", help="Yes, for good.")] = False,
    data: DataOption = None,
) -> None:
    """Delete documents for good: every version, passage, original and picture. Their files must be gone already."""
    if not yes:
        raise StoreError(f"This cannot be undone. Add --yes to erase {', '.join(sources)} for good.")
    _carry_out(context, data, "erase", sources=[*sources])


def compact(
    context: typer.Context,
    days: Annotated[int | None, typer.Option("--days", help="Default: ingest.keep_days.", min=0)] = None,
    data: DataOption = None,
) -> None:
    """Forget versions that have not been live for so many days, and give the room back."""
    chosen = load(data=data).ingest.keep_days if days is None else days
    _carry_out(context, data, "compact", days=chosen)


COMMANDS = (status, show, publish, releases, rollback, retry, erase, compact)


def _carry_out(context: typer.Context, data: DataOption, command: str, **arguments: JsonValue) -> None:
    parts: Parts = context.obj
    raise typer.Exit(parts.carry_out(load(data=data), command, arguments))


def _say(console: Console, lines: Sequence[str]) -> None:
    for each in lines:
        console.print(each, highlight=False, soft_wrap=True, markup=False)
