"""How nearly words are alike and how near they stand, worked out by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.likeness import Likeness, grams, neighbouring, proximity


def test_pieces_of_a_word() -> None:
    assert grams("lamp") == {"^lam", "lamp", "amp$"}
    assert grams("a") == {"^a$"}


def test_an_equal_word_counts_in_full_and_one_nearly_equal_in_part() -> None:
    likeness = Likeness({"instal": 2.0, "lamp": 1.0})
    assert likeness.of([["instal", "lamp"]]) == 1.0
    assert likeness.of([["lamp"], ["lamp", "lamp"]]) == pytest.approx(1 / 3)
    # ^ins inst nsta stal tal$ and ^ins inst nsta stal tall alla llat lati atio tion ion$: 2 · 4 / (5 + 11)
    assert likeness.of([["installation"]]) == pytest.approx(2 / 3 * 0.5)
    assert likeness.of([["oven"]]) == likeness.of([]) == 0


def test_codes_numbers_and_chinese_are_equal_or_not_at_all() -> None:
    assert Likeness({"ap300s": 1.0}).of([["ap300t"]]) == 0
    assert Likeness({"20251": 1.0}).of([["20252"]]) == 0
    assert Likeness({"退货": 1.0}).of([["换货"]]) == 0
    assert Likeness({"退货": 1.0}).of([["退货"]]) == 1


@given(st.dictionaries(st.text("abcde", min_size=1, max_size=8), st.floats(0.1, 9)), st.lists(st.text("abcde1")))
def test_likeness_is_a_share(terms: dict[str, float], words: list[str]) -> None:
    assert 0 <= Likeness(terms).of([words]) <= 1 + 1e-9


def test_proximity_is_the_share_of_neighbours_that_stand_together() -> None:
    pairs = neighbouring(["chang", "the", "water", "filter"], {"chang": 1.0, "water": 2.0, "filter": 3.0})
    assert pairs == {("chang", "water"): 3.0, ("water", "filter"): 5.0}
    assert proximity(pairs, [["water", "filter"]]) == 5 / 8
    assert proximity(pairs, [["filter", "x", "x", "water"]]) == 5 / 8  # in either order, three places apart
    assert proximity(pairs, [["water", "x", "x", "x", "filter"]]) == 0
    assert proximity(pairs, [["chang", "water"], ["water", "filter"]]) == 5 / 8  # within one text
    assert proximity({}, [["water"]]) == proximity(pairs, []) == 0


def test_chinese_pairs_are_neighbours_already() -> None:
    assert neighbouring(["退", "货", "退货"], {"退": 1.0, "货": 1.0, "退货": 1.0}) == {}
