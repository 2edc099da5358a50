"""Text in pictures: picture files, scanned PDFs, and what the workers can bear."""

from __future__ import annotations

import io
import os
import struct
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont

from ingest.loaders import load, ocr
from ingest.loaders.pdf_scans import is_unreadable
from ingest.sandbox import Sandbox
from rag.errors import Refused
from rag.types import Document
from tests.ingest.files import pdf_file, pdf_lines

WORDS = ["You can send back every article within thirty days.", "The money is on your account five days later."]
Line = tuple[tuple[int, int], str, int]  # place, words, size in pixels


def picture(lines: Sequence[Line], size: tuple[int, int] = (1000, 700)) -> Image.Image:
    made = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(made)
    for place, words, height in lines:
        draw.text(place, words, fill="black", font=ImageFont.load_default(height))
    return made


def encoded(made: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    made.save(out, kind, **options)
    return out.getvalue()


def policy(height: int = 700) -> Image.Image:
    lines = [((60, 40), "Return policy", 60), ((60, 200), WORDS[0], 30), ((60, 245), WORDS[1], 30)]
    return picture(lines, (1000, height))


def scan(canvas: Any, made: Image.Image) -> None:
    canvas.drawImage(ImageReader(made), 0, 0, 595, 842)


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks]


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_a_picture_gives_its_title_its_text_and_itself(kind: str) -> None:
    document = load(encoded(policy(), kind), f"a.{kind.lower()}")
    first, *rest = document.blocks
    assert document.title == "Return policy"
    assert first.kind == "picture"
    assert first.picture in document.pictures
    assert " ".join(block.text for block in rest) == " ".join(WORDS)
    assert {block.page for block in rest} == {1}


def test_a_photo_is_turned_as_its_camera_says() -> None:
    turned = Image.Exif()
    turned[0x0112] = 6  # the camera was held upright
    document = load(encoded(policy().rotate(90, expand=True), "JPEG", exif=turned, quality=90), "a.jpg")
    assert texts(document)[1:] == [" ".join(WORDS)]
    (kept,) = document.pictures.values()
    with Image.open(io.BytesIO(kept)) as shown:
        assert shown.width > shown.height


def test_columns_in_a_picture_are_read_one_after_the_other() -> None:
    left = [f"Left line number {number} of the column" for number in range(6)]
    right = [f"Right line number {number} of the column" for number in range(6)]
    lines = [((60, 60 + 50 * at), words, 28) for at, words in enumerate(left)]
    lines += [((620, 60 + 50 * at), words, 28) for at, words in enumerate(right)]
    text = " ".join(texts(load(encoded(picture(lines, (1200, 500)), "PNG"), "a.png")))
    assert text.index(left[-1]) < text.index(right[0])


def test_a_picture_without_text_is_refused() -> None:
    with pytest.raises(Refused) as raised:
        load(encoded(Image.new("RGB", (300, 300), "navy"), "PNG"), "a.png")
    assert raised.value.code == "NO_TEXT"


