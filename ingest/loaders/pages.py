"""From what stands on pages, wherever it was read, to the title and blocks of a document. Knows no file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ingest.loaders.pdf_layout import reading_order, with_open_tables, without_running_heads
from ingest.loaders.pdf_paragraphs import Line, line_of, paragraph_blocks
from ingest.loaders.pdf_segments import Segment
from rag.types import Block


def blocks_of(pages: Sequence[list[Segment]], heights: Sequence[float]) -> list[Block]:
    """The blocks in reading order, without running heads; places and sizes are points."""
    return paragraph_blocks(list(_lines(without_running_heads(pages, heights))))


def titled(title: str, blocks: list[Block]) -> tuple[str, list[Block]]:
    """The largest heading if the document begins with it, else `title`; and the blocks below."""
    at = next((at for at, block in enumerate(blocks) if block.kind != "picture"), None)
    if at is None or blocks[at].kind != "heading" or blocks[at].level != 1:
        return title, blocks
    return blocks[at].text, [*blocks[:at], *blocks[at + 1 :]]


def _lines(pages: Sequence[list[Segment]]) -> Iterator[Line]:
    column = 0
    for number, page in enumerate(pages, 1):
        for region in reading_order(page):
            column += 1
            for row in with_open_tables(region, number):
                yield line_of(row, number, column)
