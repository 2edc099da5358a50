"""Bytes kept beside the ledger under their hash: files as they were ingested, pictures found in them, transcripts.

What is parsed is what was hashed, whatever happens to the file in the folder meanwhile.
"""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path
from typing import IO

from rag.errors import Refused

KEPT = ("originals", "pictures", "transcripts")


def original(data: Path, content_hash: str) -> Path:
    """Where the bytes of an ingested file are kept."""
    return data / "originals" / content_hash[:2] / content_hash


def picture(data: Path, name: str) -> Path:
    """Where a picture out of a document is kept."""
    return data / "pictures" / name[:2] / name


def transcript(data: Path, content_hash: str) -> Path:
    """Where the transcript of an ingested recording is kept."""
    return data / "transcripts" / content_hash[:2] / f"{content_hash}.json"


def keep(path: Path, content: bytes) -> None:
    """Put it there, whole or not at all; what is there already is the same."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    put(path, content)


def put(path: Path, content: bytes) -> None:
    """Put it there in place of whatever is there, whole or not at all."""
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    part = Path(name)
    try:
        with open(handle, "wb") as file:
            file.write(content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def keep_file(path: Path, file: Path, content_hash: str) -> None:
    """The same for a file that is too large to be held. Raises Refused if its content is no longer that."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    part = Path(name)
    try:
        with open(handle, "wb") as made:
            copied = _copied(file, made)
        if copied != content_hash:
            raise Refused("CHANGED", "It changed while it was read.", "Wait until it is written, then sync again.")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _copied(file: Path, to: IO[bytes]) -> str:
    """The hash of what was copied; of nothing, if the file has gone."""
    digest = hashlib.sha256()
    try:
        with file.open("rb") as source:
            while piece := source.read(2**20):
                digest.update(piece)
                to.write(piece)
    except FileNotFoundError:
        return ""
    return digest.hexdigest()


def remove_half_written(data: Path) -> None:
    """For the owner, before it writes: what a process that was killed had begun to put there."""
    for name in KEPT:
        for part in (data / name).glob("*/*.part"):
            part.unlink(missing_ok=True)
