"""Runs of text on a PDF page with their places, from pdfium's characters. Knows one page, not its order.

Coordinates are points from the top left corner of the page as it is shown, turned pages included.
"""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from rag.types import Block

_GAP = 1.1  # widths of an "em" between two characters that part two runs: wider than any space
_HYPHENS = ("\x02", "\ufffe", "\u00ad")  # what pdfium makes of a hyphen at the end of a line
_BOLD = 600

Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True, slots=True)
class Segment:
    """Text without a gap in it, or a table standing where it was found."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float = 0.0
    bold: bool = False
    table: Block | None = None

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


@dataclass(slots=True)
class _Run:
    """A segment under way."""

    text: list[str]
    box: list[float]
    first: int  # index of its first character
    upright: bool = True

    def fits(self, box: Box, upright: bool) -> bool:
        """Whether a character at `box` goes on with this run."""
        if upright != self.upright:
            return False
        if not upright:
            return True
        height = max(self.box[3] - self.box[1], 1.0)
        middle = (box[1] + box[3]) / 2
        # The next character stands to the right, or in Arabic and Hebrew to the left.
        gap = max(box[0] - self.box[2], self.box[0] - box[2])
        return self.box[1] - 0.3 * height < middle < self.box[3] + 0.3 * height and gap < _GAP * height

    def add(self, character: str, box: Box) -> None:
        self.text.append(character)
        self.box = [
            min(self.box[0], box[0]),
            min(self.box[1], box[1]),
            max(self.box[2], box[2]),
            max(self.box[3], box[3]),
        ]


def segments(page: Any, textpage: Any) -> list[Segment]:
    """The runs of text on a page in the order the file has them."""
    import pypdfium2.raw as pdfium

    count = pdfium.FPDFText_CountChars(textpage)
    angles = [_quarter(pdfium.FPDFText_GetCharAngle(textpage, at)) for at in range(count)]
    turned = Counter(angles).most_common(1)[0][0] if angles else 0
    place = _placer(page.get_bbox(), (page.get_rotation() // 90 + turned) % 4)
    found = []
    for run in _runs(textpage, angles, turned, place):
        text = _folded("".join(run.text)).strip()
        if text:
            size, bold = _font(textpage, run.first)
            left, top, right, bottom = run.box
            found.append(Segment(text, left, top, right, bottom, size, bold))
    return found


def _runs(textpage: Any, angles: list[int], turned: int, place: Callable[[Box], Box]) -> Iterator[_Run]:
    import pypdfium2.raw as pdfium

    rectangle = pdfium.FS_RECTF()
    reference = ctypes.byref(rectangle)
    run: _Run | None = None
    for at, angle in enumerate(angles):
        character = chr(pdfium.FPDFText_GetUnicode(textpage, at))
        if character in "\r\n":
            if run:
                yield run
            run = None
            continue
        if character.isspace() or not pdfium.FPDFText_GetLooseCharBox(textpage, at, reference):
            if run:
                run.text.append(" ")
            continue
        box = place((rectangle.left, rectangle.top, rectangle.right, rectangle.bottom))
        character = "-" if character in _HYPHENS else character
        if run and run.fits(box, angle == turned):
            run.add(character, box)
        else:
            if run:
                yield run
            run = _Run([character], list(box), at, angle == turned)
    if run:
        yield run


def _quarter(angle: float) -> int:
    """Quarter turns, clockwise as for pages."""
    return round(angle / (math.pi / 2)) % 4 if angle >= 0 else 0


def _placer(bounds: Box, turns: int) -> Callable[[Box], Box]:
    """From the file's coordinates (left, top, right, bottom, upwards) to those of the page as shown."""
    x0, y0, x1, y1 = bounds

    def place(box: Box) -> Box:
        left, top, right, bottom = box
        match turns:
            case 0:
                return left - x0, y1 - top, right - x0, y1 - bottom
            case 1:
                return bottom - y0, left - x0, top - y0, right - x0
            case 2:
                return x1 - right, bottom - y0, x1 - left, top - y0
            case _:
                return y1 - top, x1 - right, y1 - bottom, x1 - left

    return place


def _font(textpage: Any, at: int) -> tuple[float, bool]:
    """Size in points and whether the font is bold, of the character at an index."""
    import pypdfium2.raw as pdfium

    matrix = pdfium.FS_MATRIX()
    scale = 1.0
    if pdfium.FPDFText_GetMatrix(textpage, at, ctypes.byref(matrix)):
        scale = math.hypot(matrix.c, matrix.d) or 1.0
    size = round(pdfium.FPDFText_GetFontSize(textpage, at) * scale * 2) / 2
    name = ctypes.create_string_buffer(128)
    pdfium.FPDFText_GetFontInfo(textpage, at, name, 128, ctypes.byref(ctypes.c_int()))
    named = any(word in name.value.lower() for word in (b"bold", b"black", b"heavy"))
    return size, named or pdfium.FPDFText_GetFontWeight(textpage, at) >= _BOLD


def _folded(text: str) -> str:
    """Ligatures and the look-alikes of Chinese characters that PDFs are full of, as the characters they mean."""
    if text.isascii():
        return text
    return "".join(
        unicodedata.normalize("NFKC", character)
        if "\u2e80" <= character <= "\u2fdf" or "\ufb00" <= character <= "\ufb06"
        else character
        for character in text
    )
