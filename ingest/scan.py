"""What lies in the knowledge folder: which files are documents, and their bytes, read once.

Temporary, hidden and linked files are passed over. Knows no format and no ledger.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from ingest.meta import FOLDER_FILE, SIDE_FILE, companions
from ingest.seen import Stamp
from ingest.still import read_still
from rag.errors import Refused, SetupError

TEMPORARY = ("~", ".tmp", ".part", ".swp", ".crdownload", ".lock")
# What is not a document and not worth a word: what editors say about documents, and the system's own.
SILENT = (SIDE_FILE, FOLDER_FILE, "Thumbs.db", ".DS_Store")


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


@dataclass(frozen=True, slots=True)
class Scan:
    """What lies below some places of the root, all named as sources: the root itself is "."."""

    root: Path
    scopes: frozenset[str]
    found: list[Found] = field(default_factory=list)
    passed_over: dict[str, str] = field(default_factory=dict)  # with the reason
    # Files and folders about which nothing can be said now; what is known of them stays.
    left: set[str] = field(default_factory=set)

    @property
    def whole(self) -> bool:
        return "." in self.scopes

    def covers(self, source: str) -> bool:
        """Whether the scan would have found this source, were it there."""
        return _is_in(source, self.scopes) and not _is_in(source, self.left)


def scan(root: Path, scopes: Iterable[Path] = ()) -> Scan:
    """Documents at or below `scopes` (default: `root`), sorted by source. Raises SetupError without a root."""
    check_folder(root)
    tops = list(scopes) or [root]
    made = Scan(root, frozenset(source_of(top, root) for top in tops))
    found = {source_of(path, root): path for top in tops for path in _documents(top, made)}
    made.found.extend(Found(source, found[source]) for source in sorted(found))
    return made


def check_folder(folder: Path) -> None:
    """Raises SetupError if it is not there or cannot be read."""
    if not folder.is_dir():
        raise SetupError(f"The folder {folder} is not there. Create it, or name the folder that holds your documents.")
    if not os.access(folder, os.R_OK | os.X_OK):
        raise SetupError(f"The folder {folder} cannot be read. Check its rights.")


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
        raw = read_still(found.path)
        said = [(str(each.relative_to(root)), read_still(each)) for each in companions(found.path, root)]
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Refused("UNREADABLE", f"It cannot be read: {reason}.", "Check its rights and try again.") from None
    return Taken(found, raw, said)


def stamps(found: Found, root: Path) -> tuple[Stamp, ...]:
    """How the file and its companions stand in the file system. Raises OSError."""
    said = companions(found.path, root)
    return (_stamp(found.source, found.path), *(_stamp(source_of(each, root), each) for each in said))


def _stamp(name: str, path: Path) -> Stamp:
    status = path.stat()
    return (name, status.st_size, status.st_mtime_ns, status.st_ino, status.st_ctime_ns)


def _documents(top: Path, into: Scan) -> Iterable[Path]:
    """Documents at or below `top`, which need not exist; what is not one is noted in `into`."""
    below = top.relative_to(into.root).parts
    for depth in range(1, len(below) + 1):
        path = into.root.joinpath(*below[:depth])
        if _passed_over(path, into, folder=path.is_dir()):
            return
    if top.is_dir():
        yield from _walk(top, into)
    elif os.path.lexists(top):
        yield top


def _walk(top: Path, into: Scan) -> Iterable[Path]:
    def closed(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):  # gone since it was listed
            into.left.add(source_of(Path(error.filename), into.root))

    for folder, folders, files in os.walk(top, onerror=closed):
        folders[:] = [name for name in folders if not _passed_over(Path(folder, name), into, folder=True)]
        for name in files:
            path = Path(folder, name)
            if not _passed_over(path, into, folder=False):
                yield path


def _passed_over(path: Path, into: Scan, *, folder: bool) -> bool:
    if path.name.endswith(SILENT):
        return True
    why = _why_not(path, folder)
    if why and os.path.lexists(path):
        into.passed_over[source_of(path, into.root)] = why
    return bool(why)


def _why_not(path: Path, folder: bool) -> str:
    name = path.name
    if name.startswith("~$") or (not folder and name.lower().endswith(TEMPORARY)):
        return "is temporary"
    if name.startswith("."):
        return "is hidden"
    if name.startswith("_"):
        return "is set aside by the _ before its name"
    return "is a link" if path.is_symlink() else ""


def source_of(path: Path, root: Path) -> str:
    """The path below the root as the ledger names it: any database can hold it, also where the file system's
    bytes are not text. The root itself is "."."""
    return path.relative_to(root).as_posix().encode("utf-8", "backslashreplace").decode("utf-8")


def _is_in(source: str, places: Iterable[str]) -> bool:
    return any(str(each) in places for each in (source, *PurePosixPath(source).parents))
