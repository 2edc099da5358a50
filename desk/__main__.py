"""python -m desk: staff accounts, and the commands of `desk/commands.py`. Puts the parts together; rules live in them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from backends.database import open_database
from desk.commands import COMMANDS, Parts
from desk.staff import ROLES, Staff, made_password
from rag.cli import DataOption, new_app, run
from rag.config import load

app = new_app("People: staff accounts, customers' records and tokens, what is kept of whom.")
users = new_app("Staff accounts: add, list, disable, enable, password, roles.")
app.add_typer(users, name="users")
console = Console()
for command in COMMANDS:
    app.command()(command)

NameArgument = Annotated[str, typer.Argument(help="The name to log in with.")]
RolesArgument = Annotated[list[str], typer.Argument(help=f"One or more of {', '.join(ROLES)}.")]
AskOption = Annotated[bool, typer.Option("--ask", help="Ask for the password instead of making one.")]


@app.callback()
def _parts(context: typer.Context) -> None:
    context.obj = Parts(open_database, _say)


@users.command()
def add(name: NameArgument, roles: RolesArgument, ask: AskOption = False, data: DataOption = None) -> None:
    """Make an account. Its password is shown once."""
    password = _password(ask)
    _staff(data).add(name, password, roles)
    _say(f"{name} can log in at /login." + ("" if ask else f" The password, shown this once: {password}"))


@users.command("list")
def list_(data: DataOption = None) -> None:
    """Show every account."""
    table = Table("name", "roles", "state", "since", box=None, pad_edge=False)
    for each in _staff(data).accounts():
        roles = ", ".join(role for role in ROLES if role in each.roles)
        table.add_row(each.name, roles, "active" if each.active else "disabled", f"{each.created_at:%Y-%m-%d}")
    console.print(table)


@users.command()
def disable(name: NameArgument, data: DataOption = None) -> None:
    """Log somebody out everywhere and let them in no more."""
    _staff(data).set_active(name, False)
    _say(f"{name} is logged out and can no longer log in.")


@users.command()
def enable(name: NameArgument, data: DataOption = None) -> None:
    """Let somebody in again."""
    _staff(data).set_active(name, True)
    _say(f"{name} can log in again.")


@users.command()
def password(name: NameArgument, ask: AskOption = False, data: DataOption = None) -> None:
    """Set another password and log the account out everywhere."""
    fresh = _password(ask)
    _staff(data).set_password(name, fresh)
    _say(f"{name} has a new password." + ("" if ask else f" It is shown this once: {fresh}"))


@users.command()
def roles(name: NameArgument, roles: RolesArgument, data: DataOption = None) -> None:
    """Set the roles of an account and log it out everywhere."""
    _staff(data).set_roles(name, roles)
    _say(f"{name} is now: {', '.join(roles)}.")


def _staff(data: Path | None) -> Staff:
    settings = load(data=data)
    return Staff(open_database(settings.paths.data), settings.staff)


def _password(ask: bool) -> str:
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True)) if ask else made_password()


def _say(line: str) -> None:
    console.print(line, soft_wrap=True, markup=False, highlight=False)


if __name__ == "__main__":
    run(app)
