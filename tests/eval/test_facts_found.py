"""Facts are found however they are written, and only where they stand."""

from __future__ import annotations

import pytest

from eval.facts_found import names, says


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("It lasts twelve months.", "12 months"),
        ("It has a two-year warranty.", "2 years"),
        ("It costs 44.90 pounds.", "£44.90"),
        ("Delivery takes 2–3 working days.", "2 to 3 working days"),
        ("Open from 9:00 to 18:00", "9:00–18:00"),
        ("AirPure 300 | Weight (kg): 5.6", "5.6 kg"),
        ("The filter lasts 4500 hours", "4,500 hours"),
        ("Bought on 2 November 2026.", "2026-11-02"),
        ("Change the filters.", "filter"),
        ("可以在三十天内退貨", "30天内退货"),
        ("保固２４個月", "24个月"),
        ("Write to SERVICE@aurel.example", "service@aurel.example"),
        ("Hold the button for 3 seconds, then let go.", "hold 3 seconds"),
    ],
)
def test_a_fact_is_found_however_it_is_written(text: str, fact: str) -> None:
    assert says(text, fact)


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("Within 15 days.", "5 days"),
        ("Within 30 working days.", "30 days"),
        ("It lasts 12 weeks.", "12 months"),
        ("We are unable to help.", "able"),
        ("The AirPure 300S", "AirPure 300"),
        ("It costs €5.", "£5"),
        ("It costs £44.", "£44.90"),
        ("The filter lasts.\nIt takes 3 seconds.", "filter 3 seconds"),
        ("不可以退货", "换货"),
        ("Anything", ""),
    ],
)
def test_what_only_looks_like_a_fact_is_none(text: str, fact: str) -> None:
    assert not says(text, fact)


def test_what_must_not_appear_is_taken_narrowly() -> None:
    assert names("Source: record:orders/AH-1001", "record:")
    assert names("ann@example.com", "@example")
    assert names("内部備忘錄", "内部备忘录")
    assert not names("Our records hold it.", "record:")
    assert not names("It was returned.", "return")
    assert names("Up to 35 pounds of goodwill", "£35")
    assert not names("35 parcels cost a pound", "£35")
    assert not names("Hold the button for 3 seconds.", "hold 3 seconds")
