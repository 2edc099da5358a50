"""Bytes kept beside the ledger under their hash: files as they were ingested, pictures found in them.

What is parsed is what was hashed, whatever happens to the file in the folder meanwhile.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

KEPT = ("originals", "pictures", "transcripts")


def original(data: Path, content_hash: str) -> Path:
    """Where the bytes of an ingested file are kept."""
    return data / "originals" / content_hash[:2] / content_hash


def picture(data: Path, name: str) -> Path:
    """Where a picture out of a document is kept."""
    return data / "pictures" / name[:2] / name


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


def remove_half_written(data: Path) -> None:
    """For the owner, before it writes: what a process that was killed had begun to put there."""
    for name in KEPT:
        for part in (data / name).glob("*/*.part"):
            part.unlink(missing_ok=True)
