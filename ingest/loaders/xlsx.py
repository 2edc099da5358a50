"""Excel workbooks: each sheet a heading, each block of filled cells a table, its caption before it.

Cells are read one after another, so that a sheet that claims a million empty rows costs nothing. Formulas give the
value Excel last stored.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

from ingest.loaders.archive import broken, checked_office
from ingest.loaders.blocks import heading
from ingest.loaders.grids import MAX_CELLS, Box, Cells, grid_blocks, spread, too_many_cells
from ingest.loaders.xlsx_cells import shown
from rag.types import Block, Document

_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')


def load(raw: bytes, name: str) -> Document:
    """A .xlsx or .xlsm file. Its title is its title property, if it has one."""
    del name
    safe = checked_office(raw)
    workbook = _opened(safe)
    blocks: list[Block] = []
    skipped: list[str] = []
    with zipfile.ZipFile(io.BytesIO(safe)) as archive:
        for sheet in workbook.worksheets:
            if sheet.sheet_state != "visible":
                skipped.append(sheet.title)
                continue
            cells = _cells(sheet)
            spread(cells, _merges(archive, sheet))
            if cells:
                blocks += [heading(sheet.title, 1), *grid_blocks(cells)]
    warnings = (f"Hidden sheets were left out: {', '.join(skipped)}.",) if skipped else ()
    return Document(str(workbook.properties.title or ""), tuple(blocks), warnings=warnings)


def _opened(raw: bytes) -> Any:
    import warnings
    from xml.etree.ElementTree import ParseError

    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with warnings.catch_warnings():
            # It warns of every extension it does not know; none of them holds text.
            warnings.simplefilter("ignore")
            return openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=True, keep_links=False)
    except (KeyError, ValueError, TypeError, IndexError, AttributeError, ParseError, InvalidFileException) as problem:
        raise broken(f"it is no complete workbook ({problem})") from problem


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


def _merges(archive: zipfile.ZipFile, sheet: Any) -> list[Box]:
    """Merged ranges, which the library leaves out when it reads row by row."""
    from openpyxl.utils import range_boundaries

    try:
        # They stand after the rows; a part is at most as large as the check of the archive allowed.
        xml = archive.read(sheet._worksheet_path)
    except (KeyError, AttributeError):
        return []
    boxes = []
    for reference in _MERGE.findall(xml[xml.rfind(b"</sheetData>") :]):
        left, top, right, bottom = range_boundaries(reference.decode())
        boxes.append(Box(top, left, bottom, right))
    return boxes
