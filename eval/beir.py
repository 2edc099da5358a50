"""The BEIR layout: corpus.jsonl, queries.jsonl (with optional history) and qrels.tsv in one folder."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rag.errors import VouchError
from rag.types import Role, Turn

ROLES: dict[str, Role] = {"user": "customer", "customer": "customer", "assistant": "assistant", "agent": "agent"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One document of the corpus."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """One query with the turns before it, oldest first."""

    id: str
    text: str
    history: tuple[Turn, ...] = ()
    answerable: bool = True  # False: its relevant document looks as if it answered, and does not
    answer: tuple[int, int] | None = None  # where it stands in the text of the relevant document: start, end


@dataclass(frozen=True, slots=True)
class Benchmark:
    """Documents, queries, and for each query id the relevant documents with their grades."""

    corpus: list[Entry]
    questions: list[Question]
    relevant: dict[str, dict[str, float]]


class DataError(VouchError):
    """A data file does not hold what its layout promises."""


def read(folder: Path) -> Benchmark:
    """The benchmark in `folder`. Queries without a relevant document are left out. Raises DataError."""
    relevant = _qrels(folder / "qrels.tsv")
    corpus = read_corpus(folder / "corpus.jsonl")
    questions = [_question(row) for row in _rows(folder / "queries.jsonl")]
    return Benchmark(corpus, [each for each in questions if each.id in relevant], relevant)


def read_corpus(file: Path) -> list[Entry]:
    """The documents of a corpus.jsonl alone. Raises DataError."""
    return [Entry(str(row["_id"]), str(row.get("title") or ""), str(row["text"])) for row in _rows(file)]


def _question(row: dict[str, object]) -> Question:
    turns = row.get("history") or []
    assert isinstance(turns, list)
    history = tuple(Turn(ROLES.get(str(turn.get("role")), "customer"), str(turn.get("text", ""))) for turn in turns)
    answer = row.get("answer")
    span = (int(answer[0]), int(answer[1])) if isinstance(answer, list) and len(answer) == 2 else None
    return Question(str(row["_id"]), str(row["text"]), history, row.get("answerable", True) is not False, span)


def _rows(path: Path) -> Iterator[dict[str, object]]:
    for number, line in enumerate(_text(path).splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            missing = {"_id", "text"} - set(row)
        except (ValueError, TypeError):
            raise DataError(f"{path} line {number} is not a JSON object. Correct or remove it.") from None
        if missing:
            raise DataError(f"{path} line {number} lacks {', '.join(sorted(missing))}. Add it.")
        yield row


def _qrels(path: Path) -> dict[str, dict[str, float]]:
    relevant: dict[str, dict[str, float]] = {}
    for number, line in enumerate(_text(path).splitlines(), 1):
        parts = line.rstrip("\n").split("\t")
        if not line.strip() or (number == 1 and parts[-1].strip() == "score"):
            continue
        try:
            query, document, grade = parts[0], parts[1], float(parts[2])
        except (IndexError, ValueError):
            raise DataError(f"{path} line {number} is not 'query-id TAB corpus-id TAB score'. Correct it.") from None
        if grade > 0:
            relevant.setdefault(query, {})[document] = grade
    return relevant


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise DataError(
            f"{path} is not there. The folder must hold corpus.jsonl, queries.jsonl and qrels.tsv."
        ) from None
    except UnicodeDecodeError:
        raise DataError(f"{path} is not UTF-8. Save it as UTF-8.") from None
