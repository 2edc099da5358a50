"""Work behind a page: in order, with what it said, whatever becomes of one piece of it."""

from __future__ import annotations

import threading
import time

from rag.errors import StoreError
from ui.jobs import WAITING, Jobs, Say


def ended(jobs: Jobs) -> None:
    deadline = time.monotonic() + 20
    while any(each.open for each in jobs.recent()):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_one_after_another_and_a_failure_holds_up_nothing() -> None:
    jobs, order = Jobs(), list[int]()

    def failing(say: Say) -> bool:
        order.append(1)
        raise StoreError("The store is in use.")

    def working(say: Say) -> bool:
        order.append(2)
        say("half of it")
        return True

    before = jobs.mark
    assert jobs.start("publish", "edda", failing)
    assert jobs.start("preview", "edda", working)
    ended(jobs)
    newest, first = jobs.recent()
    assert (order, first.state, first.lines) == ([1, 2], "failed", ("The store is in use.",))
    assert (newest.state, newest.lines, newest.by) == ("done", ("half of it",), "edda")
    assert jobs.mark != before


def test_too_much_waiting_is_refused() -> None:
    jobs, go = Jobs(), threading.Event()
    begun = [jobs.start("ask", "edda", lambda say: go.wait(20)) for _ in range(WAITING + 1)]
    go.set()
    ended(jobs)
    assert begun == [True] * WAITING + [False]
