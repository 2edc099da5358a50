"""How many messages somebody may send in a minute. Counts are in memory: a restart forgets them."""

from __future__ import annotations

import math
import time

from rag.errors import VouchError


class TooFast(VouchError):
    """More messages than one visitor may send; after `seconds` there is room for the next."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"That is more messages than fit into a minute. Wait {seconds} seconds and send it again.")
        self.seconds = seconds


class Pace:
    """So many messages a visitor, over any sixty seconds."""

    def __init__(self, per_minute: int) -> None:
        from limits import RateLimitItemPerMinute
        from limits.storage import MemoryStorage
        from limits.strategies import MovingWindowRateLimiter

        self._limiter, self._limit = MovingWindowRateLimiter(MemoryStorage()), RateLimitItemPerMinute(per_minute)

    def count(self, visitor: str) -> None:
        """One more message. Raises TooFast; what is refused does not count."""
        if not self._limiter.hit(self._limit, visitor):
            free = self._limiter.get_window_stats(self._limit, visitor).reset_time
            raise TooFast(max(1, math.ceil(free - time.time())))
