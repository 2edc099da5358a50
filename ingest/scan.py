"""What lies in the knowledge folder: which files are documents, and their bytes, read once.

Temporary, hidden and linked files are passed over. Knows no format and no ledger.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.meta import SIDE_FILE, companions
from rag.errors import Refused, SetupError

PASSED_OVER = ("~", ".tmp", ".part", ".swp", ".crdownload", ".lock")


@dataclass(frozen=True, slots=True)
class Found:
    """A file that should become a document. `source` is its path below the root, as the ledger names it."""

    source: str
    path: Path


@dataclass(frozen=True, slots=True)
class Taken:
    """A file's content at one moment, with what its companions say."""

    found: Found
    raw: bytes
    said: list[tuple[str, bytes]]

    @property
    def content_hash(self) -> str:
        return hashlib.sha256(self.raw).hexdigest()

    @property
    def input_hash(self) -> str:
        """Changes when the file or anything said about it changes."""
        digest = hashlib.sha256(self.raw)
        for name, raw in self.said:
            digest.update(f"\0{name}\0{len(raw)}\0".encode() + raw)
        return digest.hexdigest()


def scan(root: Path, scope: Path | None = None) -> list[Found]:
    """Documents below `scope` (default: all of `root`), sorted by source. Raises SetupError without a folder."""
    top = scope or root
    if not top.is_dir():
        raise SetupError(f"The folder {top} is not there. Create it, or name the folder that holds your documents.")
    if not os.access(top, os.R_OK | os.X_OK):
        raise SetupError(f"The folder {top} cannot be read. Check its rights.")
    return sorted((Found(_name(path, root), path) for path in _walk(top)), key=lambda found: found.source)


def take(found: Found, root: Path, max_mb: int) -> Taken:
    """Read a file and what is said about it. Raises Refused when that is not possible."""
    try:
        status = found.path.lstat()
        if not stat.S_ISREG(status.st_mode):
            raise Refused("NOT_A_FILE", "It is not an ordinary file.", "Replace it by the document itself.")
        if status.st_size > max_mb * 1_000_000:
            raise Refused(
                "TOO_LARGE",
                f"It has {status.st_size / 1e6:.0f} MB; {max_mb} MB is the limit.",
                "Split it, or raise ingest.max_file_mb in config.yaml.",
            )
        raw = found.path.read_bytes()
        said = [(str(each.relative_to(root)), each.read_bytes()) for each in companions(found.path, root)]
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Refused("UNREADABLE", f"It cannot be read: {reason}.", "Check its rights and try again.") from None
    return Taken(found, raw, said)


def _walk(top: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(top):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "_")))
        for name in files:
            path = Path(folder, name)
            if _is_document(name) and not path.is_symlink():
                yield path


def _is_document(name: str) -> bool:
    hidden = name.startswith((".", "_", "~$"))
    return not (hidden or name.lower().endswith(PASSED_OVER) or name.endswith(SIDE_FILE) or name == "Thumbs.db")


def _name(path: Path, root: Path) -> str:
    """A name that any database can hold, also where the file system's bytes are not text."""
    return path.relative_to(root).as_posix().encode("utf-8", "backslashreplace").decode("utf-8")
