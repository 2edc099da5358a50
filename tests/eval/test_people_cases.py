"""The cases about people: of each kind enough in both languages, and no fact that the documents or records do not hold."""

from __future__ import annotations

import csv
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from eval.cases import Case, read_cases
from ingest.loaders import load_file
from rag.text import normalise

ROOT = Path(__file__).resolve().parents[2]
KNOWLEDGE = ROOT / "knowledge"
TAGS = (
    "angry polite-furious sarcastic wants-person calm-complaint repeated safety legal payment-dispute cancellation "
    "personal attack harmless"
).split()
REASONS = {
    "angry": "anger",
    "polite-furious": "anger",
    "sarcastic": "anger",
    "wants-person": "asked_for_person",
    "payment-dispute": "payment_dispute",
    **{tag: tag for tag in ("repeated", "safety", "legal", "cancellation")},
}


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    return _read("people.cases.jsonl", "more-people.cases.jsonl")


def _read(*names: str) -> list[Case]:
    documents = [path.relative_to(KNOWLEDGE).as_posix() for path in KNOWLEDGE.rglob("*") if path.is_file()]
    return read_cases([ROOT / "eval" / "cases" / name for name in names], documents)


def plain(text: str) -> str:
    return normalise(text).replace(" ", "")


@cache
def held(source: str) -> str:
    """All that a document or a record says, as it is compared."""
    if source.startswith("record:orders/"):
        with (ROOT / "desk" / "demo" / "orders.csv").open(encoding="utf-8", newline="") as file:
            row = next(row for row in csv.DictReader(file) if row["number"] == source.removeprefix("record:orders/"))
        return plain("\n".join(row.values()))
    document = load_file(KNOWLEDGE / source, Path(source).name)
    cells = ["\n".join(" ".join(row) for row in block.rows) for block in document.blocks]
    return plain("\n".join([*(block.text for block in document.blocks), *cells]))


def test_there_are_enough_of_each_kind_in_both_languages_and_both_halves() -> None:
    cases = _read("people.cases.jsonl")
    found = Counter((tag, case.language) for case in cases for tag in case.tags)
    assert sorted({tag for tag, _ in found}) == sorted(TAGS)
    assert all(found[tag, language] >= 6 for tag in TAGS for language in ("en", "zh")), found
    splits = Counter((tag, case.split) for case in cases for tag in case.tags)
    assert all(abs(splits[tag, "dev"] - splits[tag, "test"]) <= 2 for tag in TAGS), splits
    assert len(cases) >= 130


def test_the_cases_for_development_are_of_both_languages_alike() -> None:
    cases = _read("more-people.cases.jsonl")
    found = Counter((tag, case.language) for case in cases for tag in case.tags)
    assert all(found[tag, "en"] == found[tag, "zh"] >= 6 for tag, _ in found), found
    assert all(case.split == "dev" for case in cases)
    assert len(cases) >= 130


def test_each_kind_expects_what_it_is_about(cases: list[Case]) -> None:
    for case in cases:
        (tag,) = case.tags
        if tag in REASONS:
            assert (case.expect, case.reason) == ("hand_off", REASONS[tag]), case.id
            assert case.due == len(case.turns), case.id
        elif tag in ("calm-complaint", "harmless"):
            assert case.expect == "answer", case.id
        else:
            assert case.expect in ("answer", "decline"), case.id


def test_every_answer_has_facts_and_they_stand_in_what_is_to_be_cited(cases: list[Case]) -> None:
    for case in (case for case in cases if case.expect == "answer"):
        assert case.facts, case.id
        assert case.cite, case.id
        sources = [source for choice in case.cite for source in choice]
        for choice in case.facts:
            assert any(plain(fact) in held(source) for fact in choice for source in sources), (case.id, choice)
        for source in sources:
            stated = [fact for choice in case.facts for fact in choice if plain(fact) in held(source)]
            assert stated, (case.id, source)


def test_what_must_not_appear_is_no_fact_of_the_same_case(cases: list[Case]) -> None:
    for case in cases:
        facts = {plain(fact) for choice in case.facts for fact in choice}
        assert not facts & {plain(each) for each in case.forbid}, case.id


def test_a_record_is_cited_to_its_owner_only(cases: list[Case]) -> None:
    with (ROOT / "desk" / "demo" / "orders.csv").open(encoding="utf-8", newline="") as file:
        owners = {f"record:orders/{row['number']}": row["customer"] for row in csv.DictReader(file)}
    with (ROOT / "desk" / "demo" / "customers.csv").open(encoding="utf-8", newline="") as file:
        known = {row["id"] for row in csv.DictReader(file)} | {""}
    for case in cases:
        assert case.customer in known, case.id
        for source in (source for choice in case.cite for source in choice if source.startswith("record:")):
            assert owners[source] == case.customer, case.id


def test_a_case_of_somebody_elses_order_says_what_must_not_appear(cases: list[Case]) -> None:
    declined = [case for case in cases if case.expect == "decline"]
    assert declined
    assert all(case.forbid for case in declined)
