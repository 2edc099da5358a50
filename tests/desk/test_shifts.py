"""When will somebody be there? Cases worked by hand, and any roster against a scan of every minute."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.shifts import Next, Roster
from rag.config_people import Shifts, Team
from rag.hours import DAYS, Period

ROSTER = """
teams:
  - {name: uk, time_zone: Europe/London, languages: [en], hours: {mon-fri: 08:00-20:00, sat: 09:00-13:00},
     holidays: [2026-12-25, 2026-12-28]}
  - {name: cn, time_zone: Asia/Shanghai, languages: [zh], hours: {mon-sun: 08:30-22:00},
     other_hours: [{days: 2027-02-05/2027-02-08, hours: {mon-sun: 10:00-18:00}}]}
  - {name: night, time_zone: America/New_York, hours: {mon-sun: 22:00-06:00+1}, holidays: [2026-11-26]}
  - {name: early, time_zone: Europe/Berlin, hours: {sun: 02:30-06:00}}
  - {name: brief, time_zone: Europe/Berlin, hours: {sun: 02:10-02:50}}
  - {name: howe, time_zone: Australia/Lord_Howe, hours: {sun: 02:15-04:00}}
  - {name: remote, time_zone: Europe/London, hours: {mon-fri: 09:00-17:00}, holidays: [2026-12-25]}
  - {name: away, time_zone: Europe/London, hours: {mon-sun: 00:00-24:00}}
  - {name: empty, time_zone: Europe/London, hours: {mon-sun: 00:00-24:00}}
agents:
  - {name: em, team: uk, skills: [orders, safety], capacity: 2}
  - {name: ol, team: uk, skills: [repairs], capacity: 1, hours: {mon-fri: [08:00-12:00, 13:00-17:00]}}
  - {name: pr, team: uk, languages: [en, zh], skills: [payments], capacity: 1, hours: {mon-fri: 12:00-20:00},
     days_off: [2026-11-23/2026-11-27]}
  - {name: me, team: cn, capacity: 1}
  - {name: nl, team: night, capacity: 1}
  - {name: id, team: early}
  - {name: gus, team: brief}
  - {name: bo, team: howe}
  - {name: te, team: remote, time_zone: Asia/Kolkata, hours: {mon-fri: 13:30-17:30}}
  - {name: lea, team: away, days_off: [2026-01-01/2028-12-31]}
