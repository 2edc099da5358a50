"""Counts and times what the assistant does, for Prometheus, and tells what waits at the desk. No text and no name is kept."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence

import sqlalchemy as sa
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import Engine

from desk.handoff import OPEN
from desk.schema import outbox, tickets
from desk.service import Answers
from rag.people import Customer
from rag.types import Access, Done, Event, Said, Turn

SECONDS = (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30)


class Meters:
    """The counters of one process. What they were before its start is Prometheus's to remember."""

    def __init__(self, engine: Engine, clock: Callable[[], float] = time.monotonic) -> None:
        self.registry, self.clock = CollectorRegistry(), clock
        self.replies = Counter("vouch_replies", "Replies to customers", ["outcome"], registry=self.registry)
        self.failures = Counter("vouch_failures", "Replies that failed", registry=self.registry)
        self.first = Histogram(
            "vouch_first_sentence_seconds", "Until the first sentence", buckets=SECONDS, registry=self.registry
        )
        self.whole = Histogram("vouch_reply_seconds", "Until the whole reply", buckets=SECONDS, registry=self.registry)
        self.registry.register(_Waiting(engine))

    def page(self) -> bytes:
        """All of it, as Prometheus reads it. Raises StoreError."""
        return generate_latest(self.registry)


class Metered:
    """An assistant whose replies are counted and timed."""

    def __init__(self, assistant: Answers, meters: Meters) -> None:
        self._assistant, self._meters = assistant, meters

    def reply(
        self, turns: Sequence[Turn], access: Access | None = None, customer: Customer | None = None
    ) -> Iterator[Event]:
        """The assistant's events as they come."""
        meters, began, spoke = self._meters, self._meters.clock(), False
        try:
            for event in self._assistant.reply(turns, access, customer):
                if isinstance(event, Said) and not spoke:
                    spoke = True
                    meters.first.observe(meters.clock() - began)
                if isinstance(event, Done):
                    meters.whole.observe(meters.clock() - began)
                    meters.replies.labels(event.reply.decision.outcome).inc()
                yield event
        except Exception:
            meters.failures.inc()
            raise


class _Waiting(Collector):
    """What the store holds at the moment of asking."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """Open tickets by state, and notifications that are still to leave."""
        held = sa.select(tickets.c.state, sa.func.count()).where(tickets.c.state.in_(OPEN)).group_by(tickets.c.state)
        leaving = sa.select(sa.func.count()).select_from(outbox).where(outbox.c.sent_at.is_(None))
        with self._engine.connect() as connection:
            found = {row[0]: row[1] for row in connection.execute(held)}
            unsent = connection.scalar(leaving) or 0
        states = GaugeMetricFamily("vouch_tickets", "Open tickets", labels=["state"])
        for state in OPEN:
            states.add_metric([state], found.get(state, 0))
        yield states
        yield GaugeMetricFamily("vouch_notifications_unsent", "Notifications still to leave", value=unsent)
