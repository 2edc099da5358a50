"""Equations of Office documents as one line of text: "x = (-b ± √(b^2-4ac))/(2a)". Knows OMML only.

The notation is the linear one that people type; where it would be ambiguous, parentheses are added.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
# One number, one word or one sign needs no parentheses below a line, under a root or as an index.
_ATOM = re.compile(r"(?:[\d.,]+[%°!′]?|[^\W\d_]+|.|)$")
_PRODUCT = re.compile(r"(?:[\w.,%°!′]+|.|)$")  # above a line it may also be a product: nπx/L
_AFTER = "\0"  # where an index or denominator ends; XML has no such character
_BEFORE_WORD = re.compile(r"\0(?=\w)")
_ROOTS = {"": "√", "2": "√", "3": "∛", "4": "∜"}
_ACCENTS = {"\u0302": "hat", "\u0303": "tilde", "\u0305": "bar", "\u0304": "bar", "\u20d7": "vec"}
_UNSEEN = re.compile("[\u2061-\u2064]")


def linear(node: Any) -> str:
    """The text of an m:oMath, m:oMathPara or any element within one."""
    if node.tag == f"{MATH}oMathPara":
        return "\n".join(filter(None, (linear(each) for each in node.iterchildren(f"{MATH}oMath"))))
    return _BEFORE_WORD.sub(" ", "".join(_pieces(node))).replace(_AFTER, "").strip()


def _pieces(node: Any) -> Iterator[str]:
    for child in node:
        if not isinstance(child.tag, str) or child.tag.endswith("Pr"):
            continue
        name = child.tag.removeprefix(MATH)
        if name == "t":
            yield _UNSEEN.sub("", child.text or "")
        elif name in _FORMS:
            yield _FORMS[name](child) + _AFTER
        else:
            yield from _pieces(child)


def _part(node: Any, name: str) -> str:
    found = node.find(f"{MATH}{name}")
    return linear(found) if found is not None else ""


def _value(node: Any, path: str, default: str) -> str:
    """m:val of a property; written without a value it means nothing is shown."""
    found = node.find("/".join(f"{MATH}{step}" for step in path.split("/")))
    return str(found.get(f"{MATH}val", "")) if found is not None else default


def _grouped(text: str, alone: re.Pattern[str] = _ATOM) -> str:
    return text if alone.match(text) or _enclosed(text) else f"({text})"


def _enclosed(text: str) -> bool:
    """Whether it stands in one pair of parentheses already: "(a)(b)" does not."""
    depth = 0
    for at, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if not depth:
            return at == len(text) - 1 and text[0] == "("
    return False


def _raised(sign: str, text: str) -> str:
    """An index or exponent with its sign, or nothing."""
    return sign + _grouped(text) if text else ""


def _fraction(node: Any) -> str:
    if _value(node, "fPr/type", "") == "noBar":
        return f"{_part(node, 'num')} choose {_part(node, 'den')}"
    return f"{_grouped(_part(node, 'num'), _PRODUCT)}/{_grouped(_part(node, 'den'))}"


def _scripted(node: Any) -> str:
    return _grouped(_part(node, "e")) + _raised("_", _part(node, "sub")) + _raised("^", _part(node, "sup"))


def _before(node: Any) -> str:
    return _raised("_", _part(node, "sub")) + _raised("^", _part(node, "sup")) + _grouped(_part(node, "e"))


def _root(node: Any) -> str:
    degree, inside = _part(node, "deg"), _part(node, "e")
    return f"{_ROOTS.get(degree, _grouped(degree) + '√')}{_grouped(inside)}"


def _operator(node: Any) -> str:
    sign = _value(node, "naryPr/chr", "∫")
    limits = _raised("_", _part(node, "sub")) + _raised("^", _part(node, "sup"))
    return f"{sign}{limits} {_part(node, 'e')} "


def _delimited(node: Any) -> str:
    inside = _value(node, "dPr/sepChr", "|").join(linear(each) for each in node.iterchildren(f"{MATH}e"))
    return f"{_value(node, 'dPr/begChr', '(')}{inside}{_value(node, 'dPr/endChr', ')')}"


def _function(node: Any) -> str:
    inside = _part(node, "e")
    return f"{_part(node, 'fName')}{'' if inside.startswith('(') else ' '}{inside} "


def _accented(node: Any) -> str:
    mark = _value(node, "accPr/chr", "\u0302")
    return f"{_ACCENTS[mark]}({_part(node, 'e')})" if mark in _ACCENTS else _part(node, "e") + mark


def _matrix(node: Any) -> str:
    rows = (", ".join(linear(cell) for cell in row.iterchildren(f"{MATH}e")) for row in node.iterchildren(f"{MATH}mr"))
    return f"[{'; '.join(rows)}]"


def _lines(node: Any) -> str:
    return "; ".join(linear(each) for each in node.iterchildren(f"{MATH}e"))


_FORMS: dict[str, Callable[[Any], str]] = {
    "f": _fraction,
    "sSup": _scripted,
    "sSub": _scripted,
    "sSubSup": _scripted,
    "sPre": _before,
    "rad": _root,
    "nary": _operator,
    "d": _delimited,
    "func": _function,
    "acc": _accented,
    "bar": lambda node: f"bar({_part(node, 'e')})",
    "limLow": lambda node: _part(node, "e") + _raised("_", _part(node, "lim")),
    "limUpp": lambda node: _part(node, "e") + _raised("^", _part(node, "lim")),
    "m": _matrix,
    "eqArr": _lines,
}
