"""The desk put together from the settings: customers' side, agents' side, and the threads that look after both."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import get_args
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from desk.agents import AgentDesk
from desk.askers import Askers
from desk.canned import read_canned
from desk.handoff import Kind, Limits
from desk.metering import Metered, Meters
from desk.moves import Rules
from desk.outbox import Outbox
from desk.pace import Pace
from desk.prospects import Prospects
from desk.service import Answers, Desk
from desk.shifts import Roster
from desk.store import Conversations
from desk.tending import Tending
from desk.tickets import Tickets
from desk.traced import Traced
from desk.typing import Typing
from rag.config import Settings
from rag.config_people import Alert, Told
from rag.ports import MoodModel, Notifier, Spans

STOP_SECONDS = 5.0
TRACES = "traces"  # the name of their channel
Work = Callable[[threading.Event], None]


@dataclass(frozen=True, slots=True)
class Office:
    """`work`: what is to run in threads of its own until it is told to stop."""

    desk: Desk
    agents: AgentDesk
    work: tuple[Work, ...]

    @contextmanager
    def open(self) -> Iterator[None]:
        """While it lasts, tickets are looked after and notifications leave."""
        stop = threading.Event()
        threads = [threading.Thread(target=each, args=(stop,), name="desk", daemon=True) for each in self.work]
        for each in threads:
            each.start()
        try:
            yield
        finally:
            stop.set()
            for each in threads:
                each.join(STOP_SECONDS)


def rules(settings: Settings, channels: Mapping[str, Notifier]) -> Rules:
    """What the steps of the hand-over go by; `channels` are those that are configured."""
    chosen, told = settings.handover, settings.notifications
    limits = Limits(timedelta(hours=chosen.reopen_hours), timedelta(minutes=chosen.unclaimed_minutes))
    events: dict[str, frozenset[Kind]] = {
        "webhook": _of_tickets(told.webhook.events),
        "email": _of_tickets(told.email.events),
        TRACES: frozenset(get_args(Kind)),
    }
    return Rules(limits, {name: events[name] for name in channels})


def alerted(settings: Settings, channels: Iterable[str]) -> tuple[str, ...]:
    """Those of the configured channels that tell of topics."""
    told = settings.notifications
    wanted = {"webhook": "rising" in told.webhook.events, "email": "rising" in told.email.events}
    return tuple(name for name in channels if wanted.get(name))


def _of_tickets(events: Iterable[Told | Alert]) -> frozenset[Kind]:
    return frozenset(each for each in events if each != "rising")


def office(
    settings: Settings,
    engine: Engine,
    assistant: Answers,
    askers: Askers | None = None,
    channels: Mapping[str, Notifier] | None = None,
    moods: MoodModel | None = None,
    meters: Meters | None = None,
    spans: Spans | None = None,
) -> Office:
    """All of it over one database. `meters`, `spans`: of the replies to customers. Raises ConfigError."""
    channels, roster = {**(channels or {}), **({TRACES: spans} if spans else {})}, Roster(settings.shifts)
    by = rules(settings, channels)
    store, tickets = Conversations(engine, by), Tickets(engine, by)
    zone = ZoneInfo(settings.handover.time_zone)
    prospects = Prospects(roster, tickets.load, zone) if settings.shifts.agents else None
    said = Traced(assistant, spans, settings.traces.content) if spans else assistant
    said = Metered(said, meters) if meters else said
    pace, typing = Pace(settings.server.messages_per_minute), Typing()
    desk = Desk(store, said, askers, prospects, settings.handover.priorities, pace, typing)
    agents = AgentDesk(tickets, assistant, read_canned(settings.handover.canned), moods, askers, typing)
    names = frozenset(each.name for each in settings.shifts.agents)
    tending = Tending(tickets, roster, names, timedelta(minutes=settings.handover.away_minutes))
    leaving = tuple(Outbox(engine, name, channel).run for name, channel in channels.items())
    return Office(desk, agents, (tending.run, *leaving, *((spans.run,) if spans else ())))
