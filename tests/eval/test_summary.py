"""A run's figures: what they count, and what they leave out."""

from __future__ import annotations

import pytest

from eval.results import Answered, Result, Run
from eval.scores import scores
from eval.summary import Summary, summarise
from tests.eval.stages import HEADER, answered, case, citing

RIGHT = answered("Yes.", "answer", citing("a.md"), first_ms=10.0, total_ms=20.0, tokens_in=5, cost=0.25)
WRONG = answered("Yes.", "answer", citing("a.md", supported=False), first_ms=30.0, total_ms=40.0)
DECLINE, PERSON = answered("No.", "decline"), answered("A person comes.", "hand_off", rule="anger")


def result(name: str, turn: Answered | None, expect: str = "answer", repeat: int = 0, **fields: object) -> Result:
    reason = {"reason": "anger"} if expect == "hand_off" else {}
    asked = case(expect, id=name, **reason, **fields)
    if turn is None:
        return Result(case=asked, repeat=repeat, error="the endpoint is away")
    return Result(case=asked, repeat=repeat, turns=(turn,), scores=scores(asked, (turn,)))


def figures(*results: Result, repeat: int = 1) -> Summary:
    return summarise(Run(header=HEADER.model_copy(update={"repeat": repeat}), results=results))


def test_accuracy_is_of_what_could_be_scored() -> None:
    found = figures(result("a", RIGHT), result("b", WRONG), result("c", None), result("d", RIGHT))
    assert (found.resolution.value, found.resolution.of) == (pytest.approx(2 / 3), 3)
    assert found.resolution.low == pytest.approx(0.2077, abs=1e-4)  # Wilson's interval of 2 of 3
    assert found.resolution.high == pytest.approx(0.9385, abs=1e-4)
    assert (found.cases, found.results, found.unscored) == (4, 4, 1)
    assert found.errors == {"the endpoint is away": 1}


def test_accuracy_by_tag_language_and_split() -> None:
    some = [result("a", RIGHT, tags=["x", "y"]), result("b", WRONG, tags=["x"], split="dev", language="zh")]
    found = figures(*some)
    assert {name: (each.value, each.of) for name, each in found.by_tag.items()} == {"x": (0.5, 2), "y": (1.0, 1)}
    assert (found.by_language["zh"].value, found.by_split["test"].value) == (0.0, 1.0)


def test_outcomes_and_calls_for_a_person_are_counted() -> None:
    rows = [("a", PERSON, "hand_off"), ("b", PERSON, "answer"), ("c", DECLINE, "hand_off"), ("d", DECLINE, "decline")]
    found = figures(*(result(*row) for row in rows))
    assert found.confusion["hand_off"] == {"decline": 1, "hand_off": 1}
    assert (found.escalation.precision.value, found.escalation.recall.value) == (0.5, 0.5)
    assert (found.decline.precision.value, found.decline.recall.value) == (0.5, 1.0)


def test_a_repeated_case_counts_once_and_passes_only_if_it_always_does() -> None:
    some = [result("a", RIGHT), result("a", WRONG, repeat=1), result("b", RIGHT), result("b", RIGHT, repeat=1)]
    unknown = [result("c", RIGHT), result("c", None, repeat=1)]
    found = figures(*some, *unknown, repeat=2)
    assert (found.resolution.value, found.resolution.of) == (pytest.approx(2.5 / 3), 3)
    assert found.passed_all is not None
    assert (found.passed_all.value, found.passed_all.of) == (0.5, 2)


def test_times_and_costs_are_those_of_all_turns() -> None:
    found = figures(result("a", RIGHT), result("b", WRONG))
    assert (found.first_sentence.p50, found.whole_reply.p95) == (20.0, 39.0)
    assert (found.tokens_in, found.cost) == (5, 0.25)


def test_nothing_scored_is_no_accuracy_of_zero() -> None:
    found = figures(result("a", None))
    assert (found.resolution.value, found.unscored) == (None, 1)
