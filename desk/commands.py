"""python -m desk: customers' tokens and records; what is kept of people, given out and forgotten."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Engine

from desk.directory_csv import import_files
from desk.directory_sql import SQLDirectory
from desk.erasure import erase as erase_all
from desk.erasure import squeeze
from desk.export import export as export_all
from desk.retention import tidy as tidy_up
from desk.secret import token_secret
from desk.tokens import Identity, issue
from rag.cli import DataOption
from rag.config import Settings, load

WhoArgument = Annotated[str, typer.Argument(help="A customer's id, or the key of a visitor's conversations.")]

FROM_LIFE = ("life.cases.jsonl", "gaps.cases.jsonl")  # cases made of what customers wrote


@dataclass(frozen=True, slots=True)
class Parts:
    """What the command line gives to the commands."""

    database: Callable[[Path], Engine]
    say: Callable[[str], None]


def token(
    context: typer.Context,
    customer: Annotated[str, typer.Argument(help="The customer's id.")],
    name: Annotated[str, typer.Option(help="The customer's name.")] = "",
    minutes: Annotated[int | None, typer.Option(help="Default: customers.token_minutes.", min=1)] = None,
    data: DataOption = None,
) -> None:
    """Make a token as the company's site would, for trying: open the chat with /?token=…"""
    settings = load(data=data)
    now, known = int(time.time()), settings.customers
    identity = Identity(customer, name, now, now + 60 * (minutes or known.token_minutes))
    context.obj.say(issue(token_secret(settings), known.token_audience, identity))


def import_customers(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(help="A folder, or files: customers.csv, orders.csv …")],
    data: DataOption = None,
) -> None:
    """Bring customers' records in from CSV: all of it, or nothing where anything is wrong."""
    directory = SQLDirectory(_database(context, load(data=data)))
    counts = import_files(paths, directory)
    context.obj.say("Imported " + ", ".join(f"{count} {name}" for name, count in counts.items()) + ".")


def export(
    context: typer.Context,
    who: WhoArgument,
    file: Annotated[Path, typer.Argument(help=".json: all that is kept; .csv: what was said.", dir_okay=False)],
    unmasked: Annotated[bool, typer.Option("--unmasked", help="With numbers and addresses, for the person.")] = False,
    data: DataOption = None,
) -> None:
    """Write all that is kept of somebody to a file."""
    rows = export_all(_database(context, load(data=data)), who, file, masked=not unmasked)
    context.obj.say(f"{rows} rows written to {file}.")


def erase(
    context: typer.Context,
    who: WhoArgument,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    data: DataOption = None,
) -> None:
    """Forget somebody for good: conversations, requests, record, and every word of them in recordings and logs."""
    settings = load(data=data)
    if not yes:
        typer.confirm(f"Erase all that is kept of {who}? There is no way back.", abort=True)
    beside = [settings.paths.cases / name for name in FROM_LIFE]
    for line in erase_all(_database(context, settings), settings.paths.data, who, beside):
        context.obj.say(line)


def tidy(context: typer.Context, data: DataOption = None) -> None:
    """Delete what is older than the privacy section of config.yaml allows; the running app does so daily."""
    settings = load(data=data)
    engine = _database(context, settings)
    for line in (*tidy_up(engine, settings.paths.data, settings.privacy), *squeeze(engine)):
        context.obj.say(line)


COMMANDS = (token, import_customers, export, erase, tidy)


def _database(context: typer.Context, settings: Settings) -> Engine:
    engine: Engine = context.obj.database(settings.paths.data)
    return engine
