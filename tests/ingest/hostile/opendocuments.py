"""OpenDocument files, books and mails: the same attacks on the other archives, and letters within letters."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from functools import cache

from tests.ingest.hostile.archives import LAUGHS, MB, OUTSIDE, SAID, with_bomb, with_prolog
from tests.ingest.hostile.trap import PLANTED, Trap, trap

KINDS = {
    "odt": ("text", f'<office:text><text:h text:outline-level="1">Care</text:h><text:p>{SAID}</text:p></office:text>'),
    "ods": (
        "spreadsheet",
        '<office:spreadsheet><table:table table:name="Care"><table:table-row>'
        f'<table:table-cell office:value-type="string"><text:p>{SAID}</text:p></table:table-cell>'
        "</table:table-row></table:table></office:spreadsheet>",
    ),
    "odp": (
        "presentation",
        '<office:presentation><draw:page draw:name="Care"><draw:frame><draw:text-box>'
        f"<text:p>{SAID}</text:p></draw:text-box></draw:frame></draw:page></office:presentation>",
    ),
}
SPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
    for short, long in (("office", "office"), ("text", "text"), ("table", "table"), ("draw", "drawing"))
)


def zipped(first: tuple[str, bytes], parts: dict[str, str]) -> bytes:
    """An archive whose first part is stored as it is, as these formats want it."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(first[0], first[1], zipfile.ZIP_STORED)
        for name, text in parts.items():
            archive.writestr(name, text)
    return made.getvalue()


@cache
def opendocument(kind: str, manifest: str = "", body: str = "") -> bytes:
    """A good one; `manifest` and `body` for one that is not."""
    name, good = KINDS[kind]
    media = f"application/vnd.oasis.opendocument.{name}"
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {SPACES} office:version="1.2">'
        f"<office:body>{body or good}</office:body></office:document-content>"
    )
    listed = (
        '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest '
        'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{media}"/>'
        f'<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml">{manifest}'
        "</manifest:file-entry></manifest:manifest>"
    )
    return zipped(("mimetype", media.encode()), {"content.xml": content, "META-INF/manifest.xml": listed})


@cache
def book(chapter: str = "", href: str = "one.xhtml", extra: str = "") -> bytes:
    """An EPUB of one chapter."""
    container = (
        '<?xml version="1.0"?><container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
        '<rootfiles><rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/></rootfiles>'
        "</container>"
    )
    package = (
        '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="i">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Care</dc:title></metadata><manifest>'
        f'<item id="c" href="{href}" media-type="application/xhtml+xml"/></manifest>'
        '<spine><itemref idref="c"/></spine></package>'
    )
    page = chapter or (
        '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title>Care</title>'
        f"</head><body><h1>Care</h1><p>{SAID}</p>{extra}</body></html>"
    )
    parts = {"META-INF/container.xml": container, "OEBPS/content.opf": package, "OEBPS/one.xhtml": page}
    return zipped(("mimetype", b"application/epub+zip"), parts)


def traps() -> Iterator[Trap]:
    """All of them."""
    yield from _open_documents()
    yield from _books()
    yield from _mails()


