"""The check: values, denials, limits and roles belong to the same things in a sentence and in its source."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.citations import check
from rag.types import DraftSentence, Span
from tests.rag.passages import passage, said

SEALED = "Filters, mop cloths and dust bags can only be returned with the seal unbroken."


def supported(text: str, *source: str) -> bool:
    chunk = passage(*source)
    return check(said(text, chunk), [chunk])[0].supported


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Standard costs 5 pounds and express 9 pounds.", "Standard costs £5 and express £9."),
        ("You can return it within thirty days.", "You may return it within 30 days."),
        ("Valid from 2026-01-31.", "Valid from 31 January 2026."),
        ("A minimum of 3 metres is needed.", "At least 3 metres are needed."),
        ("If it is faulty, contact us.", "Contact us if it is faulty."),
        ("Mop cloths can only be returned with the seal unbroken.", SEALED),
        ("签收后三十天内可退货。", "自签收起 30 天内可以退货。"),
        ("优惠于2026-03-01开始。", "优惠于 2026 年 3 月 1 日开始。"),
    ],
)
def test_the_same_in_other_words_passes(text: str, source: str) -> None:
    assert supported(text, source)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Standard costs £9 and express £5.", "Standard costs £5 and express £9."),
        ("标准配送9元，加急配送5元。", "标准配送5元，加急配送9元。"),
        ("We pay for the return.", "You pay for the return."),
        ("运费由我们承担。", "运费由买家承担。"),
        ("You must register within 30 days.", "You may register within 30 days."),
        ("可以在当天付款。", "必须在当天付款。"),
        ("Some orders ship on Monday.", "All orders ship on Monday."),
        ("You have 30 days from the order date.", "You have 30 days from delivery."),
        ("Mop cloths can be returned.", SEALED),
        ("The filter lasts a year and a technician visits you.", "The filter lasts a year."),
        ("支付宝付款可以退款。", "微信付款可以退款。"),
    ],
)
def test_what_belongs_to_something_else_fails(text: str, source: str) -> None:
    assert not supported(text, source)


def test_rows_of_a_table_are_not_read_together() -> None:
    chunk = passage(("Model: Alpha A1; Weight: 3 kg", "row"), ("Model: Beta B2; Weight: 5 kg", "row"))
    assert not check(said("Model: Alpha A1; Weight: 5 kg", chunk), [chunk])[0].supported


def test_another_products_passage_does_not_stand_in() -> None:
    mine = passage("The filter lasts 12 months.", number=1, product="Alpha")
    other = passage("The filter lasts 8 months.", number=2, product="Beta")
    assert not check(said("The filter lasts 8 months.", mine), [mine, other])[0].supported


def test_a_question_above_a_passage_asserts_nothing() -> None:
    chunk = passage("No, unless it is faulty.", question="Can I return an opened filter?")
    assert not check(said("An opened filter can be returned.", chunk), [chunk])[0].supported


def test_languages_are_compared_by_values_and_common_words() -> None:
    chunk = passage("滤芯每 12 个月更换一次，不可以水洗。", language="zh")
    assert check(said("Replace the filter every 12 months.", chunk), [chunk])[0].supported
    assert not check(said("Replace the filter every 8 months.", chunk), [chunk])[0].supported
    assert not check(said("It was made in Italy by hand.", chunk), [chunk])[0].supported


@given(st.integers(2, 9_999), st.integers(2, 9_999), st.sampled_from(["days", "kg", "cups", "W"]))
def test_a_number_that_stands_nowhere_fails(given: int, other: int, unit: str) -> None:
    source = f"The tank holds water for {given} {unit} of steady use."
    chunk = passage("Open the lid.", source, "Close the lid.")
    changed = re.sub(r"\d+", str(other), source)
    verdict, spans = check(said(changed, chunk), [chunk])
    assert verdict.supported == (given == other) == bool(spans)


@given(st.lists(st.text("ab不 noOnly5.,kg可以if", min_size=1, max_size=30).filter(str.strip), min_size=1, max_size=4))
def test_a_sentence_quoted_from_the_span_it_cites_passes(sentences: list[str]) -> None:
    chunk = passage(*(each.strip() for each in sentences))
    for at in range(len(chunk.sentences)):
        span = Span(chunk, at, at)
        assert check(DraftSentence(span.text, (span,)), [chunk])[1] == (span,)
