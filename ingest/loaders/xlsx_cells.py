"""What a person sees in a cell: dates, percentages, prices. Pure; knows the common number formats only."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from ingest.loaders.xlsx_dates import moment

_ERRORS = frozenset({"#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!"})
_QUOTED = re.compile(r"\"([^\"]*)\"|\[\$([^\]-]*)(?:-[^\]]*)?\]|\\(.)|\[[^\]]*\]|[_*].")
_DIGITS = re.compile(r"[#0?,]*[0#?](?:\.([0#?]+))?")


def shown(value: object, form: str) -> str:
    """The value as text, by its number format where that is simple. Errors show nothing."""
    match value:
        case bool():
            return str(value).upper()
        case int() | float():
            return number(value, form)
        case datetime() | date() | time():
            return moment(value, form)
        case timedelta():
            minutes = int(value.total_seconds()) // 60
            return f"{minutes // 60}:{minutes % 60:02d}"
        case _:
            text = str(value)
            return "" if text in _ERRORS or form == ";;;" else text


def number(value: float, form: str) -> str:
    """A number with its decimals, thousands, percent and currency signs; as it is under any other format."""
    section = (form or "General").split(";")[0]
    if not section:  # ;;; shows nothing
        return ""
    bare = _QUOTED.sub("", section)
    found = _DIGITS.search(bare)
    if section == "General" or not found or re.search(r"[eEymdhs/@]", bare):
        return plain(value)
    percent = "%" in bare
    least, most = (found[1] or "").count("0"), len(found[1] or "")
    text = f"{value * 100 if percent else value:{',' if ',' in found[0].split('.')[0] else ''}.{most}f}"
    for _ in range(most - least):
        text = text.removesuffix("0")
    text = text.removesuffix(".") if most else text
    before, after = _literals(section)
    sign, text = ("-", text[1:]) if text.startswith("-") else ("", text)
    return f"{sign}{before}{text}{'%' if percent else ''}{after}"


def plain(value: float) -> str:
    """3 for 3.0, 0.3 for 0.30000000000000004."""
    if isinstance(value, int) or value.is_integer():
        return str(int(value)) if abs(value) < 1e15 else f"{value:g}"
    return f"{value:.10g}"


def _literals(section: str) -> tuple[str, str]:
    """What the format writes before and after the digits: "$" or " kg"."""
    visible = _QUOTED.sub(lambda found: f"\0{found[1] or found[2] or found[3] or ''}\0", section)
    parts = visible.split("\0")
    before = after = ""
    digits = False
    for at, part in enumerate(parts):
        if at % 2:
            before, after = (before, after + part) if digits else (before + part, after)
        elif found := _DIGITS.search(part):
            digits = True
            before, after = before + _signs(part[: found.start()]), after + _signs(part[found.end() :])
        else:
            before, after = (before, after + _signs(part)) if digits else (before + _signs(part), after)
    return before.lstrip(), after.rstrip()


def _signs(text: str) -> str:
    return re.sub(r"[^$€£¥￥ ()]", "", text).replace("(", "").replace(")", "")
