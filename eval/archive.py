"""Runs as files: one folder a run, its results appended case by case so that a kill at any moment loses none.

A last line that a kill left torn is dropped. A run that is over is written once more, in the order of its cases.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from eval.results import Header, Result
from rag.errors import StoreError

RUNS = "runs"
_HEADER, _RESULTS = "header.json", "results.jsonl"


class Folder:
    """The folder of one run."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def header(self) -> Header:
        """Raises StoreError where there is no such run, or it was made by another edition of this program."""
        try:
            return Header.model_validate_json((self.path / _HEADER).read_text(encoding="utf-8"))
        except FileNotFoundError:
            known = ", ".join(ids(self.path.parent)[-5:]) or "none"
            raise StoreError(
                f"There is no run {self.path.name!r} in {self.path.parent}. The last ones: {known}."
            ) from None
        except ValidationError as error:
            raise StoreError(
                f"{self.path / _HEADER} cannot be read: {error.errors()[0]['msg']}. Run it anew."
            ) from None

    def write(self, header: Header) -> None:
        """Store the header, whole or not at all."""
        self.path.mkdir(parents=True, exist_ok=True)
        _replace(self.path / _HEADER, header.model_dump_json(indent=2) + "\n")

    def append(self, result: Result) -> None:
        """Store a result, durably. One thread at a time."""
        append_line(self.path / _RESULTS, result.model_dump_json())

    def results(self) -> list[Result]:
        """Those stored so far, in the order of their storing; of the same case and repeat the last."""
        found = (Result.model_validate_json(line) for line in whole_lines(self.path / _RESULTS))
        return list({each.key: each for each in found}.values())

    def finish(self, header: Header, results: Iterable[Result]) -> None:
        """Store all results in their order, and the header that says that these are all."""
        _replace(self.path / _RESULTS, "".join(f"{each.model_dump_json()}\n" for each in results))
        self.write(header)


def new_id(runs: Path, now: datetime) -> str:
    """An id that is not taken, in the order of time."""
    made = f"{now:%Y%m%d-%H%M%S}"
    taken = {each for each in ids(runs) if each.startswith(made)}
    return next(each for each in (made, *(f"{made}-{at}" for at in range(2, len(taken) + 3))) if each not in taken)


def ids(runs: Path) -> list[str]:
    """Of all runs, the oldest first."""
    return sorted(each.parent.name for each in runs.glob(f"*/{_HEADER}"))


def whole_lines(file: Path) -> Iterator[str]:
    """The lines of a file that was appended to; one without its end was never acknowledged, and is cut off."""
    if not file.exists():
        return
    with file.open("rb+") as opened:
        raw = opened.read()
        end = raw.rfind(b"\n") + 1
        if end < len(raw):
            opened.truncate(end)
    yield from (line.decode() for line in raw[:end].splitlines() if line)


def append_line(file: Path, line: str) -> None:
    """Add a line to a file; once this returns, it survives a crash."""
    with file.open("a", encoding="utf-8") as opened:
        opened.write(f"{line}\n")
        opened.flush()
        os.fsync(opened.fileno())


def _replace(file: Path, text: str) -> None:
    beside = file.with_suffix(".new")
    with beside.open("w", encoding="utf-8") as opened:
        opened.write(text)
        opened.flush()
        os.fsync(opened.fileno())
    beside.replace(file)
