"""Which files were read already, by what the file system says of them: an unchanged file is not read again.

A cache beside the ledger, made anew when it is lost or damaged. Knows no format and no version.
"""

from __future__ import annotations

import contextlib
from collections.abc import Collection
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from ingest.deposit import put

# Name below the root, size in bytes, mtime in ns, inode, ctime in ns.
Stamp = tuple[str, int, int, int, int]
# A change within the clock tick of the reading leaves the same stamp. The coarsest ticks in use are FAT's 2 s.
RACY_NS = 2_000_000_000


class _File(BaseModel):
    """What stands in the file: source → (input hash, stamps), and what was passed over and named."""

    model_config = ConfigDict(extra="forbid")

    read: dict[str, tuple[str, tuple[Stamp, ...]]] = {}
    named: dict[str, str] = {}


class Seen:
    """Files that were read, and those that were passed over and named to the editor."""

    def __init__(self, file: Path) -> None:
        self._file = file
        try:
            self._kept = _File.model_validate_json(file.read_bytes())
        except (OSError, ValidationError):
            self._kept = _File()  # only a cache: all files are read once more

    def input_hash(self, source: str, stamps: tuple[Stamp, ...]) -> str | None:
        """The hash of a file and its companions, if they are as they were when last read."""
        known = self._kept.read.get(source)
        return known[0] if known and known[1] == stamps else None

    def remember(self, source: str, stamps: tuple[Stamp, ...], input_hash: str, at_ns: int) -> None:
        """Note what was read. `at_ns`: a moment before the stamps were taken; younger files are not trusted."""
        if all(max(mtime, ctime) < at_ns - RACY_NS for _, _, mtime, _, ctime in stamps):
            self._kept.read[source] = (input_hash, stamps)
        else:
            self._kept.read.pop(source, None)

    def news(self, passed_over: dict[str, str]) -> dict[str, str]:
        """Those of `passed_over` (source → why) that were not named before; from now on they count as named."""
        new = {source: why for source, why in passed_over.items() if self._kept.named.get(source) != why}
        self._kept.named.update(new)
        return new

    def forget(self) -> None:
        """Trust nothing: every file is read again."""
        self._kept.read.clear()

    def save(self, sources: Collection[str], passed_over: Collection[str]) -> None:
        """Write it down, without files that are there no more."""
        self._kept.read = {source: each for source, each in self._kept.read.items() if source in sources}
        self._kept.named = {source: why for source, why in self._kept.named.items() if source in passed_over}
        with contextlib.suppress(OSError):  # no room: the next run reads more, nothing is lost
            put(self._file, self._kept.model_dump_json().encode())
