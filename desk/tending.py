"""What time does to tickets: who waited too long becomes more urgent, and whoever's shift is over gives theirs back."""

from __future__ import annotations

import logging
import threading
from datetime import UTC, datetime, timedelta

from desk.prospects import Availability
from desk.tickets import Tickets
from rag.errors import VouchError

LOOK_SECONDS = 5.0
log = logging.getLogger(__name__)


class Tending:
    """Looks after the tickets. Several processes may: each step is taken once."""

    def __init__(self, tickets: Tickets, availability: Availability, agents: frozenset[str], away: timedelta) -> None:
        """`agents`: those with shifts; nobody else's conversations are ever taken from them. `away`: after a shift."""
        self._tickets, self._availability, self._agents, self._away = tickets, availability, agents, away

    def run(self, stop: threading.Event) -> None:
        """Until told to stop."""
        while not stop.wait(LOOK_SECONDS):
            try:
                self.tend(datetime.now(UTC))
            except VouchError as error:
                log.error("The tickets could not be looked after: %s", error)

    def tend(self, at: datetime) -> None:
        """Once, at the aware moment `at`."""
        self._tickets.raise_unclaimed()
        for agent in self.gone(at):
            released = self._tickets.release(agent)
            log.info("The shift of %s is over: %d tickets are back in the queue.", agent, len(released))

    def gone(self, at: datetime) -> set[str]:
        """Agents with conversations who are not at work now, and were not so long ago either."""
        holding = set(self._tickets.load()) & self._agents
        if not holding:
            return holding
        return holding - self._at_work(at) - self._at_work(at - self._away)

    def _at_work(self, at: datetime) -> set[str]:
        return set(self._availability.available("", "", frozenset(), at, {}).at_work)
