"""The extractive writer: which sentences it takes, whole lists, and nothing twice."""

from __future__ import annotations

import pytest

from rag.answer import FAQ_LIMIT, extract
from rag.sections import LIST_LIMIT
from rag.types import Chunk, Hit, Turn
from rag.understand import understand
from tests.rag.passages import hit, passage

STEPS = [(f"{number}. Step number {number}.", "item") for number in range(1, 5)]


def answer(*hits: Hit, limit: int = 3, section: list[Chunk] | None = None, asked: str = "What about it?") -> list[str]:
    query = understand([Turn("customer", asked)])
    drafts = list(extract(query, hits, limit, lambda chunk: section if section is not None else [chunk]))
    for draft in drafts:
        (span,) = draft.spans
        assert draft.text == span.text
        assert draft.kind == span.chunk.sentences[span.first].kind
    return [draft.text for draft in drafts]


# --- sentences ---------------------------------------------------------------------------------------------


def test_the_best_sentence_and_those_near_it_in_the_order_written() -> None:
    chunk = passage("One.", "Two.", "Three.", "Four.")
    assert answer(hit(chunk, [0.8, 0.1, 0.9, 0.05])) == ["One.", "Three."]


def test_no_more_sentences_than_the_limit() -> None:
    chunk = passage(*(f"Sentence {word}." for word in "alpha beta gamma delta epsilon zeta".split()))
    assert len(answer(hit(chunk, [0.9] * 6), limit=3)) == 3


def test_one_sentence_that_says_it_all_stands_alone() -> None:
    chunk = passage("The filter of the lamp lasts 8 months.", "We also sell spoons.", "Forks are sold out.")
    assert answer(hit(chunk, [0.9, 0.2, 0.1]), asked="How long does the filter of the lamp last?") == [
        "The filter of the lamp lasts 8 months."
    ]


@pytest.mark.parametrize(
    ("before", "leaning"),
    [
        ("The filter is under the cover.", "It lasts 8 months."),
        ("The refund leaves us within 7 days.", "Card refunds may take another 3 days."),
        ("Engraving starts at once.", "After that a lamp cannot be cancelled."),
        ("滤芯在盖子下面。", "它可以用8个月。"),
    ],
)
def test_a_sentence_that_leans_on_the_one_before_brings_it(before: str, leaning: str) -> None:
    assert answer(hit(passage(before, leaning, "Call us."), [0.1, 0.9, 0.1])) == [before, leaning]


@pytest.mark.parametrize(
    ("answers", "goes_on"),
    [
        ("You can return the gift yourself.", "They ask for the number on the note."),
        ("礼物可以由收礼人退回。", "这需要送货单上的号码。"),
    ],
)
def test_the_sentence_that_goes_on_about_the_same_comes_along(answers: str, goes_on: str) -> None:
    assert answer(hit(passage(answers, goes_on, "We sell lamps."), [0.9, 0.1, 0.1])) == [answers, goes_on]


@pytest.mark.parametrize(
    ("rule", "exception"),
    [
        ("You may return lamps.", "However, engraved ones are excluded."),
        ("Delivery is free.", "Unless you live on an island."),
        ("可以退货。", "但刻字台灯除外。"),
        ("支持七天退货。", "除非已经拆封。"),
    ],
)
def test_an_exception_in_the_next_sentence_comes_along(rule: str, exception: str) -> None:
    assert answer(hit(passage("Hello.", rule, exception, "Bye."), [0, 0.9, 0, 0])) == [rule, exception]


def test_a_question_of_yes_or_no_opens_with_what_decides_it() -> None:
    chunk = passage("Lamps are sold in white and in black.", "Engraved lamps cannot be returned.", "Others can.")
    scores = [0.85, 0.9, 0.1]
    assert answer(hit(chunk, scores), asked="Can I return an engraved lamp?")[0] == "Engraved lamps cannot be returned."


