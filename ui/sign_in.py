"""From a token of the company's site to a cookie of ours: who opens the page with a token is signed in from then on.

The token leaves the address at once: it is exchanged and the browser sent on to the page without it. A token that
is not accepted makes a guest, also of somebody who was signed in.
"""

from __future__ import annotations

import logging
import time
from urllib.parse import parse_qsl, urlencode

from starlette.responses import RedirectResponse, Response

from desk.tokens import TokenRefused, verify
from ui.session import Sessions

PARAMETER = "token"
log = logging.getLogger(__name__)


class SignIn:
    """Exchanges tokens of one company for sessions."""

    def __init__(self, sessions: Sessions, secret: str, audience: str, hours: int) -> None:
        self._sessions, self._secret, self._audience, self._hours = sessions, secret, audience, hours

    def answer(self, path: str, query: str, secure: bool, framed: bool = False) -> Response | None:
        """What to send for the page asked for with a token; None where there is none. An empty token signs out."""
        fields = parse_qsl(query, keep_blank_values=True)
        tokens = [value for name, value in fields if name == PARAMETER]
        if not tokens:
            return None
        left = urlencode([(name, value) for name, value in fields if name != PARAMETER])
        sent = RedirectResponse(f"{path}?{left}" if left else path, status_code=303)
        sent.headers["cache-control"] = "no-store"
        sent.headers.append("set-cookie", self._cookie(tokens[-1], secure, framed))
        return sent

    def _cookie(self, token: str, secure: bool, framed: bool) -> str:
        if token:
            try:
                identity = verify(token, self._secret, self._audience, time.time())
                return self._sessions.customer_cookie(identity.customer, self._hours * 3600, secure, framed)
            except TokenRefused as error:
                log.warning("A sign-in was refused: %s", error)
        return self._sessions.no_customer_cookie(secure, framed)
