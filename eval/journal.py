"""Files of one JSON value a line that several processes append to. Knows nothing of what stands in them.

Each entry is written by one call in append mode and begins with a line break: processes do not mix their lines, and
a line that a crash or a full disk cut short spoils only itself.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from rag.errors import VouchError

Entry = TypeVar("Entry", bound=BaseModel)


class JournalError(VouchError):
    """A line of a journal that this version cannot read."""


def append(file: Path, entry: BaseModel) -> None:
    """Add one entry; on disk when this returns. Raises OSError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        os.write(handle, f"\n{entry.model_dump_json()}\n".encode())
        os.fsync(handle)
    finally:
        os.close(handle)


def read(file: Path, kind: type[Entry]) -> list[Entry]:
    """The entries in the order they were written, without lines cut short; none where there is no file.

    Raises JournalError for a whole line that is no such entry: to pass over what was accepted would be to lose it.
    """
    entries = []
    for number, line in enumerate(file.read_bytes().split(b"\n") if file.exists() else (), 1):
        try:
            entries.append(kind.model_validate_json(line))
        except ValidationError as error:
            problem = error.errors()[0]
            if problem["type"] != "json_invalid":  # else blank, or cut short
                place = ".".join(map(str, problem["loc"]))
                advice = "It was written by another version; use that, or remove the line."
                raise JournalError(f"{file}:{number}: {place} {problem['msg']}. {advice}") from None
    return entries
