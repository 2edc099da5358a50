"""The order in which a page is read: running heads taken off, columns one after the other, rows put together.

Pure geometry over segments; knows no file.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from statistics import median

from ingest.loaders.blocks import looks_like_header, table
from ingest.loaders.pdf_segments import Segment

_MARGIN = 0.12  # of the height: where running heads and page numbers stand
_REPEATS = 3  # pages
_PAGE_NUMBER = re.compile(
    r"(?:[-–—]\s*\d{1,4}\s*[-–—]|(?:page|seite|p\.)\s*\d{1,4}(?:\s*(?:of|von|/)\s*\d{1,4})?|\d{1,4}\s*(?:of|/)\s*\d{1,4}"
    r"|第\s*\d{1,4}\s*[页頁](?:\s*[,，/]?\s*共\s*\d{1,4}\s*[页頁])?)",
    re.IGNORECASE,
)
_COLUMN_LINES = 5  # on each side of a gutter
_COLUMN_WORDS = 14  # characters in the middle line of a column of prose; less is a table or a form

_MARKER = re.compile(r"[-*•‣▪●○◦·–]|\(?(?:\d{1,3}|[a-zA-Z])[.)、．]")

Row = list[Segment]


def without_running_heads(pages: Sequence[list[Segment]], heights: Sequence[float]) -> list[list[Segment]]:
    """The pages without what stands at the same place in the margin of at least three of them."""
    seen: defaultdict[tuple[str, int], set[int]] = defaultdict(set)
    for number, page in enumerate(pages):
        for segment in page:
            if _in_margin(segment, heights[number]):
                for key in _keys(segment):
                    seen[key].add(number)
    return [
        [
            segment
            for segment in page
            if not (
                _in_margin(segment, height)
                and (_PAGE_NUMBER.fullmatch(segment.text) or any(len(seen[key]) >= _REPEATS for key in _keys(segment)))
            )
        ]
        for page, height in zip(pages, heights, strict=True)
    ]


def _in_margin(segment: Segment, height: float) -> bool:
    return segment.bottom < height * _MARGIN or segment.top > height * (1 - _MARGIN)


def _keys(segment: Segment) -> tuple[tuple[str, int], ...]:
    # A place may fall on the edge between two cells of the raster: look in two rasters.
    words = re.sub(r"\d+", "#", segment.text.casefold())
    return (words, int(segment.top // 6) * 2), (words, int((segment.top + 3) // 6) * 2 + 1)


def reading_order(segments: Sequence[Segment]) -> list[list[Row]]:
    """Regions in reading order (a column, or a band across the page), each as rows from top to bottom."""
    prose = [segment for segment in segments if segment.block is None]
    gutter = _gutter(prose)
    if gutter is None:
        return [rows(segments)] if segments else []
    regions: list[list[Row]] = []
    sides: tuple[list[Segment], list[Segment]] = ([], [])
    across: list[Segment] = []

    def finish() -> None:
        for side in sides:
            regions.extend(reading_order(side))
            side.clear()

    for segment in sorted(segments, key=lambda segment: segment.top):
        if segment.x0 < gutter - 2 and segment.x1 > gutter + 2:
            finish()
            across.append(segment)
            continue
        if across:
            regions.append(rows(across))
            across.clear()
        sides[segment.x0 >= gutter - 2].append(segment)
    if across:
        regions.append(rows(across))
    finish()
    return regions


def _gutter(segments: Sequence[Segment]) -> float | None:
    """The x of a gap between two columns of prose, or None."""
    if len(segments) < 2 * _COLUMN_LINES:
        return None
    left, right = min(segment.x0 for segment in segments), max(segment.x1 for segment in segments)
    width = right - left
    places = [left + width * step / 100 for step in range(20, 81)]
    crossing = [sum(segment.x0 < place < segment.x1 for segment in segments) for place in places]
    least = min(crossing)
    if least > len(segments) * 0.2:
        return None
    at = [place for place, count in zip(places, crossing, strict=True) if count == least]
    gutter = min(at, key=lambda place: abs(place - (left + right) / 2))
    sides = [[s for s in segments if s.x1 <= gutter + 2], [s for s in segments if s.x0 >= gutter - 2]]
    return gutter if all(map(_is_prose, sides)) else None


def _is_prose(side: Sequence[Segment]) -> bool:
    lines = rows(side)
    if len(lines) < _COLUMN_LINES:
        return False
    return median(sum(len(segment.text.encode()) for segment in row) for row in lines) >= _COLUMN_WORDS and (
        sum(len(row) == 1 for row in lines) >= 0.6 * len(lines)
    )


def rows(segments: Sequence[Segment]) -> list[Row]:
    """Segments of one line together, from left to right; the lines from top to bottom."""
    found: list[Row] = []
    for segment in sorted(segments, key=lambda segment: (segment.middle, segment.x0)):
        if found and segment.block is None and found[-1][0].block is None and _level_with(found[-1], segment):
            found[-1].append(segment)
        else:
            found.append([segment])
    return [sorted(row, key=lambda segment: segment.x0) for row in found]


def _level_with(row: Row, segment: Segment) -> bool:
    last = row[-1]
    height = min(last.bottom - last.top, segment.bottom - segment.top)
    return abs(last.middle - segment.middle) < 0.4 * height


def with_open_tables(region: list[Row], page: int) -> list[Row]:
    """Rows of aligned cells without rules round them become one table."""
    result: list[Row] = []
    at = 0
    while at < len(region):
        end = _aligned_until(region, at)
        if end - at >= 3 or (end - at == 2 and len(region[at]) >= 4):
            result.append([_as_table(region[at:end], page)])
            at = end
        else:
            result.append(region[at])
            at += 1
    return result


def _aligned_until(region: list[Row], start: int) -> int:
    """The end of the rows from `start` on that share columns with a clear gap between them."""
    end, columns = start, [(0.0, 0.0)] * 0
    while end < len(region) and len(region[end]) >= 2 and region[end][0].block is None and not _is_item(region[end]):
        if end > start and region[end][0].top - region[end - 1][0].bottom > 2 * (
            region[end][0].bottom - region[end][0].top
        ):
            break
        merged = _columns([*columns, *((segment.x0, segment.x1) for segment in region[end])])
        if len(merged) < max(len(columns), len(region[end])):
            break
        if columns and len(merged) > max(len(columns), len(region[end])):
            break
        columns = merged
        end += 1
    return end


def _is_item(row: Row) -> bool:
    """A list entry set with a wide gap behind its marker, which is no column."""
    return len(row) == 2 and bool(_MARKER.fullmatch(row[0].text.strip()))


def _columns(spans: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Spans that overlap, joined."""
    joined: list[tuple[float, float]] = []
    for left, right in sorted(spans):
        if joined and left < joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], right)
        else:
            joined.append((left, right))
    return joined


def _as_table(lines: list[Row], page: int) -> Segment:
    everything = [segment for row in lines for segment in row]
    columns = _columns([(segment.x0, segment.x1) for segment in everything])
    cells = [[" ".join(s.text for s in row if left <= s.x0 < right) for left, right in columns] for row in lines]
    block = table(cells, looks_like_header(cells), page)
    return Segment(
        "",
        min(s.x0 for s in everything),
        min(s.top for s in everything),
        max(s.x1 for s in everything),
        max(s.bottom for s in everything),
        block=block,
    )
