"""Excel workbooks: each sheet a heading, each block of filled cells a table, its caption before it; then
notes, charts, pictures and text boxes. Discussions of cells among editors are left out (with a warning), unless the
settings take them in.

Cells are read one after another, so that a sheet that claims a million empty rows costs nothing. Formulas give the
value Excel last stored.
"""

from __future__ import annotations

import io
import zipfile
from bisect import bisect
from collections.abc import Mapping, Sequence
from typing import Any

from ingest.loaders.archive import broken, checked_office
from ingest.loaders.blocks import heading
from ingest.loaders.comments import comment_blocks, warned
from ingest.loaders.grids import MAX_CELLS, Cells, Place, grid_blocks, spread, too_many_cells
from ingest.loaders.pictures import Pictures
from ingest.loaders.xlsx_cells import shown
from ingest.loaders.xlsx_parts import Parts
from rag.types import Block, Document

_NAMED = 5  # cells in a warning


def load(raw: bytes, name: str) -> Document:
    """A .xlsx or .xlsm file. Its title is its title property, if it has one."""
    del name
    from xml.etree.ElementTree import ParseError

    from lxml.etree import LxmlError
    from openpyxl.utils.exceptions import InvalidFileException

    safe = checked_office(raw)
    try:
        return _document(safe)
    except (
        *(KeyError, ValueError, TypeError, IndexError, AttributeError),
        *(ParseError, LxmlError, InvalidFileException),
    ) as problem:
        raise broken(f"it is no complete workbook ({problem})") from problem


def _document(safe: bytes) -> Document:
    workbook = _opened(safe)
    pictures = Pictures()
    blocks: list[Block] = []
    hidden: list[str] = []
    unseen: list[str] = []
    white: list[str] = []
    discussed = False
    with zipfile.ZipFile(io.BytesIO(safe)) as archive:
        parts = Parts(archive)
        for title in workbook.sheetnames:
            sheet, path = workbook[title], parts.paths.get(title, "")
            if sheet.sheet_state != "visible":
                hidden.append(title)
                continue
            cells = _cells(sheet, white) if hasattr(sheet, "iter_rows") else {}  # a chart alone has no rows
            spread(cells, parts.merges(path))
            notes = parts.notes(path)
            by_place, hides = notes.by_place, parts.hidden(path)
            if any(hides):
                whole, cells, by_place = len(cells), _seen(cells, *hides), _seen(by_place, *hides)
                unseen += [title] if len(cells) < whole else []
            discussed = discussed or bool(notes.comments)
            found = [
                *grid_blocks(cells, by_place),
                *parts.drawn(path, pictures),
                *comment_blocks(notes.comments, 2),
            ]
            blocks += [heading(title, 1), *found] if found else []
    warnings = [f"Hidden sheets were left out: {', '.join(hidden)}."] if hidden else []
    warnings += [f"Hidden rows and columns were left out in: {', '.join(unseen)}."] if unseen else []
    warnings += [f"White text with nothing behind it may be unseen in: {', '.join(white[:_NAMED])}."] if white else []
    warnings += warned(discussed, "workbook")
    title = str(workbook.properties.title or "")
    return Document(title, tuple(blocks), warnings=tuple(warnings), pictures=pictures.found)


def _seen(texts: Mapping[Place, str], rows: Sequence[int], columns: Sequence[int]) -> Cells:
    """What stands in no hidden row or column, closed up: purchase prices and drafts are not for readers."""
    return {
        (row - bisect(rows, row), column - bisect(columns, column)): text
        for (row, column), text in texts.items()
        if not (_holds(rows, row) or _holds(columns, column))
    }


def _holds(ordered: Sequence[int], number: int) -> bool:
    """Whether the number is among them, in the time that many hidden rows leave."""
    return bool(at := bisect(ordered, number)) and ordered[at - 1] == number


def _is_white(cell: Any) -> bool:
    """Whether its text is white by its own style, and the cell is not filled."""
    color, fill = cell.font.color, cell.fill
    return color is not None and color.type == "rgb" and color.rgb[-6:] == "FFFFFF" and fill.fill_type is None


def _opened(raw: bytes) -> Any:
    import warnings

    import openpyxl

    with warnings.catch_warnings():
        # It warns of every extension it does not know; none of them holds text.
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=True, keep_links=False)


def _cells(sheet: Any, white: list[str]) -> Cells:
    """What every filled cell shows; the size the sheet claims for itself is not believed. White ones go to `white`."""
    import warnings

    looks: dict[int, bool] = {}

    sheet.reset_dimensions()
    cells: Cells = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None and (text := shown(cell.value, cell.number_format).strip()):
                    cells[cell.row, cell.column] = text
                    look = cell._style_id
                    if look not in looks:
                        looks[look] = _is_white(cell)
                    if looks[look]:
                        white.append(f"{sheet.title}!{cell.coordinate}")
            if len(cells) > MAX_CELLS:
                raise too_many_cells(sheet.title)
    return cells
