"""Blocks into passages of whole sentences.

A passage never crosses a heading, never cuts a sentence, and keeps a list with the line that introduces it
where both fit. Sizes are in tokens, counted by whatever counter is passed in. Knows nothing of files,
versions or stores.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from rag.text import sentence_spans
from rag.types import Block, Document, Sentence, SentenceKind

CountTokens = Callable[[str], int]

LONG_ITEM = 300  # characters; a list entry up to this length is one sentence, so that steps stay whole


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk before it belongs to a version."""

    heading: tuple[str, ...]
    question: str
    text: str
    sentences: tuple[Sentence, ...]

    def quotes(self) -> tuple[str, ...]:
        """The sentences' texts."""
        return tuple(self.text[each.start : each.end] for each in self.sentences)


@dataclass(frozen=True, slots=True)
class _Unit:
    """One sentence to be, with what stands between it and the one before."""

    text: str
    kind: SentenceKind
    gap: str
    tokens: int = 0
    page: int | None = None
    second: float | None = None
    pictures: tuple[str, ...] = ()


def passages(document: Document, count: CountTokens, limit: int) -> list[Passage]:
    """The document's passages in order, each of at most `limit` tokens."""
    found = []
    for heading, question, blocks in _sections(document.blocks):
        found += [_passage(heading, question, group) for group in _packed(_units(blocks, count, limit), limit)]
    return found


def _sections(blocks: Iterable[Block]) -> Iterator[tuple[tuple[str, ...], str, list[Block]]]:
    """(headings, question, blocks) for each stretch of text under one heading; headings alone give nothing."""
    path: list[tuple[int, str]] = []
    question, body = "", list[Block]()
    for block in blocks:
        if block.kind not in ("heading", "question"):
            body.append(block)
            continue
        if body:
            yield tuple(text for _, text in path), question, body
        level = block.level or (path[-1][0] + 1 if path and not question else 6)
        path = [entry for entry in path if entry[0] < level]
        path.append((level, block.text))
        question, body = (block.text if block.kind == "question" else ""), []
    if body:
        yield tuple(text for _, text in path), question, body


def _units(blocks: list[Block], count: CountTokens, limit: int) -> list[_Unit]:
    """Sentences in order. A picture without words belongs to what stands before it, or else to what comes next."""
    units, waiting = list[_Unit](), tuple[str, ...]()
    for block in blocks:
        if block.kind == "picture":
            waiting += (block.picture,)
        for unit in _of_block(block):
            for piece in _fitting(unit, count, limit):
                units.append(replace(piece, page=block.page, second=block.second, pictures=waiting))
                waiting = ()
        if waiting and units:
            units[-1] = replace(units[-1], pictures=units[-1].pictures + waiting)
            waiting = ()
    return units


def _of_block(block: Block) -> Iterator[_Unit]:
    if block.kind == "table":
        yield from _rows(block)
    elif block.kind == "code":
        yield _Unit(block.text, "code", "\n\n")
    elif block.kind == "item":
        lead = "  " * block.level + (f"{block.marker} " if block.marker else "")
        whole = len(block.text) <= LONG_ITEM
        pieces = [block.text] if whole else [block.text[start:end] for start, end in sentence_spans(block.text)]
        for number, piece in enumerate(pieces):
            yield _Unit(piece if number else lead.lstrip() + piece, "item", " " if number else "\n")
    else:
        before = 0
        for number, (start, end) in enumerate(sentence_spans(block.text)):
            gap = block.text[before:start] if number else "\n\n"
            yield _Unit(block.text[start:end], "text", gap)
            before = end


def _rows(block: Block) -> Iterator[_Unit]:
    """Each row reads by itself: "Model: K1; Weight: 0.9 kg". A table without a header gives its bare cells."""
    header, *rows = block.rows
    if not rows:
        rows, header = [header], ()
    for number, row in enumerate(rows):
        names = [*header, *[""] * (len(row) - len(header))]
        cells = [f"{name}: {cell}" if name else cell for name, cell in zip(names, row, strict=False) if cell.strip()]
        if cells:
            yield _Unit("; ".join(cells), "row", "\n" if number else "\n\n")


def _fitting(unit: _Unit, count: CountTokens, limit: int) -> Iterator[_Unit]:
    tokens = count(unit.text)
    if tokens <= limit:
        yield replace(unit, tokens=tokens)
        return
    # Rare: no sentence end within a whole passage's length. LlamaIndex's splitter falls back from clauses to words.
    from llama_index.core.node_parser import SentenceSplitter

    splitter = SentenceSplitter(chunk_size=limit, chunk_overlap=0, tokenizer=lambda text: range(count(text)))
    for number, piece in enumerate(splitter.split_text(unit.text)):
        yield replace(unit, text=piece, gap=" " if number else unit.gap, tokens=count(piece))


def _packed(units: list[_Unit], limit: int) -> Iterator[list[_Unit]]:
    """Groups of about equal size, none above the limit: two halves serve better than a whole and a crumb."""
    total = sum(unit.tokens for unit in units)
    target = total / max(1, math.ceil(total / limit))
    group, size = list[_Unit](), 0
    for number, unit in enumerate(units):
        full = size + unit.tokens > limit or size >= target
        if group and (full or (_opens_list(units, number) and size + unit.tokens >= target)):
            yield group
            group, size = [], 0
        group.append(unit)
        size += unit.tokens
    if group:
        yield group


def _opens_list(units: list[_Unit], number: int) -> bool:
    following = units[number + 1] if number + 1 < len(units) else None
    return units[number].kind == "text" and following is not None and following.kind in ("item", "row")


def _passage(heading: tuple[str, ...], question: str, units: list[_Unit]) -> Passage:
    text, sentences = "", list[Sentence]()
    for unit in units:
        text += unit.gap if text else ""
        end = len(text) + len(unit.text)
        sentences.append(Sentence(len(text), end, unit.kind, unit.page, unit.second, unit.pictures))
        text += unit.text
    return Passage(heading, question, text, tuple(sentences))
