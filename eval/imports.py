"""Drafts of cases from conversations that went badly. Guesses what ought to have come of them; a person decides.

Numbers and addresses are masked (`rag/mask.py`), names are not: drafts are to be read before they are accepted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from itertools import takewhile
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from desk.troubled import Line, Troubled, troubled
from eval.cases import read_cases
from eval.drafts import Draft, read_drafts, write_drafts
from rag.mask import mask
from rag.text import language_of, sentence_spans

# Whoever is handed over by one of these was rightly handed over, whatever an agent then answered.
_RIGHTLY = {"asked_for_person", "anger", "safety", "legal", "payment_dispute", "cancellation"}


def gather(engine: Engine, file: Path, settled: Sequence[Path]) -> list[Draft]:
    """Add a draft of each stored conversation that went badly to `file`, unless it or a file of `settled` cases has one.

    The drafts that were added. Raises CasesError.
    """
    drafts = read_drafts(file)
    known = {draft.id for draft in drafts} | {case.id for case in (read_cases(settled) if settled else [])}
    added = new_drafts(troubled(engine), known)
    if added:
        write_drafts(file, [*drafts, *added])
    return added


def new_drafts(found: Iterable[Troubled], known: Collection[str]) -> list[Draft]:
    """A draft of each conversation that none is `known` of, by its id."""
    drafts = (draft_of(each) for each in found if draft_id(each.conversation) not in known)
    return [draft for draft in drafts if draft]


def draft_id(conversation: str) -> str:
    """The same for the same conversation; the conversation cannot be told from it."""
    return f"life-{hashlib.sha256(conversation.encode()).hexdigest()[:12]}"


def draft_of(one: Troubled) -> Draft | None:
    """Up to where it was decided, with what ought to have come of it as far as one can guess."""
    end, expectation, guess = _decided(one.lines)
    asked = [line for line in one.lines[:end] if line.role == "customer" and line.text.strip()]
    if not asked:
        return None
    known = draft_id(one.conversation)
    case: dict[str, Any] = {
        "id": known,
        "turns": [mask(line.text) for line in asked],
        **expectation,
        "at": asked[-1].at.isoformat(timespec="seconds"),
        "language": language_of(asked[-1].text),
        "tags": ["life"],
        "split": "dev",
    }
    if case["expect"] == "hand_off":
        case["due"] = len(asked)
    return Draft(id=known, why=one.troubles, guess=guess, case=case)


def _decided(lines: tuple[Line, ...]) -> tuple[int, dict[str, Any], str]:
    """Where the conversation was decided (how many lines belong to the case), the expectation, and what it guesses."""
    agent = next((place for place, line in enumerate(lines) if line.role == "agent"), None)
    handed = next((place for place, line in enumerate(lines) if line.outcome == "hand_off"), None)
    down = next((place for place, line in enumerate(lines) if line.down), None)
    if handed is not None and (lines[handed].rule in _RIGHTLY or agent is None):
        reason = lines[handed].rule or "asked_for_person"
        guess = f"It was handed off: {reason}. Was that right? If it ought to have been answered, say how."
        return handed, {"expect": "hand_off", "reason": reason}, guess
    if agent is not None:
        said = takewhile(lambda line: line.role == "agent", lines[agent:])
        facts = [[mask(each)] for line in said if not line.down for each in _sentences(line.text)]
        guess = "The facts are an agent's sentences: keep the words that matter, and name the documents that hold them."
        return agent, {"expect": "answer", "facts": facts}, guess
    guess = "The answer was rated down. What would have been right? Add facts and cite, or expect something else."
    return (len(lines) if down is None else down), {"expect": "answer"}, guess


def _sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]
