"""The slides of an OpenDocument presentation: title, content in reading order, notes. Knows no text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ingest.loaders.odf_package import Styles, q
from ingest.loaders.odf_text import Walker
from ingest.loaders.slides import Placed, headed, reading_order
from rag.types import Block

_FURNITURE = frozenset({"header", "footer", "date-time", "page-number"})
_CLASS, _PLACEHOLDER = q("presentation:class"), q("presentation:placeholder")
_LENGTH = re.compile(r"(-?[\d.]+)(cm|mm|in|pt|pc|px)?$")
_CENTIMETRES = {"cm": 1.0, "mm": 0.1, "in": 2.54, "pt": 2.54 / 72, "pc": 2.54 / 6, "px": 2.54 / 96}


def deck_blocks(styles: Styles, body: Any, walker: Walker, hidden: list[str]) -> Iterator[Block]:
    """The blocks of all slides; the numbers of hidden ones are added to `hidden`, the title is left in `walker`."""
    opens = False
    for page, slide in enumerate(body.iterchildren(q("draw:page")), 1):
        name = slide.get(q("draw:style-name"), "")
        if styles.says("drawing-page", name, "presentation:visibility") == "hidden":
            hidden.append(str(page))
            continue
        walker.page = page
        title, subtitle, shapes = _parts(slide, walker)
        content = [block for placed in reading_order(map(_placed, shapes)) for block in walker.shape(placed.shape)]
        blocks = headed(title, content, page, 2 if opens else 1)
        if blocks and not walker.title:
            walker.title, opens = blocks[0].text, subtitle
        yield from blocks
        for notes in slide.iterchildren(q("presentation:notes")):
            for frame in notes:
                if frame.get(_CLASS) == "notes" and frame.get(_PLACEHOLDER) != "true":
                    yield from walker.shape(frame)


def _parts(slide: Any, walker: Walker) -> tuple[str, bool, list[Any]]:
    """Its title, whether it has a subtitle, and the shapes beside the title."""
    title, subtitle, shapes = "", False, []
    for shape in slide:
        kind = shape.get(_CLASS, "")
        if shape.tag == q("presentation:notes") or kind in _FURNITURE or shape.get(_PLACEHOLDER) == "true":
            continue
        subtitle = subtitle or kind == "subtitle"
        words = walker.words(shape) if kind == "title" and not title else ""
        title = title or words
        if not words:
            shapes.append(shape)
    return title, subtitle, shapes


def _placed(shape: Any) -> Placed:
    if shape.tag == q("draw:g"):
        inner = [_placed(each) for each in shape if isinstance(each.tag, str)]
        left, top = min((each.left for each in inner), default=0), min((each.top for each in inner), default=0)
        right = max((each.left + each.width for each in inner), default=0)
        return Placed(shape, left, top, right - left, max((each.top + each.height for each in inner), default=0) - top)
    return Placed(shape, *(_length(shape.get(q(f"svg:{side}"), "")) for side in ("x", "y", "width", "height")))


def _length(text: str) -> float:
    found = _LENGTH.match(text)
    try:
        return float(found[1]) * _CENTIMETRES[found[2] or "cm"] if found else 0.0
    except ValueError:
        return 0.0
