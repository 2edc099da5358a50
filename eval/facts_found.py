"""Whether a text says a fact: words and quantities compared in one form. Pure; knows neither cases nor answers.

Case, width, Traditional or Simplified, punctuation and the ending of an English word make no difference; a quantity is
its number and unit, however they are written ("12 months", "twelve-month", "12个月"). What else differs, differs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from rag.quantities import Quantity, located
from rag.text import HAN, content_tokens, normalise, tokens

Unit = str | Quantity
_LETTER = "[a-z0-9]"
_WORD = re.compile(rf"[{HAN}]|[^\W_{HAN}]+(?:['’][^\W\d_{HAN}]+)?")


def says(text: str, fact: str) -> bool:
    """Whether `text` says `fact` in its words and order; one with a quantity also in any order of one line's words."""
    wanted = _units(fact)
    if not wanted:
        return False
    if _in_order(_units(text), wanted):
        return True
    return any(isinstance(each, tuple) for each in wanted) and any(
        _together(_units(line), wanted) for line in text.splitlines()
    )


def names(text: str, words: str) -> bool:
    """Whether `text` holds these words as they are spelled, a quantity in any spelling: for what must not appear."""
    wanted = _units(words)
    if any(isinstance(each, tuple) for each in wanted):
        return _in_order(_units(text), wanted)
    literal = " ".join(normalise(words).split())
    return bool(literal) and bool(re.search(_whole(literal), " ".join(normalise(text).split())))


def _whole(literal: str) -> str:
    """A pattern that does not find "able" in "unable", but "@example" in "ann@example"."""
    before, after = (rf"(?<!{_LETTER})", rf"(?!{_LETTER})")
    ends = [bool(re.fullmatch(_LETTER, each)) for each in (literal[0], literal[-1])]
    return f"{before if ends[0] else ''}{re.escape(literal)}{after if ends[1] else ''}"


def _in_order(said: Sequence[Unit], wanted: Sequence[Unit]) -> bool:
    last = len(said) - len(wanted)
    return any(all(_same(one, said[at + place]) for place, one in enumerate(wanted)) for at in range(last + 1))


def _together(said: Sequence[Unit], wanted: Sequence[Unit]) -> bool:
    words = tuple(each for each in wanted if isinstance(each, str))
    needed: list[Unit] = [each for each in wanted if isinstance(each, tuple)]
    needed += content_tokens((*words, "x"))[:-1]  # "to" and "at" need not be there, also where nothing else is
    return all(any(_same(one, each) for each in said) for one in needed)


def _same(wanted: Unit, said: Unit) -> bool:
    if isinstance(wanted, tuple) and isinstance(said, tuple):
        return wanted[0] == said[0] and wanted[1] in ("", said[1])  # a bare number may count anything
    return wanted == said


@lru_cache(maxsize=8192)
def _units(text: str) -> tuple[Unit, ...]:
    """Words, single Chinese characters and quantities in order."""
    plain, quantities = located(text)
    found, at = list[Unit](), 0
    for start, end, (number, unit) in quantities:
        found += _words(plain[at:start])
        found.append((_plain(number), unit))
        at = end
    return (*found, *_words(plain[at:]))


def _words(text: str) -> list[str]:
    return [tokens(word)[0] for word in _WORD.findall(text)]


def _plain(number: str) -> str:
    """5.60 → 5.6; what is no number, as that of an edition (1.2.3), stays."""
    try:
        return f"{Decimal(number).normalize():f}"
    except InvalidOperation:
        return number
