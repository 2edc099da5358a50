"""Pages of a PDF that are pictures of text: which they are, and what OCR reads on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ingest.loaders import ocr
from ingest.loaders.pdf_pictures import images
from ingest.loaders.pdf_segments import PageText

_COVERS = 0.5  # of the page: a picture that large may be its scan
_FEW = 40  # characters: no more than a stamp or a page number on a scan
_ENOUGH = 20  # characters, to call a text layer unreadable
_UNREADABLE = 0.5  # of the characters
_DENSEST = 4.0  # pixels a point, 288 dpi; more only costs time
_ALLOWED = frozenset({0x02, 0x09, 0x0A, 0x0D, 0xAD, 0xFFFE})  # controls that stand for hyphens and line ends


def is_scanned(page: Any) -> bool:
    """Whether pictures cover most of the page."""
    x0, y0, x1, y1 = page.get_bbox()
    covered = sum((right - left) * (top - bottom) for _, (left, top, right, bottom) in images(page))
    return bool(covered >= _COVERS * (x1 - x0) * (y1 - y0))


def needs_ocr(page: Any, text: PageText, codes: Sequence[int], scanned: bool) -> bool:
    """Whether the page shows more than its text layer says."""
    if is_unreadable(codes):
        return True
    characters = sum(len(segment.text) for segment in text.segments)
    if not characters:
        return any(True for _ in page.get_objects(max_depth=1))
    return scanned and characters < _FEW


def is_unreadable(codes: Sequence[int]) -> bool:
    """Whether most characters of a text layer stand for nothing: its fonts do not say which letters they draw."""
    visible = [code for code in codes if code != 32 and code not in _ALLOWED]
    bad = sum(
        code == 0xFFFD or 0xE000 <= code <= 0xF8FF or ((code < 32 or 0x7F <= code < 0xA0) and code not in _ALLOWED)
        for code in visible
    )
    return len(visible) >= _ENOUGH and bad > _UNREADABLE * len(visible)


def read_scan(page: Any) -> PageText:
    """What OCR reads on the page, in points. Sizes are rough: see with_one_body."""
    width, height = page.get_size()
    scale = min(ocr.LONGEST / max(width, height), _DENSEST)
    picture = page.render(scale=scale, may_draw_forms=False).to_pil()
    segments = [
        replace(
            each,
            x0=each.x0 / scale,
            top=each.top / scale,
            x1=each.x1 / scale,
            bottom=each.bottom / scale,
            size=each.size / scale,
        )
        for each in ocr.read(picture)
    ]
    return PageText(segments, height, turned=True, place=lambda box: box, scanned=True)


def with_one_body(pages: Sequence[PageText]) -> list[PageText]:
    """The pages, the usual size on each scanned one set to that of the rest: else measuring makes headings."""
    body = _body([page for page in pages if not page.scanned]) or _body(pages)
    return [
        replace(page, segments=[replace(each, size=each.size * body / own) for each in page.segments])
        if page.scanned and (own := _body([page]))
        else page
        for page in pages
    ]


def _body(pages: Sequence[PageText]) -> float:
    sizes: Counter[float] = Counter()
    for page in pages:
        for segment in page.segments:
            sizes[segment.size] += len(segment.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0
