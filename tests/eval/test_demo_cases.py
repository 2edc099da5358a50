"""The cases over the demo company say what its documents say: each fact and each forbidden text is looked up there."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cache

from eval.cases import Case, read_cases
from ingest.chunk import passages
from ingest.loaders import LOADERS, load
from ingest.meta import SIDE_FILE, combine, companions
from rag.config import ROOT
from rag.text import language_of, normalise
from rag.types import DocumentMeta
from tests.doubles.shelf import count_words

FILE = ROOT / "eval" / "cases" / "knowledge.cases.jsonl"
MORE = FILE.with_name("more.cases.jsonl")  # written later, for development only
TAGS = (
    "plain",
    "paraphrased",
    "typos",
    "follow-up",
    "ambiguous",
    "unanswerable",
    "superseded",
    "twins",
    "tables",
    "internal",
)
_WORD = re.compile(r"\d+(?:[.,]\d+)*|[a-z]+|\S")


@dataclass(frozen=True, slots=True)
class Known:
    """A document as ingested: what is said of it, its text, and the questions it answers, in normalised words."""

    meta: DocumentMeta
    text: str
    questions: frozenset[str]


@cache
def documents() -> dict[str, Known]:
    root, found = ROOT / "knowledge", dict[str, Known]()
    for path in sorted(root.rglob("*")):
        if path.suffix not in LOADERS or path.name.endswith(SIDE_FILE) or "_build" in path.parts:
            continue
        document = load(path.read_bytes(), path.name)
        meta = combine([(each.name, each.read_bytes()) for each in companions(path, root)], document.fields)
        cut = passages(document, count_words, 160)
        text = "\n".join(" ".join((document.title, *each.heading, each.question, each.text)) for each in cut)
        questions = frozenset(_words(each.question) for each in cut if each.question)
        found[path.relative_to(root).as_posix()] = Known(meta, _words(text), questions)
    return found


@cache
def cases() -> list[Case]:
    return read_cases([FILE, MORE], documents())


def _words(text: str) -> str:
    return f" {' '.join(_WORD.findall(normalise(text)))} "


def _holds(source: str, choice: tuple[str, ...]) -> bool:
    """Whether one of these texts stands in the document, from the beginning of a word or number to an end."""
    return any(_words(each) in documents()[source].text for each in choice)


def _answers_on(source: str, day: date) -> bool:
    """Whether a customer may be given the document on that day: public, valid, not superseded."""
    meta = documents()[source].meta
    newer = [each for each in documents().values() if source in each.meta.supersedes and _valid(each.meta, day)]
    return meta.audience == "public" and _valid(meta, day) and not newer


def _valid(meta: DocumentMeta, day: date) -> bool:
    return (meta.valid_from or day) <= day <= (meta.valid_until or day)


def test_there_are_enough_in_each_language_and_for_each_tag_in_both_halves() -> None:
    languages, tags, halves = Counter[str](), Counter[str](), Counter[tuple[str, str]]()
    for case in read_cases([FILE]):
        languages[case.language] += 1
        tags.update(case.tags)
        halves.update((tag, case.split) for tag in case.tags)
        assert language_of(" ".join(case.turns)) == case.language, case.id
        assert case.id.startswith(f"{case.language}-{case.tags[0]}-"), case.id
    assert sum(languages.values()) >= 190
    assert abs(languages["en"] - languages["zh"]) <= 0.1 * sum(languages.values())
    assert {tag: tags[tag] for tag in TAGS if tags[tag] < 12} == {}
    assert {tag: halves[tag, "dev"] for tag in TAGS if not 0.35 <= halves[tag, "dev"] / tags[tag] <= 0.65} == {}


def test_those_written_for_development_are_not_of_the_split_that_is_reported() -> None:
    more = read_cases([MORE])
    assert {case.split for case in more} == {"dev"}
    languages = Counter(case.language for case in more)
    assert languages["en"] == languages["zh"] >= 60
    assert all(case.id.startswith(f"{case.language}-{case.tags[0]}-") for case in more)


def test_tags_expect_what_they_are_named_for() -> None:
    for case in cases():
        expected = {"ambiguous": "clarify", "unanswerable": "decline", "small_talk": "small_talk"}
        assert all(case.expect == expected[tag] for tag in case.tags if tag in expected), case.id
        assert len(case.turns) > 1 or "follow-up" not in case.tags, case.id
        assert bool(case.facts and case.cite) == (case.expect == "answer"), case.id


def test_each_fact_stands_in_a_document_cited_that_answers_on_that_day() -> None:
    wrong = list[str]()
    for case in cases():
        cited = {each for choice in case.cite for each in choice}
        wrong += [f"{case.id}: {each} does not answer then" for each in cited if not _answers_on(each, case.at.date())]
        wrong += [
            f"{case.id}: {fact} stands in none" for fact in case.facts if not any(_holds(each, fact) for each in cited)
        ]
        wrong += [
            f"{case.id}: {each} has no fact" for each in cited if not any(_holds(each, fact) for fact in case.facts)
        ]
    assert wrong == []


def test_what_is_forbidden_stands_in_other_documents() -> None:
    wrong = list[str]()
    for case in cases():
        cited = {each for choice in case.cite for each in choice}
        for text in case.forbid:
            where = {source for source in documents() if _holds(source, (text,))}
            if not where:
                wrong.append(f"{case.id}: {text!r} stands in no document")
            if "internal" in case.tags and {documents()[source].meta.audience for source in where} != {"internal"}:
                wrong.append(f"{case.id}: customers may read {text!r}")
            if "superseded" in case.tags and not where - cited:
                wrong.append(f"{case.id}: {text!r} stands only where it may be cited from")
    assert wrong == []


def test_only_plain_questions_are_those_of_the_documents() -> None:
    asked = frozenset[str]().union(*(each.questions for each in documents().values()))
    assert [case.id for case in cases() if "plain" not in case.tags and _words(case.turns[-1]) in asked] == []