def test_a_number_is_what_how_many_asks_for() -> None:
    chunk = passage("The robot keeps maps of your rooms.", "Four maps fit in the robot.")
    assert answer(hit(chunk, [0.52, 0.5]), limit=1, asked="How many maps fit in the robot?") == [
        "Four maps fit in the robot."
    ]


def test_what_stands_in_two_passages_is_said_once() -> None:
    one, two = passage("The filter lasts 8 months.", number=1), passage("The filter lasts 8 months.", number=2)
    assert answer(hit(one, [0.9]), hit(two, [0.9])) == ["The filter lasts 8 months."]


def test_what_is_said_again_in_nearly_the_same_words_is_left_out() -> None:
    one = passage("The filter lasts 8 months.", number=1)
    two = passage("The filter of all lamps lasts 8 months.", number=2)
    assert answer(hit(two, [0.9]), hit(one, [0.9])) == ["The filter of all lamps lasts 8 months."]


def test_another_passage_is_heard_only_when_it_is_about_as_good() -> None:
    best, near, far = (passage(text, number=at) for at, text in enumerate(("Best.", "Near.", "Far.")))
    assert answer(hit(best, [0.9]), hit(near, [0.88], score=0.97), hit(far, [0.1], score=0.2)) == ["Best.", "Near."]


def test_a_better_sentence_of_the_second_passage_is_preferred_to_a_poor_one_of_the_first() -> None:
    first = passage("Lamps shine.", "Lamps are sold in boxes.", number=1)
    second = passage("A lamp weighs 2 kg.", number=2)
    found = answer(hit(first, [0.5, 0.2]), hit(second, [0.9], score=0.95), limit=1, asked="How heavy is a lamp?")
    assert found == ["A lamp weighs 2 kg."]


def test_a_passage_whose_heading_answers_is_quoted_from_its_start() -> None:
    chunk = passage("First.", "Second.", "Third.")
    assert answer(hit(chunk, [0.1, 0.2, 0.3], label_lead=0.5), limit=2) == ["First.", "Second."]


def test_a_passage_without_scores_above_nothing_still_says_its_best() -> None:
    assert answer(hit(passage("One.", "Two."), [-0.1, -0.9]), limit=1) == ["One."]


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


def test_how_to_is_answered_by_the_steps_though_a_sentence_scores_better() -> None:
    about = passage("Cleaning matters for the kettle.", number=1)
    steps = passage("To clean it:", *STEPS, number=2)
    found = answer(hit(about, [0.9]), hit(steps, [0.1] * 5, score=0.9), asked="How do I clean the kettle?")
    assert found == ["To clean it:", *(text for text, _ in STEPS)]


def test_a_warning_right_behind_the_steps_belongs_to_them() -> None:
    chunk = passage(*STEPS, "Never open the lid meanwhile.", "We sell lids.")
    found = answer(hit(chunk, [0.9, 0, 0, 0, 0, 0]), asked="How do I clean the kettle?")
    assert found == [*(text for text, _ in STEPS), "Never open the lid meanwhile."]


def test_steps_for_another_model_do_not_answer() -> None:
    chunk = passage("The R7 is cleaned by us.", number=1)
    other = passage(*STEPS, number=2, heading=("Cleaning the R8",))
    found = answer(hit(chunk, [0.5]), hit(other, [0.5] * 4, score=0.9), asked="How do I clean the R7?")
    assert found == ["The R7 is cleaned by us."]


def test_a_fault_is_answered_by_its_cause_and_all_of_its_remedies() -> None:
    cause, lead = "The dust is lime from the water.", "Remedies:"
    chunk = passage(cause, lead, ("1. Use soft water.", "item"), ("2. Fit a filter.", "item"))
    found = answer(hit(chunk, [0.1, 0.1, 0.9, 0.2]), asked="Is the mist why there is dust on my shelf?")
    assert found == [cause, lead, "1. Use soft water.", "2. Fit a filter."]


