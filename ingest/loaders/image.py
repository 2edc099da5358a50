"""Picture files: the text in them by OCR, and the picture itself beside it."""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from dataclasses import replace
from statistics import mode
from typing import Any

from ingest.loaders import ocr
from ingest.loaders.archive import broken
from ingest.loaders.pages import blocks_of, titled
from ingest.loaders.pdf_segments import Segment
from ingest.loaders.pictures import FORMATS, MAX_PIXELS, Pictures
from rag.errors import Refused
from rag.text import tokens
from rag.types import Block, Document

_FEWEST = 4  # words; fewer are labels, of no use without the picture
_BODY = 11.0  # points: what the usual size in the picture is taken for


def load(raw: bytes, name: str) -> Document:
    """A photo, scan or screenshot. The largest line is its title if it begins with it."""
    del name
    found = ocr.read(_opened(raw)) if ocr.allowed() else []
    if not found:
        raise Refused(
            "NO_TEXT", "No text was found in the picture.", "Put a sharper or larger one in, or remove the file."
        )
    kept = Pictures()
    shown = kept.block(raw, page=1)
    blocks = blocks_of([_in_points(found)], [max(each.bottom for each in found)])
    title, below = titled("", blocks)
    if not below:
        below = [Block("text", title, page=1)]
    return Document(title, (*([shown] if shown else []), *below), pictures=kept.found)


def written_in(picture: Any) -> str:
    """The text in a picture inside a document, a line each paragraph; "" if there are no more than a few letters."""
    found = ocr.read(picture)
    if sum(len(tokens(each.text)) for each in found) < _FEWEST:
        return ""
    blocks = blocks_of([_in_points(found)], [max(each.bottom for each in found)])
    rows = ("; ".join(filter(None, row)) for block in blocks for row in (block.rows or [(block.text,)]))
    return "\n".join(filter(_says_something, rows))


def _says_something(row: str) -> bool:
    """Words, not the numbers along the axis of a chart and not a lone label."""
    words = tokens(row)
    return len(words) > 1 and any(map(str.isalpha, words))


def _opened(raw: bytes) -> Any:
    """The picture as its camera meant it to be seen, no larger than OCR needs it where that saves memory."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns above the size at which this refuses
            picture = Image.open(io.BytesIO(raw), formats=FORMATS)
            if picture.width * picture.height > MAX_PIXELS:
                raise _too_large(f"{picture.width:,} by {picture.height:,}")
            picture.draft("RGB", (ocr.LONGEST, ocr.LONGEST))
            return ImageOps.exif_transpose(picture)
    except Image.DecompressionBombError as problem:
        raise _too_large("many times too many") from problem
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as problem:
        raise broken(f"it cannot be opened as a picture ({problem})") from problem


def _too_large(size: str) -> Refused:
    return Refused(
        "IMAGE_TOO_LARGE",
        f"The picture has {size} pixels; {MAX_PIXELS / 1e6:g} million are the most.",
        "Save it smaller, or cut it into parts.",
    )


def _in_points(found: Sequence[Segment]) -> list[Segment]:
    """The lines as if they stood on a page set in an ordinary size."""
    factor = _BODY / mode(each.size for each in found for _ in each.text)
    return [
        replace(
            each,
            x0=each.x0 * factor,
            top=each.top * factor,
            x1=each.x1 * factor,
            bottom=each.bottom * factor,
            size=each.size * factor,
        )
        for each in found
    ]
