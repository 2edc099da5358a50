"""Secrets that are made once and kept in the data folder, readable by the owner of the process only."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from rag.config import Settings
from rag.config import secret as from_environment
from rag.errors import ConfigError, StoreError

SHORTEST_SECRET = 32  # characters
SESSIONS = "secret"  # signs the cookies of this installation
TOKENS = "token-secret"  # shared with the company's site, which signs customers' tokens with it


def read_secret(data: Path, name: str = SESSIONS) -> str:
    """The secret under the data folder, made on the first call."""
    file = data / name
    lost = {SESSIONS: "visitors then start new conversations", TOKENS: "the company's site then needs the new one"}[
        name
    ]
    try:
        data.mkdir(parents=True, exist_ok=True)
        _create(file)
        secret = file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"{file} cannot be read: {error}. Check its rights; or remove it: {lost}.") from error
    if len(secret) < SHORTEST_SECRET:
        raise StoreError(f"{file} holds no usable secret. Remove it: a new one is made at the next start.")
    return secret


def token_secret(settings: Settings) -> str:
    """What the company's site signs tokens with: from the environment, else the one in the data folder."""
    variable = settings.customers.token_env
    given = from_environment(variable)
    if given and len(given) < SHORTEST_SECRET:
        raise ConfigError(f"${variable} is too short to sign with. Give at least {SHORTEST_SECRET} random characters.")
    return given or read_secret(settings.paths.data, TOKENS)


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
