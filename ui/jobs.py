"""Long work behind a page: done one after another in a thread of its own, with the lines it says kept to be shown.

Knows neither the work nor the page. What is kept is kept in memory; the work itself leaves its results elsewhere.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from queue import Queue
from threading import Lock, Thread
from typing import Literal

from rag.errors import VouchError

KEPT = 6  # jobs that are shown
WAITING = 20  # at most
LINES = 40  # kept of a job
Say = Callable[[str], None]
Work = Callable[[Say], bool]  # False: it was not done, and a line says why
State = Literal["waiting", "running", "done", "failed"]
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work. `kind` names it in the page's texts, `about` in its own words; `by` asked for it."""

    number: int
    kind: str
    about: str
    by: str
    state: State
    at: datetime  # in UTC, without a zone, of its last change
    lines: tuple[str, ...] = ()

    @property
    def open(self) -> bool:
        return self.state in ("waiting", "running")


class Jobs:
    """The work of one page. Its thread begins with the first job."""

    def __init__(self) -> None:
        self._lock, self._queue = Lock(), Queue[tuple[int, Work]]()
        self._jobs = deque[Job]()
        self._number, self._changes = 0, 0
        self._thread: Thread | None = None

    def start(self, kind: str, by: str, work: Work, about: str = "") -> bool:
        """Do it once what waits before it is done; False if too much waits already."""
        with self._lock:
            if sum(each.open for each in self._jobs) >= WAITING:
                return False
            self._number += 1
            self._changes += 1
            self._jobs.appendleft(Job(self._number, kind, about, by, "waiting", _now()))
            while len(self._jobs) > KEPT and not self._jobs[-1].open:
                self._jobs.pop()
            self._queue.put((self._number, work))
            if self._thread is None:
                self._thread = Thread(target=self._run, daemon=True)
                self._thread.start()
        return True

    def recent(self) -> list[Job]:
        """Those that wait and run, and the last that ended; the newest first."""
        with self._lock:
            return list(self._jobs)

    @property
    def mark(self) -> str:
        """Another one whenever something changed."""
        return str(self._changes)

    def _run(self) -> None:
        while True:
            number, work = self._queue.get()
            self._change(number, "running")
            self._change(number, "done" if self._done(number, work) else "failed")

    def _done(self, number: int, work: Work) -> bool:
        try:
            return work(lambda line: self._change(number, "running", line))
        except (VouchError, OSError) as error:
            self._change(number, "running", str(error))
        except Exception as error:
            log.exception("The page's work failed")  # the next work is to be done all the same
            self._change(number, "running", f"It failed: {error!r}. The log says more.")
        return False

    def _change(self, number: int, state: State, line: str = "") -> None:
        with self._lock:
            for at, job in enumerate(self._jobs):
                if job.number == number:
                    lines = (*job.lines, line)[-LINES:] if line else job.lines
                    self._jobs[at] = replace(job, state=state, at=_now(), lines=lines)
            self._changes += 1


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
