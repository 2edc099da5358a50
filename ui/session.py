"""Who a browser is: a random visitor id in a signed cookie. Knows no conversation.

The secret is made once and kept in the data folder, so that conversations survive a restart. Gradio's own
session id is guessable and stands in addresses; it identifies nobody here.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from itsdangerous import BadSignature, URLSafeSerializer

from rag.errors import StoreError

COOKIE = "vouch_visitor"
YEAR = 365 * 24 * 3600


class Sessions:
    """Makes and reads visitor cookies."""

    def __init__(self, secret: str) -> None:
        self._signer = URLSafeSerializer(secret, salt="vouch.visitor")

    def visitor(self, cookies: Mapping[str, str]) -> str | None:
        """The visitor of a request, or None where the cookie is missing or not of our making."""
        try:
            value = self._signer.loads(cookies.get(COOKIE, ""))
        except BadSignature:
            return None
        return value if isinstance(value, str) and value else None

    def new_cookie(self, secure: bool) -> str:
        """A Set-Cookie value for a visitor never seen before."""
        value = self._signer.dumps(secrets.token_urlsafe(16))
        flags = "; Secure" if secure else ""
        return f"{COOKIE}={value}; Path=/; Max-Age={YEAR}; HttpOnly; SameSite=Lax{flags}"


def read_secret(data: Path) -> str:
    """The secret under the data folder, made on the first call. Only the owner of the process can read it."""
    file = data / "secret"
    try:
        _create(file)
        secret = file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(
            f"{file} cannot be read: {error}. Check its rights; or remove it: visitors then start new conversations."
        ) from error
    if len(secret) < 32:
        raise StoreError(f"{file} holds no usable secret. Remove it: a new one is made at the next start.")
    return secret


def _create(file: Path) -> None:
    """Write a new secret unless there is one: under its final name only once it is complete."""
    if file.exists():
        return
    draft = file.with_name(f".secret-{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="ascii") as target:
        target.write(secrets.token_urlsafe(32))
        target.flush()
        os.fsync(target.fileno())
    try:
        os.link(draft, file)  # unlike a rename, it does not overwrite what another process made meanwhile
    except FileExistsError:
        pass
    finally:
        draft.unlink()
