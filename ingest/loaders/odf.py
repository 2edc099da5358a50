"""OpenDocument text, sheets and slides (.odt, .ods, .odp), as LibreOffice and others write them.

Left out: headers and footers, deleted and hidden text, hidden sheets and slides, and editors' comments in text and
slides (unless the settings take these in), each with a warning where something was there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ingest.loaders.blocks import heading, one_line
from ingest.loaders.comments import comment_blocks, warned
from ingest.loaders.grids import Place, grid_blocks
from ingest.loaders.odf_package import Package, q
from ingest.loaders.odf_slides import deck_blocks
from ingest.loaders.odf_tables import filled_cells
from ingest.loaders.odf_text import Walker
from ingest.loaders.pictures import Pictures
from ingest.loaders.signatures import mismatch
from ingest.loaders.xlsx_cells import plain
from rag.types import Block, Document

_BODIES = {".odt": "office:text", ".ods": "office:spreadsheet", ".odp": "office:presentation"}
_ANNOTATION = q("office:annotation")


def load(raw: bytes, name: str) -> Document:
    """An OpenDocument file by its extension. Its title is its first Title paragraph or title slide, or its property."""
    package = Package(raw)
    suffix = name[name.rfind(".") :].lower()
    body = package.body.find(q(_BODIES[suffix]))
    if body is None:
        raise mismatch(suffix, "an OpenDocument file of another kind")
    pictures = Pictures()
    walker = Walker(package, pictures)
    hidden: list[str] = []
    if suffix == ".odt":
        blocks = tuple(walker.blocks(body))
    elif suffix == ".ods":
        blocks = tuple(_sheets(package, body, walker, hidden))
    else:
        blocks = tuple(deck_blocks(package.styles, body, walker, hidden))
    blocks += tuple(comment_blocks(walker.comments, 1))
    title = one_line(walker.title or package.title)
    return Document(title, blocks, warnings=tuple(_warnings(walker, hidden, suffix)), pictures=pictures.found)


def _warnings(walker: Walker, hidden: list[str], suffix: str) -> Iterator[str]:
    if walker.hidden:
        yield "Hidden text in the document was left out."
    if hidden:
        yield f"Hidden {'sheets' if suffix == '.ods' else 'slides'} were left out: {', '.join(hidden)}."
    yield from warned(walker.comments, "document")


def _sheets(package: Package, body: Any, walker: Walker, hidden: list[str]) -> Iterator[Block]:
    for node in body.iterchildren(q("table:table")):
        name = node.get(q("table:name"), "")
        if package.styles.says("table", node.get(q("table:style-name"), ""), "table:display") == "false":
            hidden.append(name)
            continue
        notes: dict[Place, str] = {}
        drawn: list[Any] = [shape for shapes in node.iterchildren(q("table:shapes")) for shape in shapes]

        def visit(row: int, column: int, cell: Any, notes: dict[Place, str] = notes, drawn: list[Any] = drawn) -> None:
            for child in cell:
                if child.tag == _ANNOTATION:
                    notes[row, column] = _paragraphs(child)
                elif child.tag != q("text:p"):
                    drawn.append(child)

        cells = filled_cells(node, _shown, visit)
        blocks = [*grid_blocks(cells, notes), *(block for shape in drawn for block in walker.shape(shape))]
        if blocks:
            yield from (heading(name, 1), *blocks)


def _shown(cell: Any) -> str:
    """What a cell of a sheet shows; dates in the one notation that no reader mistakes. Errors show nothing."""
    if cell.get(q("calcext:value-type")) == "error":
        return ""
    if date := cell.get(q("office:date-value")):
        return str(date).removesuffix("T00:00:00").replace("T", " ")
    value = cell.get(q("office:value"), "")
    try:
        return _paragraphs(cell) or (plain(float(value)) if value else "")
    except ValueError:
        return str(value)


def _paragraphs(cell: Any) -> str:
    return "\n".join("".join(_pieces(line)) for line in cell.iterchildren(q("text:p")))


def _pieces(node: Any) -> Iterator[str]:
    yield node.text or ""
    for child in node:
        if child.tag == q("text:s"):
            yield " "
        elif child.tag != _ANNOTATION and isinstance(child.tag, str):
            yield from _pieces(child)
        yield child.tail or ""
