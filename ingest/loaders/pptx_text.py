"""The paragraphs of a shape: which are list entries, at which level, with which marker. Knows DrawingML text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from pptx.oxml.ns import qn

from ingest.loaders.numerals import written
from ingest.loaders.omml import MATH, linear
from rag.types import Block

BULLET = "•"
_SPECK = 200  # hundredths of a point
_BULLETS = ("a:buNone", "a:buChar", "a:buAutoNum", "a:buBlip")
_AUTO = re.compile(r"(arabic|alphaLc|alphaUc|romanLc|romanUc|circleNum|ea1)\w*?(ParenBoth|ParenR|Period|Plain|$)")
_FORMS = {
    "alphaLc": "lowerLetter",
    "alphaUc": "upperLetter",
    "romanLc": "lowerRoman",
    "romanUc": "upperRoman",
    "circleNum": "decimalEnclosedCircle",
    "ea1": "chineseCounting",
}
_SIGNS = {"ParenBoth": "({})", "ParenR": "{})", "Plain": "{}"}


class Inherited:
    """Where a placeholder takes its place and its bullets from: the layout of the slide, then the master."""

    def __init__(self, slide: Any) -> None:
        layout = slide.slide_layout
        self._layout = list(layout._element.cSld.spTree.iter(qn("p:sp")))
        self._master = list(layout.slide_master._element.cSld.spTree.iter(qn("p:sp")))
        self._styles = layout.slide_master._element.find(qn("p:txStyles"))

    def bases(self, shape: Any) -> list[Any]:
        """The placeholders behind a placeholder, the nearest first."""
        own = _placeholder(shape)
        if own is None:
            return []
        kind, index = own
        found = next((base for base in self._layout if (at := _placeholder(base)) and at[1] == index), None)
        if found is not None:
            kind = (_placeholder(found) or own)[0]
        general = "title" if kind == "ctrTitle" else "body" if kind in ("subTitle", "obj", "tbl", "chart") else kind
        above = next((base for base in self._master if (at := _placeholder(base)) and at[0] == general), None)
        return [base for base in (found, above) if base is not None]

    def lists(self, shape: Any) -> tuple[Any, ...]:
        """The list styles that apply to a shape, the nearest first."""
        found = [one.find(f"{qn('p:txBody')}/{qn('a:lstStyle')}") for one in (shape, *self.bases(shape))]
        own = _placeholder(shape)
        if own is not None and self._styles is not None:
            style = "p:titleStyle" if own[0] in ("title", "ctrTitle") else "p:bodyStyle"
            found.append(self._styles.find(qn(style)))
        return tuple(each for each in found if each is not None)


def frame_blocks(shape: Any, lists: Iterable[Any], page: int | None) -> Iterator[Block]:
    """The paragraphs of a shape as text and list entries."""
    styles = tuple(lists)
    counts: dict[int, int] = {}
    for paragraph in shape.iterfind(f"{qn('p:txBody')}/{qn('a:p')}"):
        text = paragraph_text(paragraph)
        if not text:
            continue
        own = paragraph.find(qn("a:pPr"))
        depth = own.get("lvl", "0") if own is not None else "0"
        level = min(int(depth), 8) if depth.isdigit() else 0
        marker = _marker(_bullet(own, styles, level), counts, level)
        if marker:
            yield Block("item", text, level=level, marker=marker, page=page)
        else:
            yield Block("text", text, page=page)


def paragraph_text(paragraph: Any) -> str:
    """The words of an a:p, equations in a line."""
    return "".join(_pieces(paragraph)).strip()


def _pieces(parent: Any) -> Iterator[str]:
    for node in parent:
        if node.tag in (qn("a:r"), qn("a:fld")):
            yield "" if is_speck(node) else node.findtext(qn("a:t")) or ""
        elif node.tag == qn("a:br"):
            yield "\n"
        elif node.tag in (f"{MATH}oMath", f"{MATH}oMathPara"):
            yield f" {linear(node)} "
        elif isinstance(node.tag, str) and not node.tag.endswith(("Pr", "}Fallback")):
            yield from _pieces(node)


def is_speck(run: Any) -> bool:
    """Whether a run is set so small that nobody can read it."""
    said = run.find(qn("a:rPr"))
    size = said.get("sz", "") if said is not None else ""
    return size.isdigit() and int(size) <= _SPECK


def _bullet(own: Any | None, styles: tuple[Any, ...], level: int) -> Any | None:
    """The nearest of what the paragraph and the styles say about its bullet."""
    for properties in (own, *(style.find(qn(f"a:lvl{level + 1}pPr")) for style in styles)):
        if properties is not None:
            for tag in _BULLETS:
                if (found := properties.find(qn(tag))) is not None:
                    return found
    return None


def _marker(bullet: Any | None, counts: dict[int, int], level: int) -> str:
    """What stands before the entry; counts the numbered ones of each level."""
    for deeper in [key for key in counts if key > level]:
        del counts[deeper]
    if bullet is None or bullet.tag != qn("a:buAutoNum"):
        counts.pop(level, None)
        return BULLET if bullet is not None and bullet.tag != qn("a:buNone") else ""
    start = bullet.get("startAt", "1")
    counts[level] = counts.get(level, (int(start) if start.isdigit() else 1) - 1) + 1
    found = _AUTO.match(bullet.get("type", "arabicPeriod"))
    form, sign = (found[1], found[2]) if found else ("arabic", "Period")
    return _SIGNS.get(sign, "{}.").format(written(counts[level], _FORMS.get(form, "decimal")))


def _placeholder(shape: Any) -> tuple[str, str] | None:
    """Its kind and its index in the layout."""
    found = shape.find(f"{qn('p:nvSpPr')}/{qn('p:nvPr')}/{qn('p:ph')}")
    return (found.get("type", "obj"), found.get("idx", "0")) if found is not None else None
