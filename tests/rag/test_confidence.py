"""The evidence for an answer, by hand-made passages, and what it does to confidence."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.confidence import SIGNS, confidence_of, evidence, score_confidence, with_evidence
from rag.polarity import denied, turned
from rag.ports import Corpus
from rag.text import tokens
from rag.types import Hit, Query, Turn
from rag.understand import understand
from rag.weights import weights
from tests.rag.passages import candidate, passage

FREQUENCY = {"filter": 20, "wash": 10, "descal": 2, "kettl": 5, "vinegar": 1, "london": 3, "滤芯": 5, "水洗": 3}
CORPUS = Corpus(100, 50.0, FREQUENCY)


def asked(text: str) -> Query:
    return understand([Turn("customer", text)])


def found(text: str, *sentences: str, heading: tuple[str, ...] = ()) -> dict[str, float]:
    """Evidence for a question in a passage of these sentences, the first of them the best."""
    query = asked(text)
    scores = [1.0, *(0.0 for _ in sentences[1:])]
    return evidence(query, query.tokens, candidate(passage(*sentences, heading=heading)), scores, CORPUS)


def test_what_is_said_leaves_nothing_unsaid() -> None:
    assert found("Descale the kettle?", "Descale the kettle monthly.")["unsaid"] == pytest.approx(0)
    assert found("Descale the kettle?", "Do it monthly.", heading=("Descale the kettle",))["unsaid"] == pytest.approx(0)


def test_a_rare_word_left_unsaid_weighs_more_than_a_common_one() -> None:
    rare = found("Wash the filter with vinegar?", "Wash the filter.")
    common = found("Wash the filter with vinegar?", "Wash it with vinegar.")
    assert 0 < common["unsaid"] < rare["unsaid"] < 1
    assert common["rarest_said"] > rare["rarest_said"] > 0


def test_a_word_that_no_document_has_is_unknown_and_not_unsaid() -> None:
    signals = found("Wash the flurbinator?", "Wash the filter.")
    assert signals["unknown"] > 0.5
    assert signals["unsaid"] == pytest.approx(0)


def test_chinese_is_weighed_by_pairs_of_characters() -> None:
    assert found("滤芯水洗", "滤芯不能水洗。")["unsaid"] == pytest.approx(0)
    assert found("滤芯水洗", "滤芯每年更换。")["unsaid"] > 0.2


@pytest.mark.parametrize(
    ("question", "said", "signal"),
    [
        ("What does delivery to London cost?", "Delivery to Leeds costs five pounds.", "name_unsaid"),
        ("Can I wash the filter of model 300S?", "Wash the filter of model 200S.", "number_unsaid"),
        ("Which filter may I not wash?", "Wash the filter.", "denied"),
        ("What is the highest setting of the kettle?", "The lowest setting of the kettle is 40.", "turned"),
    ],
)
def test_a_passage_about_something_else_gives_itself_away(question: str, said: str, signal: str) -> None:
    assert found(question, said)[signal] > 0
    assert {name for name in ("number_unsaid", "denied", "turned") if found(question, said)[name]} <= {signal}


def test_nothing_is_held_against_a_passage_that_says_it() -> None:
    signals = found(
        "Can I wash the filter of my Kettle after 20 days?", "Wash the filter of the kettle within 30 days."
    )
    assert all(signals[name] == 0 for name in ("name_unsaid", "number_unsaid", "denied", "turned"))


def test_a_fault_or_a_condition_is_no_denial() -> None:
    assert denied("Which parts are not covered?", "All parts are covered.")
    assert not denied("Which parts are not covered?", "Filters are not covered.")
    assert not denied("Why does my robot not charge?", "Clean the contacts.")
    assert not denied("What can I do if the robot does not charge?", "Clean the contacts.")


def test_opposites_count_only_where_one_side_stands_alone() -> None:
    assert turned("When is it cheaper, before or after May, on the first day?", "It ends on the last day.")
    assert not turned("Is it before or after?", "It is after.")
    assert not turned("What is first?", "The first and the last are alike.")


def test_only_the_best_hit_carries_evidence() -> None:
    query = asked("Descale the kettle?")
    kept = [candidate(passage("Descale the kettle.", number=1)), candidate(passage("Wash it.", number=2))]
    hits = [Hit(each.chunk, 1.0, {"keyword": 0.5}, (1.0,)) for each in kept]
    first, second = with_evidence(query, query.tokens, hits, kept, CORPUS)
    assert set(first.signals) == {"keyword", *SIGNS} - {"meaning"}
    assert second.signals == {"keyword": 0.5}
    assert with_evidence(query, query.tokens, [], kept, CORPUS) == []


def test_confidence_is_the_logistic_of_the_weighted_sum() -> None:
    assert score_confidence({"keyword": 0.5}, {"bias": 1.0, "keyword": 2.0}) == pytest.approx(1 / (1 + math.exp(-2)))
    hit = Hit(passage("One."), 1.0, {"keyword": 0.5}, (1.0,))
    assert confidence_of(asked("How?"), [hit]) == score_confidence(hit.signals, weights()["confidence"]["en"])


shares = st.floats(0, 1)


@given(st.fixed_dictionaries(dict.fromkeys(SIGNS, shares)), st.sampled_from(sorted(SIGNS)), shares)
def test_confidence_moves_with_each_signal_as_promised(signals: dict[str, float], name: str, other: float) -> None:
    low, high = sorted((signals[name], other), key=lambda value: value * SIGNS[name])
    for weight in weights()["confidence"].values():
        below, above = (score_confidence({**signals, name: value}, weight) for value in (low, high))
        assert below <= above + 1e-12


WORDS = ("filter", "wash", "kettle", "vinegar", "descale")


@given(st.lists(st.sampled_from(WORDS), min_size=1, unique=True), st.sets(st.sampled_from(WORDS)))
def test_asking_for_one_more_word_that_is_not_there_never_raises_the_evidence(words: list[str], said: set[str]) -> None:
    missing = [word for word in WORDS if word not in said and word not in words]
    chunk = candidate(passage(" ".join(sorted(said)) or "Nothing"))
    before = asked(" ".join(words))
    for word in missing:
        more = asked(" ".join([*words, word]))
        one, two = (evidence(each, tokens(each.text), chunk, (1.0,), CORPUS) for each in (before, more))
        assert two["unsaid"] >= one["unsaid"] - 1e-12
        assert two["rarest_said"] == one["rarest_said"]
