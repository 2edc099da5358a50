"""Which words are corrected, to what, and which are left alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from string import ascii_lowercase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.shorthand import spelled_out
from rag.spelling import corrected, edits
from rag.text import tokens

HELD = {tokens(word)[0]: 5 for word in ("facebook", "account", "filter", "delete", "hover", "airpure")}


def frequency(terms: Sequence[str]) -> Mapping[str, int]:
    return {term: HELD[term] for term in terms if term in HELD}


def knows(word: str) -> bool:
    return word in {"hoover"}


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("my facebbook acount", "my facebook account"),
        ("Change the fitler!", "Change the filter!"),
        ("deleting, deletign", "deleting, deleting"),
        ("AirPrue 300S", "airpure 300S"),
        ("滤网 filtre 怎么换", "滤网 filter 怎么换"),
    ],
)
def test_a_slip_of_the_hand_is_corrected(wrong: str, right: str) -> None:
    assert corrected(wrong, frequency, knows) == right


@pytest.mark.parametrize(
    "text",
    [
        "",
        "How do I delete my account?",  # all known
        "dont, whats",  # short forms without their apostrophe
        "the hoover",  # one edit from "hover", but an English word
        "a zeppelin",  # near nothing
        "fil",  # too short to tell
        "filt3r x-filtr it's",  # codes, compounds and short forms
        "滤网怎么换",
    ],
)
def test_what_is_known_or_near_nothing_is_left_alone(text: str) -> None:
    assert corrected(text, frequency, knows) == ""


def test_of_two_words_as_near_the_more_frequent_is_meant() -> None:
    held = {"lamp": 9, "lamb": 1}
    assert (
        corrected("lamc", lambda terms: {each: held[each] for each in terms if each in held}, lambda _: False) == "lamp"
    )


def test_an_edit_is_one_swap_loss_gain_or_change() -> None:
    assert {"ba", "b", "aab", "xb", "abc"} <= set(edits("ab"))
    assert not {"ab", "abcd", "c"} & set(edits("ab"))
    assert edits("filter")["fitler"] < edits("filter")["filqer"] < edits("filter")["qilter"]


@given(st.lists(st.text(ascii_lowercase, min_size=1, max_size=9), max_size=4), st.sets(st.text("abcde", min_size=4)))
def test_a_corrected_word_is_one_edit_away_and_in_the_knowledge(words: list[str], vocabulary: set[str]) -> None:
    held = {tokens(word)[0]: 1 for word in vocabulary}
    found = corrected(" ".join(words), lambda terms: {each: 1 for each in terms if each in held}, lambda _: False)
    plain = spelled_out(" ".join(words)).split()  # shorthand is put into words first
    for before, after in zip(plain, found.split() or plain, strict=True):
        assert after == before or (after in edits(before) and tokens(after)[0] in held)
        if tokens(before)[0] in held:
            assert after == before
