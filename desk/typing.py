"""Which agents are writing at this moment. In memory, for one process: it is a courtesy, nothing depends on it."""

from __future__ import annotations

import time
from collections.abc import Callable

SECONDS = 6.0  # so long after the last key somebody still counts as writing; the desk's page tells every 3 s


class Typing:
    """By conversation: who, as customers see them, and when last."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._last: dict[str, tuple[str, float]] = {}

    def heard(self, conversation: str, shown: str) -> None:
        """They pressed a key."""
        now = self._clock()
        self._last = {each: last for each, last in self._last.items() if now - last[1] < SECONDS}
        self._last[conversation] = (shown, now)

    def sent(self, conversation: str) -> None:
        """What they wrote is there."""
        self._last = {each: last for each, last in self._last.items() if each != conversation}

    def who(self, conversation: str) -> str:
        """Who is writing; an empty string: nobody."""
        shown, last = self._last.get(conversation, ("", 0.0))
        return shown if shown and self._clock() - last < SECONDS else ""
