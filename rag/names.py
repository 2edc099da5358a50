"""Names in a question: codes such as "300S" or "E2", and the products that editors name in their documents.

Two models of one product share nearly every word; which one is meant hangs on its name alone. Pure functions
over index tokens.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from rag.ports import Candidate
from rag.text import content_tokens, is_han

Name = tuple[str, ...]
# Stems that make a number beside them an amount: "within 30 days" names no model.
_BEFORE = frozenset(
    "within after befor over under until till everi per dure least most onli around last first next".split()
)
_BEHIND = frozenset(
    "second minut hour day week month year mm cm m km g kg ml l litr liter metr meter w wh v mah pa hz ghz db "
    "percent euro eur gbp usd pound dollar yuan time".split()
)
_CODE = re.compile(r"(?=.*[a-z])(?=.*\d)[a-z\d]+")


def codes(tokens: Sequence[str]) -> set[Name]:
    """Codes in a question: a word with a digit in it ("300s"), or a word and the number behind it ("airpur 300")."""
    found: set[Name] = {(token,) for token in tokens if _CODE.fullmatch(token)}
    for word, number, behind in zip(tokens, tokens[1:], (*tokens[2:], ""), strict=False):
        named = word.isalpha() and not is_han(word) and content_tokens((word, "x")) == (word, "x")
        if number.isdigit() and named and word not in _BEFORE and behind not in _BEHIND:
            found.add((word, number))
    return found


def unnamed(tokens: Sequence[str], candidates: Sequence[Candidate]) -> list[float]:
    """For each candidate, the share of the question's codes it lacks. A code that none has counts for none."""
    streams = [[each.title_tokens, each.label_tokens, *each.tokens] for each in candidates]
    has = [{name for name in codes(tokens) if any(_contains(part, name) for part in stream)} for stream in streams]
    known = set().union(*has)
    return [len(known - mine) / len(known) if known else 0.0 for mine in has]


def other_product(tokens: Sequence[str], candidates: Sequence[Candidate]) -> list[float]:
    """1 for a candidate about another product than the one the question names, else 0."""
    asked = _asked(tokens, {each.product_tokens for each in candidates if each.product_tokens})
    if not asked:
        return [0.0] * len(candidates)
    return [float(bool(each.product_tokens) and not _fits(each.product_tokens, asked)) for each in candidates]


def _asked(tokens: Sequence[str], products: Collection[Name]) -> set[Name]:
    """The products named, the longest match winning: "R2 Pro" names the Sweep R2 Pro and not the Sweep R2."""
    found: dict[Name, Name] = {}
    for product in products:
        for form in (product, product[1:]):
            if _contains(tokens, form) and (len(form) > 1 or _CODE.fullmatch(form[0]) or form == product):
                found.setdefault(form, product)
    longest = [form for form in found if not any(len(form) < len(other) and _contains(other, form) for other in found)]
    return {found[form] for form in longest}


def _fits(product: Name, asked: set[Name]) -> bool:
    """The product itself, or the family it belongs to; a name with a digit is a model's, the R2 no family of R2 Pro."""
    family = not any(character.isdigit() for word in product for character in word)
    return any(product == each or (family and product == each[: len(product)]) for each in asked)


def _contains(tokens: Sequence[str], name: Name) -> bool:
    return bool(name) and any(tuple(tokens[at : at + len(name)]) == name for at in range(len(tokens) - len(name) + 1))
