"""Pictures on PDF pages: which are worth showing, and each as it looks on its page. Knows no text."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ingest.loaders.pdf_segments import Box
from ingest.loaders.pictures import LONGEST, SMALLEST

_SMALLEST_SIDE = 36.0  # points, half an inch; below it are icons and rules
_SMALLEST_SHARE = 0.01  # of the page
_LARGEST_SHARE = 0.9  # of the page: more is its background or its scan
_MOST_ON_PAGE = 20  # more are the pieces of one picture, or a catalogue of icons
_REPEATS = 3  # pages: at the same place on so many, and on a third of all, it is a logo
_DENSEST = 4.0  # pixels a point
_FORMATS = {"DCTDecode": "JPEG", "JPXDecode": "JPEG"}


@dataclass(frozen=True, slots=True)
class Placed:
    """A picture on a page, in the file's coordinates. Equal where the same picture stands at the same place."""

    box: Box
    pixels: tuple[int, int]
    bytes: int
    format: str  # in which it should be kept


def on_page(page: Any) -> list[Placed]:
    """The pictures of illustrative size on a page."""
    x0, y0, x1, y1 = page.get_bbox()
    area = (x1 - x0) * (y1 - y0)
    found = []
    for each, (left, top, right, bottom) in images(page):
        width, height = right - left, top - bottom
        if min(width, height) < _SMALLEST_SIDE or min(each.get_px_size()) < SMALLEST:
            continue
        if _SMALLEST_SHARE * area <= width * height <= _LARGEST_SHARE * area:
            found.append(_placed(each, (round(left, 1), round(top, 1), round(right, 1), round(bottom, 1))))
    return list(dict.fromkeys(found)) if len(found) <= _MOST_ON_PAGE else []


def images(page: Any) -> Iterator[tuple[Any, Box]]:
    """The image objects of a page, each with the part of the page it takes, in the file's coordinates."""
    import pypdfium2.raw as pdfium

    x0, y0, x1, y1 = page.get_bbox()
    for each in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=4):
        left, bottom, right, top = each.get_bounds()
        corners = [(left, bottom), (left, top), (right, bottom), (right, top)]
        container = each.container
        while container is not None:  # places within a form are the form's own
            corners = [container.get_matrix().on_point(*corner) for corner in corners]
            container = container.container
        across, upwards = zip(*corners, strict=True)
        box = max(min(across), x0), min(max(upwards), y1), min(max(across), x1), max(min(upwards), y0)
        if box[0] < box[2] and box[3] < box[1]:
            yield each, box


def _placed(image: Any, box: Box) -> Placed:
    import pypdfium2.raw as pdfium

    filters = image.get_filters()
    size = pdfium.FPDFImageObj_GetImageDataRaw(image, None, 0)
    return Placed(box, image.get_px_size(), size, _FORMATS.get(filters[-1] if filters else "", "PNG"))


def illustrations(pages: Sequence[Sequence[Placed]]) -> Iterator[tuple[int, Placed]]:
    """What stands on which page, counted from 0, without what is repeated at its place as logos are."""
    seen = Counter(placed for page in pages for placed in page)
    for number, page in enumerate(pages):
        for placed in page:
            if seen[placed] < max(_REPEATS, len(pages) / 3):
                yield number, placed


def drawn(page: Any, placed: Placed) -> Any:
    """The picture as it looks on the page, with what is drawn over it; a Pillow image."""
    x0, y0, x1, y1 = page.get_bbox()
    left, top, right, bottom = placed.box
    side = max(right - left, top - bottom)
    density = max(placed.pixels[0] / (right - left), placed.pixels[1] / (top - bottom))
    rotation = page.get_rotation()
    cut = page.render(
        scale=min(density, LONGEST / side, _DENSEST),
        rotation=-rotation % 360,
        crop=(left - x0, bottom - y0, x1 - right, y1 - top),
        may_draw_forms=False,
    )
    picture = cut.to_pil().convert("RGB")
    return picture.rotate(-rotation, expand=True) if rotation else picture


def encoded(picture: Any, placed: Placed) -> bytes:
    """The drawn picture in the format in which it should be kept."""
    out = io.BytesIO()
    picture.save(out, placed.format, **({"quality": 92} if placed.format == "JPEG" else {}))
    return out.getvalue()