def test_of_several_lists_the_one_whose_heading_says_what_is_asked() -> None:
    due = passage(("1. The lamp is orange.", "item"), number=1, heading=("When it is due",))
    steps = passage(("1. Open the lid.", "item"), number=2, heading=("Change the filter",))
    found = answer(hit(due, [0.5]), hit(steps, [0.4], score=0.9), asked="How do I change the filter?")
    assert found == ["1. Open the lid."]


def test_the_sentence_about_the_model_asked_for_before_steps_for_all() -> None:
    chunk = passage("R2 Pro: hold both keys.", "R2: press the pin.", *STEPS, heading=("Reset",))
    found = answer(hit(chunk, [0.9, 0.1, 0, 0, 0, 0], label_lead=0.3), limit=1, asked="How do I reset the R2 Pro?")
    assert found == ["R2 Pro: hold both keys."]


def test_the_name_of_the_product_alone_is_no_heading_that_answers() -> None:
    chunk = passage("Charge it first.", "On aircraft it is hand luggage.", title="Lumen L4")
    query = understand([Turn("customer", "Can the Lumen L4 go on a plane?")], ["Lumen L4"])
    said = [draft.text for draft in extract(query, [hit(chunk, [0.1, 0.9], label_lead=0.3)], 1, lambda one: [one])]
    assert said == ["On aircraft it is hand luggage."]


def test_one_entry_of_a_list_may_be_what_is_asked_for() -> None:
    chunk = passage(("• Lamps are returned in boxes.", "item"), ("• Robots may go by post.", "item"))
    assert answer(hit(chunk, [0.2, 0.9]), asked="Can I send a robot by post?") == ["• Robots may go by post."]


def test_one_row_of_a_table() -> None:
    rows = [(f"Model: {name}; Weight: {weight} kg", "row") for name, weight in (("K1", 0.9), ("L4", 0.4), ("M2", 2))]
    assert answer(hit(passage("Weights of all.", *rows), [0.3, 0.9, 0.8, 0.8])) == ["Model: K1; Weight: 0.9 kg"]


def test_the_row_about_what_is_asked_before_one_that_only_mentions_it() -> None:
    rows = [("Part: Lid; Fits: Kettle K1; Price: £9", "row"), ("Product: Kettle K1; Price: £69", "row")]
    found = answer(hit(passage(*rows), [0.95, 0.9]), asked="What is the price of the Kettle K1?")
    assert found == ["Product: Kettle K1; Price: £69"]


def test_a_row_of_another_code_is_not_the_row() -> None:
    rows = [("Code: E1; Meaning: fan", "row"), ("Code: E2; Meaning: sensor", "row"), ("Code: E3; Meaning: lid", "row")]
    assert answer(hit(passage(*rows), [0.9, 0.9, 0.9]), asked="What does E2 mean?") == ["Code: E2; Meaning: sensor"]


def test_equal_rows_of_two_documents_are_both_shown() -> None:
    one = passage(("Product: K1; Weight: 2 kg", "row"), number=1, title="Kettle, United Kingdom")
    two = passage(("Product: K1; Weight: 3 kg", "row"), number=2, title="Kettle, Germany")
    found = answer(hit(one, [0.9]), hit(two, [0.9]), asked="How heavy is the K1?")
    assert found == ["Product: K1; Weight: 2 kg", "Product: K1; Weight: 3 kg"]


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


def test_of_a_faqs_table_the_row_that_is_named() -> None:
    rows = [f"Product: {name}; Price: £{price}" for name, price in (("K1", 69), ("K1 Pro", 89), ("L4", 59))]
    chunk = passage("Prices include tax.", *((row, "row") for row in rows), question="What do they cost?")
    found = hit(chunk, [0.1, 0.9, 0.9, 0.9])
    assert answer(found, asked="What does the K1 cost?") == ["Prices include tax.", rows[0]]
    assert answer(found, asked="What do they cost?") == ["Prices include tax.", *rows]


def test_a_very_long_faq_is_cut() -> None:
    assert (
        len(answer(hit(passage(*(f"Part {number}." for number in range(30)), question="Why?"), [0.9] * 30)))
        == FAQ_LIMIT
    )
