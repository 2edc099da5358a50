"""What is done with a message, and why."""

from __future__ import annotations

import pytest

from rag.confidence import SIGNS, confidence_of
from rag.decide import decide, silent
from rag.types import Hit, Query, Turn, Wish
from rag.understand import understand
from rag.weights import weights
from tests.rag.passages import passage

STRONG = {"keyword": 0.6, "meaning": 0.9, "rarest_said": 0.8, "unsaid": 0.0}
WEAK = {"keyword": 0.05, "meaning": 0.1, "rarest_said": 0.2, "unsaid": 0.8}


def found(signals: dict[str, float]) -> list[Hit]:
    return [Hit(passage("One."), 1.0, signals, (1.0,))]


def asked(text: str) -> Query:
    return understand([Turn("customer", text)])


@pytest.mark.parametrize("question", ["How long does it last?", "多久换一次？"])
def test_a_question_is_answered_when_something_fits(question: str) -> None:
    made = decide(asked(question), found(STRONG), 0.33)
    assert made.outcome == "answer"
    assert 0.33 <= made.confidence <= 1
    assert made.reasons


@pytest.mark.parametrize("question", ["How long does it last?", "多久换一次？"])
def test_and_declined_when_nothing_does(question: str) -> None:
    made = decide(asked(question), found(WEAK), 0.33)
    assert made.outcome == "decline"
    assert made.confidence < 0.33
    assert "below 0.33" in made.reasons[0]


def test_nothing_found() -> None:
    assert decide(asked("How?"), [], 0.33).outcome == "decline"
    assert decide(asked("How?"), [], 0.0).outcome == "decline"


def test_the_threshold_is_the_settings() -> None:
    query = asked("How long does it last?")
    confidence = confidence_of(query, found(STRONG))
    assert decide(query, found(STRONG), confidence).outcome == "answer"
    assert decide(query, found(STRONG), min(1.0, confidence + 1e-6)).outcome == "decline"


def test_a_person_is_never_argued_with() -> None:
    assert decide(asked("Can I talk to a human?"), found(STRONG), 0.33).outcome == "hand_off"


@pytest.mark.parametrize(("text", "wish"), [("hi", "greeting"), ("thanks", "thanks"), ("??", "empty")])
def test_small_talk(text: str, wish: Wish) -> None:
    assert asked(text).wish == wish
    assert decide(asked(text), [], 0.33).outcome == "small_talk"


def test_an_answer_of_which_nothing_could_be_proved_is_declined_with_both_reasons() -> None:
    made = decide(asked("How long does it last?"), found(STRONG), 0.33)
    declined = silent(made)
    assert (declined.outcome, declined.confidence) == ("decline", made.confidence)
    assert declined.reasons == (*made.reasons, "no sentence of an answer passed the check")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_both_languages_have_all_weights(language: str) -> None:
    assert {"bias", *SIGNS} == set(weights()["confidence"][language])
    assert {"focus", "likeness", "lead_in", "meaning"} == set(weights()["sentence"][language])
    assert {"keyword", "likeness", "other_language", "unnamed", "other_product"} <= set(
        weights()["retrieval"][language]
    )


def test_a_question_with_several_readings_is_asked_back_unless_nothing_fits() -> None:
    query = asked("How long does it last?")
    options = ("Lamp L1", "Lamp L2")
    made = decide(query, found(STRONG), 0.33, options)
    assert (made.outcome, made.options) == ("clarify", options)
    assert decide(query, found(STRONG), made.confidence / 0.8, options).outcome == "clarify"
    assert decide(query, found(STRONG), made.confidence / 0.6, options).outcome == "decline"
    assert decide(asked("human please"), found(STRONG), 0.33, options).outcome == "hand_off"


def test_a_word_that_no_document_has_makes_a_question_not_incomplete() -> None:
    hits, options = found({**STRONG, "unknown": 0.3}), ("Lamp L1", "Lamp L2")
    made = decide(asked("Does it like essential oil?"), hits, 0.01, options)
    assert made.outcome == "clarify"
    assert decide(asked("Does it like essential oil?"), hits, made.confidence / 0.8, options).outcome == "decline"


@pytest.mark.parametrize("text", ["Where is my order?", "This is unacceptable!", "write me a poem"])
def test_what_documents_cannot_settle_is_declined(text: str) -> None:
    assert decide(asked(text), [], 0.33).outcome == "decline"
