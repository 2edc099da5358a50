"""The extractive writer: which sentences it takes, whole lists, and nothing twice."""

from __future__ import annotations

import pytest

from rag.answer import FAQ_LIMIT, LIST_LIMIT, extract
from rag.types import Chunk, Hit
from tests.rag.passages import hit, passage

STEPS = [(f"{number}. Step number {number}.", "item") for number in range(1, 5)]


def answer(*hits: Hit, limit: int = 4, section: list[Chunk] | None = None) -> list[str]:
    drafts = list(extract(hits, limit, lambda chunk: section if section is not None else [chunk]))
    for draft in drafts:
        (span,) = draft.spans
        assert draft.text == span.text
        assert draft.kind == span.chunk.sentences[span.first].kind
    return [draft.text for draft in drafts]


# --- sentences ---------------------------------------------------------------------------------------------


def test_the_best_sentence_and_those_near_it_in_the_order_written() -> None:
    chunk = passage("One.", "Two.", "Three.", "Four.")
    assert answer(hit(chunk, [0.8, 0.1, 0.9, 0.3])) == ["One.", "Three."]


def test_no_more_sentences_than_the_limit() -> None:
    chunk = passage(*(f"Sentence {number}." for number in range(9)))
    assert len(answer(hit(chunk, [0.9] * 9), limit=3)) == 3


def test_a_sentence_that_leans_on_the_one_before_brings_it() -> None:
    chunk = passage("The filter is under the cover.", "It lasts 8 months.", "Call us.")
    assert answer(hit(chunk, [0.1, 0.9, 0.1])) == ["The filter is under the cover.", "It lasts 8 months."]


def test_what_stands_in_two_passages_is_said_once() -> None:
    one, two = passage("The filter lasts 8 months.", number=1), passage("The filter lasts 8 months.", number=2)
    assert answer(hit(one, [0.9]), hit(two, [0.9])) == ["The filter lasts 8 months."]


def test_another_passage_is_heard_only_when_it_is_as_good() -> None:
    best, near, far = (passage(text, number=at) for at, text in enumerate(("Best.", "Near.", "Far.")))
    assert answer(hit(best, [0.9]), hit(near, [0.88], score=0.97), hit(far, [0.5], score=0.6)) == ["Best.", "Near."]


def test_a_passage_whose_heading_answers_is_quoted_from_its_start() -> None:
    chunk = passage("First.", "Second.", "Third.")
    assert answer(hit(chunk, [0.1, 0.2, 0.3], label_lead=0.5), limit=2) == ["First.", "Second."]


def test_a_passage_without_scores_above_nothing_still_says_its_best() -> None:
    assert answer(hit(passage("One.", "Two."), [-0.1, -0.2])) == ["One."]


# --- lists and tables --------------------------------------------------------------------------------------


def test_one_step_brings_the_whole_list_and_the_line_before_it() -> None:
    chunk = passage("Before.", "To clean it:", *STEPS, "After.")
    assert answer(hit(chunk, [0, 0, 0, 0.9, 0, 0, 0]), limit=2) == ["To clean it:", *(text for text, _ in STEPS)]


def test_the_line_before_a_list_brings_the_list() -> None:
    chunk = passage("To clean it:", *STEPS)
    assert answer(hit(chunk, [0.9, 0, 0, 0, 0]), limit=1) == ["To clean it:", *(text for text, _ in STEPS)]


def test_a_list_without_a_line_before_it_stands_alone() -> None:
    chunk = passage("Unrelated.", *STEPS)
    assert answer(hit(chunk, [0, 0.9, 0, 0, 0])) == [text for text, _ in STEPS]


@pytest.mark.parametrize("found_in", [0, 1])
def test_a_list_that_runs_on_in_the_next_passage_is_whole(found_in: int) -> None:
    first = passage("To clean it:", *STEPS[:2], number=1, ordinal=0)
    second = passage(*STEPS[2:], "After.", number=2, ordinal=1)
    scores = ([0, 0.9, 0], [0, 0.9, 0])[found_in]
    expected = ["To clean it:", *(text for text, _ in STEPS)]
    assert answer(hit([first, second][found_in], scores), section=[first, second]) == expected


def test_a_list_that_opens_at_the_end_of_a_passage() -> None:
    first, second = passage("Before.", "To clean it:", number=1), passage(*STEPS, number=2)
    expected = ["To clean it:", *(text for text, _ in STEPS)]
    assert answer(hit(first, [0, 0.9]), section=[first, second]) == expected


def test_a_very_long_list_is_cut() -> None:
    chunk = passage("All:", *((f"• Item {number}", "item") for number in range(40)))
    assert len(answer(hit(chunk, [0.9, *[0.1] * 40]))) <= LIST_LIMIT + 2


def test_one_row_of_a_table() -> None:
    rows = [(f"Model: {name}; Weight: {weight} kg", "row") for name, weight in (("K1", 0.9), ("L4", 0.4), ("M2", 2))]
    assert answer(hit(passage("Weights of all.", *rows), [0.3, 0.9, 0.8, 0.8])) == ["Model: K1; Weight: 0.9 kg"]


def test_a_rule_does_not_bring_rows() -> None:
    chunk = passage("Parcels are sent daily.", ("Zone: A; Price: 5", "row"))
    assert answer(hit(chunk, [0.9, 0.85])) == ["Parcels are sent daily."]


# --- FAQ ---------------------------------------------------------------------------------------------------


def test_a_faq_is_answered_as_written_over_its_passages() -> None:
    first = passage("Yes.", "Within 30 days.", number=1, question="Can I return it?")
    second = passage("Send it to us.", number=2, ordinal=1, question="Can I return it?")
    assert answer(hit(second, [0.9]), section=[first, second]) == ["Yes.", "Within 30 days.", "Send it to us."]


def test_a_faq_is_not_cut_at_the_limit_of_sentences_and_not_mixed_with_others() -> None:
    faq = passage(*(f"Part {number}." for number in range(6)), question="Why?", number=1)
    other = passage("Other.", number=2)
    assert answer(hit(faq, [0.9] * 6), hit(other, [0.9]), limit=2) == [f"Part {number}." for number in range(6)]


def test_a_very_long_faq_is_cut() -> None:
    assert (
        len(answer(hit(passage(*(f"Part {number}." for number in range(30)), question="Why?"), [0.9] * 30)))
        == FAQ_LIMIT
    )
