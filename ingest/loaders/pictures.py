"""Pictures inside documents: made safe to show, made small, and named after their content.

Each is decoded and written anew, so that nothing but pixels of it is kept. Knows no document format.
"""

from __future__ import annotations

import hashlib
import io
import warnings

from rag.types import Block

MAX_PIXELS = 40_000_000  # a larger one is a bomb or a scan, not an illustration
LONGEST = 1400  # pixels; shown at no more than that
SMALLEST = 48  # pixels; below it are bullets, lines and icons
MAX_PICTURES = 200  # of one document
MAX_BYTES = 24 * 2**20  # of one document, as kept
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")


class Pictures:
    """The pictures of one document. Pass `found` on as Document.pictures."""

    def __init__(self) -> None:
        self.found: dict[str, bytes] = {}
        self._bytes = 0

    def block(self, raw: bytes, says: str = "", page: int | None = None) -> Block | None:
        """A block for the picture, with what its author says about it; None if there is nothing to show."""
        if len(self.found) >= MAX_PICTURES or self._bytes >= MAX_BYTES:
            return None
        made = shown(raw)
        if made is None:
            return None
        name = hashlib.sha256(made).hexdigest()
        if name not in self.found:
            self.found[name] = made
            self._bytes += len(made)
        return Block("picture", text=says, page=page, picture=name)


def shown(raw: bytes) -> bytes | None:
    """The picture as PNG or JPEG of at most LONGEST pixels a side; None if it is none, too small or too large."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns below the size at which this refuses
            with Image.open(io.BytesIO(raw), formats=FORMATS) as picture:
                width, height = picture.size
                if min(width, height) < SMALLEST or width * height > MAX_PIXELS:
                    return None
                picture.draft("RGB", (LONGEST, LONGEST))  # JPEG decodes small at once
                picture.thumbnail((LONGEST, LONGEST))
                ImageOps.exif_transpose(picture, in_place=True)  # as its camera meant it to be seen
                return _written(picture)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def _written(picture: object) -> bytes:
    from PIL import Image

    assert isinstance(picture, Image.Image)
    out = io.BytesIO()
    if picture.format == "JPEG":
        picture.convert("RGB").save(out, "JPEG", quality=85)
    else:
        picture.convert("RGBA" if picture.has_transparency_data else "RGB").save(out, "PNG", optimize=True)
    return out.getvalue()
