"""Jupyter notebooks (.ipynb, format 4): Markdown cells as Markdown, code as listings, printed text after its code."""

from __future__ import annotations

import json
from collections.abc import Iterator

from ingest.loaders.archive import broken
from ingest.loaders.blocks import heading
from ingest.loaders.encoding import decode
from ingest.loaders.markdown import markdown_blocks
from rag.types import Block, Document


def load(raw: bytes, name: str) -> Document:
    """A notebook. Its title is the one its metadata names, else the heading of level 1 it begins with."""
    del name
    try:
        notebook = json.loads(decode(raw))
    except (ValueError, RecursionError) as problem:
        raise broken(f"it is no JSON ({problem})") from problem
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list):
        raise broken("it has no cells of notebook format 4")
    blocks = tuple(block for cell in cells if isinstance(cell, dict) for block in _blocks(cell))
    metadata = notebook.get("metadata")
    title = metadata.get("title") if isinstance(metadata, dict) else None
    if not isinstance(title, str) and blocks and blocks[0] == heading(blocks[0].text, 1):
        title = blocks[0].text
        blocks = blocks[1:] if blocks[0].kind == "heading" else blocks
    return Document(title if isinstance(title, str) else "", blocks)


def _blocks(cell: dict[str, object]) -> Iterator[Block]:
    source = _joined(cell.get("source"))
    if cell.get("cell_type") == "markdown":
        yield from markdown_blocks(source)
    elif source.strip():
        yield Block("code", source)
    outputs = cell.get("outputs")
    for output in outputs if isinstance(outputs, list) else ():
        if isinstance(output, dict) and (said := _said(output).strip("\n")):
            yield Block("code", said)


def _said(output: dict[str, object]) -> str:
    """What was printed or shown as plain text; errors and pictures are none."""
    data = output.get("data")
    return _joined(output.get("text") or (data.get("text/plain") if isinstance(data, dict) else ""))


def _joined(text: object) -> str:
    """Notebooks keep a text as one string or as a list of lines."""
    return "".join(map(str, text)) if isinstance(text, list) else text if isinstance(text, str) else ""
