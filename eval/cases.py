"""Cases: what customers say, and what ought to come of it. Reads and checks JSONL; knows no assistant.

Every mistake in a file is told with its line; a file with mistakes gives no cases.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from rag.errors import VouchError
from rag.types import Language

Text = Annotated[str, Field(min_length=1)]
Texts = Annotated[tuple[Text, ...], Field(min_length=1)]


class CasesError(VouchError):
    """Files of cases that cannot be used: one line a mistake, each with file, line and reason."""


class Case(BaseModel):
    """One conversation and what its last turn, or the whole of it, should come to.

    `facts`: all must appear in the answer; each is a tuple of alternatives, one of which is enough. Texts are compared
    without case, width and Traditional/Simplified; a number with its unit counts in any usual spelling of it.
    `cite`: each inner tuple is a choice of documents, one of which must be cited (the same fact may stand in several).
    `due`: for hand_off, the turn (from 1) from which a person is due; handing over earlier is needless, later too late.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Text
    turns: Texts  # the customer's, in order; the assistant speaks between them
    expect: Literal["answer", "clarify", "decline", "hand_off", "small_talk"]
    reason: str = ""  # of a hand_off: the rule's name
    due: Annotated[int, Field(ge=1)] | None = None
    facts: tuple[Texts, ...] = ()
    cite: tuple[Texts, ...] = ()
    forbid: tuple[Text, ...] = ()
    customer: str = ""  # an id of the demo's records; a guest without
    at: datetime = datetime(2026, 11, 20, 10, 0)
    language: Language = "en"
    tags: tuple[Text, ...] = ()
    split: Literal["dev", "test"] = "test"  # dev: the assistant may be improved on it

    @model_validator(mode="after")
    def _fits(self) -> Case:
        if self.expect != "answer" and (self.facts or self.cite):
            raise ValueError("facts and cite belong to an answer; remove them, or expect an answer")
        if self.expect == "hand_off" and not self.reason:
            raise ValueError("a hand_off needs its reason: the name of a rule")
        if self.expect != "hand_off" and (self.reason or self.due):
            raise ValueError("reason and due belong to a hand_off; remove them, or expect a hand_off")
        if self.due and self.due > len(self.turns):
            raise ValueError(f"due is turn {self.due}, but there are {len(self.turns)}")
        return self


def read_cases(files: Sequence[Path], documents: Collection[str] | None = None) -> list[Case]:
    """All cases of `files`, in order; with `documents`, what they cite must be among them. Raises CasesError."""
    mistakes, cases, seen = list[str](), list[Case](), dict[str, str]()
    for file in files:
        for number, line in numbered_lines(file):
            place = f"{file}:{number}"
            try:
                case = Case.model_validate(fields_of(line))
            except (ValueError, ValidationError) as error:
                mistakes += [f"{place}: {reason}" for reason in reasons_of(error)]
                continue
            if case.id in seen:
                mistakes.append(f"{place}: the id {case.id!r} is used in {seen[case.id]} already. Give it another.")
            mistakes += [f"{place}: {reason}" for reason in missing(case, documents)]
            seen[case.id] = place
            cases.append(case)
    if mistakes or not cases:
        raise CasesError("\n".join(mistakes) or f"There are no cases in {', '.join(map(str, files)) or 'no files'}.")
    return cases


def numbered_lines(file: Path) -> Iterator[tuple[int, str]]:
    """The lines that hold something, counted from 1. Raises CasesError."""
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise CasesError(f"{file}: cannot be read: {error.strerror}. Check its name and rights.") from None
    for number, line in enumerate(raw.splitlines(), 1):
        try:
            text = line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            reason = f"byte {error.start + 1} is not UTF-8. Save the file as UTF-8."
            raise CasesError(f"{file}:{number}: {reason}") from None
        if text.strip():
            yield number, text


def fields_of(line: str) -> Any:
    """A line's JSON. Raises ValueError."""
    try:
        return json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON at character {error.colno}: {error.msg}. Each line is one JSON object.") from None


def reasons_of(error: ValueError) -> list[str]:
    """What is wrong with a case, a sentence each."""
    if not isinstance(error, ValidationError):
        return [str(error)]
    found = []
    for problem in error.errors():
        where = ".".join(str(part) for part in problem["loc"])
        if problem["type"] == "extra_forbidden":
            found.append(f"unknown field {where!r}. Valid: {', '.join(Case.model_fields)}.")
        else:
            said = problem["msg"].removeprefix("Value error, ")
            found.append(f"{where}: {said}" if where else said)
    return found


def missing(case: Case, documents: Collection[str] | None) -> list[str]:
    """What it cites and is not among the documents, a sentence each."""
    if documents is None:
        return []
    named = {each for choice in case.cite for each in choice if not each.startswith("record:")}
    return [f"there is no document {each!r} among the knowledge." for each in sorted(named - set(documents))]
