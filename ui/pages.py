"""Pictures of PDF pages, for the passage panel. Each is drawn once, in a process of its own, and kept in memory.

Knows neither rights nor the ledger: `locate` says where the file of a passage lies, if the asker may see it.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

from rag.config import ROOT
from rag.types import Access

Locate = Callable[[int, Access], Path | None]
KEPT = 48 * 1024 * 1024  # bytes of pictures in memory
SECONDS = 15.0
AT_ONCE = 2


class PagePictures:
    """PNGs by file and page."""

    def __init__(self, locate: Locate, kept: int = KEPT) -> None:
        self._locate, self._limit = locate, kept
        self._kept: OrderedDict[tuple[Path, int], bytes] = OrderedDict()
        self._lock = threading.Lock()
        self._turns = threading.Semaphore(AT_ONCE)

    def picture(self, chunk_id: int, page: int, access: Access) -> bytes | None:
        """The picture of a page of the passage's document; None if there is none the asker may see."""
        file = self._locate(chunk_id, access)
        if file is None or page < 1:
            return None
        with self._turns:
            return self._remembered((file, page)) or self._remember((file, page), draw(file, page))

    def _remembered(self, key: tuple[Path, int]) -> bytes | None:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def _remember(self, key: tuple[Path, int], picture: bytes | None) -> bytes | None:
        if picture:
            with self._lock:
                self._kept[key] = picture
                while sum(map(len, self._kept.values())) > self._limit and len(self._kept) > 1:
                    self._kept.popitem(last=False)
        return picture


def draw(file: Path, page: int) -> bytes | None:
    """The page as PNG. In another process: what a hostile PDF does to the renderer stays there."""
    command = [sys.executable, "-m", "ui.picture", str(file), str(page)]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return None
    return done.stdout if done.returncode == 0 and done.stdout else None
