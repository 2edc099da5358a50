"""PDF files: text with its places from pdfium, ruled tables through pdfplumber, put into reading order.

Pages that are pictures of text are read by OCR, pictures keep their place, text nobody sees is left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ingest.loaders import ocr, pdf_pictures
from ingest.loaders.archive import broken
from ingest.loaders.blocks import one_line
from ingest.loaders.image import written_in
from ingest.loaders.pages import blocks_of, titled
from ingest.loaders.pdf_hidden import count_words, hidden_characters
from ingest.loaders.pdf_pictures import Placed
from ingest.loaders.pdf_scans import is_scanned, needs_ocr, read_scan, with_one_body
from ingest.loaders.pdf_segments import PageText, Segment, codes_of, page_text
from ingest.loaders.pdf_tables import TableFinder, outside
from ingest.loaders.pictures import Pictures
from ingest.loaders.signatures import encrypted
from rag.errors import Refused
from rag.types import Document

MAX_PAGES = 2000
_MOST_WARNINGS = 20
LONGEST_SIDE = 14_400  # points, 200 inches: the most a PDF may have
_NO_TITLE = re.compile(r"\.\w{2,4}$|^microsoft |^untitled|^document\d*$|^slide ?\d|[\\/]|^\W*$", re.IGNORECASE)


def load(raw: bytes, name: str) -> Document:
    """A PDF. Its title is the largest heading if the document begins with it, else its title property."""
    del name
    file = _opened(raw)
    try:
        if len(file) > MAX_PAGES:
            raise _limit(f"The file has {len(file):,} pages; {MAX_PAGES:,} are the most.")
        pages = _pages(file, raw)
        pictures = _with_pictures(file, pages)
        property_title = one_line(str(file.get_metadata_dict().get("Title", "")))
    finally:
        file.close()
    if not any(segment.text or segment.block for page in pages.texts for segment in page.segments):
        raise _no_text(pages)
    read = with_one_body(pages.texts)
    blocks = blocks_of([page.segments for page in read], [page.height for page in read])
    title, blocks = titled("" if _NO_TITLE.search(property_title) else property_title, blocks)
    return Document(title, tuple(blocks), warnings=tuple(_warnings(pages)), pictures=pictures)


def _limit(reason: str) -> Refused:
    return Refused("PDF_LIMIT", reason, "Split it into parts, or print it to a PDF of ordinary pages.")


def _no_text(pages: _Pages) -> Refused:
    if pages.unread:
        return Refused(
            "NO_TEXT",
            "The file holds only pictures of text, and none of them may be read.",
            "Raise ingest.ocr_pages in config.yaml.",
        )
    return Refused(
        "NO_TEXT",
        "No text was found in the file, nor by OCR in its pictures.",
        "Scan it anew with a higher resolution.",
    )


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
    """What stands on the pages, tables among it, and what an editor should know."""

    texts: list[PageText] = field(default_factory=list)
    pictures: list[list[Placed]] = field(default_factory=list)  # per page
    unread: list[int] = field(default_factory=list)  # pages that wait for OCR in vain
    hidden: dict[int, int] = field(default_factory=dict)  # words, by page
    warnings: list[str] = field(default_factory=list)


def _pages(file: Any, raw: bytes) -> _Pages:
    pages, finder = _Pages(), TableFinder(raw)
    try:
        for number in range(len(file)):
            page = _page(file, number)
            textpage = page.get_textpage()
            text = _text(page, textpage, number, pages)
            if text.segments and not (text.turned or text.scanned):
                tables = _tables(finder, number, page, textpage, pages)
                text = replace(text, segments=[*outside(text.segments, tables), *tables])
            pages.texts.append(text)
            pages.pictures.append([] if text.scanned else pdf_pictures.on_page(page))
            textpage.close()
            page.close()
    finally:
        finder.close()
    return pages


def _page(file: Any, number: int) -> Any:
    import pypdfium2

    try:
        page = file[number]
    except pypdfium2.PdfiumError as problem:
        raise broken(f"page {number + 1} cannot be opened ({problem})") from problem
    if max(page.get_size()) > LONGEST_SIDE:
        raise _limit(
            f"Page {number + 1} is {max(page.get_size()) / 72:,.0f} inches long; {LONGEST_SIDE // 72} are the most."
        )
    return page


def _text(page: Any, textpage: Any, number: int, pages: _Pages) -> PageText:
    """The text layer as far as it can be seen, or what OCR reads where there is none."""
    codes, scanned = codes_of(textpage), is_scanned(page)
    hidden = hidden_characters(page, textpage, codes, scanned)
    if hidden:
        pages.hidden[number + 1] = count_words(codes, hidden)
    text = page_text(page, textpage, codes, hidden)
    if not needs_ocr(page, text, codes, scanned):
        return text
    if not ocr.allowed():
        pages.unread.append(number + 1)
        return text
    found = read_scan(page)
    return found if found.segments else text


def _tables(finder: TableFinder, number: int, page: Any, textpage: Any, pages: _Pages) -> list[Segment]:
    try:
        return finder.on_page(number, page, textpage)
    except Exception as problem:  # noqa: BLE001 – a second parser that stumbles, over whatever, must not cost the text
        reason = f"{type(problem).__name__}: {one_line(str(problem))}"[:200]
        pages.warnings.append(f"Tables on page {number + 1} could not be looked for ({reason}); their text is kept.")
        return []


def _with_pictures(file: Any, pages: _Pages) -> dict[str, bytes]:
    """Put the illustrations in their places, with what is written in them; gives them by name."""
    kept = Pictures()
    for number, placed in pdf_pictures.illustrations(pages.pictures):
        page = file[number]
        picture = pdf_pictures.drawn(page, placed)
        page.close()
        block = kept.block(pdf_pictures.encoded(picture, placed), page=number + 1)
        if block is None:
            continue
        if ocr.allowed():
            block = replace(block, text=written_in(picture))
        left, top, right, bottom = pages.texts[number].place(placed.box)
        pages.texts[number].segments.append(Segment("", left, top, right, bottom, block=block))
    return kept.found


def _warnings(pages: _Pages) -> list[str]:
    warnings = [f"Hidden text was left out: {count} words on page {page}." for page, count in pages.hidden.items()]
    if len(warnings) > _MOST_WARNINGS:
        rest = warnings[_MOST_WARNINGS:]
        warnings = [*warnings[:_MOST_WARNINGS], f"Hidden text was left out on {len(rest)} more pages."]
    empty = [n for n, page in enumerate(pages.texts, 1) if not page.segments and n not in pages.unread]
    if pages.unread:
        warnings.append(f"Page {_listed(pages.unread)} was not read: no more pages are read by OCR (ingest.ocr_pages).")
    if empty:
        warnings.append(f"No text was found on page {_listed(empty)}.")
    return [*warnings, *pages.warnings]


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers[:20])) + (" …" if len(numbers) > 20 else "")
