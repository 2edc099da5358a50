"""Staff accounts: who may work here, with which roles, and who is logged in. Knows no page and no cookie.

Passwords are kept as argon2 hashes, session tokens as SHA-256: whoever reads the database can log in with neither.
Log-in tries are counted before the password is looked at, and a name that is not there costs the same time as a
wrong password.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Literal, cast, get_args

import sqlalchemy as sa
from sqlalchemy import Engine

from desk.schema import staff, staff_sessions
from desk.tries import Tries
from rag.config_people import NAME
from rag.config_people import Staff as Settings
from rag.errors import VouchError

if TYPE_CHECKING:
    from argon2 import PasswordHasher

Role = Literal["agent", "editor", "tester", "manager", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)
SHORTEST, LONGEST = 10, 200  # characters of a password
FIRST = "admin"
MEMORY_KIB = 64 * 1024  # of one hash, as RFC 9106 recommends where memory is short
AT_ONCE = 2  # hashes under way
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another


class AccountError(VouchError):
    """An account cannot be made or changed in this way."""


class NotAdmitted(VouchError):
    """No such name, another password, or a disabled account; which of these is nobody's business."""

    def __init__(self) -> None:
        super().__init__("The name or the password is not right.")


@dataclass(frozen=True, slots=True)
class Account:
    """One person of the staff."""

    name: str
    roles: frozenset[Role]
    active: bool
    created_at: datetime  # in UTC, without a zone, as all times of the desk


