"""Controls of the scorers: replies that are right and wrong beyond doubt. A scorer that takes one for the other scores nothing.

A scorer that always passes would make every assistant perfect. Its scores are marked as failed instead, with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from eval.cases import Case
from eval.results import Answered, Cited, Score, Sentence
from eval.scores import Scorer, Turns, scores
from rag.errors import VouchError


class Unsound(VouchError):
    """A scorer failed at a control; what it says is worth nothing."""


@dataclass(frozen=True, slots=True)
class Control:
    """A reply to a case, and which scores must be 1 and which 0."""

    case: Case
    turn: Answered
    right: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()


def _case(**fields: object) -> Case:
    return Case.model_validate({"id": "control", "turns": ["How long does the lamp last?"], **fields})


def _said(text: str, outcome: str = "answer", source: str = "lamp.md", *, supported: bool = True) -> Answered:
    cited = (Cited(source=source, quote=text, supported=supported),) if outcome == "answer" else ()
    return Answered(
        outcome=outcome,
        rule="anger" if outcome == "hand_off" else "",
        language="en",
        writer="extractive",
        confidence=1.0,
        sentences=(Sentence(text=text, citations=cited),),
        retrieved=(source,),
        first_ms=0.0,
        total_ms=0.0,
    )


_ANSWER = _case(expect="answer", facts=[["40 hours"]], cite=[["lamp.md"]], forbid=["battery"])
_DECLINE, _PERSON = _case(expect="decline"), _case(expect="hand_off", reason="anger", due=1)
_ALL = (
    "resolution",
    "outcome",
    "facts",
    "citation_precision",
    "citation_recall",
    "retrieval_recall@5",
    "mrr",
    "language",
)
CONTROLS = (
    Control(_ANSWER, _said("It lasts 40 hours."), (*_ALL, "nothing_forbidden", "decline", "escalation")),
    Control(_ANSWER, _said("It lasts 50 hours."), wrong=("resolution", "facts")),
    Control(_ANSWER, _said("It lasts 40 hours.", supported=False), wrong=("resolution", "citation_precision")),
    Control(
        _ANSWER,
        _said("It lasts 40 hours.", source="other.md"),
        wrong=("resolution", "citation_recall", "retrieval_recall@5", "mrr"),
    ),
    Control(_ANSWER, _said("The battery lasts 40 hours."), ("facts",), ("resolution", "nothing_forbidden")),
    Control(_ANSWER, _said("没有找到。", "decline"), wrong=("resolution", "outcome", "language", "decline")),
    Control(_ANSWER, _said("A person comes.", "hand_off"), wrong=("resolution", "outcome", "escalation")),
    Control(_DECLINE, _said("I do not know.", "decline"), ("resolution", "outcome", "decline", "escalation")),
    Control(_DECLINE, _said("It lasts 40 hours."), wrong=("resolution", "outcome", "decline")),
    Control(_PERSON, _said("A person comes.", "hand_off"), ("resolution", "outcome", "escalation")),
    Control(_PERSON, _said("It lasts 40 hours."), wrong=("resolution", "outcome", "escalation")),
)


def sound(scorers: Mapping[str, Scorer]) -> dict[str, Scorer]:
    """The scorers, those that fail at a control replaced by what says so. One without controls is taken as it is."""
    return {name: _refusing(reason) if (reason := failing(name, each)) else each for name, each in scorers.items()}


def failing(name: str, scorer: Scorer) -> str:
    """At which control a scorer fails; empty if it passes them all."""
    for control in CONTROLS:
        wanted = 1.0 if name in control.right else 0.0 if name in control.wrong else None
        value = None if wanted is None else scores(control.case, (control.turn,), {name: scorer})[name].value
        if value != wanted:
            return f"it gives {value} to {control.turn.text!r} where {control.case.expect} is expected, instead of {wanted}"
    return ""


def _refusing(reason: str) -> Scorer:
    return partial(_refuse, reason)


def _refuse(reason: str, _case: Case, _turns: Turns) -> Score:
    raise Unsound(f"the scorer failed at a control: {reason}")
