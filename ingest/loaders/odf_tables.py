"""The filled cells of an OpenDocument table, in text, sheet or slide. Knows places, not what a cell says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ingest.loaders.grids import MAX_CELLS, Box, Cells, spread, too_many_cells
from ingest.loaders.odf_package import q

# Empty cells repeat a million times to fill the sheet; filled ones that repeat oftener than this say nothing new.
_MOST_REPEATS = 1000
_ROW_GROUPS = frozenset(map(q, ("table:table-header-rows", "table:table-rows", "table:table-row-group")))
_CELLS = frozenset(map(q, ("table:table-cell", "table:covered-table-cell")))


def filled_cells(node: Any, says: Callable[[Any], str], visit: Callable[[int, int, Any], None] | None = None) -> Cells:
    """What each filled cell of a table:table shows, by `says`; merged cells in each place they cover.

    `visit` is told row, column and element of each cell that is not repeated. Raises TOO_LARGE.
    """
    cells: Cells = {}
    merges: list[Box] = []
    top = 1
    for row in rows_in(node):
        left = 1
        times = _count(row, "table:number-rows-repeated")
        for cell in row:
            if cell.tag not in _CELLS:
                continue
            wide = _count(cell, "table:number-columns-repeated")
            covered = cell.tag == q("table:covered-table-cell")
            if len(cell) and visit is not None:
                visit(top, left, cell)
            if not covered and (text := says(cell).strip()):
                for down in range(top, top + min(times, _MOST_REPEATS)):
                    cells.update({(down, left + at): text for at in range(min(wide, _MOST_REPEATS))})
                if (box := _spanned(cell, top, left)) is not None:
                    merges.append(box)
            if len(cells) > MAX_CELLS:
                raise too_many_cells(node.get(q("table:name"), ""))
            left += wide
        top += times
    spread(cells, merges)
    return cells


def rows_in(node: Any) -> Iterator[Any]:
    """The rows of a table, those in groups too."""
    for child in node:
        if child.tag == q("table:table-row"):
            yield child
        elif child.tag in _ROW_GROUPS:
            yield from rows_in(child)


def _spanned(cell: Any, top: int, left: int) -> Box | None:
    down, right = _count(cell, "table:number-rows-spanned"), _count(cell, "table:number-columns-spanned")
    return Box(top, left, top + down - 1, left + right - 1) if down > 1 or right > 1 else None


def _count(node: Any, name: str) -> int:
    value = node.get(q(name))
    if value is None:
        return 1
    return min(max(int(value), 1), 2**24) if value.isascii() and value.isdigit() and len(value) < 12 else 1
