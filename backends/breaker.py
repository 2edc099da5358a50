"""A circuit breaker: who failed so often on end is left alone for a while, then tried by one request.

Knows no endpoint and reads no clock of its own.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class State:
    """Closed while `failures` are few; open until `again`, in seconds of the clock; half-open while `probing`."""

    failures: int = 0
    again: float = 0.0
    probing: bool = False


class Breaker:
    """One endpoint's, shared by all threads."""

    def __init__(self, failures: int, seconds: float, clock: Callable[[], float]) -> None:
        self._most, self._seconds, self._clock = failures, seconds, clock
        self._state, self._lock = State(), threading.Lock()

    def allows(self) -> bool:
        """Whether to ask now. Whoever is allowed tells how it went: `succeeded`, `failed` or `left`."""
        with self._lock:
            if self._state.failures < self._most:
                return True
            if self._state.probing or self._clock() < self._state.again:
                return False
            self._state = State(self._state.failures, self._state.again, probing=True)
            return True

    def waits(self) -> float:
        """Seconds until it is tried again; 0 while it is being asked."""
        state = self._state
        return max(0.0, state.again - self._clock()) if state.failures >= self._most else 0.0

    def succeeded(self) -> None:
        """It answered: closed, with nothing held against it."""
        with self._lock:
            self._state = State()

    def failed(self) -> None:
        """It failed once more; a failed probe opens the breaker anew."""
        with self._lock:
            self._state = State(self._state.failures + 1, self._clock() + self._seconds)

    def left(self) -> None:
        """It was asked and not heard to the end, which says nothing of it: the next request may be the probe."""
        with self._lock:
            self._state = State(self._state.failures, self._state.again)
