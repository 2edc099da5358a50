"""Who is at work, who of them is free, and when somebody will be. Pure: knows no store and no clock of its own.

A shift is written in wall-clock time. It begins and ends at the first moment at which the clock of its zone shows
that time or a later one. So, where the clock is put forward over the beginning, the shift begins at the jump; where
it is put back, an ambiguous time is the earlier of the two; and shifts that touch on the wall touch in truth.
A shift belongs to the day on which it begins: a night shift runs on into a holiday, and none begins on one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from rag.config_people import Agent, Shifts, Team
from rag.hours import Shift

HORIZON = 366  # days looked ahead; who begins later than that is nobody to wait for


@dataclass(frozen=True, slots=True)
class Next:
    """Who could take a conversation. Names of agents in the order of the settings; the time is in UTC."""

    at_work: tuple[str, ...]
    free: tuple[str, ...]  # of those at work, who hold fewer conversations than they can
    next_time: datetime | None  # when somebody is free: now, at the beginning of a shift, or not at all


@dataclass(frozen=True, slots=True)
class Duty:
    """One shift of one agent in true time, from `begins` up to, but not with, `ends`."""

    day: date  # in the agent's zone, on which it begins
    begins: datetime
    ends: datetime


class Roster:
    """The teams and agents of config.yaml."""

    def __init__(self, settings: Shifts) -> None:
        teams = {each.name: each for each in settings.teams}
        self._staff = tuple((agent, teams[agent.team]) for agent in settings.agents)

    def available(
        self, team: str, language: str, skills: frozenset[str], at: datetime, load: Mapping[str, int]
    ) -> Next:
        """For a conversation that needs this team, language and all these skills; an empty one means any.

        `at` has a time zone. `load` says how many conversations each agent holds; who is not in it holds none. Who can
        hold no more counts again from the first shift of a later day: nobody knows when they will be free before.
        """
        at, at_work, free, times = at.astimezone(UTC), list[str](), list[str](), list[datetime]()
        for agent, theirs in self._staff:
            if not _fits(agent, theirs, team, language, skills):
                continue
            full = load.get(agent.name, 0) >= agent.capacity
            if _on_duty(agent, theirs, at):
                at_work.append(agent.name)
                free += [] if full else [agent.name]
            times += [found for found in [_next_time(agent, theirs, at, full)] if found]
        return Next(tuple(at_work), tuple(free), min(times, default=None))


def duties(agent: Agent, team: Team, since: date, days: int) -> Iterator[Duty]:
    """The agent's shifts that begin on `since` or one of the days after it, in order."""
    zone = ZoneInfo(agent.time_zone or team.time_zone)
    for day in (since + timedelta(number) for number in range(days)):
        if any(day in each for each in (*team.holidays, *agent.days_off)):
            continue
        midnight = datetime(day.year, day.month, day.day)
        for shift in _hours(agent, team, day):
            begins = moment(midnight + timedelta(minutes=shift.begins), zone)
            ends = moment(midnight + timedelta(minutes=shift.ends), zone)
            if begins < ends:  # else the clock jumped over the whole shift
                yield Duty(day, begins, ends)


def moment(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first moment, in UTC, at which the clock of the zone shows `wall` or later."""
    earlier, later = sorted(wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if _shown(earlier, zone) == wall:
        return earlier
    # `wall` lies in a gap; between the two readings of it the clock jumps, on a whole second.
    while later - earlier > timedelta(seconds=1):
        middle = earlier + timedelta(seconds=(later - earlier) // timedelta(seconds=2))
        earlier, later = (earlier, middle) if _shown(middle, zone) >= wall else (middle, later)
    return later


def _shown(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None, fold=0)


def _hours(agent: Agent, team: Team, day: date) -> Iterator[Shift]:
    owner = agent if agent.hours is not None else team
    other = next((each.hours for each in (*agent.other_hours, *owner.other_hours) if day in each.days), None)
    week = other if other is not None else owner.hours
    return iter(week[day.weekday()]) if week else iter(())


def _fits(agent: Agent, team: Team, name: str, language: str, skills: frozenset[str]) -> bool:
    speaks = agent.languages or team.languages
    return name in ("", team.name) and (not language or language in speaks) and skills <= frozenset(agent.skills)


def _on_duty(agent: Agent, team: Team, at: datetime) -> Duty | None:
    near = duties(agent, team, _day(agent, team, at) - timedelta(2), 4)
    return next((each for each in near if each.begins <= at < each.ends), None)


def _next_time(agent: Agent, team: Team, at: datetime, full: bool) -> datetime | None:
    duty, today = _on_duty(agent, team, at), _day(agent, team, at)
    if duty and not full:
        return at
    held = duty.day if duty else today
    coming = duties(agent, team, today - timedelta(1), HORIZON)
    return next((each.begins for each in coming if each.begins > at and (each.day > held or not full)), None)


def _day(agent: Agent, team: Team, at: datetime) -> date:
    return at.astimezone(ZoneInfo(agent.time_zone or team.time_zone)).date()
