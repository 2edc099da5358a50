"""Each score rises and falls with what it is about, says why, and is no zero where it could not be had."""

from __future__ import annotations

from typing import Any

import pytest

from eval.cases import Case
from eval.results import Answered, Score
from eval.scores import SCORERS, Turns, scores
from tests.eval.stages import answered, case, citing

GOOD = answered("It lasts 12 months.", "answer", citing("a.md"), retrieved=("b.md", "a.md"))
WANTED = case(facts=[["12 months", "a year"]], cite=[["a.md", "a.zh.md"]], forbid=["£35"])


def of(name: str, asked: Case, *turns: Answered) -> Score:
    return scores(asked, turns)[name]


def test_a_case_is_resolved_when_everything_is_right() -> None:
    every = scores(WANTED, (GOOD,))
    assert every["mrr"].value == 0.5
    assert {each.value for name, each in every.items() if name != "mrr"} == {1.0}
    assert every["resolution"].why == "as expected"


@pytest.mark.parametrize(
    ("turn", "why"),
    [
        (answered("It lasts 12 weeks.", "answer", citing("a.md")), "lacks '12 months'"),
        (answered("It lasts 12 months.", "answer", citing("a.md", supported=False)), "a.md does not support"),
        (answered("It lasts 12 months."), "cites nothing"),
        (answered("It lasts 12 months.", "answer", citing("c.md")), "does not cite a.md or a.zh.md"),
        (answered("I could not find it.", "decline"), "expected answer, got decline"),
        (GOOD.model_copy(update={"note": "It costs £35."}), "shows '£35'"),
        (GOOD.model_copy(update={"options": ("for £35",)}), "shows '£35'"),
    ],
)
def test_one_thing_wrong_is_enough(turn: Answered, why: str) -> None:
    score = of("resolution", WANTED, turn)
    assert (score.value, why in score.why) == (0.0, True), score.why


def test_forbidden_words_count_in_every_turn_and_whatever_was_expected() -> None:
    asked = case("decline", "First", "Second", forbid=["internal limit"])
    leak, silent = answered("The internal limit is high.", "decline"), answered("I do not know.", "decline")
    assert of("resolution", asked, silent, silent).value == 1.0
    assert of("resolution", asked, leak, silent).value == 0.0


HAND_OFF: dict[str, Any] = {"reason": "anger", "due": 2}


@pytest.mark.parametrize(
    ("outcomes", "rule", "resolved", "why"),
    [
        (["answer", "hand_off"], "anger", 1.0, "rightly called"),
        (["answer", "hand_off"], "vip", 1.0, "rightly called"),
        (["hand_off"], "anger", 0.0, "1 turns too early"),
        (["answer", "answer", "hand_off"], "anger", 0.0, "1 turns too late"),
        (["answer", "answer", "answer"], "", 0.0, "should have called"),
    ],
)
def test_a_person_is_called_when_due_and_for_the_right_reason(
    outcomes: list[str], rule: str, resolved: float, why: str
) -> None:
    asked = case("hand_off", "One", "Two", "Three", **HAND_OFF)
    turns = [answered("Well.", each, citing("a.md"), rule=rule if each == "hand_off" else "") for each in outcomes]
    escalation = of("escalation", asked, *turns)
    assert why in escalation.why
    assert escalation.value == resolved
    assert of("resolution", asked, *turns).value == (resolved if rule == "anger" else 0.0)


def test_a_needless_call_costs_escalation_and_a_needless_refusal_decline() -> None:
    assert of("escalation", case(), answered("A person?", "hand_off")).why == "needlessly called a person"
    assert of("decline", case(), answered("No idea.", "decline")).why == "needlessly declined"
    assert of("decline", case("decline"), answered("Yes!", "answer")).value == 0.0


def test_language_is_judged_by_the_words_that_were_said() -> None:
    asked = case("decline", "能退吗？", language="zh")
    assert of("language", asked, answered("我没有找到。", "decline", language="zh")).value == 1.0
    assert of("language", asked, answered("I found nothing.", "decline", language="zh")).value == 0.0


def test_what_stands_in_records_is_not_searched_for() -> None:
    asked = case(cite=[["record:orders/AH-1001"]])
    shown = answered("It was sent.", "answer", citing("record:orders/AH-1001"))
    assert of("citation_recall", asked, shown).value == 1.0
    assert of("retrieval_recall@5", asked, shown).value is None


def test_recall_looks_at_the_first_five_documents() -> None:
    late = GOOD.model_copy(update={"retrieved": ("1", "2", "3", "4", "5", "a.md")})
    assert of("retrieval_recall@5", WANTED, late).value == 0.0
    assert of("mrr", WANTED, late).value == pytest.approx(1 / 6)


def test_a_score_that_cannot_be_had_is_none_and_says_so() -> None:
    def broken(_case: Case, _turns: Turns) -> Score:
        raise ValueError("the judge said nothing")

    every = scores(WANTED, (GOOD,), {**SCORERS, "judge": broken})
    assert every["judge"] == Score(value=None, why="ValueError: the judge said nothing", failed=True)
    assert every["resolution"].value == 1.0
    absent = scores(case("decline"), (answered("No.", "decline"),))["facts"]
    assert (absent.value, absent.failed) == (None, False)
