"""When a changed file has come to rest: changes in, paths due out. Time and the file system are handed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

State = tuple[int, int] | None  # size in bytes and mtime in ns; None where nothing is


class Settling:
    """Paths that changed and have not kept still for `seconds` yet."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._waiting: dict[Path, tuple[State, float]] = {}

    def changed(self, path: Path, state: State, now: float) -> None:
        """Something happened to `path`; it stands as `state` at `now`."""
        self._waiting[path] = (state, now)

    def due(self, now: float, look: Callable[[Path], State]) -> set[Path]:
        """Paths that kept still long enough; each is named once for all that happened to it until now."""
        ready = set()
        for path, (state, since) in list(self._waiting.items()):
            if now - since < self._seconds:
                continue
            current = look(path)
            if current == state:
                ready.add(path)
                del self._waiting[path]
            else:
                self._waiting[path] = (current, now)
        return ready

    def __contains__(self, path: Path) -> bool:
        return path in self._waiting

    def __iter__(self) -> Iterator[Path]:
        return iter(self._waiting)
