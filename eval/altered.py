"""Rules that say something else: each takes a sentence and gives it altered, or nothing where the rule does not fit.

What a careless or invented answer gets wrong: figures, names, conditions, who does what. Pure functions over text
and a source of chance; `others` is text in the same passages, from which figures and names are borrowed.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence

from eval.altered_words import (
    ADDED,
    AMOUNT,
    ASSERTED,
    CONDITIONS,
    DENIED,
    MODAL,
    NAMES,
    RESTRICTIONS,
    ROLES,
    TURNED,
    UNITS,
)
from rag.types import Language

Rule = Callable[[str, str, random.Random], str]  # (sentence, others, chance) → altered; the same or empty: no fit

_NUMBER = re.compile(r"(?<![A-Za-z\d.,:/-])\d+(?:[.,]\d+)*(?![\d:/]|[A-Za-z]\d|[GHS]\b)")
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DENIAL = re.compile(r"\b(?:no|not|never|without|cannot|nor|neither|un\w+)\b|n't|不|没|无|勿|未|除外", re.I)


def rules(language: Language) -> Mapping[str, Rule]:
    """The rules of a language by the kind of pair that they make."""
    return {
        "number": _number,
        "unit": lambda text, _, chance: _unit(text, UNITS[language], chance),
        "date": _date,
        "name": _name,
        "negation": lambda text, _, chance: _negation(text, language, chance),
        "condition dropped": lambda text, _, chance: _dropped(text, CONDITIONS[language], chance),
        "restriction dropped": lambda text, _, chance: _dropped(text, RESTRICTIONS[language], chance),
        "direction": lambda text, _, chance: _exchange(text, _worded(TURNED[language], language), chance),
        "modality": lambda text, _, chance: _exchange(text, _modals(language), chance),
        "quantifier": lambda text, _, chance: _exchange(text, AMOUNT[language], chance),
        "who does what": lambda text, _, chance: _exchange(text, ROLES[language], chance, flags=re.I),
        "values swapped": _swapped,
        "claim added": lambda text, _, chance: _added(text, language, chance),
    }


def _number(text: str, others: str, chance: random.Random) -> str:
    """One number becomes another: half of them one that stands elsewhere in the passages."""
    places = [each for each in _NUMBER.finditer(text) if each.start() > 3]
    if not places:
        return ""
    place = chance.choice(places)
    borrowed = sorted({each for each in _NUMBER.findall(others) if each not in text and len(each) < 5})
    value = chance.choice(borrowed) if borrowed and chance.random() < 0.5 else _near(place.group(), chance)
    return text[: place.start()] + value + text[place.end() :]


def _near(number: str, chance: random.Random) -> str:
    at = chance.choice([at for at, each in enumerate(number) if each.isdigit()])
    return number[:at] + str((int(number[at]) + chance.randint(1, 8)) % 9 + 1) + number[at + 1 :]


def _unit(text: str, table: Sequence[tuple[str, str]], chance: random.Random) -> str:
    signs = [(re.escape(old), new) for old, new in table if old in "£€" and old in text]
    fitting = signs + [(rf"(?<=\d)(\s?){old}(?![A-Za-z])", rf"\g<1>{new}") for old, new in table if old not in "£€"]
    return _exchange(text, fitting, chance)


def _date(text: str, _: str, chance: random.Random) -> str:
    day = (
        rf"\b\d{{1,2}}(?= (?:{_MONTHS})\b)|(?<=月) ?\d{{1,2}}(?= ?日)|(?<=\d年)\d{{1,2}}(?=月)|(?<=年 )\d{{1,2}}(?= 月)"
    )
    places = list(re.finditer(rf"{day}|(?<=\d )(?:{_MONTHS})\b|\b20\d\d(?= ?年)|(?<=[a-z] )20\d\d\b", text))
    if not places:
        return ""
    place = chance.choice(places)
    old = place.group().strip()
    months = [each for each in _MONTHS.split("|") if each != old]
    new = (
        str(int(old) + chance.choice([1, 2, 3]) if int(old) < 9 or len(old) == 4 else int(old) - 3)
        if old.isdigit()
        else chance.choice(months)
    )
    return text[: place.start()] + place.group().replace(old, new) + text[place.end() :]


def _name(text: str, others: str, chance: random.Random) -> str:
    here = [each for each in NAMES if _stands(each, text)]
    if not here:
        return ""
    old = here[0]
    alike = [each for each in NAMES if _sort(each) == _sort(old) and not _stands(each, text) and not _one(each, old)]
    near = [each for each in alike if _stands(each, others)]
    new = chance.choice(near or alike) if near or alike else ""
    return re.sub(rf"(?<![A-Za-z\d]){re.escape(old)}(?![A-Za-z\d])", new, text) if new else ""


def _stands(name: str, text: str) -> bool:
    return bool(re.search(rf"(?<![A-Za-z\d]){re.escape(name)}(?![A-Za-z\d])", text))


def _one(name: str, other: str) -> bool:
    """Whether one name is the end of the other: "R2 Pro" is the Sweep R2 Pro."""
    return name.endswith(other) or other.endswith(name)


def _sort(name: str) -> str:
    """Names that may stand for each other: models with digits, Chinese words, other names."""
    return "model" if re.search(r"\d|One", name) else "word" if name.isascii() else "han"


def _negation(text: str, language: Language, chance: random.Random) -> str:
    """A denial taken away, or put in where there is none."""
    table = DENIED[language] if _DENIAL.search(text) else ASSERTED[language]
    return _exchange(text, table, chance, first=True)


def _exchange(
    text: str, table: Sequence[tuple[str, str]], chance: random.Random, first: bool = False, flags: int = 0
) -> str:
    fitting = [(old, new) for old, new in table if re.search(old, text, flags)]
    if not fitting:
        return ""
    old, new = fitting[0] if first else chance.choice(fitting)
    return re.sub(old, new, text, count=1, flags=flags)


def _worded(table: Sequence[tuple[str, str]], language: Language) -> list[tuple[str, str]]:
    return [(rf"\b{old}\b", new) for old, new in table] if language == "en" else list(table)


def _modals(language: Language) -> list[tuple[str, str]]:
    """Without those denied: "may not" and "must not" say the same."""
    return [
        (f"{old}(?! not)" if language == "en" else f"(?<![不无]){old}", new)
        for old, new in _worded(MODAL[language], language)
    ]


def _dropped(text: str, patterns: Sequence[str], chance: random.Random) -> str:
    fitting = [each for each in patterns if re.search(each, text)]
    if not fitting:
        return ""
    rest = re.sub(chance.choice(fitting), "", text, count=1).strip()
    return rest[0].upper() + rest[1:] if len(rest) > 6 else ""


def _swapped(text: str, _: str, chance: random.Random) -> str:
    """The first two different numbers exchanged, where both count the same."""
    found = [(each, re.match(r"\s?([^\s\d,.;，。；]*)", text[each.end() :])) for each in _NUMBER.finditer(text)]
    pairs = [
        (one, other)
        for at, (one, after) in enumerate(found)
        for other, behind in found[at + 1 :]
        if after
        and behind
        and after[1][:2] == behind[1][:2]
        and one.group() != other.group()
        and not re.fullmatch(r"\s?(?:[-–/×x、~～]|to|or|and|至|到|或|和)\s?.{0,3}", text[one.end() : other.start()])
    ]
    if not pairs:
        return ""
    one, other = chance.choice(pairs)
    return text[: one.start()] + other.group() + text[one.end() : other.start()] + one.group() + text[other.end() :]


def _added(text: str, language: Language, chance: random.Random) -> str:
    if text[-1] not in ".。":
        return ""
    claim = chance.choice(ADDED[language])
    return f"{text[:-1]}，{claim}。" if language == "zh" else f"{text[:-1]} {claim}."
