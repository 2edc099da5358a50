"""Runs of text on a PDF page with their places, from pdfium's characters. Knows one page, not its order.

Coordinates are points from the top left corner of the page as it is shown, turned pages included.
"""

from __future__ import annotations

import ctypes
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass
from typing import Any

from rag.types import Block

_GAP = 0.8  # heights of a line between two characters that part two runs: wider than any space
_HYPHENS = (0x02, 0xFFFE, 0xAD)  # what pdfium makes of a hyphen at the end of a line
_BOLD = 600
_SYMBOLS = re.compile("[\uf020-\uf0ff]")  # glyphs of symbol fonts, which have no meaning but that of a bullet

Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True, slots=True)
class Segment:
    """Text without a gap in it, or a block (a table, a picture) standing where it was found."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float = 0.0
    bold: bool = False
    block: Block | None = None

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class PageText:
    """What stands on a page, in the order the file has it."""

    segments: list[Segment]
    height: float
    turned: bool  # the page or its text is turned: places in the file are not places on the page
    place: Callable[[Box], Box]  # from places in the file
    scanned: bool = False  # read by OCR


@dataclass(slots=True)
class _Run:
    """A segment under way."""

    text: list[str]
    box: list[float]
    first: int  # index of its first character
    last: int
    upright: bool

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

    def add(self, character: str, box: Box, at: int) -> None:
        self.text.append(character)
        self.last = at
        self.box = [
            min(self.box[0], box[0]),
            min(self.box[1], box[1]),
            max(self.box[2], box[2]),
            max(self.box[3], box[3]),
        ]


def codes_of(textpage: Any) -> list[int]:
    """The characters of a page as pdfium numbers them: UTF-16, with signs of its own for hyphens."""
    import pypdfium2.raw as pdfium

    return [pdfium.FPDFText_GetUnicode(textpage, at) for at in range(pdfium.FPDFText_CountChars(textpage))]


def page_text(page: Any, textpage: Any, codes: list[int], hidden: Set[int] = frozenset()) -> PageText:
    """The runs of text on a page, without the characters at the indices in `hidden`."""
    import pypdfium2.raw as pdfium

    angles = [_quarter(pdfium.FPDFText_GetCharAngle(textpage, at)) for at in range(len(codes))]
    # Most of the text is upright for whoever reads the page, whatever the page itself says.
    turned = Counter(angle for angle, code in zip(angles, codes, strict=True) if code > 32).most_common(1)
    turn = turned[0][0] if turned else 0
    left, bottom, right, top = bounds = page.get_bbox()
    place = _placer(bounds, -turn % 4)
    shown = [0x20 if at in hidden else code for at, code in enumerate(codes)]
    found = []
    for run in _runs(textpage, shown, [angle == turn for angle in angles], place):
        text = _folded("".join(run.text)).strip()
        if text:
            size, bold = _font(textpage, run)
            x0, y0, x1, y1 = run.box
            found.append(Segment(text, x0, y0, x1, y1, size, bold))
    return PageText(found, right - left if turn % 2 else top - bottom, bool(turn or page.get_rotation()), place)


def _runs(textpage: Any, codes: list[int], upright: list[bool], place: Callable[[Box], Box]) -> Iterator[_Run]:
    import pypdfium2.raw as pdfium

    rectangle = pdfium.FS_RECTF()
    reference = ctypes.byref(rectangle)
    run: _Run | None = None
    for at in range(len(codes)):
        character = _character(codes, at)
        if character in ("\r", "\n"):
            if run:
                yield run
            run = None
        elif character.isspace() or not pdfium.FPDFText_GetLooseCharBox(textpage, at, reference):
            if run:
                run.text.append(" ")
        else:
            box = place((rectangle.left, rectangle.top, rectangle.right, rectangle.bottom))
            if run and run.fits(box, upright[at]):
                run.add(character, box, at)
            else:
                if run:
                    yield run
                run = _Run([character], list(box), at, at, upright[at])
    if run:
        yield run


def _character(codes: list[int], at: int) -> str:
    """The character at an index; pdfium gives those beyond 65535 as two."""
    code = codes[at]
    if 0xD800 <= code < 0xDC00 and at + 1 < len(codes) and 0xDC00 <= codes[at + 1] < 0xE000:
        return chr(0x10000 + ((code - 0xD800) << 10) + (codes[at + 1] - 0xDC00))
    if 0xD800 <= code < 0xE000 or not code:
        return ""  # the second half, or a broken one
    return "-" if code in _HYPHENS else chr(code)


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


def _font(textpage: Any, run: _Run) -> tuple[float, bool]:
    """Size in points and whether the font is bold, as three characters of the run agree."""
    places = [run.first + (run.last - run.first) * part // 4 for part in (1, 2, 3)]
    size = Counter(size_of(textpage, at) for at in places).most_common(1)[0][0]
    return size, all(_is_bold(textpage, at) for at in (*places, run.last))


def size_of(textpage: Any, at: int) -> float:
    """The size of a character in points, to half a point."""
    import pypdfium2.raw as pdfium

    matrix = pdfium.FS_MATRIX()
    scale = 1.0
    if pdfium.FPDFText_GetMatrix(textpage, at, ctypes.byref(matrix)):
        scale = math.hypot(matrix.c, matrix.d) or 1.0
    size: float = pdfium.FPDFText_GetFontSize(textpage, at)
    return round(size * scale * 2) / 2


def _is_bold(textpage: Any, at: int) -> bool:
    import pypdfium2.raw as pdfium

    name = ctypes.create_string_buffer(128)
    pdfium.FPDFText_GetFontInfo(textpage, at, name, 128, ctypes.byref(ctypes.c_int()))
    named = any(word in name.value.lower() for word in (b"bold", b"black", b"heavy"))
    return named or pdfium.FPDFText_GetFontWeight(textpage, at) >= _BOLD


def _folded(text: str) -> str:
    """Ligatures and the look-alikes of Chinese characters that PDFs are full of, as the characters they mean."""
    if text.isascii():
        return text
    text = _SYMBOLS.sub("•", text)
    return "".join(
        unicodedata.normalize("NFKC", character)
        if "\u2e80" <= character <= "\u2fdf" or "\ufb00" <= character <= "\ufb06"
        else character
        for character in text
    )
