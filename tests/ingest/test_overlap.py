"""Duplicates and contradictions between documents: what is named, and what must not be."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from ingest.overlap import Overlap, overlaps
from rag.types import Chunk, DocumentMeta, Language, SentenceKind
from tests.rag.passages import candidate, passage

TODAY = date(2026, 6, 1)


def place(source: str, *texts: str, kind: SentenceKind = "text", language: Language = "en", **said: Any) -> Chunk:
    """A passage of the document `source`, with what its editors say of it."""
    made = passage(*((text, kind) for text in texts), number=hash(source) % 1000, title="Returns", language=language)
    return replace(made, source=source, meta=DocumentMeta(title="Returns", **said))


def found(here: Chunk, *others: Chunk) -> list[Overlap]:
    return overlaps(candidate(here), range(len(here.sentences)), [candidate(each) for each in others], TODAY)


def reasons(here: Chunk, *others: Chunk) -> list[str]:
    return [each.reason for each in found(here, *others) if each.kind == "contradiction"]


OLD = "You may return an item within 14 days of delivery."
NEW = "You may return an item within 30 days of delivery."


def test_another_figure_for_the_same_thing_is_a_contradiction_with_both_places() -> None:
    (overlap,) = found(place("new.md", NEW), place("old.md", "Welcome to our shop.", OLD))
    assert (overlap.kind, overlap.reason, overlap.pairs) == ("contradiction", "30 day ≠ 14 day", ((0, 1),))
    assert (overlap.here.source, overlap.there.source) == ("new.md", "old.md")


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ("The battery may be replaced by the customer.", "The battery may not be replaced by the customer."),
        ("Enter your VAT number before you pay.", "Enter your VAT number after you pay."),
        ("The label of the parcel is valid for 3 weeks.", "The label of the parcel is valid for 3 days."),
        ("Orders must arrive by 31 January to count.", "Orders must arrive by 28 February to count."),
        ("4. Hold the lamp button. The lock opens after 5 seconds.", "The lock opens after 9 seconds."),
    ],
)
def test_negation_opposites_units_and_dates_contradict(mine: str, theirs: str) -> None:
    assert len(reasons(place("new.md", mine), place("old.md", theirs))) == 1


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ("自签收次日起 15 天内可申请无理由退货。", "自签收次日起 7 天内可申请无理由退货。"),
        ("积分不能转让给其他账号。", "积分可以转让给其他账号。"),
        ("1.5 升以上的水箱需要除垢。", "1.5 升以下的水箱需要除垢。"),
    ],
)
def test_chinese_contradictions(mine: str, theirs: str) -> None:
    assert len(reasons(place("new.md", mine, language="zh"), place("old.md", theirs, language="zh"))) == 1


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        (NEW, "You may return an item within thirty days of delivery."),
        (NEW, "Air filters, once they are unsealed, may be sent back within 14 days."),
        ("The refund takes 7 working days.", "The refund takes 7 working days, and card refunds another 3."),
        ("Hold the button of the Sweep R2 for 5 seconds.", "Hold the button of the Sweep R2 Pro for 9 seconds."),
    ],
)
def test_the_same_in_other_words_and_other_things_are_no_contradiction(mine: str, theirs: str) -> None:
    assert reasons(place("new.md", mine), place("old.md", theirs)) == []


def test_rows_of_a_table_are_compared_with_the_row_about_the_same() -> None:
    mine = place("new.md", "Property: Cable length; Value: 3 m", kind="row")
    others = place("old.md", "Property: Cable length; Value: 2 m", "Property: Hose length; Value: 9 m", kind="row")
    assert reasons(mine, others) == ["3 m ≠ 2 m"]


def test_a_document_that_says_the_same_somewhere_does_not_contradict() -> None:
    both = place("old.md", "You may return a sealed item within 14 days of delivery.", NEW)
    assert reasons(place("new.md", NEW), both) == []


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ({"product": "AirPure 300"}, {"product": "AirPure 300S"}),
        ({"product": "Sweep R2"}, {"product": "Sweep R2 Pro"}),
        ({"region": "UK"}, {"region": "EU"}),
        ({"valid_from": date(2027, 1, 1)}, {"valid_until": date(2026, 12, 31)}),
        ({}, {"valid_until": date(2026, 5, 31)}),
        ({"supersedes": "older.md, old.md"}, {}),
        ({}, {"supersedes": "new.md"}),
        ({"audience": "dealer"}, {"audience": "staff"}),
    ],
)
def test_documents_that_cannot_meet_neither_contradict_nor_repeat(mine: dict[str, Any], theirs: dict[str, Any]) -> None:
    assert found(place("new.md", OLD, **mine), place("old.md", NEW, **theirs)) == []
    assert found(place("new.md", OLD, **mine), place("old.md", OLD, **theirs)) == []


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ({"product": "Sweep"}, {"product": "Sweep R2"}),
        ({"region": "UK"}, {}),
        ({"valid_from": date(2026, 1, 1)}, {"valid_until": date(2026, 12, 31)}),
        ({"audience": "internal"}, {"audience": "public"}),
    ],
)
def test_documents_that_can_meet_do(mine: dict[str, Any], theirs: dict[str, Any]) -> None:
    assert len(found(place("new.md", OLD, **mine), place("old.md", NEW, **theirs))) == 1


def test_the_same_text_elsewhere_is_a_duplicate_and_no_contradiction() -> None:
    (overlap,) = found(place("new.md", OLD, "You pay the postage."), place("old.md", "Hello.", OLD, "You pay postage."))
    assert (overlap.kind, overlap.pairs[0]) == ("duplicate", (0, 1))


def test_one_short_line_in_common_is_no_duplicate() -> None:
    assert found(place("new.md", "Please call us.", NEW), place("old.md", "Please call us.", "We open at noon.")) == []


def test_only_sentences_that_are_new_are_looked_at() -> None:
    here, there = place("new.md", NEW, "You pay the postage."), place("old.md", OLD)
    assert overlaps(candidate(here), {1}, [candidate(there)], TODAY) == []
