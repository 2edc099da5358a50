"""What is to leave the desk: rows that were stored with the step they tell of, sent at least once and in order.

Of one ticket's rows in a channel only the oldest unsent is ever tried, so none overtakes another. A row is leased
before it is sent: of two processes one sends it, and when that one dies the lease runs out. What fails is tried
again with growing pauses until it is taken; nothing is given up. Knows no HTTP and no SMTP.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine, Row

from desk.moves import RULES
from desk.schema import outbox
from rag.errors import StoreError, Undelivered
from rag.ports import Notifier

AT_ONCE = 50  # rows looked at in one go
LEASE = timedelta(minutes=3)  # longer than a channel may take
LONGEST_PAUSE = 300.0  # seconds between two attempts of a row
QUIET = 60.0  # seconds at most that a channel is left alone after a failure
IDLE = 1.0  # seconds between two looks
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one go came to."""

    sent: int = 0
    problem: str = ""  # of the attempt that ended it


class Outbox:
    """One channel's rows."""

    def __init__(self, engine: Engine, name: str, channel: Notifier, now: Callable[[], datetime] = RULES.now) -> None:
        self._engine, self._name, self._channel, self._now = engine, name, channel, now
        self._writing = engine.execution_options(writes=True)

    def run(self, stop: threading.Event) -> None:
        """Deliver until told to stop. What goes wrong is logged once an outage, not once an attempt."""
        failures = 0
        while not stop.is_set():
            try:
                problem = self.deliver().problem
            except StoreError as error:
                problem = str(error)
            if problem and not failures:
                log.warning(
                    "Notifications by %s wait: %s They are sent as soon as they are taken.", self._name, problem
                )
            if failures and not problem:
                log.warning("Notifications by %s leave again.", self._name)
            failures = failures + 1 if problem else 0
            stop.wait(min(QUIET, IDLE * 2**failures))

    def deliver(self) -> Delivered:
        """Send what is due, up to the first failure. Raises StoreError."""
        sent = 0
        for row in self._due():
            if not self._lease(row):
                continue  # another process sends it
            try:
                self._channel.send(row.key, row.payload)
            except Undelivered as error:
                self._failed(row, str(error))
                return Delivered(sent, str(error))
            self._set(row, sent_at=self._now(), problem="")
            sent += 1
        return Delivered(sent)

    def waiting(self) -> int:
        """How many are not sent yet."""
        with self._engine.connect() as connection:
            mine = (outbox.c.channel == self._name, outbox.c.sent_at.is_(None))
            return connection.scalar(sa.select(sa.func.count()).select_from(outbox).where(*mine)) or 0

    def _due(self) -> list[Row[Any]]:
        earlier = outbox.alias("earlier")
        blocked = sa.exists().where(
            earlier.c.ticket == outbox.c.ticket,
            earlier.c.channel == outbox.c.channel,
            earlier.c.id < outbox.c.id,
            earlier.c.sent_at.is_(None),
        )
        due = (outbox.c.channel == self._name, outbox.c.sent_at.is_(None), outbox.c.due_at <= self._now(), ~blocked)
        with self._engine.connect() as connection:
            return list(connection.execute(sa.select(outbox).where(*due).order_by(outbox.c.id).limit(AT_ONCE)))

    def _lease(self, row: Row[Any]) -> bool:
        seen = (outbox.c.id == row.id, outbox.c.attempts == row.attempts, outbox.c.sent_at.is_(None))
        values = {"attempts": row.attempts + 1, "due_at": self._now() + LEASE}
        with self._writing.begin() as connection:
            return connection.execute(outbox.update().where(*seen).values(values)).rowcount == 1

    def _failed(self, row: Row[Any], problem: str) -> None:
        pause = min(LONGEST_PAUSE, 2.0 ** min(row.attempts, 10))
        self._set(row, due_at=self._now() + timedelta(seconds=pause), problem=problem)

    def _set(self, row: Row[Any], **values: object) -> None:
        with self._writing.begin() as connection:
            connection.execute(outbox.update().where(outbox.c.id == row.id).values(values))
