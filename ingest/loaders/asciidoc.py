"""AsciiDoc, as far as documents for readers use it: headings, lists, tables, listings, captions, admonitions.

A line at a time. Nothing is included from elsewhere, and conditions are not evaluated: what stands between them is
read. Syntax: the AsciiDoc language of the Eclipse working group.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ingest.loaders.blocks import clean, heading, join_lines, table
from ingest.loaders.encoding import decode
from rag.types import Block, Document

_HEADING = re.compile(r"(={1,6}|#{1,6})\s+(\S.*)")
_ITEM = re.compile(r"\s*(?:(\*{1,5}|-|•)|(\.{1,5})|(\d+)\.)\s+(\S.*)")
_TERM = re.compile(r"(\S.*?)(:{2,4}|;;)(?:\s+(.*))?$")
_PASSED = re.compile(
    r"//(?!/)|:[!\w][\w-]*!?:(?:\s|$)|\[[^\]]*\]$|(?:include|ifdef|ifndef|ifeval|endif|toc)::|<<<$|'{3,}$|\+$"
)
_CAPTION = re.compile(r"\.(?![.\s])(\S.*)")
_FENCE = re.compile(r"(-{4,}|\.{4,}|\+{4,}|`{3}|/{4,})\S*$")
_FRAME = re.compile(r"(?:={4,}|\*{4,}|_{4,}|--)$")
_TABLE = re.compile(r"[|!,:]={3,}$")
_PICTURE = re.compile(r"(?:image|video|audio)::?\S*?\[([^\],]*)[^\]]*\]")
_CELL = re.compile(
    r"(?:^|(?<=\s))(?:(?:\d+(?:\.\d+)?|\.\d+)[+*])?(?:[<^>]?(?:\.[<^>])?)?[adehlmsv]?(?<!\\)\||(?<!\\)\|"
)
_MACRO = re.compile(r"(?:link:|mailto:|xref:|kbd:|btn:|menu:|(?:https?|ftp)://)[^\s\[\]]*\[([^\]]*)\]")
_CROSS = re.compile(r"<<[^>,]*(?:,\s*([^>]*))?>>|\[\[[^\]]*\]\]|\(\(\(?[^)]*\)?\)\)")
_MARKED = re.compile(r"(?<![\w\\])(\*\*|__|``|##|[*_`#])(?=\S)(.+?)(?<=\S)\1(?!\w)")
_BREAK = re.compile(r"\s\+$")


def load(raw: bytes, name: str) -> Document:
    """An AsciiDoc file. Its title is its heading of one sign, if it has one before any other block."""
    del name
    blocks = tuple(_Reader(clean(decode(raw)).split("\n")).blocks())
    if blocks and blocks[0].kind == "heading" and blocks[0].level == 1:
        return Document(blocks[0].text, blocks[1:])
    return Document("", blocks)


class _Reader:
    """Goes through the lines once."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = [line.rstrip() for line in lines]
        self._at = 0
        self._depths: list[str] = []  # the markers of the lists that are open
        self._numbers: list[int] = []  # how many entries each has

    def blocks(self) -> Iterator[Block]:
        while self._at < len(self._lines):
            line = self._lines[self._at]
            self._at += 1
            if not line or _PASSED.match(line) or _FRAME.match(line):
                continue
            yield from self._block(line)

    def _block(self, line: str) -> Iterator[Block]:
        if found := _HEADING.fullmatch(line):
            self._depths, self._numbers = [], []
            yield heading(words(found[2]), len(found[1]))
        elif found := _FENCE.match(line):
            listing = "\n".join(self._until(found[1]))
            if not found[1].startswith("/"):  # those are remarks
                yield Block("code", listing)
        elif _TABLE.match(line):
            yield from _table(self._until(line.strip()))
        elif line.startswith("|"):  # a table whose author left out its frame
            yield from _table([line, *self._while(lambda each: each.startswith("|"))])
        elif found := _PICTURE.fullmatch(line):
            yield Block("text", words(found[1]))
        elif found := _ITEM.fullmatch(line):
            yield self._item(found)
        elif found := _CAPTION.fullmatch(line):
            self._depths, self._numbers = [], []  # a list after its own title is another one
            yield Block("text", words(found[1]))
        else:
            yield Block("text", self._paragraph(_as_term(line)))

    def _item(self, found: re.Match[str]) -> Block:
        marker = found[1] or found[2] or "1."
        depth = self._depths.index(marker) if marker in self._depths else len(self._depths)
        goes_on = depth < len(self._depths)
        self._depths = [*self._depths[:depth], marker]
        self._numbers = [*self._numbers[:depth], self._numbers[depth] + 1 if goes_on else 1]
        shown = "•" if found[1] else f"{found[3] or self._numbers[depth]}."
        return Block("item", self._paragraph(found[4]), level=depth, marker=shown)

    def _paragraph(self, first: str) -> str:
        """The rest of the lines up to the next empty one or the next block, joined."""
        lines = [first, *self._while(lambda line: bool(line) and not _opens(line))]
        return join_lines("\n".join(words(_BREAK.sub("", line.strip())) for line in lines))

    def _until(self, end: str) -> list[str]:
        found = list(self._while(lambda line: line != end))
        self._at += 1
        return found

    def _while(self, fits: Callable[[str], bool]) -> Iterator[str]:
        while self._at < len(self._lines) and fits(self._lines[self._at]):
            self._at += 1
            yield self._lines[self._at - 1]


def _opens(line: str) -> bool:
    """Whether something other than the paragraph goes on here."""
    patterns = (_HEADING, _ITEM, _PASSED, _CAPTION, _FENCE, _FRAME, _TABLE)
    return line.startswith("|") or any(pattern.match(line) for pattern in patterns)


def _as_term(line: str) -> str:
    """ "Voltage:: 230 V" as "Voltage: 230 V"."""
    found = _TERM.match(line)
    return f"{found[1]}: {found[3] or ''}".rstrip() if found else line


def _table(lines: list[str]) -> Iterator[Block]:
    """Rows by the cells of the first line; in tables of one cell a line, by the blank line after the first row."""
    width, cells = 0, list[str]()
    for line in lines:
        if not line.strip():
            width = width or len(cells)
            continue
        starts = [match.start() for match in _CELL.finditer(line)]
        parts = _CELL.split(line)
        if parts[0].strip() and cells:
            cells[-1] += f" {words(parts[0].strip())}"
        elif starts and not parts[0].strip() and len(parts) > 2 and not parts[-1].strip() and width == len(parts) - 2:
            parts = parts[:-1]  # a bar closes the row as well
        cells += [words(part.strip()) for part in parts[1:]]
        width = width or (len(cells) if len(cells) > 1 else 0)
    width = width or 1
    rows = [cells[at : at + width] for at in range(0, len(cells), width)]
    if any(any(row) for row in rows):
        yield table(rows, header=True)


def words(text: str) -> str:
    """The text without its marks: links, keys and emphasis leave what they show."""
    text = _CROSS.sub(lambda found: found[1] or "", _MACRO.sub(lambda found: found[1], _PICTURE.sub(r"\1", text)))
    for _ in range(2):  # bold within italics
        text = _MARKED.sub(r"\2", text)
    return text.replace("\\|", "|")
