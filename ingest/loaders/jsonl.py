"""JSON and JSON Lines: questions with their answers, or records that read as a table.

Knows the shapes such exports have. What is neither is refused: the structure of other JSON says nothing to a reader.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NoReturn

from ingest.loaders.blocks import one_line, table
from ingest.loaders.encoding import decode
from ingest.loaders.pairs import ANSWER_NAMES, CATEGORY_NAMES, QUESTION_NAMES, Pair, pair_blocks
from rag.errors import Refused
from rag.types import Block, Document

_LISTS = ("faqs", "faq", "items", "data", "questions", "entries", "records", "rows", "categories", "sections")
_TITLES = frozenset(["title", "标题", "標題"])
_BODIES = frozenset(["body", "content", "text", "内容", "內容", "正文"])
_GROUP_NAMES = ("category", "topic", "section", "name", "title", "类别", "類別", "分类", "分類")
_DEEPEST_GROUP = 4
_MAX_CELLS = 1_000_000
_EXPECTED = 'Each object needs "question" and "answer" (or "q" and "a", 问题 and 答案, "title" and "body").'


@dataclass(frozen=True, slots=True)
class _Record:
    """An object, with its place in the file in words and the groups it stands in."""

    fields: dict[str, object]
    place: str
    groups: tuple[str, ...] = ()
    grouped: bool = False  # it stands in an entry of a list, whose other fields are not read


def load(raw: bytes, name: str) -> Document:
    """A JSON file, or JSON Lines if its name says so. Raises BROKEN and NOT_QA."""
    text = decode(raw)
    try:
        if name.lower().endswith((".jsonl", ".ndjson")):
            return _document("", list(_lines(text)))
        value = _parsed(text, "")
        title = _name_of(value)[0] if isinstance(value, dict) and _name_of(value) else ""
        return _document(title, list(_records(value)))
    except RecursionError as problem:
        raise _broken("it is nested too deeply") from problem


def _document(title: str, records: list[_Record]) -> Document:
    if not records:
        _not_pairs("It holds no objects.")
    pairs = [_pair(record) for record in records]
    if not any(pairs):
        return Document(title, (_table(records),))
    for record, pair in zip(records, pairs, strict=True):
        if pair is None:
            _not_pairs(f"{record.place} is no question with an answer; its keys are {_keys(record.fields)}.")
    whole = [pair for pair in pairs if pair and pair.answers]
    missing = len(pairs) - len(whole)
    warnings = (f"{missing} of {len(pairs)} questions have no answer and were left out.",) if missing else ()
    return Document(title, tuple(pair_blocks(whole)), warnings=warnings)


def _lines(text: str) -> Iterator[_Record]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            value = _parsed(line, f" in line {number}")
            if not isinstance(value, dict):
                _not_pairs(f"Line {number} is no object.")
            yield _Record(value, f"Line {number}")


def _parsed(text: str, place: str) -> object:
    try:
        return json.loads(text, object_pairs_hook=_object, strict=False, parse_constant=_no_value)
    except json.JSONDecodeError as problem:
        where = place or f" in line {problem.lineno}"
        raise _broken(f"{problem.msg}{where}, character {problem.colno}") from problem
    except ValueError as problem:
        raise _broken(f"{problem}{place}") from problem


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) < len(pairs):
        ((twice, _),) = Counter(name for name, _ in pairs).most_common(1)
        raise ValueError(f'an object has the key "{one_line(twice)[:40]}" twice')
    return made


def _no_value(name: str) -> NoReturn:
    raise ValueError(f"{name} is no value; write null where there is none")


def _broken(problem: str) -> Refused:
    return Refused(
        "BROKEN", f"The file is no valid JSON: {problem}.", "Correct it, or export it again, and put that in."
    )


def _not_pairs(problem: str) -> NoReturn:
    raise Refused("NOT_QA", f"The file is no list of questions with answers. {problem}", _EXPECTED)


def _records(value: object, groups: tuple[str, ...] = (), depth: int = 0) -> Iterator[_Record]:
    """The objects of a list, of the list under a known key, and of groups of such lists."""
    if isinstance(value, list):
        for number, each in enumerate(value, 1):
            if not isinstance(each, dict):
                _not_pairs(f"Entry {number} of the list is no object.")
            inner = None if depth >= _DEEPEST_GROUP or _pair_of(each) else _list_in(each)
            if inner is None:
                yield _Record(each, f"Entry {number}", groups, depth > 0)
            else:
                yield from _records(inner, (*groups, *_name_of(each)), depth + 1)
    elif not isinstance(value, dict):
        _not_pairs("It is a single value.")
    elif _pair_of(value):
        yield _Record(value, "The object", groups)
    elif inner := _list_in(value):
        yield from _records(inner, groups, depth)
    elif value and all(isinstance(each, list) for each in value.values()):
        for name, each in value.items():
            yield from _records(each, (one_line(name),), 1)
    else:
        _not_pairs(f"Its keys are {_keys(value)}.")


def _list_in(value: Mapping[str, object]) -> list[object] | None:
    """The list of objects under a known key, if there is one."""
    folded = {key.casefold(): each for key, each in value.items()}
    for key in _LISTS:
        each = folded.get(key)
        if isinstance(each, list) and each and all(isinstance(one, dict) for one in each):
            return each
    return None


def _name_of(group: Mapping[str, object]) -> tuple[str, ...]:
    name = next((group[key] for key in _GROUP_NAMES if isinstance(group.get(key), str)), "")
    return (one_line(str(name)),) if name else ()


def _pair(record: _Record) -> Pair | None:
    pair = _pair_of(record.fields)
    return replace(pair, category=record.groups + pair.category) if pair else None


def _pair_of(fields: Mapping[str, object]) -> Pair | None:
    """The question and answer of an object, or None if it has not both keys."""
    folded = {key.strip().casefold(): value for key, value in fields.items()}
    for asked, answered in ((QUESTION_NAMES, ANSWER_NAMES), (_TITLES, _BODIES), (QUESTION_NAMES, _BODIES)):
        questions = _under(asked, folded)
        if questions and answered & folded.keys() and not _list_in(fields):
            category = tuple(map(one_line, _under(CATEGORY_NAMES, folded)[:1]))
            return Pair(tuple(questions), tuple(_under(answered, folded)), category)
    return None


def _under(names: frozenset[str], fields: Mapping[str, object]) -> list[str]:
    return [text for name, value in fields.items() if name in names for text in _texts(value)]


def _texts(value: object) -> list[str]:
    """The words of a value: of a string, of each entry of a list, of the text of an object."""
    if isinstance(value, list):
        return [text for each in value for text in _texts(each)]
    if isinstance(value, dict):
        return [text for key in ("text", "value", "answer", "content") for text in _texts(value.get(key))]
    return [text] if (text := _cell(value)).strip() else []


def _table(records: list[_Record]) -> Block:
    """Records of plain values as rows below the names of all their fields."""
    names = list(dict.fromkeys(key for record in records for key in record.fields))
    nested = [each for each in records if each.grouped or not all(map(_is_plain, each.fields.values()))]
    if nested or not names:
        first = (nested or records)[0]
        _not_pairs(f"{first.place} has the keys {_keys(first.fields)}.")
    if len(names) * len(records) > _MAX_CELLS:
        raise Refused("TOO_LARGE", f"The table would have {len(names):,} columns.", "Split it into several files.")
    return table([names, *([_cell(each.fields.get(name)) for name in names] for each in records)], header=True)


def _is_plain(value: object) -> bool:
    return not isinstance(value, dict) and (not isinstance(value, list) or all(map(_is_single, value)))


def _is_single(value: object) -> bool:
    return not isinstance(value, dict | list)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(map(_cell, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def _keys(fields: Mapping[str, object]) -> str:
    return ", ".join(one_line(key)[:40] for key in list(fields)[:8]) or "none"
