"""The README's commands, file tree and table of dependencies are held to the project."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import click
import pytest
import typer

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w*)\n(.*?)```", README, re.DOTALL)
COMMANDS = [
    line.split("#")[0].strip() for kind, block in BLOCKS if kind == "sh" for line in block.splitlines() if line.strip()
]


@pytest.mark.parametrize("line", [each for each in COMMANDS if "python -m" in each])
def test_a_command_line_exists(line: str) -> None:
    package, *words = line.split("python -m ")[1].split()
    command: click.Command = typer.main.get_command(importlib.import_module(f"{package}.__main__").app)  # type: ignore[assignment]
    while words and hasattr(command, "commands"):
        assert words[0] in command.commands, f"{package} has no command {words[0]!r}"
        command = command.commands[words.pop(0)]
    options = {name for each in command.params for name in (*each.opts, *each.secondary_opts)}
    assert {word for word in words if word.startswith("--")} <= options


def test_make_targets_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"`?make (\w+)", README):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"the Makefile has no target {target!r}"


def test_the_tree_is_there() -> None:
    tree = next(block for kind, block in BLOCKS if not kind and "app.py" in block)
    for line in tree.splitlines():
        assert (ROOT / line.split()[0]).exists(), f"{line.split()[0]} is not there"
    named = {line.split()[0].rstrip("/") for line in tree.splitlines()}
    packages = {each.parent.name for each in ROOT.glob("*/__init__.py")}
    assert packages <= named | {"tests"}


def test_paths_named_in_the_text_exist() -> None:
    for path in re.findall(r"`((?:rag|ingest|ui|desk|eval|tests|backends|knowledge|requirements)/[\w./-]*\w)`", README):
        assert (ROOT / path).exists(), f"{path} is not there"


def test_every_dependency_stands_in_the_table() -> None:
    required = [
        re.split(r"[\[<>=;]", line)[0].strip() for line in (ROOT / "requirements/core.in").read_text().splitlines()
    ]
    table = README.split("## Dependencies")[1]
    for name in required:
        if name and not name.startswith("#"):
            assert name in table, f"{name} is required, but the README does not say what for"
    pinned = (ROOT / "requirements/core.txt").read_text()
    assert "://" not in pinned, "a pin names an address"
