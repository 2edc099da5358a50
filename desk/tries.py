"""How often somebody may try to log in. Counts are in memory: a restart forgets them. Knows no account."""

from __future__ import annotations

import ipaddress

from rag.config_people import Staff as Settings
from rag.errors import VouchError


class TooManyTries(VouchError):
    """Too many log-ins from here or for this account; `minutes` is how long to wait at most."""

    def __init__(self, minutes: int) -> None:
        super().__init__(f"Too many tries. Wait {minutes} minutes and try again.")
        self.minutes = minutes


class Tries:
    """How often somebody tried to log in: for an account from an address, from an address, for an account."""

    def __init__(self, settings: Settings) -> None:
        from limits import RateLimitItemPerMinute
        from limits.storage import MemoryStorage
        from limits.strategies import MovingWindowRateLimiter

        self._limiter, self._minutes = MovingWindowRateLimiter(MemoryStorage()), settings.tries_minutes
        counts = (settings.tries, settings.tries_address, settings.tries_account)
        self._both, self._address, self._account = (RateLimitItemPerMinute(each, self._minutes) for each in counts)

    def count(self, name: str, address: str) -> None:
        """One more try. Raises TooManyTries; then the password is not even looked at."""
        name, address = name[:40], _network(address)
        # First for both: who goes on against one account costs the others at the address no more than these tries.
        allowed = (
            self._limiter.hit(self._both, "both", name, address)
            and self._limiter.hit(self._address, "address", address)
            and self._limiter.hit(self._account, "account", name)
        )
        if not allowed:
            raise TooManyTries(self._minutes)

    def forget(self, name: str, address: str) -> None:
        """Who got in may mistype again."""
        self._limiter.clear(self._both, "both", name[:40], _network(address))


def _network(address: str) -> str:
    """An IPv6 customer has a whole /64 to try from."""
    try:
        found = ipaddress.ip_address(address.split("%")[0])
    except ValueError:
        return address[:60]
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else str(found)
