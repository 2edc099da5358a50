"""Which products a text names, as customers write them: "300s", "air pure 300 S", "R2pro", "the Pro", "sweap r2".

The products are those that editors name in their documents; the assistant knows no other. Pure functions.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rag.text import normalise

LONGEST = 5  # words of a name as customers write it
FUZZY_FROM = 6  # characters of a name from which one may be wrong
_PIECE = re.compile(r"[a-z0-9]+")
_GAP = re.compile(r"[ \-–_./]{0,2}")
# What makes a bare number an amount: "within 300", "£300", "300 ml", "300 天".
_AMOUNT_BEFORE = re.compile(r"(?:[£€$¥#.,]|\b(?:within|after|before|over|under|every|per|than|to|most|least))\s*$")
_AMOUNT_BEHIND = re.compile(
    r"\s*(?:[%°€£$¥²³]|[.,:]?\d|(?:seconds?|s|minutes?|min|hours?|h|days?|weeks?|months?|years?|[cmk]?m|m2|k?g|m?l|lit\w+|"
    r"k?wh?|m?ah|pa|k?hz|db|cups?|times?|percent|eur\w*|gbp|usd|pounds?|dollars?|yuan|lumens?|lm)\b|"
    r"[元块天日周个月年次杯克斤千公升毫小分秒平米瓦帕安度页])"
)


# What says of the name behind it that it is not meant: "not the Pro", "不是 Pro"; "是不是" asks.
_NOT = re.compile(r"(?:(?<!是)(?:不是|并非|而非)(?:我的|那个|那款|那台)?|\bnot (?:the |an? |my )?)\s*$")


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    product: str


def named(text: str, products: Collection[str], *, exact: bool = False) -> tuple[str, ...]:
    """The products that `text` names, in order, the longest name winning: "R2 Pro" is not the R2.

    `exact`: neither slips of the pen nor bare numbers count, as befits documents.
    """
    return tuple(dict.fromkeys(each.product for each in _found(normalise(text), products, exact)))


def without(text: str, products: Collection[str]) -> str:
    """The text in normal form, with the names of products taken out."""
    plain = normalise(text)
    for each in reversed(_found(plain, products)):
        plain = f"{plain[: each.start]} {plain[each.end :]}"
    return plain


def excluded(text: str, products: Collection[str]) -> tuple[str, tuple[str, ...]]:
    """The text without the names that it says are not meant ("the R2, not the Pro"), and the products of those names.

    The text comes back as it is where there are none, else in normal form.
    """
    plain, gone = normalise(text), list[str]()
    for each in reversed(_found(plain, products)):
        if denied := _NOT.search(plain, 0, each.start):
            plain = f"{plain[: denied.start()]} {plain[each.end :]}"
            gone.append(each.product)
    return (plain, tuple(reversed(gone))) if gone else (text, ())


def _found(plain: str, products: Collection[str], exact: bool = False) -> list[_Found]:
    """Names in their order; of those that overlap the longest."""
    found = sorted(_matches(plain, frozenset(products), exact), key=lambda each: (each.start - each.end, each.start))
    kept: list[_Found] = []
    for each in found:
        if all(each.end <= other.start or other.end <= each.start for other in kept):
            kept.append(each)
    return sorted(kept, key=lambda each: each.start)


def family(product: str) -> str:
    """What a product shares with its siblings: the first word of its name."""
    return normalise(product).split(" ", 1)[0]


def specific(products: Collection[str]) -> frozenset[str]:
    """Without the names of whole families: of AirPure, AirPure 300 and Brew One the last two. A model has digits."""
    plain = {each: normalise(each) for each in products}
    begins = {each for each in products for other in plain.values() if other.startswith(f"{plain[each]} ")}
    return frozenset(each for each in products if each not in begins or any(map(str.isdigit, each)))


def _matches(plain: str, products: frozenset[str], exact: bool) -> Iterator[_Found]:
    forms = _forms(products)
    fuzzy = [] if exact else [form for form in forms if len(form) >= FUZZY_FROM]
    for start, end, squeezed in _windows(plain):
        if squeezed in forms:
            if not squeezed.isdigit() or (not exact and not _amount(plain, start, end)):
                yield _Found(start, end, forms[squeezed])
        elif len(squeezed) >= FUZZY_FROM - 1:
            yield from (_Found(start, end, forms[form]) for form in fuzzy if _one_slip(squeezed, form))


@lru_cache(maxsize=64)
def _forms(products: frozenset[str]) -> dict[str, str]:
    """Name without gaps → product: whole, without its first word, or only its last where no other ends so."""
    found: dict[str, str] = {}
    words = {product: _PIECE.findall(normalise(product)) for product in sorted(products)}
    lasts = [each[-1] for each in words.values() if len(each) > 2]
    for product, name in words.items():
        found["".join(name)] = product
        if any(character.isdigit() for character in "".join(name[1:])):
            found.setdefault("".join(name[1:]), product)
        if len(name) > 2 and len(name[-1]) > 2 and lasts.count(name[-1]) == 1:
            found.setdefault(name[-1], product)
    found.pop("", None)
    return found


def _windows(plain: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, text without gaps) of up to LONGEST neighbouring words."""
    pieces = list(_PIECE.finditer(plain))
    joined = [bool(_GAP.fullmatch(plain, one.end(), other.start())) for one, other in pairwise(pieces)]
    for first, piece in enumerate(pieces):
        squeezed = ""
        for at in range(first, min(first + LONGEST, len(pieces))):
            if at > first and not joined[at - 1]:
                break
            squeezed += pieces[at].group()
            yield piece.start(), pieces[at].end(), squeezed


def _amount(plain: str, start: int, end: int) -> bool:
    return bool(_AMOUNT_BEFORE.search(plain, max(0, start - 12), start) or _AMOUNT_BEHIND.match(plain, end))


def _one_slip(written: str, form: str) -> bool:
    """Whether one letter is wrong, missing, too many or swapped with its neighbour; digits must be right."""
    if abs(len(written) - len(form)) > 1 or re.sub(r"\D", "", written) != re.sub(r"\D", "", form):
        return False
    if written[0] != form[0]:
        return False
    at = next((at for at, pair in enumerate(zip(written, form, strict=False)) if pair[0] != pair[1]), len(form) - 1)
    mine, theirs = written[at:], form[at:]
    swapped = mine[:2] == theirs[1::-1] and mine[2:] == theirs[2:]
    return mine[1:] == theirs[1:] or mine[1:] == theirs or mine == theirs[1:] or swapped
