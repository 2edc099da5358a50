"""Sentences that repeat their source in disguise: letters changed about, a range turned round, a value without its unit,
a clause in the other language. Their words are so like the source's that comparing words does not tell. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rag.text import HAN, STOPWORDS, normalise

_HAN_RUN = re.compile(f"[{HAN}]+")
_LATIN = re.compile(r"[a-z]{3,}")
_RANGE = re.compile(r"(\d[\d.,]*)\s*[^\W\d_]{0,6}\s*(?:-|–|~|to|and|or|到|至|和|或)\s*(\d[\d.,]*)")
_LAST_NUMBER = re.compile(r"(?<![\w.,])(\d+(?:[.,]\d+)*)\s*[.。!！]?$")
_SYMBOLS = re.compile(r"[a-z][@#$%&*]+[a-z]|[\U0001f300-\U0001faff\u2600-\u27bf]")
FLANKED = 4  # characters of a Chinese stretch whose middle two are looked at
OTHERS = 2  # Latin words of a Chinese sentence that its source has not


def garbled(text: str, sources: Iterable[str]) -> str:
    """What in `text` is its sources' words in disguise; empty if nothing is seen."""
    mine, theirs = normalise(text).strip(), normalise("\n".join(sources))
    found = (_symbols(mine, theirs), _letters(mine, theirs), _characters(mine, theirs), _reversed(mine, theirs))
    return next(filter(None, (*found, _without_unit(mine, theirs), _other_language(mine, theirs))), "")


def _symbols(mine: str, theirs: str) -> str:
    """Symbols within words, or pictures, that the source does not have."""
    return next((found[0] for found in _SYMBOLS.finditer(mine) if found[0] not in theirs), "")


def _letters(mine: str, theirs: str) -> str:
    """A word whose letters make a word of the source in another order."""
    known = set(_LATIN.findall(theirs))
    orders = {"".join(sorted(word)) for word in known if len(word) > FLANKED}
    said = (word for word in _LATIN.findall(mine) if word not in known and word not in STOPWORDS)
    return next((word for word in said if "".join(sorted(word)) in orders), "")


def _characters(mine: str, theirs: str) -> str:
    """Two Chinese characters changed about between two that stand where they stood."""
    known = {piece for run in _HAN_RUN.findall(theirs) for piece in _pieces(run)}
    for run in _HAN_RUN.findall(mine):
        for piece in _pieces(run):
            if piece not in known and piece[1] != piece[2] and piece[0] + piece[2] + piece[1] + piece[3] in known:
                return piece
    return ""


def _pieces(run: str) -> Iterator[str]:
    return (run[at : at + FLANKED] for at in range(len(run) - FLANKED + 1))


def _reversed(mine: str, theirs: str) -> str:
    """A range that the source has the other way round: "8 to 5 days"."""
    known = set(_RANGE.findall(theirs))
    return next((f"{one} … {other}" for one, other in _RANGE.findall(mine) if _turned(one, other, known)), "")


def _turned(one: str, other: str, known: set[tuple[str, str]]) -> bool:
    return one != other and (other, one) in known and (one, other) not in known


def _without_unit(mine: str, theirs: str) -> str:
    """A number at the end that the source never has without a unit behind it."""
    last = _LAST_NUMBER.search(mine)
    if last is None:
        return ""
    behind = re.findall(rf"(?<![\w.,]){re.escape(last[1])}(?![\d])(.{{0,2}})", theirs)
    return last[1] if behind and all(re.match(rf"\s?[a-z%°€£¥{HAN}]", each) for each in behind) else ""


def _other_language(mine: str, theirs: str) -> str:
    """Words of a Chinese sentence that are neither Chinese nor the source's, where that is Chinese too."""
    if not (_HAN_RUN.search(mine) and _HAN_RUN.search(theirs)):
        return ""
    new = [word for word in _LATIN.findall(mine) if word not in theirs]
    return " ".join(new) if len(new) >= OTHERS else ""
