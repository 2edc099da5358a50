"""Who a browser is: a random visitor id in a signed cookie, or the customer who is signed in; for the staff, the token of
their session. Knows no conversation and no account.

Gradio's own session id is guessable and stands in addresses; it identifies nobody here.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping

from itsdangerous import BadSignature, URLSafeSerializer

from desk.askers import key_of

COOKIE = "vouch_visitor"
CUSTOMER_COOKIE = "vouch_customer"
STAFF_COOKIE = "vouch_staff"
YEAR = 365 * 24 * 3600


class Sessions:
    """Makes and reads visitor cookies."""

    def __init__(self, secret: str, clock: Callable[[], float] = time.time) -> None:
        self._signer = URLSafeSerializer(secret, salt="vouch.visitor")
        self._customers = URLSafeSerializer(secret, salt="vouch.customer")
        self._clock = clock

    def visitor(self, cookies: Mapping[str, str]) -> str | None:
        """The visitor of a request: who is signed in, else the browser; None where no cookie is of our making."""
        return self._customer(cookies.get(CUSTOMER_COOKIE, "")) or self._browser(cookies.get(COOKIE, ""))

    def new_cookie(self, secure: bool, framed: bool = False) -> str:
        """A Set-Cookie value for a visitor never seen before."""
        value = self._signer.dumps(secrets.token_urlsafe(16))
        return f"{COOKIE}={value}; Path=/; Max-Age={YEAR}; HttpOnly; {_kind(secure, framed)}"

    def customer_cookie(self, customer: str, seconds: int, secure: bool, framed: bool = False) -> str:
        """A Set-Cookie value for a customer who is signed in for so long."""
        value = self._customers.dumps([customer, int(self._clock()) + seconds])
        return f"{CUSTOMER_COOKIE}={value}; Path=/; Max-Age={seconds}; HttpOnly; {_kind(secure, framed)}"

    def no_customer_cookie(self, secure: bool, framed: bool = False) -> str:
        """A Set-Cookie value that signs out."""
        return f"{CUSTOMER_COOKIE}=; Path=/; Max-Age=0; HttpOnly; {_kind(secure, framed)}"

    def _browser(self, cookie: str) -> str | None:
        try:
            value = self._signer.loads(cookie)
        except BadSignature:
            return None
        return value if isinstance(value, str) and value else None

    def _customer(self, cookie: str) -> str | None:
        try:
            customer, until = self._customers.loads(cookie)
        except (BadSignature, TypeError, ValueError):
            return None
        return key_of(customer) if isinstance(customer, str) and customer and until > self._clock() else None


def staff_cookie(token: str, hours: float, secure: bool) -> str:
    """A Set-Cookie value for a member of the staff who logged in; with an empty token, the end of it."""
    age = int(hours * 3600) if token else 0
    return f"{STAFF_COOKIE}={token}; Path=/; Max-Age={age}; HttpOnly; SameSite=Strict{_flag(secure)}"


def _kind(secure: bool, framed: bool) -> str:
    """In another site's frame a cookie has to be SameSite=None, which browsers take over https only. Partitioned: one
    for each site that shows the chat, so that no site's script can use another's."""
    return "SameSite=None; Secure; Partitioned" if secure and framed else f"SameSite=Lax{_flag(secure)}"


def _flag(secure: bool) -> str:
    return "; Secure" if secure else ""
