"""Who calls the API: a customer by a token of the company's site, or a guest of another channel by its key."""

from __future__ import annotations

import hmac
import re
import secrets
import time

from desk.askers import key_of
from desk.secret import SHORTEST_SECRET
from desk.tokens import TokenRefused, verify
from rag.errors import ConfigError, VouchError

_GUEST = re.compile(r"[\w.@+:-]{1,128}", re.ASCII)
_PREFIX = "channel:"  # no random key of a browser holds a colon, and no customer's begins so


class NotKnown(VouchError):
    """The request does not say who calls, or nobody may call so."""


class Callers:
    """`secret` and `audience` are of customers' tokens; an empty `key` lets in no other channel."""

    def __init__(self, secret: str, audience: str, key: str = "") -> None:
        if key and len(key) < SHORTEST_SECRET:
            raise ConfigError(
                f"The API's key is too short. Put at least {SHORTEST_SECRET} random characters into the variable that "
                "server.api_key_env names."
            )
        self._secret, self._audience, self._key = secret, audience, key

    def visitor(self, authorization: str, guest: str) -> str:
        """The key of who calls, by the headers Authorization and Vouch-Guest. Raises NotKnown."""
        scheme, _, given = authorization.partition(" ")
        given = given.strip()
        if scheme.lower() != "bearer" or not given:
            raise NotKnown("Send 'Authorization: Bearer …' with a token of the company's site or the API's key.")
        if self._key and hmac.compare_digest(given.encode(), self._key.encode()):
            if not _GUEST.fullmatch(guest):
                raise NotKnown(
                    "With the API's key, the header Vouch-Guest says who writes: at most 128 letters, digits and . _ @ + : -"
                )
            return f"{_PREFIX}{guest}"
        if guest:
            raise NotKnown("Vouch-Guest is for calls with the API's key, and this is not it.")
        try:
            return key_of(verify(given, self._secret, self._audience, time.time()).customer)
        except TokenRefused as error:
            raise NotKnown(f"This token is not accepted. {error}") from error


def nobody() -> Callers:
    """Lets in nobody: its secret is known to none."""
    return Callers(secrets.token_urlsafe(32), "")
