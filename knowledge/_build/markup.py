"""Small text notation for the sources of the built files.

A source begins with ``key: value`` lines up to the first blank line.
Documents need ``output`` and ``title``; ``subtitle``, ``footer`` and ``lang``
(``en``, ``zh-Hans`` or ``zh-Hant``) are optional.  Then come blocks:

====================  =========================================
``# text``            section heading
``## text``           sub-heading
``1. text``           numbered step (each run of steps restarts)
``- text``            bullet
``| a | b |``         table row; the first row is the header
``! text``            warning or note box
anything else         paragraph (lines are joined until a blank line)
====================  =========================================

``**bold**`` is allowed inside text.  Workbooks use ``== Sheet name`` lines
followed by table rows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

STEP = re.compile(r"^\d+\.\s+(.*)$")
BOLD = re.compile(r"\*\*(.+?)\*\*")


@dataclass
class Block:
    """One block of a document; ``items`` holds list entries or table rows."""

    kind: str
    text: str = ""
    items: list = field(default_factory=list)


@dataclass
class Document:
    """A parsed document source."""

    output: str
    title: str
    subtitle: str
    footer: str
    lang: str
    blocks: list[Block]

    @property
    def is_chinese(self) -> bool:
        """True for both Chinese scripts."""
        return self.lang.startswith("zh")


@dataclass
class Workbook:
    """A parsed workbook source: sheet names with their rows."""

    output: str
    title: str
    sheets: list[tuple[str, list[list[str]]]]


def split_header(text: str, name: str) -> tuple[dict[str, str], list[str]]:
    """Separate the ``key: value`` header from the body lines."""
    header: dict[str, str] = {}
    lines = text.splitlines()
    for index, line in enumerate(lines):
        if not line.strip():
            return header, lines[index + 1:]
        key, separator, value = line.partition(":")
        if not separator:
            raise ValueError(f"{name}: bad header line {line!r}")
        header[key.strip()] = value.strip()
    raise ValueError(f"{name}: no body")


def split_row(line: str) -> list[str]:
    """Split ``| a | b |`` into its cells."""
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def classify(line: str) -> tuple[str, str]:
    """Return the kind of a non-blank line and its text."""
    if line.startswith("## "):
        return "h2", line[3:].strip()
    if line.startswith("# "):
        return "h1", line[2:].strip()
    if line.startswith("- "):
        return "bullets", line[2:].strip()
    if line.startswith("! "):
        return "note", line[2:].strip()
    if line.startswith("|"):
        return "table", line
    step = STEP.match(line)
    if step:
        return "steps", step.group(1).strip()
    return "para", line.strip()


def add_line(blocks: list[Block], kind: str, text: str, joined: bool) -> None:
    """Append a line to the last block, or open a new one."""
    same = joined and bool(blocks) and blocks[-1].kind == kind
    if kind in ("bullets", "steps", "table"):
        item = split_row(text) if kind == "table" else text
        if same:
            blocks[-1].items.append(item)
        else:
            blocks.append(Block(kind, items=[item]))
    elif kind == "para" and same:
        blocks[-1].text += " " + text
    else:
        blocks.append(Block(kind, text))


def parse_blocks(lines: list[str]) -> list[Block]:
    """Turn body lines into blocks; a blank line ends a block."""
    blocks: list[Block] = []
    joined = False
    for line in lines:
        if not line.strip():
            joined = False
            continue
        kind, text = classify(line)
        add_line(blocks, kind, text, joined)
        joined = True
    return blocks


def parse_document(text: str, name: str) -> Document:
    """Parse a document source."""
    header, lines = split_header(text, name)
    return Document(
        output=header["output"],
        title=header["title"],
        subtitle=header.get("subtitle", ""),
        footer=header.get("footer", header["title"]),
        lang=header.get("lang", "en"),
        blocks=parse_blocks(lines),
    )


def parse_workbook(text: str, name: str) -> Workbook:
    """Parse a workbook source and check that rows are equally long."""
    header, lines = split_header(text, name)
    sheets: list[tuple[str, list[list[str]]]] = []
    for line in lines:
        if line.startswith("== "):
            sheets.append((line[3:].strip(), []))
        elif line.startswith("|"):
            row, rows = split_row(line), sheets[-1][1]
            if rows and len(row) != len(rows[0]):
                raise ValueError(f"{name}: {sheets[-1][0]}: {len(row)} cells in {line!r}")
            rows.append(row)
    return Workbook(header["output"], header["title"], sheets)


def runs(text: str) -> list[tuple[str, bool]]:
    """Split text into ``(piece, is_bold)`` runs."""
    pieces = BOLD.split(text)
    return [(piece, index % 2 == 1) for index, piece in enumerate(pieces) if piece]
