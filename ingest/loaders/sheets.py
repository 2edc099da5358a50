"""CSV and TSV, and what every sheet has in common: questions with answers, or a table. Knows no Excel."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence

from ingest.loaders.blocks import clean, heading, is_number, looks_like_header, one_line, table
from ingest.loaders.encoding import decode
from ingest.loaders.pairs import ANSWER_NAMES, CATEGORY_NAMES, QUESTION_NAMES
from ingest.loaders.text import QUESTION_LEVEL, text_blocks
from rag.types import Block, Document

_KEY_NAMES = frozenset(["id", "no", "no.", "nr", "nr.", "#", "number", "key", "row", "编号", "編號", "序号", "序號"])
_DELIMITERS = ",;\t|"
_SAMPLE = 100  # lines


def load(raw: bytes, name: str) -> Document:
    """A CSV or TSV file, its delimiter found by what gives rows of one length."""
    rows = csv_rows(decode(raw), "\t" if name.lower().endswith(".tsv") else "")
    header = looks_like_header(rows) or (bool(rows) and not any(map(is_number, rows[0])) and len(rows) > 1)
    return Document("", row_blocks(rows, header))


def csv_rows(text: str, delimiter: str = "") -> list[list[str]]:
    """Rows of cells; blank rows are left out."""
    lines = clean(text)
    first, _, rest = lines.partition("\n")
    if first.lower().startswith("sep=") and len(first) == 5:  # how Excel notes a delimiter
        delimiter, lines = first[4], rest
    csv.field_size_limit(2**31 - 1)
    reader = csv.reader(io.StringIO(lines, newline=""), delimiter=delimiter or _delimiter(lines), skipinitialspace=True)
    return [row for row in reader if any(cell.strip() for cell in row)]


def _delimiter(text: str) -> str:
    """The one that cuts most rows into the same number, more than one, of cells."""
    sample = "\n".join(text.split("\n", _SAMPLE)[:_SAMPLE])
    scores = {}
    for delimiter in _DELIMITERS:
        reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter, skipinitialspace=True)
        widths = Counter(len(row) for row in reader if row)
        width, rows = max(widths.items(), key=lambda pair: (pair[0] > 1, pair[1]), default=(1, 0))
        scores[delimiter] = (rows / max(widths.total(), 1) + min(width, 20) / 100) if width > 1 else 0.0
    return max(_DELIMITERS, key=lambda delimiter: scores[delimiter])


def row_blocks(rows: Sequence[Sequence[str]], header: bool) -> tuple[Block, ...]:
    """Questions with their answers if the columns are named so, else one table."""
    if not rows:
        return ()
    columns = _roles(rows[0])
    if len(rows) > 1 and "question" in columns and "answer" in columns:
        return tuple(_questions(rows, columns))
    return (table(rows, header),)


def _roles(names: Sequence[str]) -> dict[str, int]:
    roles: dict[str, int] = {}
    for at, name in enumerate(names):
        folded = one_line(name).casefold().rstrip(":：")
        for role, known in (("question", QUESTION_NAMES), ("answer", ANSWER_NAMES), ("category", CATEGORY_NAMES)):
            if folded in known:
                roles.setdefault(role, at)
    return roles


def _questions(rows: Sequence[Sequence[str]], columns: dict[str, int]) -> Iterator[Block]:
    """A row is a question with its answer; what other columns say follows by their names, keys excepted."""
    category = ""
    others = [(at, one_line(name)) for at, name in enumerate(rows[0]) if at not in columns.values()]
    others = [(at, name) for at, name in others if name.casefold() not in _KEY_NAMES]
    for row in rows[1:]:
        cell = {role: row[at].strip() if at < len(row) else "" for role, at in columns.items()}
        named = one_line(cell.get("category", ""))
        if named and named != category:
            category = named
            yield heading(category, QUESTION_LEVEL - 1)
        if cell["question"]:
            yield Block("question", one_line(cell["question"]), level=QUESTION_LEVEL)
        yield from text_blocks(cell["answer"])
        beyond = [(at, "") for at in range(len(rows[0]), len(row))]  # a delimiter within an answer makes one more cell
        for at, name in (*others, *beyond):
            if words := one_line(row[at]) if at < len(row) else "":
                yield Block("text", f"{name}: {words}" if name else words)
