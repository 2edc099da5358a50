"""What all command lines share: the --data option, turns as JSON, and errors as one line instead of a traceback."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from rag.errors import VouchError
from rag.types import Role, Turn

DataOption = Annotated[
    Path | None, typer.Option("--data", help="Another store than paths.data of config.yaml (or set VOUCH_DATA).")
]

ROLES: dict[str, Role] = {"user": "customer", "customer": "customer", "assistant": "assistant", "agent": "agent"}


def turns_of(rows: object) -> list[Turn]:
    """Turns from a JSON list of {"role": …, "text": …}, the assistant's also with the "options" it offered.

    Raises TypeError or KeyError for anything else.
    """
    if not isinstance(rows, list):
        raise TypeError("not a list of turns")
    return [Turn(ROLES[row["role"]], str(row["text"]), tuple(map(str, row.get("options", ())))) for row in rows]


def new_app(about: str) -> typer.Typer:
    """A Typer application that leaves errors to `run`."""
    return typer.Typer(help=about, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


def run(app: typer.Typer) -> None:
    """Run a command line. Exit code 2 with one line on stderr for whatever a person can put right."""
    try:
        app()
    except VouchError as error:
        _fail(str(error))
    except OSError as error:
        place = f" ({error.filename})" if error.filename else ""
        _fail(
            f"{error.strerror or error}{place}. Check the disk's room and rights, then run it again; nothing was lost."
        )
    except KeyboardInterrupt:
        _fail("Stopped. What was published stays; run it again to go on.", 130)


def _fail(message: str, code: int = 2) -> None:
    print(message, file=sys.stderr)
    raise SystemExit(code)
