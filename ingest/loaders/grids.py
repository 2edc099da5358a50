"""The filled cells of a sheet as blocks: each block of cells a table, its caption before it. Knows no file format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ingest.loaders.blocks import one_line, with_one_header
from ingest.loaders.sheets import row_blocks
from ingest.loaders.text import text_blocks
from rag.errors import Refused
from rag.types import Block

Place = tuple[int, int]  # row, column
Cells = dict[Place, str]  # what each filled cell shows

MAX_CELLS = 1_000_000
_LARGEST_MERGE = 10_000  # cells


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of cells, ends included."""

    top: int
    left: int
    bottom: int
    right: int


def too_many_cells(sheet: str) -> Refused:
    """The refusal of a sheet with more than MAX_CELLS filled cells."""
    return Refused(
        "TOO_LARGE",
        f"The sheet {sheet} has more than {MAX_CELLS:,} filled cells.",
        "Keep what customers ask about, and leave the rest of the data out.",
    )


def spread(cells: Cells, merges: Iterable[Box]) -> None:
    """A merged cell shows its text in every place it covers."""
    for box in merges:
        size = (box.bottom - box.top + 1) * (box.right - box.left + 1)
        if (text := cells.get((box.top, box.left))) and 0 < size <= _LARGEST_MERGE and len(cells) < MAX_CELLS:
            for row in range(box.top, box.bottom + 1):
                cells.update({(row, column): text for column in range(box.left, box.right + 1)})


def grid_blocks(cells: Cells, notes: Mapping[Place, str] | None = None) -> Iterator[Block]:
    """The blocks of a sheet; after them its notes, each with the cell it is about and the first cell of that row."""
    if cells:
        for region in _regions(list(cells)):
            yield from _region_blocks(rows_of({place: cells[place] for place in region}))
    firsts: dict[int, str] = {}
    for (row, _), text in sorted(cells.items()) if notes else ():
        firsts.setdefault(row, text)
    for place, note in sorted((notes or {}).items()):
        about = ", ".join(dict.fromkeys(filter(None, (firsts.get(place[0]), cells.get(place)))))
        yield Block("text", one_line(f"{about}: {note}" if about else note))


def rows_of(cells: Cells) -> list[list[str]]:
    """The cells as rows of one width; rows without any are left out."""
    columns = [column for _, column in cells]
    left, right = min(columns), max(columns)
    return [
        [cells.get((row, column), "") for column in range(left, right + 1)] for row in sorted({row for row, _ in cells})
    ]


def _regions(places: list[Place]) -> Iterator[list[Place]]:
    """Cut at empty rows, then at empty columns, until neither is left.

    A single column beside an empty one is no table of its own: it holds the labels or remarks of the rows beside it.
    """
    for axis in (0, 1):
        groups = _split(places, axis)
        if len(groups) > 1 and (axis == 0 or all(len({column for _, column in group}) > 1 for group in groups)):
            for group in groups:
                yield from _regions(group)
            return
    yield places


def _split(places: list[Place], axis: int) -> list[list[Place]]:
    groups: list[list[Place]] = []
    last = None
    for place in sorted(places, key=lambda place: place[axis]):
        if last is None or place[axis] > last + 1:
            groups.append([])
        groups[-1].append(place)
        last = place[axis]
    return groups


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
