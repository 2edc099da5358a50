"""One hostile file: how it is written, and what is to become of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

PLANTED = "PLANTEDWORD"  # what no reader of the file would see, and no answer may say
LIVE, PASSED_OVER = "live", "passed over"


@dataclass(frozen=True, slots=True)
class Trap:
    """`outcomes`: the refusals' codes, "live" or "passed over" that are right for it; usually one."""

    name: str  # may hold bytes that are no text, as os.fsdecode gives them
    make: bytes | Callable[[Path], None]
    outcomes: frozenset[str]

    def write(self, folder: Path) -> bool:
        """False where the system does not allow such a file."""
        path = folder / self.name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(self.make, bytes):
            path.write_bytes(self.make)
            return True
        try:
            self.make(path)
        except PermissionError:
            return False
        return True

    @property
    def source(self) -> str:
        """As the ledger names it."""
        return self.name.encode("utf-8", "backslashreplace").decode()


def trap(name: str, outcomes: str, make: bytes | str | Callable[[Path], None]) -> Trap:
    """`outcomes` with | between them."""
    return Trap(name, make.encode() if isinstance(make, str) else make, frozenset(outcomes.split("|")))
