"""Follows the knowledge folder: what changed there and has come to rest goes through the pipeline.

Only the changed places are looked at; all of the folder at the start, every so often, and after a failure.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from threading import Event

from ingest.meta import spoken_of
from ingest.pipeline import Outcome, Pipeline
from ingest.run import passed_over
from ingest.scan import Scan, scan, source_of
from ingest.settle import Settling, State
from rag.config import Ingest
from rag.errors import VouchError

TICK_MS = 250  # between two looks at what has come to rest
GROUP_MS = 400  # changes that come without a pause are handed on this often
SHOWN = 20  # documents named one by one after a pass; of more, only how many
LASTING = ("refused", "staged", "withdrawal staged", "held")
Say = Callable[[str], None]
log = logging.getLogger(__name__)


class Follower:
    """Keeps the store in step with `scope`, a part of `root` or all of it."""

    def __init__(self, pipeline: Pipeline, root: Path, scope: Path, settings: Ingest, say: Say) -> None:
        self.scope = scope
        self._pipeline, self._root, self._settings, self._say = pipeline, root, settings, say
        self._settling = Settling(settings.settle_seconds)
        self._next_rescan = time.monotonic()
        self._failure = ""  # of the last pass
        self._lasting: dict[str, Outcome] = {}  # by source, as they were last named

    def noticed(self, changed: Iterable[Path]) -> None:
        """Something happened to these paths. The scope itself: anything may have happened."""
        now = time.monotonic()
        for path in changed:
            if path == self.scope:
                self._next_rescan = now
            elif self.scope in path.parents:
                self._settling.changed(path, state(path), now)

    def turn(self, stop: Event) -> None:
        """Bring in what is due. A failure is said and tried again with the next change or re-scan."""
        now = time.monotonic()
        due = self._settling.due(now, state)
        if now >= self._next_rescan or (due and self._failure):
            due = {self.scope}
        if not due:
            return
        if self.scope in due:
            self._next_rescan = now + self._settings.rescan_seconds
        try:
            self._bring_in(due, stop)
        except (VouchError, OSError) as error:
            self._failed(str(error))
        except Exception as error:
            log.exception("A pass over %s failed", self.scope)
            self._failed(repr(error))
        else:
            if self._failure:
                self._say(f"{self.scope} can be followed again.")
            self._failure = ""

    def _failed(self, why: str) -> None:
        if why != self._failure:
            self._say(f"{why} What was published goes on answering; it is tried again.")
        self._failure = why

    def _bring_in(self, due: set[Path], stop: Event) -> None:
        found = scan(self._root, {self.scope if each == self.scope else spoken_of(each) for each in due})
        self._leave_unsettled(found, due)
        for line in passed_over(self._pipeline.seen, found):
            self._say(line)
        outcomes = []
        with closing(self._pipeline.bring_in(found)[1]) as running:
            for each in running:
                outcomes.append(each)
                if stop.is_set():
                    break
        for line in self._told(outcomes):
            self._say(line)

    def _leave_unsettled(self, found: Scan, due: set[Path]) -> None:
        """Leave files alone that are being written, whether their change was noticed or is only to be seen."""
        now, clock = time.monotonic(), time.time_ns()
        for each in found.found:
            if each.path in due or each.path in self._settling:
                continue
            current = state(each.path)
            if current and 0 <= clock - current[1] < self._settings.settle_seconds * 1e9:
                self._settling.changed(each.path, current, now)
        found.left.update(source_of(path, self._root) for path in self._settling)
        found.found[:] = [each for each in found.found if each.path not in self._settling]

    def _told(self, outcomes: Sequence[Outcome]) -> Iterator[str]:
        """What is new. A refusal, or a document that waits for somebody, is named once and not at every re-scan."""
        news = []
        for each in outcomes:
            lasting = each.result in LASTING
            if self._lasting.pop(each.source, None) != each or not lasting:
                news += [each] if each.result != "unchanged" else []
            if lasting:
                self._lasting[each.source] = each
        plain = [each for each in news if each.result != "refused"]
        if len(plain) > SHOWN:
            counts = Counter(each.result for each in plain)
            yield ", ".join(f"{number} {result}" for result, number in sorted(counts.items()))
        else:
            yield from (f"{each.result} {each.source}" for each in plain)
        yield from (f"refused {each.source}: {each.detail}" for each in news if each.result == "refused")


def state(path: Path) -> State:
    """How a path stands now."""
    try:
        status = path.lstat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns


def changes(places: Sequence[Path], stop: Event, say: Say) -> Iterator[set[Path]]:
    """Changed paths below the folders `places`, at least every TICK_MS, until `stop` is set.

    A place itself is named when it appears, also at the start: what happened there before is not known.
    """
    before: list[tuple[int, int] | None] = [None] * len(places)
    while not stop.is_set():
        identities = [_identity(place) for place in places]
        new = {place for place, was, now in zip(places, before, identities, strict=True) if now and now != was}
        before = identities
        for changed in _noticed([place for place, now in zip(places, identities, strict=True) if now], stop, say):
            yield changed | new
            new = set()
            if [_identity(place) for place in places] != identities:
                break


def _identity(place: Path) -> tuple[int, int] | None:
    """Tells a folder from another that was put or mounted in its place; None without a folder."""
    try:
        status = place.stat()
    except OSError:
        return None
    return (status.st_dev, status.st_ino) if place.is_dir() else None


def _noticed(places: Sequence[Path], stop: Event, say: Say) -> Iterator[set[Path]]:
    """What watchfiles says; where it cannot work, only that time passes."""
    import watchfiles

    try:
        for found in watchfiles.watch(
            *places, watch_filter=None, debounce=GROUP_MS, rust_timeout=TICK_MS, yield_on_timeout=True,
            stop_event=stop, raise_interrupt=False, ignore_permission_denied=True,
        ):  # fmt: skip
            yield {Path(path) for _, path in found}
    except (OSError, RuntimeError) as error:  # no more inotify watches, or a file system that has none
        say(f"Changes cannot be noticed at once ({error}); the folder is looked at every ingest.rescan_seconds.")
        while not stop.wait(TICK_MS / 1000):
            yield set()
