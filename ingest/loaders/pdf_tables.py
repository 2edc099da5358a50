"""Ruled tables on PDF pages. pdfplumber finds the cells, pdfium reads them; slow, so only where there are rules."""

from __future__ import annotations

import io
from typing import Any

from ingest.loaders.blocks import looks_like_header, table
from ingest.loaders.pdf_segments import Segment

_RULES = range(3, 3000)  # paths on a page: fewer draw no table, more draw a picture
_LONGEST_CELL = 600  # characters, on average: a frame round text is no table


class TableFinder:
    """Opens the file for pdfplumber when the first page with rules is met."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._file: Any = None

    def on_page(self, number: int, page: Any, textpage: Any) -> list[Segment]:
        """The tables of page `number`, counted from 0."""
        if not _has_rules(page):
            return []
        plumbed = self._page(number)
        found = []
        for each in plumbed.find_tables():
            if segment := _segment(each, plumbed, page, textpage, number + 1):
                found.append(segment)
        plumbed.close()
        return [one for one in found if not any(_within(one, other) for other in found if other is not one)]

    def close(self) -> None:
        if self._file is not None:
            self._file.close()

    def _page(self, number: int) -> Any:
        import pdfplumber

        if self._file is None:
            self._file = pdfplumber.open(io.BytesIO(self._raw))
        return self._file.pages[number]


def outside(segments: list[Segment], tables: list[Segment]) -> list[Segment]:
    """The segments that no table holds already."""
    return [segment for segment in segments if not any(_within(segment, each) for each in tables)]


def _within(inner: Segment, outer: Segment) -> bool:
    middle = (inner.x0 + inner.x1) / 2
    return outer.x0 - 1 <= middle <= outer.x1 + 1 and outer.top - 1 <= inner.middle <= outer.bottom + 1


def _has_rules(page: Any) -> bool:
    import pypdfium2.raw as pdfium

    count = 0
    for _ in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH], max_depth=4):
        count += 1
        if count >= _RULES.stop:
            return False
    return count in _RULES


def _segment(found: Any, plumbed: Any, page: Any, textpage: Any, number: int) -> Segment | None:
    """The table as a segment, or None if what was found is a frame, a picture or a rule under a heading."""
    top_of_page = plumbed.mediabox[3]
    cells = []
    for row in found.rows:
        cells.append([_cell(textpage, cell, top_of_page) for cell in row.cells])
    filled = [cell for row in cells for cell in row if cell]
    columns = sum(any(column) for column in zip(*cells, strict=False))
    lines = sum(any(row) for row in cells)
    if columns < 2 or lines < 2 or len(filled) < 3 or sum(map(len, filled)) > _LONGEST_CELL * len(filled):
        return None
    left, top, right, bottom = found.bbox
    x0, _, _, y1 = page.get_bbox()
    shift = y1 - top_of_page
    return Segment(
        "", left - x0, top + shift, right - x0, bottom + shift, block=table(cells, looks_like_header(cells), number)
    )


def _cell(textpage: Any, box: tuple[float, float, float, float] | None, top_of_page: float) -> str:
    if box is None:
        return ""
    left, top, right, bottom = box
    text = textpage.get_text_bounded(left=left, bottom=top_of_page - bottom, right=right, top=top_of_page - top)
    return str(text).replace("\x02", "-").replace("\ufffe", "-").strip()
