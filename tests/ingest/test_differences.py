"""What changed between two versions of a document, sentence by sentence."""

from __future__ import annotations

from dataclasses import replace

from ingest.differences import SentenceChange, differences
from rag.types import Chunk, DocumentMeta
from tests.rag.passages import passage

RETURNS = passage("You may return an item within 14 days.", "You pay for the parcel.", heading=("Period",), ordinal=0)
REFUND = passage("The refund takes 7 days.", number=2, heading=("Refund",), ordinal=1)


def kinds(before: list[Chunk], after: list[Chunk]) -> list[tuple[str, str]]:
    return [(each.kind, each.place) for each in differences(before, after).passages]


def test_the_same_document_has_no_differences() -> None:
    found = differences([RETURNS, REFUND], [RETURNS, REFUND])
    assert (found.passages, found.fields, found.fresh) == ((), (), frozenset())


def test_a_changed_sentence_is_shown_from_and_to_and_the_others_are_not() -> None:
    after = passage("You may return an item within 30 days.", "You pay for the parcel.", heading=("Period",))
    found = differences([RETURNS, REFUND], [after, REFUND])
    (changed,) = found.passages
    assert (changed.kind, changed.place) == ("changed", "Guide › Period")
    assert changed.sentences == (
        SentenceChange("You may return an item within 14 days.", "You may return an item within 30 days."),
    )
    assert found.fresh == {(0, 0)}


def test_sentences_appear_and_vanish() -> None:
    after = passage("You may return an item within 14 days.", "Gifts travel with a printed card.", heading=("Period",))
    (changed,) = differences([RETURNS], [after]).passages
    assert set(changed.sentences) == {
        SentenceChange("", "Gifts travel with a printed card."),
        SentenceChange("You pay for the parcel.", ""),
    }


def test_whole_passages_come_and_go() -> None:
    new = passage("Exchange is not offered anywhere.", number=3, heading=("Exchange",), ordinal=1)
    assert kinds([RETURNS, REFUND], [RETURNS, new]) == [("added", "Guide › Exchange"), ("removed", "Guide › Refund")]
    assert kinds([], [RETURNS]) == [("added", "Guide › Period")]
    assert kinds([RETURNS], []) == [("removed", "Guide › Period")]


def test_a_sentence_that_moved_to_the_next_passage_is_no_change() -> None:
    first = passage("You may return an item within 14 days.", heading=("Period",))
    second = passage("You pay for the parcel.", number=9, heading=("Period",), ordinal=1)
    assert kinds([RETURNS], [first, second]) == []
    assert kinds([first, second], [RETURNS]) == []


def test_another_heading_over_the_same_words_is_a_change() -> None:
    (changed,) = differences([REFUND], [replace(REFUND, heading=("Money back",))]).passages
    assert (changed.kind, changed.was, changed.place) == ("changed", "Guide › Refund", "Guide › Money back")
    assert changed.sentences == ()


def test_what_editors_say_of_the_document_is_compared() -> None:
    after = replace(REFUND, meta=DocumentMeta(audience="internal"))
    assert differences([REFUND], [after]).fields == (("audience", "public", "internal"),)


def test_white_space_and_width_are_no_change_and_chinese_is_aligned() -> None:
    before = passage("签收后 15 天内可以退货。", "运费由买家承担。", language="zh")
    after = passage("签收后 30 天内可以退货。", "运费由买家承担。", language="zh")
    (changed,) = differences([before], [after]).passages
    assert changed.sentences == (SentenceChange("签收后 15 天内可以退货。", "签收后 30 天内可以退货。"),)
    assert kinds([passage("You  can  return it.")], [passage("You can return it.")]) == []


def test_of_two_like_rows_each_is_compared_with_its_own() -> None:
    rows = [(f"Country: {name}; Charge: {charge} EUR", "row") for name, charge in (("Malta", 9), ("Italy", 7))]
    other = [("Country: Italy; Charge: 8 EUR", "row"), rows[0]]
    (changed,) = differences([passage(*rows)], [passage(*other)]).passages  # type: ignore[arg-type]
    assert changed.sentences == (SentenceChange("Country: Italy; Charge: 7 EUR", "Country: Italy; Charge: 8 EUR"),)
