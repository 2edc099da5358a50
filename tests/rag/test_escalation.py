"""Who is handed to a person and who is not; the words are in `upset.py`, written before any threshold was set."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from pydantic import ValidationError

from rag.config_escalation import Escalation, Rules
from rag.escalation import escalate
from rag.mood import learned_mood
from rag.people import Complaint, Customer, Mood
from rag.types import Decision, Outcome, Query, Turn
from rag.understand import understand
from tests.rag.upset import CALM, TOPIC_QUESTIONS, TOPICS, UPSET

ANSWER = Decision("answer", 0.8, ("confidence 0.80",))
DECLINE = Decision("decline", 0.1, ("nothing was found",))


def turns_of(said: Sequence[str]) -> list[Turn]:
    """A conversation as `upset.py` writes it."""
    turns: list[Turn] = []
    for each in said:
        outcome, text = each[1:].split("> ", 1) if each.startswith("<") else ("", each)
        turns += [Turn("assistant", "…", outcome=outcome)] if outcome else []
        turns.append(Turn("customer", text))
    return turns


def decided(
    turns: Sequence[Turn],
    decision: Decision = ANSWER,
    customer: Customer | None = None,
    settings: Escalation | None = None,
) -> Decision:
    mood = learned_mood().mood(turns)
    return escalate(understand(turns), turns, mood, decision, customer, settings or Escalation())


def rule(*said: str, outcome: Outcome = "answer") -> str:
    return decided(turns_of(said), DECLINE if outcome == "decline" else ANSWER).rule


def test_the_upset_are_handed_over_and_the_calm_are_not() -> None:
    missed = [said[-1] for said in UPSET if not decided(turns_of(said)).rule]
    needless = [said[-1] for said in CALM if decided(turns_of(said)).rule]
    assert len(missed) <= 0.05 * len(UPSET), missed
    assert len(needless) <= 0.05 * len(CALM), needless


def test_topics_for_a_person_are_told_by_their_name() -> None:
    wrong = [(name, text, found) for name, text in TOPICS if (found := rule(text)) != name]
    assert len(wrong) <= 0.05 * len(TOPICS), wrong


def test_questions_about_the_same_topics_are_answered() -> None:
    assert [text for text in TOPIC_QUESTIONS if rule(text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "Can I talk to a human?",
        "转人工",
        "Could one of your colleagues ring me back today?",
        "请你们的同事下午给我回个电话",
    ],
)
def test_who_asks_for_a_person_gets_one(text: str) -> None:
    found = decided([Turn("customer", text)], Decision("hand_off", 1.0, ()))
    assert (found.outcome, found.rule) == ("hand_off", "asked_for_person")


def test_a_person_cannot_be_refused_by_configuration() -> None:
    with pytest.raises(ValidationError):
        Rules.model_validate({"asked_for_person": {"enabled": False}})


def test_the_third_time_the_same_is_one_too_many_and_the_second_is_not() -> None:
    said = ["How do I reset the filter lamp?", "<answer> That doesn't work. How do I reset the filter lamp?"]
    assert rule(*said) == ""
    assert rule(*said, "<answer> Still doesn't work. How do I reset it?") == "repeated"


def test_three_declines_on_end_are_handed_over() -> None:
    said = ["Do you rent robots?", "<decline> Is there a showroom in Oslo?", "<decline> Do you repair toasters?"]
    assert rule(*said[:2], outcome="decline") == ""
    assert rule(*said, outcome="decline") == "repeated"
    assert rule(*said) == ""


def test_several_questions_about_one_thing_are_no_repetition() -> None:
    assert rule("How loud is the S1?", "<answer> How heavy is the S1?", "<answer> How tall is the S1?") == ""


def test_answering_a_question_back_is_no_repetition() -> None:
    turns = [
        Turn("customer", "How do I clean the filter?"),
        Turn("assistant", "Which one?", ("AirPure 300", "AirPure 300S"), "clarify"),
        Turn("customer", "How do I clean the filter of the AirPure 300?"),
        Turn("assistant", "Which year?", ("2024", "2025"), "clarify"),
        Turn("customer", "How do I clean the filter of the AirPure 300 of 2024?"),
    ]
    assert decided(turns).rule == ""


def test_a_high_risk_counts_once_frustration_shows() -> None:
    turns = [Turn("customer", "hm")]

    def ruled(mood: Mood) -> str:
        return escalate(understand(turns), turns, mood, ANSWER, None, Escalation()).rule

    assert ruled(Mood(risk=0.9)) == ""
    assert ruled(Mood(risk=0.9, frustration=0.5)) == "anger"


def test_thanks_after_anger_are_left_in_peace() -> None:
    assert rule("This is a scam, you thieves!", "<hand_off> Thank you.") == ""


@pytest.mark.parametrize(
    ("customer", "name"),
    [
        (Customer("C-1", tier="VIP"), "vip"),
        (Customer("C-2", complaints=(Complaint("K-1", date(2026, 1, 2), "late", True),)), "open_complaint"),
        (Customer("C-3", complaints=(Complaint("K-2", date(2026, 1, 2), "late", False),)), ""),
        (None, ""),
    ],
)
def test_some_customers_are_not_left_with_a_decline(customer: Customer | None, name: str) -> None:
    turns = [Turn("customer", "Do you rent robots?")]
    assert decided(turns, DECLINE, customer).rule == name
    assert decided(turns, ANSWER, customer).rule == ""


def test_low_confidence_hands_over_only_where_it_is_switched_on() -> None:
    turns = [Turn("customer", "Do you rent robots?")]
    chosen = Escalation.model_validate({"rules": {"low_confidence": {"enabled": True}}})
    assert decided(turns, DECLINE).rule == ""
    assert decided(turns, DECLINE, settings=chosen).rule == "low_confidence"


def test_a_little_anger_is_enough_where_the_assistant_has_no_answer() -> None:
    turns = [Turn("customer", "Six weeks I've been chasing you for a part that costs 8 euros.")]
    assert decided(turns, ANSWER).rule == ""
    assert decided(turns, DECLINE).rule == "anger"


def test_a_rule_that_is_switched_off_does_not_fire() -> None:
    turns = [Turn("customer", "I will sue you.")]
    off = Escalation.model_validate({"rules": {"legal": {"enabled": False}}})
    assert decided(turns).rule == "legal"
    assert decided(turns, settings=off).rule != "legal"


@pytest.mark.parametrize(("text", "words"), [("I will sue you.", "a person"), ("我要起诉你们", "人工客服")])
def test_the_reason_is_in_the_customers_language_and_promises_nothing(text: str, words: str) -> None:
    said = decided([Turn("customer", text)]).reasons[0]
    assert words in said
    assert "will contact" not in said


def test_nothing_escalates_out_of_an_empty_message() -> None:
    query: Query = understand([Turn("customer", "")])
    assert escalate(query, [Turn("customer", "")], Mood(), ANSWER, None, Escalation()) == ANSWER
