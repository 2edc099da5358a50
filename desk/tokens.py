"""Tokens by which the company's site says who a customer is: signed, short-lived, for this chat only.

A token is a JSON Web Token (RFC 7519) signed with HMAC-SHA256 ("HS256"), so that a site makes one with any library
of its language: claims `sub` (the customer's id), `aud`, `iat`, `exp` and, if it likes, `name`. Nothing else is
accepted: no other algorithm, no token without an end.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
from dataclasses import dataclass

from rag.errors import VouchError

LONGEST = 2_000  # characters of a token
LEEWAY = 60  # seconds by which the site's clock may be ahead of ours
_HEADER = {"alg": "HS256", "typ": "JWT"}
CUSTOMER_ID = re.compile(r"(?=.*\w)[\w.@+-]{1,64}", re.ASCII)


class TokenRefused(VouchError):
    """The token says nothing about who somebody is. The message tells why, and nothing that stood in the token."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a customer is, as their company's site says. Times are in seconds since 1970."""

    customer: str
    name: str
    issued: int
    expires: int


def issue(secret: str, audience: str, identity: Identity) -> str:
    """The token that says so. Raises TokenRefused for an id that no token may carry."""
    if not CUSTOMER_ID.fullmatch(identity.customer):
        raise TokenRefused("A customer's id has at most 64 letters, digits and . _ @ + - without blanks.")
    claims = {"sub": identity.customer, "aud": audience, "iat": identity.issued, "exp": identity.expires}
    named = {**claims, "name": identity.name} if identity.name else claims
    signed = f"{_encoded(_HEADER)}.{_encoded(named)}"
    return f"{signed}.{_signature(signed, secret)}"


def verify(token: str, secret: str, audience: str, now: float) -> Identity:
    """Who the token names. Raises TokenRefused unless it is whole, ours, for `audience`, and valid `now`."""
    if len(token) > LONGEST or token.count(".") != 2 or not token.isascii():
        raise TokenRefused("It is no token.")
    signed, _, signature = token.rpartition(".")
    # Compared before anything in it is read: what nobody signed is not even parsed.
    if not hmac.compare_digest(_signature(signed, secret).encode(), signature.encode()):
        raise TokenRefused("Its signature is not that of the company's site.")
    header, claims = (_decoded(part) for part in signed.split("."))
    if header.get("alg") != _HEADER["alg"]:
        raise TokenRefused("It is signed in another way than HS256.")
    if claims.get("aud") != audience:
        raise TokenRefused("It is made for another purpose.")
    identity = _identity(claims)
    if identity.expires <= now:
        raise TokenRefused("It has expired.")
    if identity.issued > now + LEEWAY:
        raise TokenRefused("It comes from the future: compare the clocks.")
    return identity


def _identity(claims: dict[str, object]) -> Identity:
    customer, issued, expires, name = (claims.get(each) for each in ("sub", "iat", "exp", "name"))
    if not isinstance(customer, str) or not CUSTOMER_ID.fullmatch(customer):
        raise TokenRefused("It names no customer.")
    if type(issued) is not int or type(expires) is not int:
        raise TokenRefused("It does not say from when until when it is valid.")
    return Identity(customer, name[:100] if isinstance(name, str) else "", issued, expires)


def _signature(signed: str, secret: str) -> str:
    return _base64(hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest())


def _encoded(part: dict[str, object] | dict[str, str]) -> str:
    return _base64(json.dumps(part, separators=(",", ":")).encode())


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decoded(part: str) -> dict[str, object]:
    try:
        read = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        read = None
    if not isinstance(read, dict):
        raise TokenRefused("It cannot be read.")
    return read