"""

# What it is | team, language, skills | when | who holds how many | at work | free | when somebody is (=: at once; -: never).
# London puts its clock back on 2026-10-25 at 01:00Z and forward on 2027-03-28 at 01:00Z, Berlin at the same moments;
# New York on 2026-11-01 at 06:00Z and 2027-03-14 at 07:00Z; Lord Howe puts it half an hour forward on 2026-10-03 at 15:30Z.
CASES = """
a working day                  | uk                | 2026-11-16T10:00 |                | em ol    | em ol | =
somebody has a break           | uk                | 2026-11-16T12:30 |                | em pr    | em pr | =
between split shifts           | uk repairs        | 2026-11-16T12:30 |                |          |       | 2026-11-16T13:00
the minute the break begins    | uk repairs        | 2026-11-16T12:00 |                |          |       | 2026-11-16T13:00
the last minute before it      | uk repairs        | 2026-11-16T11:59 |                | ol       | ol    | =
after the second half          | uk repairs        | 2026-11-16T17:00 |                |          |       | 2026-11-17T08:00
before a weekend               | uk repairs        | 2026-11-20T17:30 |                |          |       | 2026-11-23T08:00
Friday night                   | uk                | 2026-11-20T20:00 |                |          |       | 2026-11-21T09:00
Saturday, last minute          | uk                | 2026-11-21T12:59 |                | em       | em    | =
Saturday, closed               | uk                | 2026-11-21T13:00 |                |          |       | 2026-11-23T08:00
before days off                | uk payments       | 2026-11-20T20:30 |                |          |       | 2026-11-30T12:00
in days off                    | uk payments       | 2026-11-26T15:00 |                |          |       | 2026-11-30T12:00
before a holiday               | uk                | 2026-12-24T20:00 |                |          |       | 2026-12-26T09:00
on a holiday                   | uk                | 2026-12-25T10:00 |                |          |       | 2026-12-26T09:00
weekend, then a holiday        | uk                | 2026-12-26T13:00 |                |          |       | 2026-12-29T08:00
some work to do                | uk                | 2026-11-16T10:00 | em 1           | em ol    | em ol | =
one has all she can            | uk                | 2026-11-16T10:00 | em 2           | em ol    | ol    | =
more than she should           | uk                | 2026-11-16T10:00 | em 9           | em ol    | ol    | =
both have, a third comes       | uk                | 2026-11-16T10:00 | em 2 ol 1      | em ol    |       | 2026-11-16T12:00
all have                       | uk                | 2026-11-16T14:00 | em 2 ol 1 pr 1 | em ol pr |       | 2026-11-17T08:00
a break does not empty hands   | uk repairs        | 2026-11-16T11:00 | ol 1           | ol       |       | 2026-11-17T08:00
full before the shift begins   | uk payments       | 2026-11-16T09:00 | pr 1           |          |       | 2026-11-17T12:00
full on a Friday               | uk repairs        | 2026-11-20T16:00 | ol 1           | ol       |       | 2026-11-23T08:00
a language one person speaks   | uk zh             | 2026-11-16T13:00 |                | pr       | pr    | =
a language, whatever the team  | any zh            | 2026-11-16T13:00 |                | pr me    | pr me | =
the other team has gone        | any zh            | 2026-11-16T14:00 |                | pr       | pr    | =
both have gone                 | any zh            | 2026-11-16T20:00 |                |          |       | 2026-11-17T00:30
other hours, too early         | cn                | 2027-02-05T01:00 |                |          |       | 2027-02-05T02:00
other hours, last minute       | cn                | 2027-02-08T09:59 |                | me       | me    | =
back to weekly hours           | cn                | 2027-02-08T10:00 |                |          |       | 2027-02-09T00:30
nobody speaks it               | uk fr             | 2026-11-16T10:00 |                |          |       | -
nobody can do it               | uk flying         | 2026-11-16T10:00 |                |          |       | -
one who can do both            | uk orders safety  | 2026-11-16T10:00 |                | em       | em    | =
nobody who can do both         | uk orders repairs | 2026-11-16T10:00 |                |          |       | -
a team of nobody               | empty             | 2026-11-16T10:00 |                |          |       | -
a team that is not there       | elsewhere         | 2026-11-16T10:00 |                |          |       | -
away for years                 | away              | 2026-11-16T10:00 |                |          |       | -
past midnight                  | night             | 2026-11-16T08:00 |                | nl       | nl    | =
the night is over              | night             | 2026-11-16T11:00 |                |          |       | 2026-11-17T03:00
it runs into a holiday         | night             | 2026-11-26T08:00 |                | nl       | nl    | =
none begins on a holiday       | night             | 2026-11-26T11:00 |                |          |       | 2026-11-28T03:00
full past midnight             | night             | 2026-11-17T05:00 | nl 1           | nl       |       | 2026-11-18T03:00
clock back in the night        | night             | 2026-11-01T10:59 |                | nl       | nl    | =
over after nine hours          | night             | 2026-11-01T11:00 |                |          |       | 2026-11-02T03:00
clock forward in the night     | night             | 2027-03-14T09:59 |                | nl       | nl    | =
over after seven hours         | night             | 2027-03-14T10:00 |                |          |       | 2027-03-15T02:00
summer time, last minute       | uk                | 2026-10-24T11:59 |                | em       | em    | =
clock back over the weekend    | uk                | 2026-10-24T12:00 |                |          |       | 2026-10-26T08:00
clock forward over the weekend | uk                | 2027-03-27T13:00 |                |          |       | 2027-03-29T07:00
begins in the missing hour     | early             | 2027-03-28T00:45 |                |          |       | 2027-03-28T01:00
is there from the jump on      | early             | 2027-03-28T01:00 |                | id       | id    | =
ends an hour sooner            | early             | 2027-03-28T04:00 |                |          |       | 2027-04-04T00:30
begins in the doubled hour     | early             | 2026-10-25T00:00 |                |          |       | 2026-10-25T00:30
stays for its second time      | early             | 2026-10-25T01:15 |                | id       | id    | =
ends an hour later             | early             | 2026-10-25T05:00 |                |          |       | 2026-11-01T01:30
the whole shift is missing     | brief             | 2027-03-27T12:00 |                |          |       | 2027-04-04T00:10
the whole shift comes once     | brief             | 2026-10-25T01:20 |                |          |       | 2026-11-01T01:10
half an hour is missing        | howe              | 2026-10-03T15:00 |                |          |       | 2026-10-03T15:30
half an hour shorter           | howe              | 2026-10-03T17:00 |                |          |       | 2026-10-10T15:15
an agent far from the team     | remote            | 2026-11-16T11:59 |                | te       | te    | =
the team's holiday, far away   | remote            | 2026-12-25T08:30 |                |          |       | 2026-12-28T08:00
"""


def _time(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+00:00")


def _cases() -> Iterator[object]:
    for line in CASES.strip().splitlines():
        name, asked, at, load, at_work, free, then = (part.strip() for part in line.split("|"))
        when = _time(at) if then == "=" else None if then == "-" else _time(then)
        held = dict(zip(load.split()[::2], map(int, load.split()[1::2]), strict=True))
        expected = Next(tuple(at_work.split()), tuple(free.split()), when)
        yield pytest.param(asked.split(), _time(at), held, expected, id=name)


@pytest.mark.parametrize(("asked", "at", "load", "expected"), list(_cases()))
def test_a_case_worked_by_hand(asked: list[str], at: datetime, load: dict[str, int], expected: Next) -> None:
    team, rest = asked[0].replace("any", ""), asked[1:]
    language = next((each for each in rest if each in ("zh", "fr")), "")
    roster = Roster(Shifts.model_validate(yaml.safe_load(ROSTER)))
    assert roster.available(team, language, frozenset(rest) - {language}, at, load) == expected


def test_the_zone_of_the_question_does_not_matter() -> None:
    roster = Roster(Shifts.model_validate(yaml.safe_load(ROSTER)))
    at = datetime(2026, 11, 20, 20, 30, tzinfo=ZoneInfo("Asia/Tokyo"))  # 11:30Z
    found = roster.available("uk", "", frozenset({"payments"}), at, {})
    assert found.next_time == datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
    assert found.next_time.tzinfo == UTC


# --- any roster against a scan of every minute ----------------------------------------------------------------

CHANGES = {  # days on which the clocks change, and one on which they do not
    "Europe/London": (date(2026, 10, 25), date(2027, 3, 28), date(2026, 6, 10)),
    "America/New_York": (date(2026, 11, 1), date(2027, 3, 14)),
    "Australia/Lord_Howe": (date(2026, 10, 4), date(2027, 4, 4)),
    "Africa/Cairo": (date(2026, 4, 24), date(2026, 10, 30)),  # at midnight
    "Asia/Kolkata": (date(2026, 10, 25),),
}
SCANNED = 3 * 24 * 60  # minutes


@st.composite
def _questions(draw: st.DrawFn) -> tuple[Shifts, datetime]:
    zone = draw(st.sampled_from(sorted(CHANGES)))
    day = draw(st.sampled_from(CHANGES[zone]))
    hours: dict[str, list[str]] = {}
    for name in DAYS:
        edges = sorted(draw(st.sets(st.integers(0, 24 * 12 - 1), max_size=4)))  # in steps of five minutes
        times = [f"{each // 12:02}:{each % 12 * 5:02}" for each in edges]
        hours[name] = [f"{begins}-{ends}" for begins, ends in zip(times[::2], times[1::2], strict=False)]
        if len(times) == 1:  # a night, up to where the next day's first shift may begin at the earliest
            hours[name] = [f"{times[0]}-00:00+1"]
    days_off = draw(st.lists(st.integers(-1, 3).map(lambda each: day + timedelta(each)), max_size=2))
    team = {"name": "a", "time_zone": zone, "hours": hours}
    made = Shifts.model_validate({"teams": [team], "agents": [{"name": "x", "team": "a", "days_off": days_off}]})
    begins = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=1)
    return made, begins + timedelta(minutes=draw(st.integers(0, 2 * 24 * 60)))


def _scan(made: Shifts, at: datetime) -> tuple[bool, datetime | None]:
    """Whether x is at work, and when next, told by watching the wall clock minute by minute from days before."""
    team, off = made.teams[0], made.agents[0].days_off
    zone, latest, now = ZoneInfo(team.time_zone), datetime.min, at - timedelta(days=3)
    while now < at + timedelta(minutes=SCANNED):
        # A clock that is put back does not undo what has begun or ended.
        latest = max(latest, now.astimezone(zone).replace(tzinfo=None))
        if now >= at and any(
            begins <= latest < ends
            for day in (latest.date(), latest.date() - timedelta(1))
            for begins, ends in _planned(team, off, day)
        ):
            return now == at, now
        now += timedelta(minutes=1)
    return False, None


def _planned(team: Team, off: Sequence[Period], day: date) -> Iterator[tuple[datetime, datetime]]:
    if not any(day in each for each in off):
        for shift in team.hours[day.weekday()]:
            midnight = datetime(day.year, day.month, day.day)
            yield midnight + timedelta(minutes=shift.begins), midnight + timedelta(minutes=shift.ends)


@settings(max_examples=150, deadline=None)
@given(_questions())
def test_what_is_computed_is_what_a_scan_of_every_minute_finds(question: tuple[Shifts, datetime]) -> None:
    made, at = question
    found = Roster(made).available("a", "", frozenset(), at, {})
    at_work, then = _scan(made, at)
    assert bool(found.at_work) == at_work
    if then is None:
        assert found.next_time is None or found.next_time >= at + timedelta(minutes=SCANNED)
    else:
        assert found.next_time == then
