"""A circuit breaker over a clock of its own: counts, waits, probes, and is shared by threads."""

from __future__ import annotations

import threading

from hypothesis import given
from hypothesis import strategies as st

from backends.breaker import Breaker


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def opened(clock: Clock, failures: int = 3) -> Breaker:
    breaker = Breaker(failures, 60, clock)
    for _ in range(failures):
        assert breaker.allows()
        breaker.failed()
    return breaker


def test_it_opens_after_failures_on_end_only() -> None:
    breaker = Breaker(2, 60, Clock())
    for _ in range(5):
        breaker.failed()
        assert breaker.allows()
        breaker.succeeded()
    assert breaker.allows()
    assert not opened(Clock()).allows()


def test_one_request_probes_when_the_time_has_come() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now += 59.9
    assert not breaker.allows()
    assert 0 < breaker.waits() < 0.2
    clock.now += 0.2
    assert [breaker.allows() for _ in range(3)] == [True, False, False]


def test_a_probe_that_succeeds_closes_it() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now += 60
    assert breaker.allows()
    breaker.succeeded()
    assert [breaker.allows() for _ in range(3)] == [True] * 3


def test_a_probe_that_fails_opens_it_for_as_long_again() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now += 60
    assert breaker.allows()
    breaker.failed()
    clock.now += 59
    assert not breaker.allows()
    clock.now += 1
    assert breaker.allows()


def test_a_probe_that_was_left_is_made_by_the_next() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now += 60
    assert breaker.allows()
    breaker.left()
    assert [breaker.allows(), breaker.allows()] == [True, False]


def test_of_many_threads_one_probes() -> None:
    clock = Clock()
    breaker, allowed, start = opened(clock), list[bool](), threading.Barrier(8)
    clock.now += 60

    def ask() -> None:
        start.wait()
        allowed.append(breaker.allows())

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(allowed) == [False] * 7 + [True]


@given(st.lists(st.sampled_from(["ok", "fail", "left", "wait"]), max_size=40))
def test_whatever_happens_it_lets_somebody_through_in_the_end(events: list[str]) -> None:
    clock = Clock()
    breaker = Breaker(2, 60, clock)
    for event in events:
        if event == "wait":
            clock.now += 30
        elif breaker.allows():
            {"ok": breaker.succeeded, "fail": breaker.failed, "left": breaker.left}[event]()
    clock.now += 60
    assert breaker.allows()
