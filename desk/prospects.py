"""When somebody will be there for a customer: the narrow port to the shifts, and what may truthfully be said of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Literal, Protocol


class Next(Protocol):
    """Who could take a conversation. `next_time` (aware): when somebody is free; None: not at all."""

    @property
    def at_work(self) -> tuple[str, ...]: ...

    @property
    def free(self) -> tuple[str, ...]: ...

    @property
    def next_time(self) -> datetime | None: ...


class Availability(Protocol):
    """What the desk asks of the shifts."""

    def available(
        self, team: str, language: str, skills: frozenset[str], at: datetime, load: Mapping[str, int]
    ) -> Next:
        """For a conversation that needs these (empty: any) at the aware moment `at`; `load`: agent → conversations."""
        ...


@dataclass(frozen=True, slots=True)
class Prospect:
    """free: somebody can take it now; busy: all at work are full; later: nobody is at work until `time`; never."""

    kind: Literal["free", "busy", "later", "never"]
    time: datetime | None = None  # with a zone, the one it is said in

    @property
    def promised_at(self) -> datetime | None:
        """As it is stored: UTC without a zone."""
        return self.time.astimezone(UTC).replace(tzinfo=None) if self.time else None


@dataclass(frozen=True, slots=True)
class Prospects:
    """`load` says how many conversations each agent has; `zone` is the one times are said in."""

    availability: Availability
    load: Callable[[], Mapping[str, int]]
    zone: tzinfo = UTC

    def of(self, team: str, language: str, skills: tuple[str, ...] = ()) -> Prospect:
        """At this moment, for a conversation that needs these."""
        found = self.availability.available(team, language, frozenset(skills), datetime.now(UTC), self.load())
        if found.free:
            return Prospect("free")
        if found.at_work:
            return Prospect("busy")  # when one of them will be free nobody knows
        return Prospect("later", found.next_time.astimezone(self.zone)) if found.next_time else Prospect("never")
