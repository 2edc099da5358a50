"""Files that editors send from a page into the knowledge folder: under a safe name, within the limits, whole or not at all.

Knows no page and no ledger; what becomes of a file is the next sync's matter.
"""

from __future__ import annotations

import os
import tempfile
import unicodedata
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from ingest.loaders import LOADERS, unsupported
from ingest.meta import SIDE_FILE
from ingest.recordings import CONTENT_TYPES, SUBTITLES, is_recording
from rag.config import Ingest
from rag.errors import Refused

KNOWN = {*LOADERS, *CONTENT_TYPES, *SUBTITLES}
FORBIDDEN = str.maketrans(dict.fromkeys('/\\:*?"<>|', "-"))  # on one system or another
LONGEST = 120  # characters of a name; file systems have room for 255 bytes
KEPT = 12  # uploads that are shown
FOLDERS = 300


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was sent. `source`: its path below the knowledge folder; `refused`: why it was not taken."""

    source: str
    by: str
    at: datetime  # in UTC, without a zone
    refused: Refused | None = None


class Uploads:
    """The knowledge folder as the page sees it, and what was sent last."""

    def __init__(self, root: Path, limits: Ingest) -> None:
        self.root, self._limits = root, limits
        self._recent = deque[Upload](maxlen=KEPT)
        self._count = 0

    @property
    def mark(self) -> str:
        """Another one after each upload."""
        return str(self._count)

    def recent(self) -> list[Upload]:
        """The newest first."""
        return list(self._recent)

    async def take(self, folder: str, sent: str, replace: bool, by: str, content: AsyncIterator[bytes]) -> Upload:
        """Put the file there and remember what became of it. A file of the same name is replaced only if so wished."""
        refused, source = None, PurePosixPath(folder, sent).as_posix()
        try:
            target = self._target(folder, sent, replace)
            source = target.relative_to(self.root).as_posix()
            await self._write(target, content)
        except Refused as error:
            refused = error
        except OSError as error:
            why = error.strerror or type(error).__name__
            refused = Refused("NOT_STORED", f"It could not be stored: {why}.", "Check the disk's room and rights.")
        made = Upload(source[:300], by, datetime.now(UTC).replace(tzinfo=None), refused)
        self._recent.appendleft(made)
        self._count += 1
        return made

    def folders(self) -> list[str]:
        """Folders of documents below the root, the root itself as ""."""
        found = [""]
        for place, inside, _ in os.walk(self.root):
            inside[:] = [
                each for each in inside if not each.startswith((".", "_")) and not Path(place, each).is_symlink()
            ]
            found += [Path(place, each).relative_to(self.root).as_posix() for each in inside]
            if len(found) > FOLDERS:
                break
        return sorted(found)[:FOLDERS]

    def _target(self, folder: str, sent: str, replace: bool) -> Path:
        target = self._folder(folder) / safe_name(sent)
        if os.path.lexists(target) and not (replace and target.is_file() and not target.is_symlink()):
            raise Refused("EXISTS", "There is a file of this name already.", "Replace it, or give yours another name.")
        return target

    def _folder(self, folder: str) -> Path:
        place = self.root
        for part in PurePosixPath(folder).parts:
            place = place / part
            if part.startswith((".", "_", "/")) or place.is_symlink() or not place.is_dir():
                raise Refused("NO_FOLDER", "There is no such folder.", "Choose one of those there are.")
        return place

    async def _write(self, target: Path, content: AsyncIterator[bytes]) -> None:
        most = self._limits.max_media_mb if is_recording(target.name) else self._limits.max_file_mb
        handle, name = tempfile.mkstemp(dir=target.parent, suffix=".part")  # which a sync passes over
        part, size = Path(name), 0
        try:
            with open(handle, "wb") as file:
                async for piece in content:
                    size += len(piece)
                    if size > most * 1_000_000:
                        raise Refused("TOO_LARGE", f"It is larger than {most} MB, the limit.", "Split it.")
                    file.write(piece)
            if not size:
                raise Refused("EMPTY", "There is nothing in it.", "Look at the file and send it again.")
            part.chmod(0o644)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)


def safe_name(sent: str) -> str:
    """The file's name without its path and without what some system or reader takes amiss.

    Raises Refused where nothing is left of it, or no document has such a name.
    """
    last = unicodedata.normalize("NFC", sent.replace("\\", "/").rstrip("/").rpartition("/")[2])
    plain = "".join(each for each in last if unicodedata.category(each) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    name = " ".join(plain.translate(FORBIDDEN).split()).lstrip("._~ ").rstrip(". ")
    ending = SIDE_FILE if name.lower().endswith(SIDE_FILE) else PurePosixPath(name).suffix
    stem = name[: len(name) - len(ending)].strip()
    if not stem.strip("-. "):
        raise Refused("NAME", "Its name cannot be used.", "Give the file a name of letters and digits.")
    if ending != SIDE_FILE and ending.lower() not in KNOWN:
        raise unsupported(ending.lower())
    return f"{stem[: LONGEST - len(ending)].strip()}{ending}"
