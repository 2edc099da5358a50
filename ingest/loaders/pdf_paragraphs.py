"""From the lines of a PDF to blocks: paragraphs rebuilt, headings by their size, list items by their markers.

Pure; knows sizes and places, no file.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from ingest.loaders.blocks import heading, is_question, join_lines
from ingest.loaders.pdf_layout import Row
from rag.types import Block

_MARKER = re.compile(
    r"(?P<marker>[•●○◦▪■□‣⁃·∙➢➤✓✔►–](?=\s|\S)|[-*](?=\s)|\(?(?:\d{1,2}|[a-z])[.)](?=\s)|\d{1,2}、"
    r"|（[一二三四五六七八九十\d]{1,3}）|[①-⑳])\s*(?P<rest>\S.*)",
    re.DOTALL,
)
_BIGGER = 1.12  # times the body's size makes a heading
_LONGEST_HEADING = 180
_LARGE_SHARE = 0.4
_LONGEST_BOLD = 100
_LONGEST_QUESTION = 160
_HEADING_LINES = 3
_LEADER = re.compile(r"(?:\s?[.…·]){4,}\s*")  # between a title and its page in a table of contents
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_SENTENCE_END = (".", "!", "?", "。", "！", "？", ":", "：", ";", "；", "”", '"')


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it is read; `column` numbers the region it stands in."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    bold: bool
    page: int
    column: int
    parts: int = 1  # runs with a gap between them: a form or a table of few rows, not prose
    block: Block | None = None


@dataclass(slots=True)
class _Paragraph:
    lines: list[Line] = field(default_factory=list)

    @property
    def text(self) -> str:
        return _dehyphenated([line.text for line in self.lines])


def line_of(row: Row, page: int, column: int) -> Line:
    """A row of segments as a line; its font is that of most of its text."""
    widest = max(row, key=lambda segment: len(segment.text))
    texts = [segment.text for segment in row]
    if 2 * len(_RIGHT_TO_LEFT.findall("".join(texts))) > len("".join(texts)):
        texts.reverse()
    return Line(
        " ".join(texts),
        row[0].x0,
        max(segment.x1 for segment in row),
        min(segment.top for segment in row),
        max(segment.bottom for segment in row),
        widest.size,
        all(segment.bold for segment in row),
        page,
        column,
        len(row),
        row[0].block,
    )


def paragraph_blocks(lines: Sequence[Line]) -> list[Block]:
    """The blocks of a document, given its lines in reading order."""
    body = _body_size(lines)
    paragraphs = list(_paragraphs(lines))
    levels = _levels(paragraphs, body)
    blocks = []
    for at, paragraph in enumerate(paragraphs):
        following = paragraphs[at + 1] if at + 1 < len(paragraphs) else None
        blocks.append(_block(paragraph, following, body, levels))
    return _nested(blocks, [paragraph.lines[0].x0 for paragraph in paragraphs])


def _body_size(lines: Sequence[Line]) -> float:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _paragraphs(lines: Sequence[Line]) -> Iterator[_Paragraph]:
    """Lines grouped; a picture in the middle of a paragraph follows it."""
    edges = _edges(lines)
    current, waiting = _Paragraph(), list[_Paragraph]()
    for line in lines:
        if line.block and line.block.kind == "picture":
            waiting.append(_Paragraph([line]))
            continue
        if current.lines and not _goes_on(current, line, edges[current.lines[-1].column]):
            yield current
            yield from waiting
            current, waiting = _Paragraph(), []
        elif not current.lines:
            yield from waiting
            waiting = []
        current.lines.append(line)
    if current.lines:
        yield current
    yield from waiting


def _edges(lines: Sequence[Line]) -> dict[int, tuple[float, float, float]]:
    """Left and right edge of each column and the usual distance between its lines."""
    columns: dict[int, list[Line]] = {}
    for line in lines:
        if line.block is None:
            columns.setdefault(line.column, []).append(line)
    return {
        column: (min(line.x0 for line in own), max(line.x1 for line in own), _pitch(own))
        for column, own in columns.items()
    } | {line.column: (line.x0, line.x1, 0.0) for line in lines if line.block and line.column not in columns}


def _pitch(lines: list[Line]) -> float:
    steps = Counter(round(below.bottom - above.bottom) for above, below in pairwise(lines))
    common = [(count, -step) for step, count in steps.items() if 2 < step < 40]
    return float(-max(common)[1]) if common else 0.0


def _goes_on(paragraph: _Paragraph, line: Line, edge: tuple[float, float, float]) -> bool:
    """Whether the line belongs to the paragraph before it."""
    last, first = paragraph.lines[-1], paragraph.lines[0]
    if last.block or line.block or _MARKER.match(line.text) or abs(last.size - line.size) > 0.08 * last.size:
        return False
    if _LEADER.search(last.text):
        return False
    if max(last.parts, line.parts) > 1 and not _mid_sentence(last.text, line.text):
        return False
    if last.bold != line.bold and (last.bold or len(line.text) > 3) and not _mid_sentence(last.text, line.text):
        return False
    if (last.page, last.column) != (line.page, line.column):
        return _mid_sentence(last.text, line.text) and not first.bold
    left, right, pitch = edge
    em = max(last.size, 1.0)
    step = line.bottom - last.bottom
    if step > max(1.35 * pitch, 1.9 * em) if pitch > 1.6 * em else step > max(1.3 * pitch, 1.5 * em):
        return False
    full = last.x1 > right - 0.18 * (right - left)
    indented = line.x0 > last.x0 + 1.2 * em and not _MARKER.match(first.text) and len(paragraph.lines) > 1
    outdented = line.x0 < last.x0 - 1.2 * em and bool(_MARKER.match(first.text)) and len(paragraph.lines) > 1
    if outdented or (indented and not _mid_sentence(last.text, line.text)):
        return False
    return full or not last.text.endswith(_SENTENCE_END)


def _mid_sentence(before: str, after: str) -> bool:
    """Whether the words run on: no end of a sentence, and what follows does not begin one."""
    if before.endswith(_SENTENCE_END):
        return False
    return after[:1].islower() or "\u4e00" <= after[:1] <= "\u9fff"


def _levels(paragraphs: Sequence[_Paragraph], body: float) -> dict[float, int]:
    """Each size larger than the body's has its level, the largest the first."""
    sizes = {paragraph.lines[0].size for paragraph in paragraphs if _is_large(paragraph, body)}
    lengths: Counter[float] = Counter()
    for paragraph in paragraphs:
        lengths[paragraph.lines[0].size] += len(paragraph.text)
    # A size that much of the text is set in is another body, not a heading.
    sizes = {size for size in sizes if lengths[size] <= _LARGE_SHARE * lengths[body]}
    return {size: min(at + 1, 6) for at, size in enumerate(sorted(sizes, reverse=True))}


