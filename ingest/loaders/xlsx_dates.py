"""What a person sees in a cell with a date or a time, by the cell's number format. Pure; knows no file.

Where a format writes day and month as bare numbers, year not first, or leaves the order to the reader's country, the
ISO date stands instead: 3/4/2026 is March to some readers and April to others. Syntax: ECMA-376 part 1, 18.8.31.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time

_TOKEN = re.compile(
    r"\"[^\"]*\"|\\.|[_*].|\[[^\]]*\]|AM/PM|A/P|上午/下午|General|y+|e+|m+|d+|a{3,4}|h+|s+(?:\.0+)?|.",
    re.IGNORECASE | re.DOTALL,
)
_CHINESE = re.compile(r"\[\$-(?:0?804|0?404|0?C04|0?1004|zh-)|[年月日时時]", re.IGNORECASE)
_COUNTRYS = re.compile(r"\[\$-F[48]00\]|\[DBNum|g", re.IGNORECASE)  # the system's own format; numerals and eras
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_HAN_DAYS = "一二三四五六日"


def moment(value: datetime | date | time, form: str) -> str:
    """The date, the time or both, as `form` shows them, else in ISO's notation."""
    section = (form or "").split(";")[0]
    tokens = _minutes_told(_TOKEN.findall(section))
    units = [_unit(token) for token in tokens]
    dated, timed = bool({"y", "M", "d", "a"} & {*units}), bool({"h", "i", "s"} & {*units})
    if _COUNTRYS.search(re.sub(r"\"[^\"]*\"|General", "", section)) or not (dated or timed) or _mistaken(tokens):
        return _iso(value, dated, timed)
    if isinstance(value, time) and dated:  # the stored day is none: Excel counts from 1900
        return _iso(value, dated=False, timed=True)
    at = value if isinstance(value, datetime) else _whole(value)
    half = any(_unit(token) == "half" for token in tokens)
    chinese = bool(_CHINESE.search(section))
    return "".join(_said(token, at, half, chinese) for token in tokens).strip()


def _whole(value: date | time) -> datetime:
    return datetime.combine(date(2000, 1, 1), value) if isinstance(value, time) else datetime.combine(value, time())


def _iso(value: datetime | date | time, dated: bool, timed: bool) -> str:
    """Without what the format hides, where it says that much."""
    match value:
        case datetime() if value.time() == time() and not (timed and not dated):
            return value.date().isoformat()
        case datetime() if dated and not timed:
            return value.date().isoformat()
        case datetime():
            return value.isoformat(sep=" ", timespec="minutes")
        case time():
            return value.isoformat(timespec="minutes")
        case _:
            return value.isoformat()


def _minutes_told(tokens: Sequence[str]) -> list[str]:
    """An m after hours or before seconds is a minute; it becomes "i", a month "M"."""
    found = list(tokens)
    units = [(at, token[0].lower()) for at, token in enumerate(tokens) if re.match(r"[yemdhs]", token, re.IGNORECASE)]
    for place, (at, unit) in enumerate(units):
        if unit == "m":
            after = place and units[place - 1][1] == "h"
            before = place + 1 < len(units) and units[place + 1][1] == "s"
            found[at] = ("i" if (after or before) and len(tokens[at]) < 3 else "M") * len(tokens[at])
    return found


def _unit(token: str) -> str:
    """y, M, d, a (a weekday in Chinese), h, i, s, half (of the day); "" for all that is written as it stands."""
    if token.upper() in ("AM/PM", "A/P") or token == "上午/下午":
        return "half"
    if re.fullmatch(r"M+|i+", token):
        return token[0]
    if re.fullmatch(r"y+|e+|d+|a{3,4}|h+|s+(?:\.0+)?", token, re.IGNORECASE):
        return token[0].lower().replace("e", "y")
    return ""


def _mistaken(tokens: Sequence[str]) -> bool:
    """Whether day and month are bare numbers without a year before them: their order differs from country to country."""
    day = any(_unit(token) == "d" and len(token) < 3 for token in tokens)
    month = any(_unit(token) == "M" and len(token) < 3 for token in tokens)
    if not (day and month) or "月" in "".join(tokens):
        return False
    return next(unit for token in tokens if (unit := _unit(token)) in ("y", "M", "d")) != "y"


def _said(token: str, at: datetime, half: bool, chinese: bool) -> str:
    long, padded = len(token), 2 if len(token) > 1 else 1
    match _unit(token):
        case "y":
            return f"{at.year:04d}" if long > 2 or token[0] in "eE" else f"{at.year % 100:02d}"
        case "M":
            return _named(f"{at.month}月" if chinese else _MONTHS[at.month - 1], long) or f"{at.month:0{padded}d}"
        case "d" if chinese and long > 2:
            return ("周", "星期")[long > 3] + _HAN_DAYS[at.weekday()]
        case "d":
            return _named(_DAYS[at.weekday()], long) or f"{at.day:0{padded}d}"
        case "a":
            return ("周", "星期")[long > 3] + _HAN_DAYS[at.weekday()]
        case "h":
            return f"{(at.hour % 12 or 12) if half else at.hour:0{padded}d}"
        case "i":
            return f"{at.minute:0{padded}d}"
        case "s":
            return f"{at.second:0{2 if token[1:2] in 'sS' and long > 1 else 1}d}"
        case "half":
            return token.split("/")[at.hour >= 12]
    return _literal(token)


def _named(name: str, long: int) -> str:
    """Jan for mmm, January for mmmm, J for mmmmm; "" where the format wants a number."""
    return "" if long < 3 else name[:1] if long == 5 else name if long == 4 else name[:3]


def _literal(token: str) -> str:
    if token[0] == '"':
        return token[1:-1]
    if token[0] == "\\":
        return token[1:]
    return "" if token[0] in "[_*@" else token
