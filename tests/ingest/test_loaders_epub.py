"""EPUB: order, titles, pictures, protection, and archives that mean harm."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

import pytest

from ingest.loaders import load
from rag.errors import Refused
from rag.types import Document
from tests.ingest.files import png_file

CONTAINER = '<container xmlns="urn:x"><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
DRM = (
    '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><EncryptedData '
    'xmlns="http://www.w3.org/2001/04/xmlenc#"><EncryptionMethod Algorithm="{algorithm}"/>'
    '<CipherData><CipherReference URI="{path}"/></CipherData></EncryptedData></encryption>'
)
XHTML = (
    '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" '
    '"http://www.w3.org/TR/xhtml11/DTD/xhtml11.dtd"><html xmlns="http://www.w3.org/1999/xhtml">'
    "<head><title/></head><body>{}</body></html>"
)


def package(chapters: list[str], items: str = "", metadata: str = "<dc:title>The Lamp</dc:title>") -> str:
    listed = "".join(
        f'<item id="c{at}" href="{path}" media-type="application/xhtml+xml"/>' for at, path in enumerate(chapters)
    )
    order = "".join(f'<itemref idref="c{at}"/>' for at in range(len(chapters)))
    return (
        '<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"{metadata}</metadata><manifest>{listed}{items}</manifest><spine>{order}</spine></package>"
    )


def book(chapters: Mapping[str, str], parts: Mapping[str, str | bytes] | None = None, **said: str) -> bytes:
    """`chapters`: bodies by their path below OEBPS/, in reading order."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        content: dict[str, str | bytes] = {
            "META-INF/container.xml": CONTAINER,
            "OEBPS/book.opf": package(list(chapters), **said),
        }
        content |= {f"OEBPS/{path}": XHTML.format(body) for path, body in chapters.items()} | dict(parts or {})
        for path, raw in content.items():
            archive.writestr(path, raw)
    return made.getvalue()


def read(chapters: Mapping[str, str], parts: Mapping[str, str | bytes] | None = None, **said: str) -> Document:
    return load(book(chapters, parts, **said), "a.epub")


def texts(document: Document) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in document.blocks]


def refusal(raw: bytes) -> Refused:
    with pytest.raises(Refused) as raised:
        load(raw, "a.epub")
    return raised.value


def test_chapters_in_reading_order_with_their_headings() -> None:
    document = read(
        {"z.xhtml": "<h1>Set up</h1><p>Plug&nbsp;it in.</p>", "a.xhtml": "<h2>Use</h2><p>Switch it on.</p>"}
    )
    assert document.title == "The Lamp"
    assert texts(document) == [
        ("heading", "Set up"),
        ("text", "Plug it in."),
        ("heading", "Use"),
        ("text", "Switch it on."),
    ]


def test_what_the_book_says_of_itself() -> None:
    said = "<dc:creator>Ann</dc:creator><dc:description>How to &lt;b&gt;use&lt;/b&gt; it.</dc:description>"
    document = read({"a.xhtml": "<p>Plug it in.</p>"}, metadata=said)
    assert texts(document)[:2] == [("text", "Authors: Ann"), ("text", "How to use it.")]


NAV = (
    '<html xmlns="http://www.w3.org/1999/xhtml"><body><nav><ol><li><a href="t/a.xhtml#x">Set <i>up</i></a></li></ol>'
    "</nav></body></html>"
)
NCX = (
    '<!DOCTYPE ncx PUBLIC "-//NISO//DTD ncx 2005-1//EN" "http://www.daisy.org/z3986/2005/ncx-2005-1.dtd">'
    '<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap><navPoint><navLabel><text>Set up</text></navLabel>'
    '<content src="t/a.xhtml"/></navPoint></navMap></ncx>'
)


@pytest.mark.parametrize(
    ("items", "name", "content"),
    [
        ('<item id="n" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>', "nav.xhtml", NAV),
        ('<item id="n" href="toc.ncx" media-type="application/x-dtbncx+xml"/>', "toc.ncx", NCX),
    ],
)
def test_a_chapter_without_heading_has_its_name_from_the_contents(items: str, name: str, content: str) -> None:
    chapters = {"t/a.xhtml": "<p>Plug it in.</p>", "t/b.xhtml": "<h1>Use</h1><p>Switch it on.</p>"}
    document = read(chapters, {f"OEBPS/{name}": content}, items=items)
    assert texts(document)[:3] == [("heading", "Set up"), ("text", "Plug it in."), ("heading", "Use")]


