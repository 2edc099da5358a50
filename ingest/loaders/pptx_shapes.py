"""What stands on one slide: text, lists, tables, charts, SmartArt, pictures. Knows PresentationML, not the file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pptx.oxml.ns import qn

from ingest.loaders.blocks import table, with_one_header
from ingest.loaders.ooxml_drawing import drawn_blocks
from ingest.loaders.pictures import Pictures
from ingest.loaders.pptx_text import Inherited, frame_blocks, is_speck, paragraph_text
from ingest.loaders.slides import Placed, reading_order
from rag.types import Block

_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_SHAPES = frozenset(map(qn, ("p:sp", "p:grpSp", "p:graphicFrame", "p:pic", "p:cxnSp")))
_TITLES = ("title", "ctrTitle")
_FURNITURE = ("dt", "ftr", "hdr", "sldNum")  # dates, footers, headers, slide numbers
_DEEPEST = 50  # groups within groups
_MOST_CELLS = 100_000  # of one table


class SlideReader:
    """Reads a slide of python-pptx; after `blocks`, `title` is its title and `opens` whether it is a title slide."""

    def __init__(self, slide: Any, page: int, pictures: Pictures) -> None:
        self._slide = slide
        self._page = page
        self._pictures = pictures
        self._inherited = Inherited(slide)
        self.title = ""
        self.opens = False
        self.hidden = any(is_speck(run) for run in slide._element.iter(qn("a:r")))  # text that nobody can see
        deck = slide.part.package.presentation_part.presentation
        self._size = (float(deck.slide_width or 0), float(deck.slide_height or 0))

    def blocks(self) -> Iterator[Block]:
        """Everything but the title, in reading order."""
        shapes = list(_shapes(self._slide._element.cSld.spTree))
        for shape in shapes:
            if not self.title and (kind := _placeholder(shape)) in _TITLES:
                self.title = " ".join(filter(None, map(paragraph_text, shape.iter(qn("a:p"))))).strip()
                self.opens = kind == "ctrTitle"
                if self.title:
                    shapes.remove(shape)
                    break
        yield from self._in_order(shapes, 0)

    def white(self) -> bool:
        """Whether there is white text with nothing coloured on the slide or below it."""
        root = self._slide._element
        white = any(
            color.get("val", "").upper() == "FFFFFF"
            for said in root.iter(qn("a:rPr"))
            for color in said.iterfind(f"{qn('a:solidFill')}/{qn('a:srgbClr')}")
        )
        layout = self._slide.slide_layout
        below = (root, layout._element, layout.slide_master._element)
        fills = (qn("a:solidFill"), qn("a:gradFill"), qn("a:blipFill"), qn("a:pattFill"))
        coloured = (
            next(one.iter(qn("p:bgPr"), qn("p:pic"), qn("a:tbl")), None) is not None
            or any(child.tag in fills for shape in one.iter(qn("p:spPr")) for child in shape)
            or any(node.get("val") not in ("bg1", "lt1") for bg in one.iter(qn("p:bgRef")) for node in bg)
            for one in below
        )
        return white and not any(coloured)

    def notes(self) -> Iterator[Block]:
        """What the speaker is to say."""
        if self._slide.has_notes_slide:
            for shape in _shapes(self._slide.notes_slide._element.cSld.spTree):
                if _placeholder(shape) == "body":
                    yield from frame_blocks(shape, (), self._page)

    def _in_order(self, shapes: list[Any], depth: int) -> Iterator[Block]:
        everything = [self._placed(shape) for shape in shapes]
        seen = everything if depth else [each for each in everything if self._is_on_slide(each)]
        self.hidden = self.hidden or len(seen) < len(everything)
        for placed in reading_order(seen):
            yield from self._shape(placed.shape, depth)

    def _placed(self, shape: Any) -> Placed:
        for one in (shape, *self._inherited.bases(shape)):
            if (box := _box(one)) is not None:
                return Placed(shape, *box)
        return Placed(shape)

    def _is_on_slide(self, placed: Placed) -> bool:
        """Whether any of it, or its words where it has none of those, may be seen; groups have a scale of their own."""
        width, height = self._size
        beside = placed.left >= width or placed.top >= height
        before = placed.left + placed.width <= 0 or placed.top + placed.height <= 0
        known = width > 0 and height > 0 and placed.width > 0 and placed.height > 0
        return not (known and (beside or before) and any(placed.shape.itertext(qn("a:t"))))

    def _shape(self, shape: Any, depth: int) -> Iterator[Block]:
        if shape.tag == qn("p:grpSp"):
            if depth < _DEEPEST:
                yield from self._in_order(list(_shapes(shape)), depth + 1)
        elif shape.tag == qn("p:graphicFrame"):
            yield from self._graphic(shape)
        elif shape.tag == qn("p:pic"):
            yield from self._drawn(shape)
        elif _placeholder(shape) not in _FURNITURE:
            yield from frame_blocks(shape, self._inherited.lists(shape), self._page)

    def _graphic(self, frame: Any) -> Iterator[Block]:
        for tbl in frame.iter(qn("a:tbl")):
            yield from self._table(tbl)
        yield from self._drawn(frame)

    def _drawn(self, shape: Any) -> Iterator[Block]:
        return drawn_blocks(shape, self._related, self._pictures, self._page)

    def _related(self, key: str | None) -> bytes | None:
        """The bytes of a part of this file; what is linked from outside is never fetched."""
        relation = self._slide.part.rels.get(key) if key else None
        return None if relation is None or relation.is_external else bytes(relation.target_part.blob)

    def _table(self, tbl: Any) -> Iterator[Block]:
        grid: list[list[str]] = []
        for row in tbl.iterchildren(qn("a:tr")):
            line: list[str] = []
            for cell in row.iterchildren(qn("a:tc")):
                # A merged cell stands in every place it covers.
                if cell.get("hMerge") in ("1", "true") and line:
                    line.append(line[-1])
                elif cell.get("vMerge") in ("1", "true") and grid and len(line) < len(grid[-1]):
                    line.append(grid[-1][len(line)])
                else:
                    line.append(" ".join(filter(None, map(paragraph_text, cell.iter(qn("a:p"))))))
            grid.append(line)
            if sum(map(len, grid)) > _MOST_CELLS:
                break
        if any(any(line) for line in grid):
            properties = tbl.find(qn("a:tblPr"))
            marked = properties is not None and properties.get("firstRow") in ("1", "true")
            lines, named = with_one_header(grid)
            yield table(lines, header=marked or named, page=self._page)


def _shapes(parent: Any) -> Iterator[Any]:
    """The visible shapes below a tree or a group; of two ways to draw one, the first that holds a shape."""
    for child in parent:
        if child.tag in _SHAPES:
            named = next(child.iter(qn("p:cNvPr")), None)
            if named is None or named.get("hidden") not in ("1", "true"):
                yield child
        elif child.tag == f"{_COMPATIBILITY}AlternateContent":
            yield from next(filter(None, ([*_shapes(way)] for way in child)), [])


def _placeholder(shape: Any) -> str:
    """The kind of a placeholder: "title", "body" …; "" for other shapes."""
    found = shape.find(f"{qn('p:nvSpPr')}/{qn('p:nvPr')}/{qn('p:ph')}")
    return str(found.get("type", "obj")) if found is not None else ""


def _box(shape: Any) -> tuple[float, float, float, float] | None:
    """Left, top, width, height in EMU, where the shape says so itself."""
    frame = shape.find(qn("p:xfrm"))
    if frame is None:
        frame = next(
            (
                found
                for tag in ("p:spPr", "p:grpSpPr")
                if (found := shape.find(f"{qn(tag)}/{qn('a:xfrm')}")) is not None
            ),
            None,
        )
    if frame is None:
        return None
    at, size = frame.find(qn("a:off")), frame.find(qn("a:ext"))
    if at is None or size is None:
        return None
    return (float(at.get("x", 0)), float(at.get("y", 0)), float(size.get("cx", 0)), float(size.get("cy", 0)))