def _is_large(paragraph: _Paragraph, body: float) -> bool:
    first = paragraph.lines[0]
    text = paragraph.text
    if first.block or first.size < _BIGGER * body or len(text) > _LONGEST_HEADING:
        return False
    if len(paragraph.lines) > _HEADING_LINES:
        return False
    return any(character.isalpha() for character in text) and not text.endswith((".", "。", ",", ";"))


def _is_bold_heading(paragraph: _Paragraph, following: _Paragraph | None) -> bool:
    text = paragraph.text
    if following is None or len(text) > _LONGEST_BOLD or not all(line.bold for line in paragraph.lines):
        return False
    if text.endswith((".", "。", ",", "，", ";", ":", "：")) or not any(map(str.isalpha, text)):
        return False
    return following.lines[0].block is not None or not following.lines[0].bold


def _block(paragraph: _Paragraph, following: _Paragraph | None, body: float, levels: dict[float, int]) -> Block:
    first = paragraph.lines[0]
    if first.block:
        return first.block
    text, page = paragraph.text, first.page
    if first.size in levels and _is_large(paragraph, body):
        return heading(text, levels[first.size], page)
    if _is_bold_heading(paragraph, following):
        return heading(text, min(len(levels) + 1, 6), page)
    marked = _MARKER.match(text)
    if marked:
        return Block("item", marked["rest"], marker=marked["marker"], page=page)
    if following and _is_plain_question(text, following):
        return heading(text, min(len(levels) + 2, 6), page)
    return Block("text", text, page=page)


def _is_plain_question(text: str, following: _Paragraph) -> bool:
    if len(text) > _LONGEST_QUESTION or not is_question(text) or following.lines[0].block:
        return False
    return not is_question(following.text)


def _dehyphenated(lines: Sequence[str]) -> str:
    """One text of the lines: a word parted at the end of a line is whole again, Chinese is joined without a space."""
    text = re.sub(r"(?<=[a-zà-ÿ]{2})[-‐]\n(?=[a-zà-ÿ]{2})", "", "\n".join(lines))
    return re.sub(r" +", " ", _LEADER.sub(" … ", join_lines(text)))


def _nested(blocks: Sequence[Block], indents: Sequence[float]) -> list[Block]:
    """List items with their depth, from how far their markers are indented."""
    result: list[Block] = []
    stack: list[float] = []
    for block, indent in zip(blocks, indents, strict=True):
        if block.kind != "item":
            stack = []
            result.append(block)
            continue
        while stack and indent < stack[-1] - 4:
            stack.pop()
        if not stack or indent > stack[-1] + 4:
            stack.append(indent)
        result.append(replace(block, level=len(stack) - 1))
    return result
