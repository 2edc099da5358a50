"""Tables of web pages as rows of text: spans expanded, the header found. Knows only the table it is given."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from ingest.loaders.blocks import numbers_below_names, one_line, table
from rag.types import Block

if TYPE_CHECKING:
    from bs4 import Tag

_MAX_SPAN = 200
_MAX_CELLS = 200_000


def is_layout(tag: Tag) -> bool:
    """Whether the table only arranges a page: it says so, holds headings or tables, or has a single cell."""
    if tag.get("role") in ("presentation", "none"):
        return True
    if tag.find("th"):
        return False
    return bool(tag.find(["h1", "h2", "h3", "table"])) or len(tag.find_all("td", limit=2)) < 2


def table_block(tag: Tag, text: Callable[[Tag], str]) -> Block:
    """The table; a header of several rows becomes one, "Price" over "new" reading "Price new"."""
    lines = [row for row in tag.find_all("tr") if row.find_parent("table") is tag]
    rows = _grid(lines, text)
    heads = _header_rows(lines)
    if heads > 1:
        merged = [" ".join(dict.fromkeys(filter(None, column))) for column in zip(*_even(rows[:heads]), strict=True)]
        rows = [merged, *rows[heads:]]
    return table(rows, header=heads > 0 or numbers_below_names(rows))


def _header_rows(lines: list[Tag]) -> int:
    """How many rows at the top belong to the header."""
    count = 0
    for line in lines:
        cells = line.find_all(["td", "th"], recursive=False)
        in_head = line.parent is not None and line.parent.name == "thead"
        # A row of one cell is a caption or a section, not the names of the columns.
        if not in_head and (len(cells) < 2 or any(cell.name == "td" and one_line(cell.get_text()) for cell in cells)):
            break
        count += 1
    return count if count < len(lines) else min(count, 1)


def _grid(lines: list[Tag], text: Callable[[Tag], str]) -> list[list[str]]:
    """Cells that span rows or columns stand in each place they cover."""
    below: dict[tuple[int, int], str] = {}
    rows: list[list[str]] = []
    cells = 0
    for at, line in enumerate(lines):
        row: list[str] = []
        for cell in line.find_all(["td", "th"], recursive=False):
            _fill(row, at, below)
            words = one_line(text(cell))
            width, height = _span(cell, "colspan"), min(_span(cell, "rowspan"), len(lines) - at)
            cells += width * height
            if cells > _MAX_CELLS:
                return rows
            below.update({(at + down, len(row) + i): words for down in range(1, height) for i in range(width)})
            row += [words] * width
        _fill(row, at, below)
        rows.append(row)
    return rows


def _fill(row: list[str], at: int, below: dict[tuple[int, int], str]) -> None:
    while (at, len(row)) in below:
        row.append(below.pop((at, len(row))))


def _span(cell: Tag, name: str) -> int:
    value = str(cell.get(name, "1")).strip()
    return max(1, min(int(value), _MAX_SPAN)) if re.fullmatch(r"\d{1,9}", value) else 1


def _even(rows: list[list[str]]) -> list[list[str]]:
    width = max(map(len, rows), default=0)
    return [row + [""] * (width - len(row)) for row in rows]
