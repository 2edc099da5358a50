"""Endpoints' replies kept in a file and played again, so that a run done again costs nothing but what changed.

A reply is found by the model's name, the prompt and the number of the repeat. Failures are not kept: they are told to
whoever plays the case (`playing`), because an answer that had to do without its model says nothing of the assistant.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from eval.archive import append_line, whole_lines
from rag.errors import ModelError
from rag.ports import ChatModel, Spent, unmetered
from rag.types import Usage

Mode = Literal["record", "replay", "strict"]  # ask always; ask where nothing is kept; never ask


@dataclass(slots=True)
class Playing:
    """The case that is being played in this thread, and what endpoints failed at."""

    repeat: int = 0
    failures: list[str] = field(default_factory=list)


_PLAYING: ContextVar[Playing | None] = ContextVar("playing", default=None)


@contextmanager
def playing(repeat: int) -> Iterator[Playing]:
    """What is asked of endpoints from here on belongs to one case; gives what is to be known of it afterwards."""
    token = _PLAYING.set(now := Playing(repeat))
    try:
        yield now
    finally:
        _PLAYING.reset(token)


class Recordings:
    """The file of kept replies; safe to use from several threads. `asked` and `replayed` count the replies given."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._file, self._lock = file, threading.Lock()
        rows = (json.loads(line) for line in whole_lines(file))
        self._kept: dict[str, dict[str, Any]] = {row["key"]: row for row in rows}
        self.asked = self.replayed = 0

    def find(self, key: str, mode: Mode) -> dict[str, Any] | None:
        """The reply kept under `key`, the newest of several; None where everything is asked anew."""
        if mode == "record":
            return None
        with self._lock:
            found = self._kept.get(key)
            self.replayed += found is not None
            return found

    def count_asked(self) -> None:
        """An endpoint is asked."""
        with self._lock:
            self.asked += 1

    def keep(self, row: dict[str, Any]) -> None:
        """Keep a reply under row["key"]."""
        with self._lock:
            self._kept[row["key"]] = row
            append_line(self._file, json.dumps(row, ensure_ascii=False))


class RecordedChat:
    """A ChatModel whose replies are kept and played again."""

    def __init__(self, model: ChatModel, recordings: Recordings, mode: Mode) -> None:
        self.name, self._model, self._recordings, self._mode = model.name, model, recordings, mode

    def stream(self, system: str, user: str, seconds: float, spent: Spent = unmetered) -> Iterator[str]:
        """Pieces as the model gave them, with what they cost then. Raises ModelError, of kind "unrecorded" in strict mode."""
        now = _PLAYING.get()
        key = key_of(self.name, system, user, now.repeat if now else 0)
        kept = self._recordings.find(key, self._mode)
        if kept is None and self._mode == "strict":
            error = ModelError(f"No reply of {self.name} is recorded for this prompt.", "unrecorded")
            tell_failure(str(error))
            raise error
        if kept is None:
            yield from self._asked(key, system, user, seconds, spent)
            return
        try:
            yield from kept["pieces"]
        finally:  # also when the caller has heard enough
            for each in kept["spent"]:
                spent(Usage(**each))
        if kept["cut"]:
            raise ModelError(kept["cut"], "cut")

    def _asked(self, key: str, system: str, user: str, seconds: float, spent: Spent) -> Iterator[str]:
        self._recordings.count_asked()
        pieces, paid, cut, whole = list[str](), list[Usage](), "", False

        def pay(usage: Usage) -> None:
            paid.append(usage)
            spent(usage)

        stream = self._model.stream(system, user, seconds, pay)
        try:
            for piece in stream:
                pieces.append(piece)
                yield piece
            whole = True
        except GeneratorExit:  # the caller has heard enough: played again, it will have heard enough at the same piece
            whole = True
            raise
        except ModelError as error:
            whole, cut = error.kind == "cut", str(error)
            if not whole:
                tell_failure(cut)
            raise
        finally:
            if close := getattr(stream, "close", None):
                close()  # now, so that what it cost is known
            if whole:
                row = {"key": key, "model": self.name, "pieces": pieces, "spent": [asdict(each) for each in paid]}
                self._recordings.keep({**row, "cut": cut})


def tell_failure(reason: str) -> None:
    """Let whoever plays the case in this thread know that an endpoint failed it."""
    if now := _PLAYING.get():
        now.failures.append(reason)


def key_of(*parts: object) -> str:
    """Where the reply to these words is kept."""
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
