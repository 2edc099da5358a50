"""Are the vector index's files the ones that were left there? Knows files and digests, nothing of an index.

The seal stands beside their folder while nobody writes to them. Whoever is about to write lifts it first, so
that after a kill there is none; damage done meanwhile shows in a digest.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

CHANGES_UNREAD = ".sqlite3-shm"  # SQLite makes it anew whenever a database is opened


class Seal:
    """The names, sizes and digests of all files in a folder, written down beside it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = folder.with_name(f".{folder.name}-seal.json")

    @property
    def stands(self) -> bool:
        """Whether there is one; `holds` says whether it is true."""
        return self._file.exists()

    def holds(self) -> bool:
        """Whether every file is as it was when the seal was set. Reads all of them: about 1 GB a second."""
        try:
            return bool(json.loads(self._file.read_bytes()) == _digests(self._folder))
        except (OSError, ValueError):
            return False

    def set(self) -> None:
        """Write down what the files are now."""
        part = self._file.with_suffix(".part")
        part.write_text(json.dumps(_digests(self._folder)), encoding="utf-8")
        part.replace(self._file)

    def lift(self) -> None:
        """From here on the files may change."""
        self._file.unlink(missing_ok=True)


def _digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(CHANGES_UNREAD))
    return {path.relative_to(folder).as_posix(): _digest(path) for path in files}


def _digest(path: Path) -> str:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
