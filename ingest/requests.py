"""How a process asks the store's owner to do something: files in data/requests, both sides of the exchange.

ID.json is a request that waits; ID.jsonl beside it says that it was begun; ID.jsonl alone that it is over. Plain
JSON, for the same user only. Knows no command; `ingest/owner.py` does.
"""

from __future__ import annotations

import contextlib
import os
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from ingest.deposit import put

POLL_SECONDS = 0.1
EXPIRES_SECONDS = 600.0  # since the requester last gave a sign of life


class Request(BaseModel):
    """What is asked for. `arguments` are checked by the command."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    at: float  # seconds since the epoch
    command: Annotated[str, Field(pattern=r"^[a-z]+$")]
    arguments: dict[str, JsonValue]


class Said(BaseModel):
    """One line of an answer: some words, or the end of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    line: str = ""
    exit: int | None = None
    interrupted: bool = False  # the owner that began with it died


def folder_of(data: Path) -> Path:
    """Where requests lie; made if need be."""
    folder = data / "requests"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    return folder


class Inbox:
    """The owner's side. Only the process that holds the lock may have one."""

    def __init__(self, data: Path) -> None:
        self._folder = folder_of(data)
        for begun in self._folder.glob("*.json"):
            if begun.with_suffix(".jsonl").exists():  # by an owner that died
                self._end(begun.stem, Said(interrupted=True))

    def waiting(self) -> list[Request]:
        """Requests to be carried out, the oldest first. What is abandoned or no request is swept away."""
        found = []
        for file in list(self._folder.glob("*")):
            if _silent_for(file) > EXPIRES_SECONDS:
                file.unlink(missing_ok=True)
            elif file.suffix == ".json":
                found += [request] if (request := _read(file)) else []
        return sorted(found, key=lambda each: (each.at, each.id))

    def answer(self, request: Request, said: Iterable[Said]) -> None:
        """Carry `request` out by drawing `said`; each goes to the requester as it comes. Without an end among them,
        the requester hears that it was interrupted."""
        end = Said(interrupted=True)
        try:
            self._append(request.id, Said())
            for each in said:
                if each.exit is None:
                    self._append(request.id, each)
                else:
                    end = each
        finally:
            self._end(request.id, end)

    def _end(self, name: str, said: Said) -> None:
        try:
            self._append(name, said)
        finally:
            (self._folder / f"{name}.json").unlink(missing_ok=True)  # or it would be begun again

    def _append(self, name: str, said: Said) -> None:
        with (self._folder / f"{name}.jsonl").open("a", encoding="utf-8") as answer:
            answer.write(said.model_dump_json() + "\n")


def hand_over(
    data: Path,
    command: str,
    arguments: dict[str, JsonValue],
    say: Callable[[str], None],
    take_over: Callable[[], bool],
) -> int | None:
    """Ask the owner, `say` its lines as they come, and give the exit code.

    None if it was not carried out to its end: the owner died, or `take_over` made this process the owner.
    """
    request = Request(id=uuid.uuid4().hex, at=time.time(), command=command, arguments=arguments)
    file = folder_of(data) / f"{request.id}.json"
    put(file, request.model_dump_json().encode())
    try:
        for said in _answer(file, take_over):
            if said.exit is not None or said.interrupted:
                return said.exit
            if said.line:
                say(said.line)
        return None
    finally:
        for each in (file, file.with_suffix(".jsonl")):
            each.unlink(missing_ok=True)


def _answer(file: Path, take_over: Callable[[], bool]) -> Iterator[Said]:
    """What the owner says, until its end or the owner's."""
    answer, place = file.with_suffix(".jsonl"), 0
    while True:
        over = take_over() or not file.exists()
        new = answer.read_bytes()[place:] if answer.exists() else b""
        whole = new[: new.rfind(b"\n") + 1]
        place += len(whole)
        for line in whole.splitlines():
            yield Said.model_validate_json(line)
        if over:
            return
        with contextlib.suppress(FileNotFoundError):  # carried out at this moment
            os.utime(file)  # the sign of life
        time.sleep(POLL_SECONDS)


def _silent_for(file: Path) -> float:
    try:
        return time.time() - file.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _read(file: Path) -> Request | None:
    try:
        request = Request.model_validate_json(file.read_bytes())
    except (FileNotFoundError, ValidationError):  # withdrawn meanwhile, or put there by nobody of ours
        return None
    return request if request.id == file.stem else None
