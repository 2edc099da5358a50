"""PDFs that go round in circles, lie about their size, hide words or grow when they are unpacked."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any

from tests.ingest.files import pdf_file, pdf_lines
from tests.ingest.hostile.trap import PLANTED, Trap, trap

SAID = "The hose of the Brew One is rinsed once a week."
TEXT = f"BT /F1 12 Tf 72 700 Td ({SAID}) Tj ET"
FONT = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
PAGE = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 5 0 R >> >> /Contents 4 0 R >>"


def stream(content: bytes | str, entries: str = "", length: int | None = None) -> bytes:
    """A stream object; `length` to lie about it."""
    raw = content.encode() if isinstance(content, str) else content
    size = len(raw) if length is None else length
    return f"<< /Length {size} {entries} >>\nstream\n".encode() + raw + b"\nendstream"


def pdf(objects: dict[int, bytes | str], trailer: str = "") -> bytes:
    """A PDF of these objects; by default one page that says something."""
    standard: dict[int, bytes | str] = {
        1: "<< /Type /Catalog /Pages 2 0 R >>",
        2: "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: PAGE,
        4: stream(TEXT),
        5: FONT,
    }
    body, places = b"%PDF-1.7\n", {}
    for number, content in (standard | objects).items():
        places[number] = len(body)
        raw = content.encode() if isinstance(content, str) else content
        body += b"%d 0 obj\n" % number + raw + b"\nendobj\n"
    size = max(places) + 1
    rows = [b"0000000000 65535 f \n"]
    rows += [b"%010d 00000 n \n" % places[n] if n in places else rows[0] for n in range(1, size)]
    end = f"trailer\n<< /Size {size} /Root 1 0 R {trailer} >>\nstartxref\n{len(body)}\n%%EOF\n"
    return body + b"xref\n0 %d\n" % size + b"".join(rows) + end.encode()


def said() -> bytes:
    """A good one."""
    return pdf_file(lambda canvas: pdf_lines(canvas, [SAID]))


def traps() -> Iterator[Trap]:
    """All of them."""
    yield from _circles()
    yield from _lies()
    yield from _growth()
    yield from _hidden()
    yield from _broken()


def _circles() -> Iterator[Trap]:
    odd = "BROKEN|NO_TEXT|live"
    yield trap("tree that is its own child.pdf", odd, pdf({2: "<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 2 >>"}))
    loop: dict[int, bytes | str] = {
        2: "<< /Type /Pages /Kids [6 0 R] /Count 1 >>",
        6: "<< /Type /Pages /Kids [7 0 R] /Count 1 /Parent 7 0 R >>",
        7: "<< /Type /Pages /Kids [6 0 R] /Count 1 /Parent 6 0 R >>",
    }
    yield trap("tree in a circle.pdf", odd, pdf(loop))
    inside = stream("7 0 << /Type /Pages >>", "/Type /ObjStm /N 1 /First 4 /Extends 6 0 R")
    yield trap("stream that extends itself.pdf", odd, pdf({6: inside}))
    raw = pdf({})
    at = raw.rindex(b"xref\n0", 0, raw.rindex(b"startxref"))
    yield trap("table before itself.pdf", odd, pdf({}, f"/Prev {at}"))
    form = stream(
        "q /X1 Do Q", "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X1 6 0 R >> >>"
    )
    page = PAGE.replace("/Font", "/XObject << /X1 6 0 R >> /Font")
    yield trap("form within itself.pdf", odd, pdf({3: page, 4: stream(TEXT + " /X1 Do"), 6: form}))
    length = b"<< /Length 4 0 R >>\nstream\n" + TEXT.encode() + b"\nendstream"
    yield trap("length that is itself.pdf", odd, pdf({4: length}))
    bookmarks: dict[int, bytes | str] = {
        1: "<< /Type /Catalog /Pages 2 0 R /Outlines 6 0 R >>",
        6: "<< /First 7 0 R /Last 7 0 R /Count 1 >>",
        7: "<< /Title (Care) /Parent 6 0 R /Next 7 0 R /First 7 0 R >>",
    }
    yield trap("bookmarks in a circle.pdf", "live", pdf(bookmarks))


def _lies() -> Iterator[Trap]:
    yield trap(
        "a billion pages.pdf", "PDF_LIMIT|BROKEN|live", pdf({2: "<< /Type /Pages /Kids [3 0 R] /Count 999999999 >>"})
    )
    yield trap("minus one page.pdf", "BROKEN|NO_TEXT|live", pdf({2: "<< /Type /Pages /Kids [3 0 R] /Count -1 >>"}))
    yield trap("length too long.pdf", "live|BROKEN|NO_TEXT", pdf({4: stream(TEXT, length=2**31 - 1)}))
    yield trap("length below nothing.pdf", "live|BROKEN|NO_TEXT", pdf({4: stream(TEXT, length=-5)}))
    yield trap("table of billions.pdf", "live|BROKEN|NO_TEXT", pdf({}).replace(b"xref\n0 6", b"xref\n0 4294967295"))
    vast = PAGE.replace("[0 0 595 842]", "[0 0 1e30 1e30]")
    yield trap("vast page.pdf", "live|BROKEN|NO_TEXT", pdf({3: vast}))
    none = PAGE.replace("[0 0 595 842]", "[0 0 0 0]")
    yield trap("page of no size.pdf", "live|BROKEN|NO_TEXT", pdf({3: none}))


def _growth() -> Iterator[Trap]:
    kids = " ".join(["3 0 R"] * 3000)
    yield trap(
        "3000 times the same page.pdf",
        "PDF_LIMIT|BROKEN|live",
        pdf({2: f"<< /Type /Pages /Kids [{kids}] /Count 3000 >>"}),
    )
    fan: dict[int, bytes | str] = {2: "<< /Type /Pages /Kids [10 0 R] /Count 1000000 >>"}
    for level in range(10, 16):
        below = "3 0 R" if level == 15 else f"{level + 1} 0 R"
        fan[level] = f"<< /Type /Pages /Kids [{' '.join([below] * 10)}] /Count {10 ** (16 - level)} /Parent 2 0 R >>"
    yield trap("fan of a million pages.pdf", "PDF_LIMIT|BROKEN", pdf(fan))
    bomb = zlib.compress(bytes(400 * 2**20), 9)
    yield trap(
        "content of 400 MB.pdf", "MEMORY|CRASHED|BROKEN|NO_TEXT|TIMEOUT", pdf({4: stream(bomb, "/Filter /FlateDecode")})
    )
    twice = zlib.compress(bomb, 9)
    yield trap(
        "packed twice.pdf",
        "MEMORY|CRASHED|BROKEN|NO_TEXT|TIMEOUT",
        pdf({4: stream(twice, "/Filter [/FlateDecode /FlateDecode]")}),
    )
    yield trap("arrays in arrays.pdf", "live|BROKEN|NO_TEXT", pdf({4: stream("[" * 200_000 + TEXT)}))
    yield trap("dictionaries in dictionaries.pdf", "live|BROKEN|NO_TEXT", pdf({6: "<< /A " * 100_000 + ">>" * 100_000}))
    states = "q " * 300_000 + TEXT
    yield trap("states on states.pdf", "live|BROKEN|NO_TEXT", pdf({4: stream(states)}))
    lines = " ".join(f"{n % 595} {n % 842} m {n * 7 % 595} {n * 3 % 842} l S" for n in range(60_000))
    yield trap("sixty thousand lines.pdf", "live|NO_TEXT|TIMEOUT", pdf({4: stream(TEXT + " " + lines)}))
    letters = " ".join(f"BT /F1 1 Tf {n % 595} {n * 13 % 842} Td (x) Tj ET" for n in range(8_000))
    yield trap("eight thousand letters.pdf", "live|NO_TEXT|TIMEOUT|OUTPUT_TOO_LARGE", pdf({4: stream(letters)}))
    picture = stream(
        zlib.compress(bytes(50 * 2**20), 9),
        "/Type /XObject /Subtype /Image /Width 50000 /Height 50000 "
        "/ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /FlateDecode",
    )
    page = PAGE.replace("/Font", "/XObject << /X1 6 0 R >> /Font")
    draws = TEXT + " q 500 0 0 500 9 9 cm /X1 Do Q"
    yield trap("picture of 50,000 by 50,000.pdf", "live", pdf({3: page, 4: stream(draws), 6: picture}))


def _hidden() -> Iterator[Trap]:
    def white(canvas: Any) -> None:
        pdf_lines(canvas, [SAID])
        canvas.setFillColorRGB(1, 1, 1)
        pdf_lines(canvas, [PLANTED], y=600)

    yield trap("white on white.pdf", "live", pdf_file(white))
    yield trap("invisible.pdf", "live", pdf({4: stream(f"{TEXT} BT 3 Tr /F1 12 Tf 72 600 Td ({PLANTED}) Tj ET")}))
    yield trap("beside the page.pdf", "live", pdf({4: stream(f"{TEXT} BT /F1 12 Tf 5000 600 Td ({PLANTED}) Tj ET")}))
    script = f"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert('{PLANTED}')) >> >>"
    yield trap("script.pdf", "live", pdf({1: script}))
    launch = f"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /Launch /F ({PLANTED}.exe) >> >>"
    yield trap("launches.pdf", "live", pdf({1: launch}))


def _broken() -> Iterator[Trap]:
    from reportlab.lib.pdfencrypt import StandardEncryption

    locked = pdf_file(lambda canvas: pdf_lines(canvas, [SAID]), encrypt=StandardEncryption("secret", strength=128))
    yield trap("password.pdf", "ENCRYPTED", locked)
    for share in (0.2, 0.5, 0.9):
        yield trap(f"cut at {share}.pdf", "BROKEN|NO_TEXT|live", said()[: int(len(said()) * share)])
    yield trap("only a head.pdf", "BROKEN", b"%PDF-1.7\n")
    yield trap("a page of the web in truth.pdf", "TYPE_MISMATCH", f"<html><body>{SAID}</body></html>")
    yield trap("noise.pdf", "BROKEN", b"%PDF-1.4\n" + bytes(range(256)) * 200)
