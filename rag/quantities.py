"""Numbers with what they count: "12 months", "£5", "31 March", "二十天". Two languages, one form for both.

A number inside a code ("300S", "AP-F300") is part of a name and none of these.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rag.text import folded

Quantity = tuple[str, str]  # number, unit; "" for a unit that is none of these

_UNITS = {
    "second": r"(?-i:s)|secs?|seconds?|秒",
    "minute": r"mins?|minutes?|分钟",
    "hour": r"(?-i:h)|hrs?|hours?|个?小时",
    "working day": r"(?:working|business) days?|个?工作日",
    "day": r"(?:full |calendar |consecutive )?days?|天|日",
    "week": r"weeks?|周|个?星期",
    "month": r"months?|个月",
    "calendar month": r"月",
    "year": r"years?|yrs?|年",
    "m²": r"(?-i:m2)|square met(?:re|er)s?|平方米|平米",
    "m³": r"(?-i:m3)(?:/h)?|立方米",
    "mm": r"mm|millimet(?:re|er)s?|毫米",
    "cm": r"cm|centimet(?:re|er)s?|厘米",
    "m": r"(?-i:m)|met(?:re|er)s?|米",
    "kg": r"kg|kilos?|kilograms?|公斤|千克",
    "g": r"(?-i:g)|grams?|克",
    "ml": r"ml|millilit(?:re|er)s?|毫升",
    "l": r"l|lit(?:re|er)s?|升",
    "kw": r"kw|kilowatts?|千瓦",
    "wh": r"wh|watt-hours?|瓦时",
    "kwh": r"kwh|千瓦时",
    "w": r"(?-i:W)|watts?|瓦",
    "v": r"(?-i:V)|volts?|伏特?",
    "mah": r"mah|毫安时?",
    "pa": r"pa",
    "ghz": r"ghz",
    "hz": r"hz|赫兹?",
    "db": r"db(?:\(a\))?|decibels?|分贝",
    "%": r"%|percent|per cent",
    "°c": r"°c|degrees? celsius|摄氏度",
    "°f": r"°f|degrees? fahrenheit|华氏度",
    "eur": r"€|eur|euros?|欧元",
    "gbp": r"£|gbp|pounds?|英镑",
    "hkd": r"hk\$|hkd|港[币元]",
    "twd": r"nt\$|twd|新?台币",
    "usd": r"us\$|\$|usd|dollars?|美元",
    "cny": r"¥|cny|rmb|yuan|人民币|元",
    "am": r"a\.?m\b\.?",
    "pm": r"p\.?m\b\.?",
    "times": r"times|次",
}
_UNIT = re.compile("|".join(f"(?P<u{at}>{each})" for at, each in enumerate(_UNITS.values())), re.I)
_NAMES = list(_UNITS)
_ANY = "|".join(sorted((each for each in _UNITS.values()), key=len, reverse=True))
_BEFORE = r"hk\$|nt\$|us\$|[£€$¥]|(?:eur|gbp|usd|cny|rmb|hkd|twd)(?= ?\d)"
_QUANTITY = re.compile(
    rf"(?P<before>{_BEFORE})?\s?(?<![A-Za-z\d])(?<!\d[.,])(?P<number>\d+(?:[.,]\d+)*)"
    rf"(?:[\s-]{{0,2}}(?P<after>{_ANY})(?![A-Za-z])|st|nd|rd|th|x)?(?![A-Za-z\d])",
    re.I,
)
_UNIT_WORD = re.compile(rf"(?<![A-Za-z\d])(?:{_ANY})(?![A-Za-z\d])", re.I)
_HEAD = re.compile(rf"[(](?P<unit>{_ANY})[)]\s*[:|]\s*$", re.I)  # of a column: "Weight (kg): 5.6"
_LINK = re.compile(r"\s*(?:-|–|—|to|or|and|/|至|到|~|、|或|和)\s*", re.I)

_MONTHS = ["jan(?:uary)?", "feb(?:ruary)?", "mar(?:ch)?", "apr(?:il)?", "may", "june?", "july?", "aug(?:ust)?"]
_MONTHS += ["sept?(?:ember)?", "oct(?:ober)?", "nov(?:ember)?", "dec(?:ember)?"]
_MONTH = "|".join(f"{each[0].upper()}{each[1:]}" for each in _MONTHS)  # capitals: "5 may be used" is no date
_DATE = re.compile(
    rf"(?<!\d)(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<m1>{_MONTH})\b"
    rf"|\b(?P<m2>{_MONTH}) (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)|(?P<m3>\d{{1,2}}) ?月 ?(?P<d3>\d{{1,2}}) ?[日号]"
    rf"|(?<![\d/.-])(?P<y4>(?:1\d|20)\d\d)(?P<by>[/.-])(?P<m4>1[0-2]|0?[1-9])(?P=by)(?P<d4>3[01]|[12]\d|0?[1-9])(?![\d/-]|\.\d)"
    rf"|\b(?P<m5>{_MONTH}) (?=(?:19|20)\d\d(?!\d))"
)

_WORDED = dict(zip("two three four five six seven eight nine ten eleven twelve".split(), range(2, 13), strict=True))
_WORDED |= {"fourteen": 14, "fifteen": 15, "eighteen": 18, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50}
_WORDED |= {"sixty": 60, "ninety": 90}
_WORD = re.compile(rf"\b(?:{'|'.join(_WORDED)})\b", re.I)
# "one" and 一 mostly stand for "a": they count only before a measure.
_ONE = re.compile(r"\bone(?=[ -](?:second|minute|hour|day|week|month|year|litre|metre|kilo))", re.I)
_HAN_NUMBER = re.compile(
    r"(?<!第)[一二两三四五六七八九十百]+(?=个月|个?小时|个?工作日|个?星期|天|年|周|月|日|秒|分钟|元|公斤|千克|克|毫?升|[厘毫]?米)"
    r"|(?!一)[二两三四五六七八九十百]+(?=[个次件台倍档级种块])"
)
_HAN = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"两": 2}


@lru_cache(maxsize=8192)
def quantities(text: str) -> frozenset[Quantity]:
    """Every number in the text with its unit. In "2–3 days" both count days."""
    return frozenset(quantity for *_, quantity in located(text)[1])


@lru_cache(maxsize=8192)
def located(text: str) -> tuple[str, tuple[tuple[int, int, Quantity], ...]]:
    """(the text, folded and with its numbers in digits; start, end and quantity of each number and date in it)."""
    plain = _in_digits(folded(text))
    found = [(match.start(), match.end(), each) for match in _DATE.finditer(plain) for each in _date(match)]
    matches = list(_QUANTITY.finditer(_DATE.sub(_blank, plain)))
    units = [_unit_of(match) for match in matches]
    for at in range(len(matches) - 2, -1, -1):
        linked = _LINK.fullmatch(plain[matches[at].end() : matches[at + 1].start()])
        units[at] = units[at] or (units[at + 1] if linked else "")
    units = [unit or _unit_above(plain[: match.start()]) for match, unit in zip(matches, units, strict=True)]
    found += [(match.start(), match.end(), (_plain(match), unit)) for match, unit in zip(matches, units, strict=True)]
    return plain, tuple(sorted(found))


@lru_cache(maxsize=8192)
def without_quantities(text: str) -> str:
    """The text, folded, without its numbers, dates and what they count: what it is about."""
    return _QUANTITY.sub(" ", _DATE.sub(" ", _in_digits(folded(text))))


def units(text: str) -> frozenset[str]:
    """Every unit that the text names, also away from a number, as in the head of a table: "Weight (kg)"."""
    return frozenset(_canonical(match.group()) for match in _UNIT_WORD.finditer(folded(text)))


def is_quantity(word: str) -> bool:
    """Whether a word with letters and digits is a number and its unit ("5kg", "31st"), or a unit ("m2"), and no code."""
    return bool(_QUANTITY.fullmatch(word) or _UNIT_WORD.fullmatch(word))


def _plain(match: re.Match[str]) -> str:
    return match["number"].replace(",", "")


def _unit_of(match: re.Match[str]) -> str:
    unit = _canonical(match["before"] or match["after"] or "")
    return "" if unit == "year" and len(match["number"]) == 4 else unit  # 2026年


def _unit_above(before: str) -> str:
    head = _HEAD.search(before[-40:])
    return _canonical(head["unit"]) if head else ""


def _canonical(unit: str) -> str:
    match = _UNIT.fullmatch(unit)
    return _NAMES[int(str(match.lastgroup)[1:])] if match else ""


def _date(match: re.Match[str]) -> list[Quantity]:
    """Day and month as one quantity; the year, where the date is written in figures alone, as another."""
    name = match["m1"] or match["m2"] or match["m5"]
    month = _month(name) if name else int(match["m3"] or match["m4"])
    if match["m5"]:
        return [(str(month), "calendar month")]
    day = match["d1"] or match["d2"] or match["d3"] or match["d4"]
    return [(str(int(day)), f"of month {month}"), *([(match["y4"], "")] if match["y4"] else [])]


def _month(name: str) -> int:
    return 1 + next(at for at, each in enumerate(_MONTHS) if re.fullmatch(each, name, re.I))


def _blank(match: re.Match[str]) -> str:
    """As long as the date, and nothing that links the numbers beside it."""
    return ";".ljust(len(match.group()))


def _in_digits(text: str) -> str:
    text = _ONE.sub("1", _WORD.sub(lambda match: str(_WORDED[match.group().lower()]), text))
    return _HAN_NUMBER.sub(lambda match: str(_han_value(match.group())), text)


def _han_value(digits: str) -> int:
    """二十四 → 24, 百二十 → 120."""
    total, digit = 0, 0
    for each in digits:
        if each in "十百":
            total, digit = total + max(1, digit) * (10 if each == "十" else 100), 0
        else:
            digit = _HAN[each]
    return total + digit
