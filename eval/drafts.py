"""Drafts of cases: kept in a file of JSON lines until a person has made cases of them, or thrown them away.

What became of a draft stays in its file, without the texts: what was decided once is not asked again.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from eval.cases import Case, CasesError, Text, fields_of, missing, numbered_lines, read_cases, reasons_of

SUFFIX = ".drafts.jsonl"
LONGEST_FACT = 60  # characters; no other answer repeats a longer one word for word


class Draft(BaseModel):
    """A case to be. `case` is what a person edits, so it is checked only when it is accepted."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Text
    state: Literal["draft", "accepted", "rejected"] = "draft"
    why: tuple[Text, ...] = ()  # it was drafted
    guess: str = ""  # what of it is guessed, and what to do about that
    case: Mapping[str, Any] = {}


def read_drafts(file: Path) -> list[Draft]:
    """All drafts of a file, in order; none where there is no file. Raises CasesError."""
    return [draft for _, draft in _numbered(file)] if file.exists() else []


def write_drafts(file: Path, drafts: Sequence[Draft]) -> None:
    """The file anew, whole or not at all."""
    lines = [each.model_dump_json(exclude_defaults=True) for each in drafts]
    _replace(file, "".join(f"{line}\n" for line in lines))


def accept(
    file: Path,
    ids: Collection[str],
    into: Path,
    documents: Collection[str] | None = None,
    cited_is_enough: bool = False,
) -> list[Case]:
    """Move drafts into a file of cases; all of them or, where one cannot be used, none. Raises CasesError.

    `cited_is_enough`: an answer need not name its facts.
    """
    drafts = _chosen(file, ids)
    known = {case.id: case for case in read_cases([into])} if into.exists() else {}
    mistakes, cases = list[str](), list[Case]()
    for place, draft in drafts:
        try:
            case = Case.model_validate(draft.case)
        except ValidationError as error:
            mistakes += [f"{place}: {reason}" for reason in reasons_of(error)]
            continue
        mistakes += [f"{place}: {reason}" for reason in (*missing(case, documents), *_unready(case, cited_is_enough))]
        if case.id in known and known[case.id] != case:
            mistakes.append(f"{place}: the id {case.id!r} is used in {into} already. Give it another.")
        cases.append(case)
    if mistakes:
        raise CasesError("\n".join(mistakes))
    added = [case.model_dump_json(exclude_defaults=True) for case in cases if case.id not in known]
    before = into.read_text(encoding="utf-8").rstrip("\n").split("\n") if into.exists() else []
    _replace(into, "".join(f"{line}\n" for line in (*before, *added)))
    _settle(file, ids, "accepted")
    return cases


def revise(file: Path, known: str, case: Mapping[str, Any]) -> None:
    """Put a person's version of a draft's case in its place, checked only when it is accepted. Raises CasesError."""
    _chosen(file, [known])
    drafts = read_drafts(file)
    write_drafts(file, [each.model_copy(update={"case": case}) if each.id == known else each for each in drafts])


def reject(file: Path, ids: Collection[str]) -> None:
    """Throw drafts away. Raises CasesError."""
    _chosen(file, ids)
    _settle(file, ids, "rejected")


def _numbered(file: Path) -> Iterator[tuple[str, Draft]]:
    for number, line in numbered_lines(file):
        place = f"{file}:{number}"
        try:
            yield place, Draft.model_validate(fields_of(line))
        except ValidationError as error:
            field = ".".join(map(str, error.errors()[0]["loc"]))
            raise CasesError(f"{place}: {field}: {error.errors()[0]['msg']}. A draft has {_FIELDS}.") from None
        except ValueError as error:
            raise CasesError(f"{place}: {error}") from None


_FIELDS = ", ".join(Draft.model_fields)


def _chosen(file: Path, ids: Collection[str]) -> list[tuple[str, Draft]]:
    found = {draft.id: (place, draft) for place, draft in _numbered(file)}
    mistakes = [f"{file}: there is no draft {each!r}." for each in ids if each not in found]
    mistakes += [
        f"{found[each][0]}: {each!r} is {found[each][1].state} already."
        for each in ids
        if each in found and found[each][1].state != "draft"
    ]
    if mistakes:
        raise CasesError("\n".join(mistakes))
    return [found[each] for each in dict.fromkeys(ids)]


def _unready(case: Case, cited_is_enough: bool) -> Iterator[str]:
    """Why it would measure nothing, or could never be met."""
    if case.expect == "answer" and not (case.cite and (case.facts or cited_is_enough)):
        yield "an answer needs the facts it must hold and the documents it must cite. Add facts and cite."
    for fact in (fact for choice in case.facts for fact in choice):
        if len(fact) > LONGEST_FACT:
            yield f"the fact {fact[:20]!r}… is a whole sentence. Keep the few words that matter."
        if any(each in fact for each in ("[card]", "[iban]", "[id]", "[phone]", "[e-mail]")):
            yield f"the fact {fact!r} is about somebody's own data, which no document holds. Remove it."


def _settle(file: Path, ids: Collection[str], state: Literal["accepted", "rejected"]) -> None:
    drafts = read_drafts(file)
    write_drafts(file, [Draft(id=each.id, state=state) if each.id in ids else each for each in drafts])


def _replace(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f".{file.name}.new")
    with beside.open("w", encoding="utf-8", newline="\n") as opened:
        opened.write(text)
        opened.flush()
        os.fsync(opened.fileno())
    beside.replace(file)
