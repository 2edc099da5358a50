"""Questions from a file, and how their answers differ between two states of the knowledge. Knows no store."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.assistant import Assistant, final
from rag.cli import turns_of
from rag.errors import ConfigError
from rag.types import Outcome, Turn

Question = tuple[Turn, ...]  # ends with the customer's newest message


@dataclass(frozen=True, slots=True)
class Given:
    """What the assistant said: how it decided, the text, and the documents cited, in order."""

    outcome: Outcome
    text: str
    cited: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """A question whose answer is another one afterwards."""

    question: str
    before: Given
    after: Given


def read_questions(file: Path) -> list[Question]:
    """One question a line, or JSON lines of {"text": …} or {"turns": […]}. Raises ConfigError, naming the line."""
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise ConfigError(f"{file} cannot be read: {reason}. Name a text file with one question a line.") from None
    found = [_question(file, number, line.strip()) for number, line in enumerate(lines, 1) if line.strip()]
    if not found:
        raise ConfigError(f"{file} holds no questions. Write one a line.")
    return found


def ask(assistant: Assistant, questions: Sequence[Question]) -> list[Given]:
    """The assistant's answers, as any customer gets them."""
    replies = [final(assistant.reply(turns)) for turns in questions]
    return [
        Given(
            reply.decision.outcome,
            reply.text,
            tuple(dict.fromkeys(each.source for sentence in reply.sentences for each in sentence.citations)),
        )
        for reply in replies
    ]


def answer_changes(
    questions: Sequence[Question], before: Sequence[Given], after: Sequence[Given]
) -> list[AnswerChange]:
    """Those that differ in outcome, text or the documents cited."""
    every = zip(questions, before, after, strict=True)
    return [AnswerChange(turns[-1].text, was, now) for turns, was, now in every if was != now]


def _question(file: Path, number: int, line: str) -> Question:
    if not line.startswith("{"):
        return (Turn("customer", line),)
    try:
        row = json.loads(line)
        turns = turns_of(row["turns"]) if "turns" in row else [Turn("customer", str(row["text"]))]
        if not turns or turns[-1].role != "customer":
            raise ValueError
    except (ValueError, KeyError, TypeError):
        raise ConfigError(
            f'{file}, line {number}: not {{"text": "…"}} or {{"turns": [{{"role": "user", "text": "…"}}, …]}} that ends '
            "with the customer. Correct it."
        ) from None
    return tuple(turns)
