"""Excel workbooks of the format before 2007 (.xls), as xlsx.py gives the newer ones. Charts are not read."""

from __future__ import annotations

import io
import struct
from datetime import datetime
from typing import Any

from ingest.loaders.archive import broken
from ingest.loaders.blocks import heading
from ingest.loaders.grids import MAX_CELLS, Box, Cells, Place, grid_blocks, spread, too_many_cells
from ingest.loaders.signatures import encrypted
from ingest.loaders.xlsx_cells import plain, shown
from rag.types import Block, Document


def load(raw: bytes, name: str) -> Document:
    """A .xls file. It has no title of its own; macros in it are not even looked at."""
    del name
    workbook = _opened(raw)
    blocks: list[Block] = []
    hidden: list[str] = []
    for sheet in workbook.sheets():
        if sheet.visibility:
            hidden.append(sheet.name)
            continue
        cells = _cells(workbook, sheet)
        # xlrd gives rows and columns from 0, their ends excluded.
        spread(cells, (Box(top, left, bottom - 1, right - 1) for top, bottom, left, right in sheet.merged_cells))
        found = [*grid_blocks(cells, _notes(sheet))]
        if found:
            blocks += [heading(sheet.name, 1), *found]
    warnings = (f"Hidden sheets were left out: {', '.join(hidden)}.",) if hidden else ()
    return Document("", tuple(blocks), warnings=warnings)


def _opened(raw: bytes) -> Any:
    import xlrd
    from xlrd.compdoc import CompDocError

    try:
        return xlrd.open_workbook(
            file_contents=raw, formatting_info=True, ragged_rows=True, logfile=io.StringIO(), on_demand=False
        )
    except xlrd.XLRDError as problem:
        if "encrypted" in str(problem):
            raise encrypted() from problem
        raise broken(f"it is no complete workbook ({problem})") from problem
    # xlrd trusts what it reads: a damaged record shows as whatever its parts lead to.
    except (
        *(CompDocError, struct.error, AssertionError, AttributeError, LookupError, TypeError),
        *(ValueError, OverflowError, NotImplementedError, RecursionError),
    ) as problem:
        raise broken(f"it is no complete workbook ({problem})") from problem


def _cells(workbook: Any, sheet: Any) -> Cells:
    """What every filled cell shows."""
    cells: Cells = {}
    for row in range(sheet.nrows):
        for column, cell in enumerate(sheet.row(row)):
            if text := _shown(workbook, cell).strip():
                cells[row, column] = text
        if len(cells) > MAX_CELLS:
            raise too_many_cells(sheet.name)
    return cells


def _shown(workbook: Any, cell: Any) -> str:
    import xlrd

    match cell.ctype:
        case xlrd.XL_CELL_TEXT:
            return str(cell.value)
        case xlrd.XL_CELL_NUMBER:
            return shown(cell.value, _form(workbook, cell))
        case xlrd.XL_CELL_DATE:
            return _date(cell.value, workbook.datemode, _form(workbook, cell))
        case xlrd.XL_CELL_BOOLEAN:
            return str(bool(cell.value)).upper()
    return ""  # empty, or an error


def _form(workbook: Any, cell: Any) -> str:
    """The number format; "" where the file names none that it defines."""
    try:
        return str(workbook.format_map[workbook.xf_list[cell.xf_index].format_key].format_str)
    except (LookupError, TypeError):
        return ""


def _date(value: float, mode: int, form: str) -> str:
    import xlrd

    try:
        moment: datetime = xlrd.xldate_as_datetime(value, mode)
    except (ValueError, OverflowError):
        return plain(value)
    return shown(moment.time() if 0 <= value < 1 else moment, form)


def _notes(sheet: Any) -> dict[Place, str]:
    return {
        place: note.text.removeprefix(f"{note.author}:").strip()
        for place, note in sheet.cell_note_map.items()
        if (note.text or "").strip()
    }
