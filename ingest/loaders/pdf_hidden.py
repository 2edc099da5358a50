"""Text in a PDF that nobody sees: it must not reach an answer. Knows one page, its characters and its picture.

What decides is the page as it is drawn: where a word stands and nothing is drawn, it is hidden, be it white on
white, covered or in a layer switched off. Invisible text over a picture of the page is what an OCR program wrote,
and stays.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from typing import Any

from ingest.loaders.pdf_segments import Box, size_of

_SMALLEST = 2.0  # points; below it nobody can read
_SCALE = 1.5  # pixels a point
_MOST_PIXELS = 2000  # a side, for pages larger than paper
_CONTRAST = 12  # of 255, between neighbouring pixels; less than that is paper
_LIGHT = 200  # of 255 in each colour
_TRANSPARENT = 32  # of 255
_BUILT_IN = 0x24F  # Latin letters up to here are drawn even where a font is missing


def hidden_characters(page: Any, textpage: Any, codes: Sequence[int], scanned: bool) -> set[int]:
    """Indices of the characters that cannot be seen. `scanned`: a picture covers most of the page."""
    words = list(_words(codes))
    if not words:
        return set()
    bounds: Box = page.get_bbox()
    boxes = [_box(textpage, at) for at in range(len(codes))]
    ink = None if scanned else _Ink(page, bounds)
    invisible = _has_invisible(page)
    found: set[int] = set()
    for word in words:
        own = [box for at in word if (box := boxes[at])]
        if not own:
            continue
        first = word[0]
        unseen = size_of(textpage, first) < _SMALLEST or not any(_inside(box, bounds) for box in own)
        if ink and not unseen:
            unseen = (invisible and _is_invisible(textpage, first)) or not any(map(ink.within, own))
            unseen = unseen and not _undrawable(textpage, first, codes[first])
        if unseen:
            found.update(word)
    return found


def count_words(codes: Sequence[int], at: set[int]) -> int:
    """How many words these characters make."""
    return sum(word[0] in at for word in _words(codes))


def _words(codes: Sequence[int]) -> Iterator[range]:
    start = None
    for at, code in enumerate([*codes, 32]):
        if code <= 32 or code == 0xA0:
            if start is not None:
                yield range(start, at)
            start = None
        elif start is None:
            start = at


def _box(textpage: Any, at: int) -> Box | None:
    import pypdfium2.raw as pdfium

    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    if not pdfium.FPDFText_GetCharBox(textpage, at, left, right, bottom, top):
        return None
    if right.value <= left.value or top.value <= bottom.value:
        return None
    return left.value, top.value, right.value, bottom.value


def _inside(box: Box, bounds: Box) -> bool:
    left, top, right, bottom = box
    x0, y0, x1, y1 = bounds
    return right > x0 and left < x1 and top > y0 and bottom < y1


class _Ink:
    """Where something is drawn: the number of edges between pixels in any rectangle of the page."""

    def __init__(self, page: Any, bounds: Box) -> None:
        import numpy as np

        self._left, self._top = bounds[0], bounds[3]
        self._scale = min(_SCALE, _MOST_PIXELS / max(page.get_size()))
        # Turned back, so that places in the picture are places in the file.
        rotation = -page.get_rotation() % 360
        drawn = page.render(scale=self._scale, rotation=rotation, draw_annots=False, may_draw_forms=False)
        pixels = drawn.to_numpy()[:, :, :3].astype(np.int16)
        edges = np.zeros(pixels.shape[:2], dtype=bool)
        edges[:, 1:] |= np.abs(np.diff(pixels, axis=1)).max(axis=2) >= _CONTRAST
        edges[1:, :] |= np.abs(np.diff(pixels, axis=0)).max(axis=2) >= _CONTRAST
        self._sums = np.zeros((edges.shape[0] + 1, edges.shape[1] + 1), dtype=np.int32)
        self._sums[1:, 1:] = edges.cumsum(axis=0, dtype=np.int32).cumsum(axis=1, dtype=np.int32)

    def within(self, box: Box) -> bool:
        height, width = self._sums.shape[0] - 1, self._sums.shape[1] - 1
        left, right = (int((x - self._left) * self._scale) for x in (box[0], box[2]))
        top, bottom = (int((self._top - y) * self._scale) for y in (box[1], box[3]))
        x0, x1 = (min(max(x, 0), width) for x in (left, right + 1))
        y0, y1 = (min(max(y, 0), height) for y in (top, bottom + 1))
        sums = self._sums
        return bool(sums[y1, x1] - sums[y0, x1] - sums[y1, x0] + sums[y0, x0] > 0)


def _has_invisible(page: Any) -> bool:
    import pypdfium2.raw as pdfium

    return any(
        pdfium.FPDFTextObj_GetTextRenderMode(each) == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE
        for each in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT])
    )


def _is_invisible(textpage: Any, at: int) -> bool:
    import pypdfium2.raw as pdfium

    text = pdfium.FPDFText_GetTextObject(textpage, at)
    return bool(text and pdfium.FPDFTextObj_GetTextRenderMode(text) == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE)


def _undrawable(textpage: Any, at: int, code: int) -> bool:
    """Whether nothing is drawn because the font is neither in the file nor on this machine, as happens with Chinese."""
    import pypdfium2.raw as pdfium

    text = pdfium.FPDFText_GetTextObject(textpage, at)
    if code <= _BUILT_IN or not text or _is_invisible(textpage, at):
        return False
    if pdfium.FPDFFont_GetIsEmbedded(pdfium.FPDFTextObj_GetFont(text)):
        return False
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    pdfium.FPDFText_GetFillColor(textpage, at, red, green, blue, alpha)
    return alpha.value >= _TRANSPARENT and min(red.value, green.value, blue.value) < _LIGHT
