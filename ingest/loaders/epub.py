"""EPUB books: the chapters in reading order, each read as a page, with the pictures that lie in the archive."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from ingest.loaders.archive import broken, check_sizes
from ingest.loaders.blocks import heading
from ingest.loaders.encoding import looks_binary
from ingest.loaders.epub_package import Book, Parts, book
from ingest.loaders.html import Page, fragment_blocks, hidden_warnings, read_page, source_of
from ingest.loaders.html_pictures import FindPicture, data_bytes
from ingest.loaders.pictures import Pictures
from ingest.loaders.signatures import kind_of, mismatch
from rag.types import Block, Document

_TYPE = b"application/epub+zip"
_DOCTYPE = re.compile(r"<!DOCTYPE[^>\[]*(?:\[[^\]]*\]\s*)?>", re.IGNORECASE)


def load(raw: bytes, name: str) -> Document:
    """A book. Raises TYPE_MISMATCH, BROKEN, ENCRYPTED (also by DRM), ARCHIVE_TOO_LARGE, UNSAFE_XML."""
    del name
    if not raw.startswith(b"PK"):
        raise mismatch(".epub", kind_of(raw) if looks_binary(raw) else "text")
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            check_sizes(archive, len(raw))
            _check_kind(archive)
            return _document(Parts(archive))
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, zlib.error) as problem:
        raise broken(f"its archive is damaged ({problem})") from problem


def _check_kind(archive: zipfile.ZipFile) -> None:
    names = archive.namelist()
    kind = archive.read("mimetype").strip() if "mimetype" in names else _TYPE
    if kind != _TYPE or "META-INF/container.xml" not in names:
        raise mismatch(".epub", "another kind of archive")


def _document(parts: Parts) -> Document:
    found = book(parts)
    pictures = Pictures()
    blocks, hidden = list(_about(found)), 0
    for path in found.chapters:
        source = _DOCTYPE.sub("", source_of(parts.markup(path)), count=1)
        page = read_page(source, _finder(parts, path, pictures), whole=True)
        blocks += _named(page, found.names.get(path, ""))
        hidden += page.hidden
    warnings = hidden_warnings(hidden)
    if found.missing:
        warnings += (f"{found.missing:,} chapters are listed in the book but not in it.",)
    return Document(found.title, tuple(blocks), warnings=warnings, pictures=pictures.found)


def _about(found: Book) -> Iterator[Block]:
    if found.authors:
        yield Block("text", f"Authors: {', '.join(found.authors)}")
    if found.description:
        yield from fragment_blocks(found.description)


def _named(page: Page, name: str) -> tuple[Block, ...]:
    """The chapter's blocks, under the name that the table of contents gives it where it has no heading itself."""
    if not page.blocks or not name or any(block.kind in ("heading", "question") for block in page.blocks):
        return page.blocks
    return heading(name, 1), *page.blocks


def _finder(parts: Parts, chapter: str, pictures: Pictures) -> FindPicture:
    def find(source: str, says: str) -> Block | None:
        path = parts.path(chapter, source)
        raw = parts.read(path) if path else data_bytes(source)
        return pictures.block(raw, says) if raw else None

    return find
