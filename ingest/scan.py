"""What lies in the knowledge folder: which files are documents, and their bytes, read once.

Temporary, hidden and linked files are passed over; subtitles beside a recording belong to it. Knows no content and
no ledger.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from ingest.meta import FOLDER_FILE, SIDE_FILE, companions
from ingest.recordings import SUBTITLES, is_recording, subtitles_beside
from ingest.seen import Stamp
from ingest.still import read_still
from rag.config import Ingest
from rag.errors import Refused, SetupError

TEMPORARY = ("~", ".tmp", ".part", ".swp", ".crdownload", ".lock")
PAGE_FILES = ("_files", ".files")  # folders that browsers make
# What is not a document and not worth a word: what editors say about documents, and the system's own.
SILENT = (SIDE_FILE, FOLDER_FILE, "Thumbs.db", ".DS_Store")


@dataclass(frozen=True, slots=True)
class Found:
    """A file that should become a document. `source` is its path below the root, as the ledger names it."""

    source: str
    path: Path


@dataclass(frozen=True, slots=True)
class Taken:
    """A file's content at one moment, with what its companions say.

    A recording may be too large to be held: of it `raw` is empty and its hash stands for it. `subtitles` are the
    names and bytes of the files beside it that hold what is said in it.
    """

    found: Found
    raw: bytes
    said: list[tuple[str, bytes]]
    recording_hash: str = ""
    subtitles: tuple[tuple[str, bytes], ...] = ()

    @property
    def content_hash(self) -> str:
        return self.recording_hash or hashlib.sha256(self.raw).hexdigest()

    @property
    def input_hash(self) -> str:
        """Changes when the file or anything said about it or in it changes."""
        digest = hashlib.sha256(self.recording_hash.encode() or self.raw)
        for name, raw in (*self.said, *self.subtitles):
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


def take(found: Found, root: Path, settings: Ingest) -> Taken:
    """Read a file and what is said about it. Raises Refused when that is not possible."""
    try:
        if not stat.S_ISREG(found.path.lstat().st_mode):
            raise Refused("NOT_A_FILE", "It is not an ordinary file.", "Replace it by the document itself.")
        said = [(str(each.relative_to(root)), read_still(each)) for each in companions(found.path, root)]
        if is_recording(found.source):
            return _recording(found, said, settings)
        _check_size(found.path, settings.max_file_mb, "max_file_mb")
        return Taken(found, read_still(found.path), said)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Refused("UNREADABLE", f"It cannot be read: {reason}.", "Check its rights and try again.") from None


def _recording(found: Found, said: list[tuple[str, bytes]], settings: Ingest) -> Taken:
    _check_size(found.path, settings.max_media_mb, "max_media_mb")
    with found.path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    files = subtitle_files(found.path)
    for each in files:
        _check_size(each, settings.max_file_mb, "max_file_mb")
    return Taken(found, b"", said, digest, tuple((each.name, each.read_bytes()) for each in files))


def subtitle_files(recording: Path) -> list[Path]:
    """The files beside a recording that hold what is said in it. Raises OSError."""
    beside = [recording.with_name(name) for name in subtitles_beside(recording.name, os.listdir(recording.parent))]
    return [each for each in beside if _is_document(each) and each.is_file()]


def _check_size(path: Path, max_mb: int, setting: str) -> None:
    size = path.stat().st_size
    if size > max_mb * 1_000_000:
        raise Refused(
            "TOO_LARGE",
            f"{path.name} has {size / 1e6:.0f} MB; {max_mb} MB is the limit.",
            f"Split it, or raise ingest.{setting} in config.yaml.",
        )


def stamps(found: Found, root: Path) -> tuple[Stamp, ...]:
    """How the file, its companions and its subtitles stand in the file system. Raises OSError."""
    beside = subtitle_files(found.path) if is_recording(found.source) else []
    said = [*companions(found.path, root), *beside]
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
    elif os.path.lexists(top) and not _taken_along(top):
        yield top


def _walk(top: Path, into: Scan) -> Iterable[Path]:
    def closed(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):  # gone since it was listed
            into.left.add(source_of(Path(error.filename), into.root))

    for folder, folders, files in os.walk(top, onerror=closed):
        folders[:] = [name for name in folders if not _passed_over(Path(folder, name), into, folder=True)]
        names = [name for name in files if not _passed_over(Path(folder, name), into, folder=False)]
        with_others = {each for name in names if is_recording(name) for each in subtitles_beside(name, names)}
        yield from (Path(folder, name) for name in names if name not in with_others)


def _taken_along(path: Path) -> bool:
    """Whether it holds the words of a recording beside it, and so is no document of its own."""
    if path.suffix.lower() not in SUBTITLES:
        return False
    names = [name for name in os.listdir(path.parent) if is_recording(name) and _is_document(path.with_name(name))]
    return any(subtitles_beside(name, [path.name]) for name in names)


def _is_document(path: Path) -> bool:
    return not (path.name.endswith(SILENT) or _why_not(path, folder=False))


def _passed_over(path: Path, into: Scan, *, folder: bool) -> bool:
    if path.name.endswith(SILENT):
        if _speaks_of_none(path):
            into.passed_over[source_of(path, into.root)] = "says something about a file that is not beside it"
        return True
    why = _why_not(path, folder)
    if why and os.path.lexists(path):
        into.passed_over[source_of(path, into.root)] = why
    return bool(why)


def _speaks_of_none(path: Path) -> bool:
    """Whether it is a side file whose document is missing or called otherwise: what it says has no effect."""
    return path.name.endswith(SIDE_FILE) and not os.path.lexists(path.with_name(path.name.removesuffix(SIDE_FILE)))


def _belongs_to_a_page(folder: Path) -> bool:
    """Whether a browser put it beside a page it saved: scripts, styles and frames, none of them a document."""
    if not folder.name.endswith(PAGE_FILES):
        return False
    stem = folder.name.rpartition("_" if folder.name.endswith("_files") else ".")[0]
    return any(os.path.isfile(folder.with_name(stem + ending)) for ending in (".html", ".htm"))


def _why_not(path: Path, folder: bool) -> str:
    name = path.name
    if name.startswith("~$") or (not folder and name.lower().endswith(TEMPORARY)):
        return "is temporary"
    if name.startswith("."):
        return "is hidden"
    if name.startswith("_"):
        return "is set aside by the _ before its name"
    if folder and _belongs_to_a_page(path):
        return "belongs to the saved page beside it"
    return "is a link" if path.is_symlink() else ""


def source_of(path: Path, root: Path) -> str:
    """The path below the root as the ledger names it: any database can hold it, also where the file system's
    bytes are not text. The root itself is "."."""
    return path.relative_to(root).as_posix().encode("utf-8", "backslashreplace").decode("utf-8")


def _is_in(source: str, places: Iterable[str]) -> bool:
    return any(str(each) in places for each in (source, *PurePosixPath(source).parents))