def test_pictures_come_from_the_archive_and_from_nowhere_else() -> None:
    inside = {"OEBPS/img/a b.png": png_file(), "secret.png": png_file(color="blue")}
    body = '<p>Look.</p><img src="{}" alt="A lamp"/><p>Bye.</p>'
    document = read({"t/a.xhtml": body.format("../img/a%20b.png#x")}, inside)
    assert texts(document) == [("text", "Look."), ("picture", "A lamp"), ("text", "Bye.")]
    assert set(document.pictures) == {document.blocks[1].picture}
    for source in (
        "../../../etc/passwd",
        "../../../secret.png",
        "http://a.example/x.png",
        "file:///secret.png",
        "/x.png",
    ):
        document = read({"t/a.xhtml": body.format(source)}, inside)
        assert texts(document) == [("text", "Look."), ("text", "A lamp"), ("text", "Bye.")]
        assert not document.pictures


def test_asides_and_footers_of_books_are_content() -> None:
    document = read({"a.xhtml": "<p>One.</p><aside>Two.</aside><footer>Three.</footer><p hidden='hidden'>Four.</p>"})
    assert [text for _, text in texts(document)] == ["One.", "Two.", "Three."]
    assert document.warnings


def test_a_document_type_with_declarations_leaves_no_text() -> None:
    page = "<!DOCTYPE html [ <!ELEMENT x (a)> ]><html><body><p>One.</p></body></html>"
    assert texts(read({"a.xhtml": ""}, {"OEBPS/a.xhtml": page})) == [("text", "One.")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("path", ["OEBPS/a.xhtml", "OEBPS/book.opf", "META-INF/container.xml"])
def test_entities_are_refused(path: str, encoding: str) -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'.encode(encoding)
    assert refusal(book({"a.xhtml": "<p>One.</p>"}, {path: bomb})).code == "UNSAFE_XML"


def test_protected_books_are_refused_and_hidden_fonts_are_not_protection() -> None:
    locked = DRM.format(algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc", path="OEBPS/a.xhtml")
    assert refusal(book({"a.xhtml": "<p>One.</p>"}, {"META-INF/encryption.xml": locked})).code == "ENCRYPTED"
    fonts = DRM.format(algorithm="http://www.idpf.org/2008/embedding", path="OEBPS/f.otf")
    assert texts(read({"a.xhtml": "<p>One.</p>"}, {"META-INF/encryption.xml": fonts})) == [("text", "One.")]


def test_bombs_are_not_unpacked() -> None:
    assert refusal(book({"a.xhtml": "<p>One.</p>"}, {"x": bytes(30 * 2**20)})).code == "ARCHIVE_TOO_LARGE"


def test_a_spine_without_end_reads_each_chapter_once() -> None:
    chapters = [*["a.xhtml"] * 50_000, *[f"gone{at}.xhtml" for at in range(50_000)]]
    container = CONTAINER.replace("book.opf", "long.opf")
    parts = {"OEBPS/long.opf": package(chapters), "META-INF/container.xml": container}
    document = read({"a.xhtml": "<p>One.</p>"}, parts)
    assert texts(document) == [("text", "One.")]
    assert "50,000 chapters" in document.warnings[0]


def other_archive(**parts: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for path, content in parts.items():
            archive.writestr(path, content)
    return made.getvalue()


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"Hello there.", "TYPE_MISMATCH"),
        (other_archive(mimetype="application/vnd.oasis.opendocument.text"), "TYPE_MISMATCH"),
        (other_archive(a="b"), "TYPE_MISMATCH"),
        (book({"a.xhtml": "<p>One.</p>"})[:400], "BROKEN"),
        (book({"a.xhtml": "<p>One.</p>"}, {"META-INF/container.xml": "<container/>"}), "BROKEN"),
        (book({"a.xhtml": "<p>One.</p>"}, {"OEBPS/book.opf": "no xml"}), "BROKEN"),
    ],
)
def test_what_is_no_book(raw: bytes, code: str) -> None:
    assert refusal(raw).code == code
