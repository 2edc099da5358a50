"""Goes through the body of a Word document in order. Knows WordprocessingML, not the file around it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from docx.oxml.ns import qn

from ingest.loaders.blocks import heading, one_line, table, with_one_header
from ingest.loaders.docx_numbering import Numbering
from ingest.loaders.docx_styles import Look, Styles, value
from ingest.loaders.omml import MATH, linear
from ingest.loaders.ooxml_drawing import Related, drawn_blocks
from ingest.loaders.pictures import Pictures
from rag.types import Block

_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_CONTAINERS = frozenset(map(qn, ("w:sdt", "w:sdtContent", "w:customXml", "w:ins", "w:moveTo", "w:smartTag")))
# Deleted or moved away, pronunciation above characters, instructions of fields, the second drawing for old programs.
_SKIPPED = frozenset(
    (*map(qn, ("w:del", "w:moveFrom", "w:rt", "w:instrText", "w:delText", "w:rPr", "w:pPr")), _FALLBACK)
)
_SIGNS = {qn("w:tab"): " ", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_NOTES = {qn("w:footnoteReference"): "footnotes", qn("w:endnoteReference"): "endnotes"}
_BOX = qn("w:txbxContent")
_DRAWN = frozenset(map(qn, ("w:drawing", "w:pict", "w:object")))


class Walker:
    """Makes the blocks; afterwards `title` and `hidden` say what it met on the way."""

    def __init__(
        self, styles: Any, numbering: Any | None, notes: Mapping[str, Any | None], related: Related, pictures: Pictures
    ) -> None:
        """`related` gives the parts of the body; what notes draw has other relations and is left out."""
        self._styles = Styles(styles)
        self._numbering = Numbering(numbering, qn)
        self._notes = {
            (kind, note.get(qn("w:id"))): note for kind, root in notes.items() if root is not None for note in root
        }
        self._related = related
        self._pictures = pictures
        self._boxes: list[Any] = []  # met in the paragraph under way, to follow it
        self._from_cells: list[Block] = []  # pictures in the table under way, to follow it
        self.title = ""
        self.hidden = False

    def blocks(self, parent: Any) -> Iterator[Block]:
        """The blocks of a body, a cell, a text box or a note."""
        listing: list[str] = []
        for child in parent:
            code = self._code(child)
            if code is not None:
                listing.append(code)
                continue
            if listing:
                yield Block("code", "\n".join(listing))
                listing = []
            if child.tag == qn("w:p"):
                yield from self._paragraph(child)
            elif child.tag == qn("w:tbl"):
                yield from self._table(child)
            elif child.tag in _CONTAINERS:
                yield from self.blocks(child)
        if listing:
            yield Block("code", "\n".join(listing))

    def _code(self, child: Any) -> str | None:
        """The line if this is a paragraph of code: lines that follow each other are one listing."""
        if child.tag != qn("w:p"):
            return None
        look = self._styles.look(child)
        return self._text(child) if look.code and not look.level and not _draws(child) else None

    def _paragraph(self, paragraph: Any) -> Iterator[Block]:
        look = self._styles.look(paragraph)
        outer, self._boxes = self._boxes, []
        text = self._text(paragraph).strip()
        boxes, self._boxes = self._boxes, outer
        if look.hidden and text:
            self.hidden = True
        elif text and look.title and not self.title:
            self.title = text
        elif text:
            yield self._worded(text, look)
        for box in boxes:
            if box.tag in _DRAWN:
                yield from drawn_blocks(box, self._related, self._pictures, beside=(_BOX,))
            else:
                yield from self.blocks(box)

    def _worded(self, text: str, look: Look) -> Block:
        # An empty paragraph never reaches this: Word counts only what shows text here too.
        depth = look.depth or 0
        marker = self._numbering.marker(look.list, depth) if look.list not in ("", "0") else ""
        if look.level or look.title:
            numbered = f"{marker} {text}" if marker and marker != "•" else text
            return heading(numbered, look.level or 1)
        return Block("item", text, level=depth, marker=marker) if marker else Block("text", text)

    def _text(self, parent: Any) -> str:
        return "".join(self._pieces(parent))

    def _pieces(self, parent: Any) -> Iterator[str]:
        for node in parent:
            tag = node.tag
            if tag in _SKIPPED:
                continue
            if tag == qn("w:r") and self._styles.hidden_run(node):
                self.hidden = self.hidden or bool(self._text(node).strip())
            elif tag in (qn("w:t"), f"{MATH}t"):
                yield node.text or ""
            elif tag == f"{MATH}oMathPara":
                yield f"\n{linear(node)}\n"
            elif tag == f"{MATH}oMath":
                beside = node.getprevious()
                yield f" {linear(node)}" if beside is not None and beside.tag == tag else linear(node)
            elif tag == qn("w:br"):
                yield "" if node.get(qn("w:type")) in ("page", "column") else "\n"
            elif tag == _BOX:
                self._boxes.append(node)
            elif tag in _DRAWN:
                self._boxes.append(node)
                yield from self._pieces(node)
            elif tag in _SIGNS:
                yield _SIGNS[tag]
            elif tag in _NOTES:
                self._boxes.extend(
                    filter(lambda note: note is not None, [self._notes.get((_NOTES[tag], node.get(qn("w:id"))))])
                )
            else:
                yield from self._pieces(node)

    def _table(self, tbl: Any) -> Iterator[Block]:
        outer, self._from_cells = self._from_cells, []
        yield from self._rows(tbl)
        drawn, self._from_cells = self._from_cells, outer
        yield from drawn

    def _rows(self, tbl: Any) -> Iterator[Block]:
        rows = [self._row(row) for row in _children(tbl, "w:tr")]
        if len(rows) == 1 and len(rows[0]) == 1:  # a frame round text
            yield from self.blocks(rows[0][0][0])
            return
        grid = self._grid(rows)
        first = next(_children(tbl, "w:tr"), None)
        properties = first.find(qn("w:trPr")) if first is not None else None
        marked = properties is not None and properties.find(qn("w:tblHeader")) is not None
        if grid:
            lines, named = with_one_header(grid) if marked or _first_row_stands_out(tbl) else (grid, False)
            yield table(lines, header=marked or named)

    def _row(self, row: Any) -> list[tuple[Any, int, bool]]:
        """The cells of a row: element, columns it covers, whether it goes on from the row above."""
        cells = []
        for cell in _children(row, "w:tc"):
            properties = cell.find(qn("w:tcPr"))
            span = value(properties, "w:gridSpan")
            merge = properties.find(qn("w:vMerge")) if properties is not None else None
            goes_on = merge is not None and merge.get(qn("w:val"), "continue") == "continue"
            cells.append((cell, min(int(span), 200) if span.isdigit() else 1, goes_on))
        return cells

    def _grid(self, rows: list[list[tuple[Any, int, bool]]]) -> list[list[str]]:
        """Text in each place of the table; merged cells stand in every place they cover."""
        grid: list[list[str]] = []
        for row in rows:
            line: list[str] = []
            for cell, width, goes_on in row:
                above = grid[-1][len(line)] if goes_on and grid and len(line) < len(grid[-1]) else None
                line += [self._cell(cell) if above is None else above] * max(width, 1)
            grid.append(line)
        return grid

    def _cell(self, cell: Any) -> str:
        blocks = list(self.blocks(cell))
        self._from_cells += [block for block in blocks if block.kind == "picture"]
        return one_line(" ".join(_flat(block) for block in blocks if block.kind != "picture"))


def _children(parent: Any, tag: str) -> Iterator[Any]:
    """Children by tag, those inside content controls and insertions too."""
    for child in parent:
        if child.tag == qn(tag):
            yield child
        elif child.tag in _CONTAINERS:
            yield from _children(child, tag)


def _draws(paragraph: Any) -> bool:
    return next(paragraph.iter(_BOX, *_DRAWN), None) is not None


def _first_row_stands_out(tbl: Any) -> bool:
    """What "Header Row" among Word's table options says; on unless somebody turned it off."""
    properties = tbl.find(qn("w:tblPr"))
    look = properties.find(qn("w:tblLook")) if properties is not None else None
    if look is None:
        return True
    first = look.get(qn("w:firstRow"))
    return first in ("1", "true", "on") if first is not None else bool(int(look.get(qn("w:val"), "0020"), 16) & 0x20)


def _flat(block: Block) -> str:
    if block.rows:
        return " ".join(cell for row in block.rows for cell in dict.fromkeys(row) if cell)
    return f"{block.marker} {block.text}" if block.marker not in ("", "•") else block.text
