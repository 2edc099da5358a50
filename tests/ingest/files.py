"""Makes the files the tests read."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any


def docx_file(fill: Callable[[Any], None]) -> bytes:
    import docx

    document = docx.Document()
    fill(document)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def xlsx_file(fill: Callable[[Any], None]) -> bytes:
    import openpyxl

    workbook = openpyxl.Workbook()
    fill(workbook)
    made = io.BytesIO()
    workbook.save(made)
    return made.getvalue()


def pdf_file(draw: Callable[[Any], None], **options: Any) -> bytes:
    """`draw` gets a canvas of A4, 595 by 842 points."""
    from reportlab.pdfgen.canvas import Canvas

    made = io.BytesIO()
    canvas = Canvas(made, pagesize=(595, 842), **options)
    draw(canvas)
    canvas.save()
    return made.getvalue()


def pdf_lines(
    canvas: Any, lines: list[str], x: float = 72, y: float = 760, size: float = 11, step: float = 14
) -> float:
    """Write lines from `y` downwards; gives the place below them."""
    canvas.setFont("Helvetica", size)
    for line in lines:
        canvas.drawString(x, y, line)
        y -= step
    return y


def with_part(raw: bytes, name: str, content: bytes) -> bytes:
    """An Office file with one part replaced or added."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.filename != name:
                new.writestr(entry.filename, old.read(entry))
        new.writestr(name, content)
    return made.getvalue()


def part(raw: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return archive.read(name)


def pptx_file(fill: Callable[[Any], None]) -> bytes:
    import pptx

    deck = pptx.Presentation()
    fill(deck)
    made = io.BytesIO()
    deck.save(made)
    return made.getvalue()


def png_file(width: int = 80, height: int = 60, color: str = "red") -> bytes:
    from PIL import Image

    made = io.BytesIO()
    Image.new("RGB", (width, height), color).save(made, "PNG")
    return made.getvalue()
