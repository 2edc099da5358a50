"""Pictures and recordings that claim to be vast, end too soon or are something else."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from typing import Any

from tests.ingest.files import docx_file
from tests.ingest.hostile.trap import PLANTED, Trap, trap

SAID = "The hose of the Brew One is rinsed once a week."


def png(width: int, height: int, packed: bytes) -> bytes:
    """A PNG that claims this size, whatever its pixels are."""

    def piece(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + piece(b"IHDR", head) + piece(b"IDAT", packed) + piece(b"IEND", b"")


def plain(kind: str) -> bytes:
    """A grey picture without words."""
    from PIL import Image

    made = io.BytesIO()
    Image.new("RGB", (200, 120), "gray").save(made, kind)
    return made.getvalue()


def traps() -> Iterator[Trap]:
    """All of them."""
    vast = png(50_000, 50_000, zlib.compress(bytes(2**20)))
    yield trap("claims 50,000 by 50,000.png", "IMAGE_TOO_LARGE", vast)
    yield trap("holds 20,000 by 20,000.png", "IMAGE_TOO_LARGE", png(20_000, 20_000, zlib.compress(bytes(2**28), 9)))
    yield trap("no size.png", "BROKEN|NO_TEXT", png(0, 0, b""))
    yield trap(
        "one line of a million.png",
        "BROKEN|NO_TEXT|IMAGE_TOO_LARGE",
        png(1_000_000, 1, zlib.compress(bytes(3_000_001))),
    )
    for kind in ("png", "jpeg", "webp", "tiff", "bmp"):
        name = {"jpeg": "jpg"}.get(kind, kind)
        yield trap(f"cut.{name}", "BROKEN|NO_TEXT", plain(kind)[: len(plain(kind)) // 2])
    yield trap("text in truth.png", "TYPE_MISMATCH", SAID)
    yield trap("noise.jpg", "BROKEN|TYPE_MISMATCH", b"\xff\xd8\xff\xe0" + bytes(range(256)) * 50)
    circle = b"II*\x00\x08\x00\x00\x00" + struct.pack("<HHHIIHHIII", 2, 256, 3, 1, 9, 257, 3, 1, 9, 8)
    yield trap("directory in a circle.tiff", "BROKEN|NO_TEXT", circle)
    yield trap("script.svg", "UNSUPPORTED", f"<svg xmlns='http://www.w3.org/2000/svg'><script>{PLANTED}</script></svg>")
    yield trap("a program in truth.png", "TYPE_MISMATCH|BROKEN", b"\x7fELF" + bytes(4000))

    def with_picture(document: Any) -> None:
        document.add_paragraph(SAID)
        document.add_picture(io.BytesIO(plain("png")))

    raw = docx_file(with_picture)
    yield trap("vast picture.docx", "live", _picture_replaced(raw, vast))
    yield trap(
        "noise.mp3", "BROKEN|UNSUPPORTED|NO_TEXT|NO_SPEECH|TYPE_MISMATCH|MISSING", b"ID3" + bytes(range(256)) * 99
    )
    yield trap(
        "noise.mp4",
        "BROKEN|UNSUPPORTED|NO_TEXT|NO_SPEECH|TYPE_MISMATCH|MISSING",
        b"\x00\x00\x00\x18ftypmp42" + bytes(9999),
    )


def _picture_replaced(raw: bytes, picture: bytes) -> bytes:
    from tests.ingest.files import with_part

    return with_part(raw, "word/media/image1.png", picture)
