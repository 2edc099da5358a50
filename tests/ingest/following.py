"""A shelf whose folder is followed by a thread, as the running app does it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

from ingest.owner import keep_in_step
from ingest.pipeline import Pipeline
from ingest.watch import Follower
from ingest.work import Work
from rag.config import Ingest, Settings
from rag.types import Document
from tests.doubles.shelf import Shelf, count_words, parse

PATIENCE = 30.0  # seconds; a machine under load is slow
SETTLE = 0.3


def wait_for(condition: Callable[[], bool], what: str = "it did not happen") -> None:
    """Return as soon as `condition` holds."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.02)


class Following:
    """`said` is what an editor reads in the log."""

    def __init__(self, shelf: Shelf, rescan_seconds: float = 3600, parse: Callable[[Path, str], Document] = parse):
        self.shelf, self.said = shelf, list[str]()
        settings = Settings(ingest=Ingest(workers=1, settle_seconds=SETTLE, rescan_seconds=rescan_seconds))
        pipeline = Pipeline(shelf.store, parse, count_words, settings.ingest)
        follower = Follower(pipeline, shelf.folder, shelf.folder, settings.ingest, self.said.append)
        self.stop = threading.Event()
        work = Work(shelf.store, settings, pipeline)
        self._thread = threading.Thread(target=keep_in_step, args=(work, follower, self.stop, self.said.append))

    def __enter__(self) -> Following:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    def hears(self, line: str) -> None:
        """Wait until a line that holds this was said."""
        wait_for(lambda: any(line in each for each in self.said), f"{line!r} was not said, but {self.said}")

    def ready(self) -> None:
        """Wait until the folder is followed: a first document is in."""
        self.shelf.write("first.md", "# First\n\nThe first document is here.")
        self.hears("published first.md")
