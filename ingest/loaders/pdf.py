"""PDF files: text with its places from pdfium, ruled tables through pdfplumber, put into reading order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from ingest.loaders.archive import broken
from ingest.loaders.blocks import one_line
from ingest.loaders.pdf_layout import reading_order, with_open_tables, without_running_heads
from ingest.loaders.pdf_paragraphs import Line, line_of, paragraph_blocks
from ingest.loaders.pdf_segments import Segment, page_text
from ingest.loaders.pdf_tables import TableFinder, outside
from ingest.loaders.signatures import encrypted
from rag.errors import Refused
from rag.types import Block, Document

MAX_PAGES = 2000
_NO_TITLE = re.compile(r"\.\w{2,4}$|^microsoft |^untitled|^document\d*$|^slide ?\d|[\\/]|^\W*$", re.IGNORECASE)


def load(raw: bytes, name: str) -> Document:
    """A PDF. Its title is the largest heading if the document begins with it, else its title property."""
    del name
    file = _opened(raw)
    try:
        if len(file) > MAX_PAGES:
            raise Refused(
                "PDF_LIMIT", f"The file has {len(file):,} pages; {MAX_PAGES:,} are the most.", "Split it into parts."
            )
        pages = _pages(file, raw)
        property_title = one_line(str(file.get_metadata_dict().get("Title", "")))
    finally:
        file.close()
    empty = [number for number, page in enumerate(pages.segments, 1) if not page]
    if len(empty) == len(pages.segments):
        raise Refused(
            "NO_TEXT",
            "The file holds no text, only pictures of it.",
            "Reading text from pictures (OCR) is not in yet: run it through an OCR program first.",
        )
    blocks = paragraph_blocks(list(_lines(without_running_heads(pages.segments, pages.heights))))
    title, blocks = _titled(property_title, blocks)
    return Document(title, tuple(blocks), warnings=(*_warnings(empty), *pages.warnings))


def _opened(raw: bytes) -> Any:
    import pypdfium2
    import pypdfium2.raw as pdfium

    try:
        return pypdfium2.PdfDocument(raw)
    except pypdfium2.PdfiumError as problem:
        if problem.err_code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
            raise encrypted() from problem
        raise broken(f"it cannot be opened as a PDF ({problem})") from problem


@dataclass(slots=True)
class _Pages:
    """What stands on the pages, tables among it, the pages' heights, and where tables could not be looked for."""

    segments: list[list[Segment]] = field(default_factory=list)
    heights: list[float] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def _pages(file: Any, raw: bytes) -> _Pages:
    pages, finder = _Pages(), TableFinder(raw)
    try:
        for number in range(len(file)):
            page = _page(file, number)
            textpage = page.get_textpage()
            text = page_text(page, textpage)
            tables = _tables(finder, number, page, textpage, pages) if text.segments and not text.turned else []
            pages.segments.append([*outside(text.segments, tables), *tables])
            pages.heights.append(text.height)
            textpage.close()
            page.close()
    finally:
        finder.close()
    return pages


def _page(file: Any, number: int) -> Any:
    import pypdfium2

    try:
        return file[number]
    except pypdfium2.PdfiumError as problem:
        raise broken(f"page {number + 1} cannot be opened ({problem})") from problem


def _tables(finder: TableFinder, number: int, page: Any, textpage: Any, pages: _Pages) -> list[Segment]:
    try:
        return finder.on_page(number, page, textpage)
    except Exception as problem:  # noqa: BLE001 – a second parser that stumbles, over whatever, must not cost the text
        reason = f"{type(problem).__name__}: {one_line(str(problem))}"[:200]
        pages.warnings.append(f"Tables on page {number + 1} could not be looked for ({reason}); their text is kept.")
        return []


def _lines(pages: Sequence[list[Segment]]) -> Iterator[Line]:
    column = 0
    for number, page in enumerate(pages, 1):
        for region in reading_order(page):
            column += 1
            for row in with_open_tables(region, number):
                yield line_of(row, number, column)


def _titled(property_title: str, blocks: list[Block]) -> tuple[str, list[Block]]:
    first = blocks[0] if blocks else None
    if first and first.kind == "heading" and first.level == 1:
        return first.text, blocks[1:]
    return ("" if _NO_TITLE.search(property_title) else property_title), blocks


def _warnings(empty: list[int]) -> tuple[str, ...]:
    if not empty:
        return ()
    shown = ", ".join(map(str, empty[:20])) + (" …" if len(empty) > 20 else "")
    return (f"No text was found on page {shown}; text in pictures is not read.",)
