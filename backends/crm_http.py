"""Customers' records from a company's own system, asked over HTTP by configured routes.

One customer at a time, within a few seconds in all, and kept for a minute. Whatever does not read as this customer's
record is an error, never half a record: redirects, too long an answer, another customer's id.
"""

from __future__ import annotations

import json
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from urllib.parse import quote

import httpx

from backends.breaker import Breaker
from backends.crm_fields import NotARecord, customer_of
from backends.patience import OutOfPatience, Reading
from rag.config import CRM
from rag.errors import RecordsError
from rag.people import Customer

FAILURES = 3  # on end, after which it is left alone
PAUSE = 30.0  # seconds
KEPT = 1_000  # customers


class HTTPDirectory:
    """A CustomerDirectory over one system. Safe to call from several threads."""

    def __init__(self, settings: CRM, key: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings, self._clock = settings, clock
        headers = {"Accept": "application/json", **({"Authorization": f"Bearer {key}"} if key else {})}
        self._client = httpx.Client(timeout=settings.seconds, headers=headers, follow_redirects=False)
        self._breaker = Breaker(FAILURES, PAUSE, clock)
        self._kept: OrderedDict[str, tuple[float, Customer | None]] = OrderedDict()
        self._lock = threading.Lock()

    def customer(self, customer_id: str) -> Customer | None:
        """The customer as the system has them now or had them within `cache_seconds`. Raises RecordsError."""
        if (kept := self._remembered(customer_id)) is not None:
            return kept[1]
        if not self._breaker.allows():
            raise RecordsError("The customer records are left alone for a while: they failed too often.")
        try:
            found = self._asked(customer_id)
        except RecordsError:
            self._breaker.failed()
            raise
        except BaseException:
            self._breaker.left()
            raise
        self._breaker.succeeded()
        self._remember(customer_id, found)
        return found

    def _remembered(self, customer_id: str) -> tuple[float, Customer | None] | None:
        with self._lock:
            kept = self._kept.get(customer_id)
            if kept and kept[0] > self._clock():
                return kept
            self._kept.pop(customer_id, None)
            return None

    def _remember(self, customer_id: str, found: Customer | None) -> None:
        with self._lock:
            self._kept[customer_id] = self._clock() + self._settings.cache_seconds, found
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)

    def _asked(self, customer_id: str) -> Customer | None:
        until, routes = time.monotonic() + self._settings.seconds, self._settings.routes
        if not customer_id.strip("."):
            return None  # would be another place
        answer = self._get(routes.customer, customer_id, until)
        if answer is None:
            return None
        lists = {
            kind: self._get(route, customer_id, until)
            for kind, route in (("orders", routes.orders), ("complaints", routes.complaints), ("visits", routes.visits))
            if route
        }
        try:
            return customer_of(customer_id, answer, lists, self._settings)
        except NotARecord as error:
            raise RecordsError(f"The customer records at {self._settings.base_url} make no sense: {error}.") from None

    def _get(self, route: str, customer_id: str, until: float) -> object:
        """The answer's JSON; None where there is no such customer."""
        address = self._settings.base_url.rstrip("/") + route.replace("{id}", quote(customer_id, safe=""))
        # A server that sends a byte now and then would hold us for ever: so the whole is waited for, not each byte.
        reading = Reading(lambda: self._answer(address, until))
        try:
            status, body = reading.next(until) or (0, b"")
            return None if status == 404 else json.loads(body)
        except (OutOfPatience, httpx.TimeoutException):
            problem = f"no answer within {self._settings.seconds:g} s"
        except (httpx.HTTPError, _Unusable) as error:
            problem = " ".join(str(error).split())[:200] or type(error).__name__
        except (ValueError, RecursionError):
            problem = "the answer is no JSON"
        finally:
            reading.close()
        raise RecordsError(f"The customer records at {self._settings.base_url} cannot be seen: {problem}.")

    def _answer(self, address: str, until: float) -> Iterator[tuple[int, bytes]]:
        """One item: the status, 200 or 404, and the body."""
        with self._client.stream("GET", address) as answer:
            if answer.status_code not in (200, 404):
                raise _Unusable(f"it answers {answer.status_code}")
            body = bytearray()
            for piece in answer.iter_bytes():
                body += piece
                if len(body) > self._settings.max_kb * 1024:
                    raise _Unusable(f"its answer is larger than {self._settings.max_kb} kB")
                if time.monotonic() > until:
                    return
            yield answer.status_code, bytes(body)


class _Unusable(Exception):
    """An answer that is not even read to its end."""