class Staff:
    """All accounts and sessions of a store."""

    def __init__(
        self,
        engine: Engine,
        settings: Settings,
        now: Callable[[], datetime] | None = None,
        memory_kib: int = MEMORY_KIB,
    ) -> None:
        self._engine, self._settings = engine, settings
        self._writing = engine.execution_options(writes=True)
        self._now = now or (lambda: datetime.now(UTC).replace(tzinfo=None))
        self._tries = Tries(settings)
        self._hashing, self._memory_kib = threading.Semaphore(AT_ONCE), memory_kib

    # --- accounts ------------------------------------------------------------------------------------------

    def add(self, name: str, password: str, roles: Iterable[str]) -> None:
        """A new account. Raises AccountError."""
        row = {"name": _checked_name(name), "password": self._hash(password), "roles": _joined(roles)}
        with self._writing.begin() as connection:
            if connection.scalar(sa.select(staff.c.name).where(staff.c.name == name)):
                raise AccountError(f"There is an account {name!r} already. Choose another name.")
            connection.execute(staff.insert().values(**row, active=True, created_at=self._now()))

    def accounts(self) -> tuple[Account, ...]:
        """Every account, by name."""
        with self._engine.connect() as connection:
            return tuple(_account(row) for row in connection.execute(sa.select(staff).order_by(staff.c.name)))

    def set_password(self, name: str, password: str) -> None:
        """Another password; whoever is logged in with the old one no longer is. Raises AccountError."""
        self._change(name, password=self._hash(password))

    def set_roles(self, name: str, roles: Iterable[str]) -> None:
        """Other roles, in effect at once. Raises AccountError."""
        self._change(name, roles=_joined(roles))

    def set_active(self, name: str, active: bool) -> None:
        """Disable an account, or enable it again. Raises AccountError."""
        self._change(name, active=active)

    def first_admin(self) -> str:
        """Where there is no account yet, make the first one, FIRST; its password, else an empty string."""
        if self.accounts():
            return ""
        password = made_password()
        try:
            self.add(FIRST, password, ["admin"])
        except AccountError:  # another process was quicker
            return ""
        return password

    def _change(self, name: str, **values: object) -> None:
        with self._writing.begin() as connection:
            if not connection.execute(staff.update().where(staff.c.name == name).values(**values)).rowcount:
                raise AccountError(f"There is no account {name!r}. 'python -m desk users list' shows those there are.")
            if not any(
                each.active and "admin" in each.roles for each in map(_account, connection.execute(sa.select(staff)))
            ):
                raise AccountError(f"{name!r} is the last administrator. Give somebody else the role admin first.")
            connection.execute(staff_sessions.delete().where(staff_sessions.c.name == name))

    # --- sessions ------------------------------------------------------------------------------------------

    def log_in(self, name: str, password: str, address: str) -> str:
        """A new session's token. Raises NotAdmitted, TooManyTries."""
        self._tries.count(name, address)
        with self._engine.connect() as connection:
            row = connection.execute(sa.select(staff).where(staff.c.name == name)).first()
        known = row.password if row else self._nobodys_hash
        if not self._verify(known, password) or row is None or not row.active:
            raise NotAdmitted
        self._tries.forget(name, address)
        token, now = secrets.token_urlsafe(32), self._now()
        until = now + timedelta(hours=self._settings.session_hours)
        with self._writing.begin() as connection:
            connection.execute(staff_sessions.delete().where(staff_sessions.c.expires_at <= now))
            session = {"token": _digest(token), "name": name, "created_at": now, "expires_at": until}
            # Unless the account was changed while the password was looked at.
            same = (staff.c.name == name, staff.c.password == known, staff.c.active)
            if connection.scalar(sa.select(staff.c.name).where(*same)) is None:
                raise NotAdmitted
            connection.execute(staff_sessions.insert().values(session))
        return token

    def who(self, token: str) -> Account | None:
        """Whose session this is, if it is one that lasts."""
        lasting = (staff_sessions.c.token == _digest(token), staff_sessions.c.expires_at > self._now(), staff.c.active)
        query = sa.select(staff).join(staff_sessions, staff_sessions.c.name == staff.c.name).where(*lasting)
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        return _account(row) if row else None

    def log_out(self, token: str) -> None:
        """End this session. Others of the same person go on."""
        with self._writing.begin() as connection:
            connection.execute(staff_sessions.delete().where(staff_sessions.c.token == _digest(token)))

    # --- passwords -----------------------------------------------------------------------------------------

    def _hash(self, password: str) -> str:
        if not SHORTEST <= len(password) <= LONGEST:
            raise AccountError(f"A password has {SHORTEST} to {LONGEST} characters. Choose another.")
        with self._hashing:
            return self._hasher.hash(_normal(password))

    def _verify(self, known: str, password: str) -> bool:
        from argon2.exceptions import VerificationError

        if len(password) > LONGEST:
            return False
        with self._hashing:
            try:
                return self._hasher.verify(known, _normal(password))
            except VerificationError:
                return False

    @cached_property
    def _hasher(self) -> PasswordHasher:
        from argon2 import PasswordHasher

        return PasswordHasher(memory_cost=self._memory_kib)

    @cached_property
    def _nobodys_hash(self) -> str:
        return self._hash(made_password())


def made_password() -> str:
    """A random password of 79 bits that can be read aloud."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


def _checked_name(name: str) -> str:
    if not NAME.fullmatch(name):
        raise AccountError(f"{name!r} is no account name. It has 1 to 40 letters a–z, digits, '.', '_' or '-'.")
    return name


def _joined(roles: Iterable[str]) -> str:
    asked = set(roles)
    if wrong := sorted(asked - set(ROLES)):
        raise AccountError(f"There is no role {wrong[0]!r}. The roles are {', '.join(ROLES)}.")
    found = [each for each in ROLES if each in asked]
    if not found:
        raise AccountError(f"An account needs a role: {', '.join(ROLES)}.")
    return " ".join(found)


def _account(row: sa.Row[tuple[object, ...]]) -> Account:
    return Account(row.name, frozenset(cast(Role, each) for each in row.roles.split()), row.active, row.created_at)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _normal(password: str) -> str:
    """However the keyboard composes it, it is the same password."""
    return unicodedata.normalize("NFC", password).encode("utf-8", "replace").decode()
