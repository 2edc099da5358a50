"""Excel workbooks: each sheet a heading, each block of filled cells a table, its caption before it; then
notes, charts, pictures and text boxes. Discussions of cells among editors are left out (with a warning), unless the
settings take them in.

Cells are read one after another, so that a sheet that claims a million empty rows costs nothing. Formulas give the
value Excel last stored.
"""

from __future__ import annotations

import io
import zipfile
from typing import Any

from ingest.loaders.archive import broken, checked_office
from ingest.loaders.blocks import heading
from ingest.loaders.comments import comment_blocks, warned
from ingest.loaders.grids import MAX_CELLS, Cells, grid_blocks, spread, too_many_cells
from ingest.loaders.pictures import Pictures
from ingest.loaders.xlsx_cells import shown
from ingest.loaders.xlsx_parts import Parts
from rag.types import Block, Document


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
    discussed = False
    with zipfile.ZipFile(io.BytesIO(safe)) as archive:
        parts = Parts(archive)
        for title in workbook.sheetnames:
            sheet, path = workbook[title], parts.paths.get(title, "")
            if sheet.sheet_state != "visible":
                hidden.append(title)
                continue
            cells = _cells(sheet) if hasattr(sheet, "iter_rows") else {}  # a chart alone has no rows
            spread(cells, parts.merges(path))
            notes = parts.notes(path)
            discussed = discussed or bool(notes.comments)
            found = [
                *grid_blocks(cells, notes.by_place),
                *parts.drawn(path, pictures),
                *comment_blocks(notes.comments, 2),
            ]
            blocks += [heading(title, 1), *found] if found else []
    warnings = [f"Hidden sheets were left out: {', '.join(hidden)}."] if hidden else []
    warnings += warned(discussed, "workbook")
    title = str(workbook.properties.title or "")
    return Document(title, tuple(blocks), warnings=tuple(warnings), pictures=pictures.found)


def _opened(raw: bytes) -> Any:
    import warnings

    import openpyxl

    with warnings.catch_warnings():
        # It warns of every extension it does not know; none of them holds text.
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=True, keep_links=False)


def _cells(sheet: Any) -> Cells:
    """What every filled cell shows; the size the sheet claims for itself is not believed."""
    import warnings

    sheet.reset_dimensions()
    cells: Cells = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None and (text := shown(cell.value, cell.number_format).strip()):
                    cells[cell.row, cell.column] = text
            if len(cells) > MAX_CELLS:
                raise too_many_cells(sheet.title)
    return cells
