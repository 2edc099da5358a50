"""Which file a browser may have for a passage: its PDF, its recording, a picture beside it.

Only by way of a live passage that the asker may see; nothing is found by a file's own name.
"""

from __future__ import annotations

from pathlib import Path, PurePath

from ingest.deposit import original, picture
from ingest.knowledge import Knowledge
from ingest.recordings import CONTENT_TYPES
from rag.types import Access

_LARGEST_ID = 2**63  # more fits in no database
_PICTURES = ((b"\x89PNG", "image/png"), (b"\xff\xd8", "image/jpeg"), (b"RIFF", "image/webp"))


class Evidence:
    """Files with their content types; None for what is not there or not for the asker."""

    def __init__(self, knowledge: Knowledge, data: Path) -> None:
        self._knowledge, self._data = knowledge, data

    def pdf(self, chunk_id: int, access: Access) -> Path | None:
        """The PDF in which the passage stands."""
        found = self._original(chunk_id, access)
        return found[0] if found and found[1] == ".pdf" else None

    def recording(self, chunk_id: int, access: Access) -> tuple[Path, str] | None:
        """The recording in which the passage is said."""
        file, suffix = self._original(chunk_id, access) or (None, "")
        return (file, CONTENT_TYPES[suffix]) if file and suffix in CONTENT_TYPES else None

    def picture(self, chunk_id: int, name: str, access: Access) -> tuple[Path, str] | None:
        """A picture that stands beside the passage."""
        if chunk_id >= _LARGEST_ID or not self._knowledge.picture_of(chunk_id, name, access):
            return None
        file = picture(self._data, name)
        if not file.is_file():
            return None
        with file.open("rb") as opened:
            head = opened.read(4)
        return next(((file, kind) for mark, kind in _PICTURES if head.startswith(mark)), None)

    def _original(self, chunk_id: int, access: Access) -> tuple[Path, str] | None:
        found = self._knowledge.original_of(chunk_id, access) if chunk_id < _LARGEST_ID else None
        if found is None:
            return None
        file = original(self._data, found[1])
        return (file, PurePath(found[0]).suffix.lower()) if file.is_file() else None
