"""Dialogues with how satisfied their customers were: a public data set's folder, or a company's own logs.

Own logs are CSV with one message a row, `conversation,sender,text,satisfaction`, in order, or JSONL with one dialogue a
line, `{"id", "turns": [{"sender", "text"}], "satisfaction"}`. Sender: customer, or anything else. Satisfaction: −2 … 2 as
it ended; in its place `label` (1: dissatisfied, or should have been handed over) or `outcome` (resolved, or another).
"""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.errors import ConfigError
from rag.mood import messages
from rag.text import language_of
from rag.types import Language, Turn

DISSATISFIED = -0.5  # mean satisfaction at and below which a customer counts as dissatisfied
ENDS = {True: -1.5, False: 0.5}  # satisfaction where only a label is known


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A customer's messages, those in a row as one, and how it ended."""

    id: str  # the same in all languages
    language: Language
    turns: tuple[Turn, ...]
    satisfaction: float  # −2 … 2

    @property
    def said(self) -> tuple[str, ...]:
        return messages(self.turns)

    @property
    def dissatisfied(self) -> bool:
        return self.satisfaction <= DISSATISFIED


def read_dialogues(path: Path) -> list[Dialogue]:
    """Every dialogue in which a customer says something. Raises ConfigError with the file and line of a mistake."""
    if not path.exists():
        raise ConfigError(
            f"{path} is not there. Give a CSV or JSONL file, or a folder with en.jsonl.gz and zh.jsonl.gz."
        )
    if path.is_dir():
        found = [each for name in ("en", "zh") for each in _published(path / f"{name}.jsonl.gz")]
    else:
        found = list(_table(path) if path.suffix == ".csv" else _lines(path))
    kept = [each for each in found if any(text for text in each.said)]
    if not kept:
        raise ConfigError(
            f"{path} holds no dialogue with a customer's message. See 'python -m eval train mood --help'."
        )
    return kept


def _published(path: Path) -> Iterator[Dialogue]:
    """As STC-3 publishes them: satisfaction is the mean vote of the annotators."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            votes = {int(value): count for value, count in row["quality_counts"]["S"].items()}
            mean = sum(value * count for value, count in votes.items()) / sum(votes.values())
            turns = tuple(_turn(turn["sender"], "\n".join(turn["utterances"])) for turn in row["turns"])
            yield Dialogue(str(row["id"]), "zh" if path.name.startswith("zh") else "en", turns, mean)


def _lines(path: Path) -> Iterator[Dialogue]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            turns = [_turn(turn["sender"], turn["text"]) for turn in row["turns"]]
            yield _dialogue(str(row["id"]), turns, row)
        except (ValueError, KeyError, TypeError) as error:
            raise ConfigError(
                f"{path}, line {number}: {error!r}. Each line needs id, turns and how it ended."
            ) from None


def _table(path: Path) -> Iterator[Dialogue]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        together: dict[str, list[dict[str, str]]] = {}
        for number, row in enumerate(csv.DictReader(file), 2):
            if not {"conversation", "sender", "text"} <= row.keys():
                raise ConfigError(f"{path}, line {number}: the columns conversation, sender and text are needed.")
            together.setdefault(row["conversation"], []).append(row)
    for name, rows in together.items():
        said = {key: value for row in rows for key, value in row.items() if value}
        try:
            yield _dialogue(name, [_turn(row["sender"], row["text"]) for row in rows], said)
        except (ValueError, KeyError) as error:
            raise ConfigError(
                f"{path}, conversation {name}: {error!r}. It needs satisfaction, label or outcome."
            ) from None


def _turn(sender: str, text: str) -> Turn:
    return Turn("customer" if sender == "customer" else "agent", str(text))


def _dialogue(name: str, turns: Iterable[Turn], row: Mapping[str, Any]) -> Dialogue:
    kept = tuple(turns)
    language = language_of("\n".join(messages(kept)))
    if "satisfaction" in row:
        return Dialogue(name, language, kept, float(row["satisfaction"]))
    bad = int(row["label"]) == 1 if "label" in row else row["outcome"] != "resolved"
    return Dialogue(name, language, kept, ENDS[bad])
