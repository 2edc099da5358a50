"""A file's content at one moment, also while somebody writes it: never pieced together from two contents."""

from __future__ import annotations

import os
import time
from pathlib import Path

from rag.errors import Refused

TICK = 0.02  # seconds; file systems keep times no finer than a few milliseconds
PATIENCE = 50  # ticks


def read_still(path: Path) -> bytes:
    """All of it. Raises OSError, or Refused CHANGING if it was written to all the while.

    What was written within the last tick may be written to again without a new time to show for it: it is left
    to lie for a tick first.
    """
    for _ in range(PATIENCE):
        with path.open("rb") as opened:
            began, before = time.time(), os.fstat(opened.fileno())
            content = opened.read()
            after = os.fstat(opened.fileno())
        unchanged = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
        if unchanged and abs(began - before.st_mtime) > TICK and len(content) == after.st_size:
            return content
        time.sleep(TICK)
    raise Refused("CHANGING", "It was being written to all the while.", "Sync again when the program is done with it.")
