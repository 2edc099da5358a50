"""What in a document speaks to a language model is left out of it, with a warning that quotes it.

Such a sentence answers no customer; left in, it would stand in a model's prompt and could be quoted with a citation.
Knows no format and no store; what such a sentence looks like is in `rag/instructions.py`.
"""

from __future__ import annotations

import re
from dataclasses import replace

from rag.instructions import steers
from rag.text import sentence_spans
from rag.types import Block, Document

_QUOTE = re.compile("[\"'“”‘’「」《》]")
SHOWN = 80  # characters of a sentence in the warning


def without_instructions(document: Document) -> Document:
    """The document without sentences to a model; one in its title leaves it without one."""
    found = list[str]()
    blocks = tuple(_without(block, found) for block in document.blocks)
    title = "" if _told(document.title, found) else document.title
    if not found:
        return document
    first = found[0] if len(found[0]) <= SHOWN else f"{found[0][:SHOWN].rstrip()}…"
    more = f" and {len(found) - 1} more" if len(found) > 1 else ""
    warning = f"Left out what speaks to a language model instead of a reader: “{first}”{more}."
    kept = tuple(block for block in blocks if block.text or block.picture or any(map(any, block.rows)))
    return replace(document, title=title, blocks=kept, warnings=(*document.warnings, warning))


def _told(text: str, found: list[str]) -> bool:
    if steers(text):
        found.append(" ".join(text.split()))
        return True
    return False


def _without(block: Block, found: list[str]) -> Block:
    if block.kind == "table":
        rows = tuple(tuple("" if _told(cell, found) else cell for cell in row) for row in block.rows)
        return replace(block, rows=rows)
    spans = _steering(block.text)
    if not spans:
        return block
    found += [" ".join(block.text[start:end].split()) for start, end in spans]
    text = block.text
    for start, end in reversed(spans):
        text = f"{text[:start].rstrip(' ')} {text[end:].lstrip(' ')}" if start else text[end:].lstrip()
    return replace(block, text=text.strip("\n ") if block.kind == "code" else text.strip())


def _steering(text: str) -> list[tuple[int, int]]:
    """Offsets of the sentences to a model; two together where a quotation mark cut one in two."""
    spans = sentence_spans(text)
    told = {at for at, (start, end) in enumerate(spans) if steers(text[start:end])}
    for at in range(len(spans) - 1):
        quoted = _QUOTE.search(text, spans[at][0], spans[at + 1][1])
        if quoted and told.isdisjoint((at, at + 1)) and steers(text[spans[at][0] : spans[at + 1][1]]):
            told |= {at, at + 1}
    return [spans[at] for at in sorted(told)]
