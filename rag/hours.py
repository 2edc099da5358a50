"""Working hours as config.yaml writes them, as values: "08:00-12:00", "mon-fri", "2026-12-24/2027-01-02".

Wall-clock time only; knows no time zone and no date's weekday. Whatever is wrong raises ValueError with a sentence
that says what, which the reader of the settings turns into a ConfigError.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = 24 * 60  # minutes
_SHIFT = re.compile(r"(\d\d?):([0-5]\d) ?[-–] ?(\d\d?):([0-5]\d)(\+1)?")


@dataclass(frozen=True, slots=True)
class Shift:
    """Minutes from midnight of the day on which it begins; it may end in the next day, beyond DAY."""

    begins: int
    ends: int

    def __str__(self) -> str:
        after = "+1" if self.ends > DAY else ""
        return f"{_clock(self.begins)}-{_clock(self.ends - DAY if after else self.ends)}{after}"


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last`, both included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def __str__(self) -> str:
        return f"{self.first}/{self.last}" if self.first != self.last else str(self.first)


Week = tuple[tuple[Shift, ...], ...]  # seven days, Monday first


def shift(text: str) -> Shift:
    """ "22:00-06:00+1" goes on into the next day; without the +1 it ends before it begins, which is an error."""
    found = _SHIFT.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is no shift; write it as 08:00-16:30")
    begins, ends = (60 * int(hour) + int(minute) for hour, minute in (found.group(1, 2), found.group(3, 4)))
    if begins >= DAY or ends > DAY:
        raise ValueError(f"{text!r} has an hour that no clock shows; a day is 00:00-24:00")
    if found[5]:
        if ends > begins:
            raise ValueError(f"{text!r} lasts longer than a day; without +1 it ends on the day it begins")
        return Shift(begins, ends + DAY)
    if ends <= begins:
        raise ValueError(
            f"the shift {text!r} ends before it begins; if it goes on into the next day, write {text.strip()}+1"
        )
    return Shift(begins, ends)


def week(raw: object) -> Week:
    """A mapping of days ("mon", "mon-fri") to shifts, one or a list. Raises ValueError, also where shifts overlap."""
    if not isinstance(raw, Mapping):
        raise ValueError("hours are written as days with shifts, e.g. {mon-fri: [08:00-12:00, 13:00-17:00]}")
    days: dict[str, tuple[Shift, ...]] = {}
    for key, value in raw.items():
        texts = value if isinstance(value, (list, tuple)) else [value]
        for day in _days(str(key)):
            if day in days:
                raise ValueError(f"{day} is named twice")
            days[day] = tuple(sorted((shift(str(each)) for each in texts), key=lambda each: each.begins))
    found = tuple(days.get(day, ()) for day in DAYS)
    _check_overlap(found)
    return found


def period(raw: object) -> Period:
    """A day, or "first/last". Raises ValueError."""
    if isinstance(raw, date) and not isinstance(raw, datetime):
        return Period(raw, raw)
    try:
        first, _, last = (part.strip() for part in str(raw).partition("/"))
        found = Period(date.fromisoformat(first), date.fromisoformat(last or first))
    except ValueError:
        raise ValueError(
            f"{str(raw)!r} is no date; write 2026-12-25, or 2026-12-24/2027-01-02 for several days"
        ) from None
    if found.last < found.first:
        raise ValueError(f"the days {raw!r} end before they begin")
    return found


def _days(key: str) -> tuple[str, ...]:
    first, dash, last = key.strip().lower().partition("-")
    if first not in DAYS or (dash and last not in DAYS):
        raise ValueError(f"{key!r} is no day; write one of {', '.join(DAYS)}, or a range such as mon-fri")
    begin, end = DAYS.index(first), DAYS.index(last or first)
    if end < begin:
        raise ValueError(f"the days {key!r} end before they begin; a week goes from mon to sun")
    return DAYS[begin : end + 1]


def _check_overlap(found: Week) -> None:
    placed = [(day * DAY + each.begins, day * DAY + each.ends, day, each) for day, each in _each(found)]
    placed.sort(key=lambda each: each[:2])
    if placed:  # Sunday's last shift may run into Monday's first
        begins, ends, day, first = placed[0]
        placed.append((begins + 7 * DAY, ends + 7 * DAY, day, first))
    for (_, ends, day, one), (begins, _, next_day, other) in pairwise(placed):
        if begins < ends:
            raise ValueError(f"{DAYS[day]} {one} and {DAYS[next_day]} {other} overlap")


def _each(found: Week) -> list[tuple[int, Shift]]:
    return [(day, each) for day, shifts in enumerate(found) for each in shifts]


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