def _open_documents() -> Iterator[Trap]:
    for kind in KINDS:
        raw = opendocument(kind)
        yield trap(f"bomb.{kind}", "ARCHIVE_TOO_LARGE", with_bomb(raw, ["big.xml"], 320 * MB))
        yield trap(f"laughs.{kind}", "UNSAFE_XML", with_prolog(raw, "content.xml", LAUGHS, "a10"))
        yield trap(f"outside.{kind}", "UNSAFE_XML", with_prolog(raw, "content.xml", OUTSIDE, "x"))
    for share in (0.3, 0.8):
        yield trap(f"cut at {share}.odt", "BROKEN", opendocument("odt")[: int(len(opendocument("odt")) * share)])
    yield trap("bomb that lies.odt", "BROKEN|live", with_bomb(opendocument("odt"), ["big.xml"], 320 * MB, claimed=1000))
    locked = '<manifest:encryption-data manifest:checksum="x"/>'
    yield trap("password.odt", "ENCRYPTED", opendocument("odt", locked))
    repeated = (
        '<office:spreadsheet><table:table table:name="Care"><table:table-row table:number-rows-repeated="1048576">'
        '<table:table-cell table:number-columns-repeated="16384" office:value-type="string">'
        f"<text:p>{SAID}</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet>"
    )
    yield trap("repeats for ever.ods", "live|TOO_LARGE|OUTPUT_TOO_LARGE", opendocument("ods", body=repeated))
    spaces = f'<office:text><text:p>{SAID}<text:s text:c="2000000000"/>end</text:p></office:text>'
    yield trap("spaces for ever.odt", "live|BROKEN", opendocument("odt", body=spaces))
    deep = f"<office:text>{'<text:list><text:list-item>' * 50_000}<text:p>{SAID}</text:p>"
    deep += f"{'</text:list-item></text:list>' * 50_000}</office:text>"
    yield trap("deep lists.odt", "BROKEN|live", opendocument("odt", body=deep))


def _books() -> Iterator[Trap]:
    yield trap("bomb.epub", "ARCHIVE_TOO_LARGE", with_bomb(book(), ["OEBPS/big.xhtml"], 320 * MB))
    yield trap(
        "overlapping.epub", "ARCHIVE_TOO_LARGE", with_bomb(book(), [f"p{n}.xhtml" for n in range(3000)], 32 * MB)
    )
    yield trap("laughs.epub", "UNSAFE_XML", book(f"{LAUGHS}<html><body><p>{SAID} &a10;</p></body></html>"))
    yield trap("outside.epub", "UNSAFE_XML", book(f"{OUTSIDE}<html><body><p>{SAID} &x;</p></body></html>"))
    yield trap("leads out.epub", "BROKEN|NO_TEXT|live", book(href="../../../../../../etc/passwd"))
    yield trap("scripts.epub", "live", book(extra=f"<script>{PLANTED}()</script>"))
    yield trap("cut.epub", "BROKEN", book()[: len(book()) // 2])


def _mails() -> Iterator[Trap]:
    head = "From: a@example.com\r\nTo: b@example.com\r\nSubject: Care\r\nMIME-Version: 1.0\r\n"
    nested = "".join(f"Subject: layer {n}\r\nContent-Type: message/rfc822\r\n\r\n" for n in range(3000))
    yield trap("letters in letters.eml", "live|BROKEN|NO_TEXT", head + "\r\n" + SAID + "\r\n" + nested[:0] + nested)
    inside = head + nested + f"Subject: last\r\n\r\n{SAID}\r\n"
    yield trap("deep letters.eml", "live|BROKEN|NO_TEXT", inside)
    parts = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\r\n\r\n--b{n}\r\n' for n in range(2000))
    yield trap("deep parts.eml", "live|BROKEN|NO_TEXT", head + parts + f"Content-Type: text/plain\r\n\r\n{SAID}\r\n")
    lost = f'{head}Content-Type: multipart/mixed; boundary="never"\r\n\r\n{SAID}\r\n'
    yield trap("boundary that never comes.eml", "live|BROKEN|NO_TEXT", lost)
    odd = f"{head}Content-Type: text/plain; charset=no-such\r\nContent-Transfer-Encoding: base64\r\n\r\n%%%%\r\n"
    yield trap("odd encodings.eml", "live|BROKEN|NO_TEXT|ENCODING", odd)
    yield trap("long header.eml", "live|BROKEN", f"{head}X-Long: {'x' * 5_000_000}\r\n\r\n{SAID}\r\n")
    script = f"{head}Content-Type: text/html\r\n\r\n<p>{SAID}</p><script>{PLANTED}()</script>"
    yield trap("script.eml", "live", script)
    yield trap("not a mail.msg", "TYPE_MISMATCH|BROKEN", SAID)
    yield trap("only a head.msg", "BROKEN|TYPE_MISMATCH", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 3000)
    yield trap("only a head.xls", "BROKEN|TYPE_MISMATCH", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 3000)
