"""What every loader does with text: clean it, join lines, and make the blocks that need a decision.

Pure functions. Knows no format.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise, zip_longest

from rag.text import HAN
from rag.types import Block

# Control characters, what turns the direction of text round, what cannot be seen or encoded. Joiners and plain
# direction marks stay: Persian, Indic scripts and emoji need them.
_UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb"
    "\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile(r"\s+")
_UNSPACED = f"[{HAN}\u3000-\u30ff\uff00-\uffef]"  # scripts and marks that are written without spaces
_BETWEEN_UNSPACED = re.compile(f"(?<={_UNSPACED}) *\n *(?={_UNSPACED})")
_AFTER_HYPHEN = re.compile(r"(?<=[^\W\d_][-‐])\n(?=[a-zà-ÿ])")
_LONGEST_NUMBER = 40
_NUMBER = re.compile(r"[-+(]?\s*[$€£¥￥]?\s*\d[\d.,:/\s%-]*\W*\w{0,3}\)?$")


def clean(text: str) -> str:
    """Without control and invisible characters; every kind of line end is one newline."""
    return _UNWANTED.sub("", _LINE_ENDS.sub("\n", text))


def one_line(text: str) -> str:
    """The text on one line, as headings, titles and table cells want it."""
    return _SPACES.sub(" ", join_lines(clean(text))).strip()


def join_lines(text: str) -> str:
    """Undo hard wrapping: a space where a line ended, none within Chinese or after a hyphen inside a word."""
    return _AFTER_HYPHEN.sub("", _BETWEEN_UNSPACED.sub("", text)).replace("\n", " ")


def is_question(text: str) -> bool:
    """Whether it ends as a question does."""
    return text.rstrip().endswith(("?", "？"))


def heading(text: str, level: int, page: int | None = None) -> Block:
    """A heading, or a question if it ends as one."""
    words = one_line(text)
    return Block("question" if is_question(words) else "heading", words, level=min(max(level, 1), 6), page=page)


def table(rows: Iterable[Sequence[str]], header: bool, page: int | None = None) -> Block:
    """A table of one-line cells, each row as wide as the widest; without a header its place is filled with "".

    Columns and rows that are empty throughout are left out.
    """
    cells = [[one_line(cell) for cell in row] for row in rows]
    columns = [column for column in zip_longest(*cells, fillvalue="") if any(column)]
    kept = [tuple(row) for row in zip(*columns, strict=True)]
    body = [row for row in kept[1 if header else 0 :] if any(row)]
    first = kept[0] if header and kept else ("",) * len(columns)
    return Block("table", rows=(first, *body), page=page)


def with_one_header(rows: Sequence[Sequence[str]]) -> tuple[Sequence[Sequence[str]], bool]:
    """The rows, and whether the first names the columns; "Price" merged over "new" and "used" is taken along.

    A merged cell stands here in each place it covers, so that a first row of groups has neighbours alike.
    """
    if looks_like_header(rows):
        return rows, True
    grouped = len(rows) > 2 and any(left == right != "" for left, right in pairwise(rows[0]))
    if grouped and looks_like_header(rows[1:]) and not any(is_number(cell) for cell in rows[0] if cell):
        names = [" ".join(dict.fromkeys(filter(None, pair))) for pair in zip_longest(*rows[:2], fillvalue="")]
        return [names, *rows[2:]], True
    return rows, False


def looks_like_header(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names the columns: short names, all different, none of them a number."""
    if len(rows) < 2 or len(rows[0]) < 2:
        return False
    first = [cell.strip() for cell in rows[0]]
    names = [cell.casefold() for cell in first if cell]
    if len(names) < max(2, len(first) - 1) or len(set(names)) < len(names):
        return False
    return not any(len(name) > 80 or is_number(name) for name in names)


def numbers_below_names(rows: Sequence[Sequence[str]]) -> bool:
    """Whether some column holds numbers below a first row that holds none."""
    return looks_like_header(rows) and any(
        all(map(is_number, filter(None, column[1:]))) and any(column[1:]) for column in zip_longest(*rows, fillvalue="")
    )


def is_number(text: str) -> bool:
    """Whether a cell holds a figure: an amount, a date, a size with its unit."""
    return len(text) <= _LONGEST_NUMBER and bool(_NUMBER.match(text.strip()))
