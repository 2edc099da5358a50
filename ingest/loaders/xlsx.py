"""Excel workbooks: each sheet a heading, each block of filled cells a table, its caption before it.

Cells are read one after another, so that a sheet that claims a million empty rows costs nothing. Formulas give the
value Excel last stored.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ingest.loaders.archive import broken, checked_office
from ingest.loaders.blocks import heading, one_line, with_one_header
from ingest.loaders.sheets import row_blocks
from ingest.loaders.text import text_blocks
from ingest.loaders.xlsx_cells import shown
from rag.errors import Refused
from rag.types import Block, Document

Cells = dict[tuple[int, int], str]  # (row, column) → what it shows

MAX_CELLS = 1_000_000
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')
_LARGEST_MERGE = 10_000  # cells


@dataclass(frozen=True, slots=True)
class _Box:
    """The rectangle of a region, ends included."""

    top: int
    left: int
    bottom: int
    right: int


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
            _spread(cells, _merges(archive, sheet))
            if cells:
                blocks += [heading(sheet.title, 1), *_sheet_blocks(cells)]
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
                raise Refused(
                    "TOO_LARGE",
                    f"The sheet {sheet.title} has more than {MAX_CELLS:,} filled cells.",
                    "Keep what customers ask about, and leave the rest of the data out.",
                )
    return cells


def _merges(archive: zipfile.ZipFile, sheet: Any) -> list[_Box]:
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
        if 0 <= (bottom - top + 1) * (right - left + 1) <= _LARGEST_MERGE:
            boxes.append(_Box(top, left, bottom, right))
    return boxes


def _spread(cells: Cells, merges: list[_Box]) -> None:
    """A merged cell shows its text in every place it covers."""
    for box in merges:
        if (text := cells.get((box.top, box.left))) and len(cells) < MAX_CELLS:
            for row in range(box.top, box.bottom + 1):
                cells.update({(row, column): text for column in range(box.left, box.right + 1)})


def _sheet_blocks(cells: Cells) -> Iterator[Block]:
    for region in _regions(list(cells)):
        box = _box(region)
        rows = [
            [cells.get((row, column), "") for column in range(box.left, box.right + 1)]
            for row in sorted({row for row, _ in region})
        ]
        yield from _region_blocks(rows)


def _regions(places: list[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    """Cut at empty rows, then at empty columns, until neither is left."""
    for axis in (0, 1):
        groups = _split(places, axis)
        if len(groups) > 1:
            for group in groups:
                yield from _regions(group)
            return
    yield places


def _split(places: list[tuple[int, int]], axis: int) -> list[list[tuple[int, int]]]:
    groups: list[list[tuple[int, int]]] = []
    last = None
    for place in sorted(places, key=lambda place: place[axis]):
        if last is None or place[axis] > last + 1:
            groups.append([])
        groups[-1].append(place)
        last = place[axis]
    return groups


def _box(region: list[tuple[int, int]]) -> _Box:
    rows, columns = [row for row, _ in region], [column for _, column in region]
    return _Box(min(rows), min(columns), max(rows), max(columns))


def _region_blocks(rows: list[list[str]]) -> Iterator[Block]:
    """Captions above the table as text, then the table. A single column is text, cell by cell."""
    if len(rows[0]) == 1:
        for row in rows:
            yield from text_blocks(row[0])
        return
    while len(rows) > 1 and len({cell for cell in rows[0] if cell}) == 1:
        yield Block("text", one_line(next(filter(None, rows[0]))))
        rows = rows[1:]
    if len(rows) == 1:
        yield Block("text", one_line("  ".join(dict.fromkeys(filter(None, rows[0])))))
    else:
        yield from row_blocks(*with_one_header(rows))