def _png(width: int, height: int) -> bytes:
    """The beginning of a PNG: a program that decodes before it looks at the size would find it broken."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"")


@pytest.mark.parametrize(("side", "code"), [(7000, "IMAGE_TOO_LARGE"), (50_000, "IMAGE_TOO_LARGE"), (200, "BROKEN")])
def test_the_size_is_looked_at_before_the_picture(side: int, code: str) -> None:
    with pytest.raises(Refused) as raised:
        load(_png(side, side), "a.png")
    assert raised.value.code == code


def test_a_text_named_as_a_picture_is_told() -> None:
    with pytest.raises(Refused) as raised:
        load(b"Return policy", "a.jpg")
    assert raised.value.code == "TYPE_MISMATCH"


def test_scanned_pages_are_read_beside_written_ones() -> None:
    def draw(canvas: Any) -> None:
        pdf_lines(canvas, ["This page was written with a program and needs no reading by OCR."])
        canvas.showPage()
        scan(canvas, policy(1414))

    document = load(pdf_file(draw), "a.pdf")
    assert [block.page for block in document.blocks] == [1, 2, 2]
    assert document.blocks[-1].text == " ".join(WORDS)
    assert document.warnings == ()


def test_a_page_scanned_upside_down_is_read() -> None:
    made = policy(1414).rotate(180)
    document = load(pdf_file(lambda canvas: scan(canvas, made)), "a.pdf")
    assert texts(document) == [" ".join(WORDS)]


def test_chinese_scans() -> None:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))

    def draw(canvas: Any) -> None:
        canvas.setFont("STSong-Light", 16)
        canvas.drawString(72, 700, "退货运费由商家承担，请您在七天之内寄回商品。")

    with pypdfium2.PdfDocument(pdf_file(draw)) as file:
        made = file[0].render(scale=2).to_pil().convert("RGB")
    if made.getextrema() == ((255, 255),) * 3:
        text = "This machine has no Chinese font: pictures of Chinese text were NOT tested. Install fonts-noto-cjk."
        if os.environ.get("CI"):
            pytest.fail(text)
        pytest.skip(text)
    assert texts(load(encoded(made, "PNG"), "a.png"))[1:] == ["退货运费由商家承担，请您在七天之内寄回商品。"]


def test_no_more_pages_are_read_than_allowed() -> None:
    def draw(canvas: Any) -> None:
        for _ in range(3):
            scan(canvas, policy(1414))
            canvas.showPage()

    begun: list[int] = []
    with ocr.allowing(1, lambda: begun.append(1)):
        document = load(pdf_file(draw), "a.pdf")
    assert {block.page for block in document.blocks} == {1}
    assert begun == [1]
    assert document.warnings == ("Page 2, 3 was not read: no more pages are read by OCR (ingest.ocr_pages).",)


def test_invisible_text_over_a_scan_is_kept_and_not_read_again() -> None:
    def draw(canvas: Any) -> None:
        scan(canvas, Image.new("RGB", (500, 700), "white"))
        text = canvas.beginText(72, 700)
        text.setTextRenderMode(3)
        text.textLine("What an OCR program wrote beneath the picture of a page.")
        canvas.drawText(text)

    with ocr.allowing(0, lambda: None):
        document = load(pdf_file(draw), "a.pdf")
    assert texts(document) == ["What an OCR program wrote beneath the picture of a page."]
    assert document.warnings == ()


def test_a_text_layer_of_nonsense_is_known() -> None:
    assert is_unreadable([0xE001 + at for at in range(40)])
    assert is_unreadable([0xFFFD, 0x20] * 40)
    assert not is_unreadable([ord(letter) for letter in "Bullets of symbol fonts are no nonsense. "] + [0xF0B7] * 3)


def test_text_in_a_picture_inside_a_pdf() -> None:
    made = picture([((40, 30), "Order code", 40), ((40, 100), "ABC-12345 for spare filters", 40)], (800, 180))

    def draw(canvas: Any) -> None:
        pdf_lines(canvas, ["Look for the code on the label of your device before you order."])
        canvas.drawImage(ImageReader(made), 72, 500, 400, 90)

    document = load(pdf_file(draw), "a.pdf")
    assert [block.kind for block in document.blocks] == ["text", "picture"]
    assert "ABC-12345 for spare filters" in document.blocks[1].text


@pytest.mark.slow
def test_reading_pictures_stays_within_the_memory_of_a_worker(tmp_path: Path) -> None:
    """The worst a page can be: large, in colour, full of small print and one line as wide as the page."""
    lines = [((20, 20 + 300 * at), " ".join(WORDS * 3), 60) for at in range(16)]
    made = picture(lines, (4400, 5000))
    path = tmp_path / "a.png"
    path.write_bytes(encoded(made.convert("RGBA"), "PNG", compress_level=1))
    with Sandbox(1) as sandbox:
        document = sandbox.parse(path, "a.png")
        (worker,) = sandbox._running
        status = Path(f"/proc/{worker._process.pid}/status").read_text()
    peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    assert peak < 1024 * 1024  # KB
    assert sum("thirty days" in text for text in texts(document)) >= 1
