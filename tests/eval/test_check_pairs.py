"""The pairs that the check is measured with: enough of them, the same every time, and labelled as they were made."""

from __future__ import annotations

import random

import pytest

from eval import altered, pairs, reworded
from eval.bench import check
from eval.passages import demo_passages
from rag.types import Chunk

SOURCES = ("policies/returns-2026", "faq/air-purifiers", "faq/general", "delivery/order-changes")


@pytest.fixture(scope="module")
def chunks() -> list[Chunk]:
    return demo_passages()


def test_the_demo_documents_give_enough_pairs_in_both_languages_and_labels(chunks: list[Chunk]) -> None:
    few = [chunk for chunk in chunks if chunk.source.startswith(SOURCES)]
    found = [*pairs.make(few, 1, "knowledge"), *pairs.by_hand(chunks), *pairs.across(chunks, 1)]
    assert len(found) >= 600
    assert {(pair.faithful, pair.language) for pair in found} == {
        (True, "en"),
        (True, "zh"),
        (False, "en"),
        (False, "zh"),
    }
    assert {pair.kind for pair in found if pair.kind.startswith("across")} >= {"across: row", "across: number"}


def test_the_same_seed_gives_the_same_pairs(chunks: list[Chunk]) -> None:
    few = chunks[:40]
    assert pairs.make(few, 3, "knowledge") == pairs.make(few, 3, "knowledge")


def test_alterations_change_what_they_are_named_for() -> None:
    chance = random.Random(1)
    english = altered.rules("en")
    assert english["negation"]("You can return it.", "", chance) == "You can not return it."
    assert english["values swapped"]("A takes 5 days, B 9 days.", "", chance) == "A takes 9 days, B 5 days."
    assert altered.rules("zh")["who does what"]("运费由买家承担。", "", chance) == "运费由我们承担。"


def test_rewording_says_the_same() -> None:
    chance = random.Random(1)
    assert reworded.rules("en")["contraction"]("It is not free.", chance) in ("It isn't free.", "It's not free.")
    assert reworded.rules("zh")["script"]("滤网", chance) == "濾網"


def test_a_share_lies_within_its_interval() -> None:
    assert check.share([]).pairs == 0
    assert check.share([]).high == 1.0
