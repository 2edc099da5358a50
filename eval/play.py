"""Plays one case: the customer's turns one after the other, the assistant's between them, then the scores.

What is measured is what customers get: the assistant is asked as the chat asks it. Knows no store and no file.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from eval.cases import Case
from eval.evidence import Asker, LookUp, judged
from eval.replay import playing
from eval.results import Answered, Result, Sentence
from eval.scores import SCORERS, Scorer, scores
from rag.config_customers import SegmentRule
from rag.people import Customer
from rag.segments import treatment
from rag.types import Access, Done, Event, Reply, Said, Step, Turn


class Ask(Protocol):
    """Assistant.reply: the events of one reply."""

    def __call__(
        self, turns: Sequence[Turn], access: Access | None = None, customer: Customer | None = None
    ) -> Iterator[Event]: ...


def nobody(_customer_id: str) -> None:
    """There are no records of customers."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What cases are played with. `names`: source of a document → its name in the cases, where they differ."""

    ask: Ask
    look_up: LookUp
    customer: Callable[[str], Customer | None] = nobody
    names: Mapping[str, str] = field(default_factory=dict)
    segments: Sequence[SegmentRule] = ()  # what customers may be answered from beside the public documents
    scorers: Mapping[str, Scorer] = field(default_factory=lambda: SCORERS)


def play(case: Case, repeat: int, stage: Stage) -> Result:
    """The case played and scored; unscored, with the reason, when the assistant or an endpoint failed."""
    with playing(repeat) as now:
        try:
            turns = _turns(case, stage)
            failed = [*now.failures, *_failures(turns)]
        except Exception as error:  # noqa: BLE001 – recorded; whatever it is, it costs this case only
            turns, failed = (), [f"{type(error).__name__}: {error}"]
    if failed:
        return Result(case=case, repeat=repeat, error="; ".join(dict.fromkeys(failed)))
    return Result(case=case, repeat=repeat, turns=turns, scores=scores(case, turns, stage.scorers))


def _turns(case: Case, stage: Stage) -> tuple[Answered, ...]:
    customer = _customer(case, stage)
    today = case.at.date()
    shown = Access().audiences | treatment(customer, stage.segments, today).audiences
    asker = Asker(Access(shown, today), customer)
    said, answered = list[Turn](), list[Answered]()
    for text in case.turns:
        said.append(Turn("customer", text))
        reply, first, total = _timed(stage.ask(said, asker.access, customer))
        answered.append(_answered(reply, first, total, stage, asker))
        said.append(Turn("assistant", reply.text, reply.options, reply.decision.outcome))
        if reply.decision.outcome == "hand_off":
            break  # from here on a person speaks
    return tuple(answered)


def _customer(case: Case, stage: Stage) -> Customer | None:
    customer = stage.customer(case.customer) if case.customer else None
    if case.customer and customer is None:
        raise LookupError(f"the records know no customer {case.customer}")
    return customer


def _timed(events: Iterator[Event]) -> tuple[Reply, float, float]:
    """(the reply, milliseconds to its first sentence, to its end)."""
    began, first = time.perf_counter(), None
    for event in events:
        now = (time.perf_counter() - began) * 1000
        if isinstance(event, Said) and first is None:
            first = now
        if isinstance(event, Done):
            return event.reply, now if first is None else first, now
    raise RuntimeError("the assistant stopped before its reply was done")


def _answered(reply: Reply, first: float, total: float, stage: Stage, asker: Asker) -> Answered:
    return Answered(
        outcome=reply.decision.outcome,
        rule=reply.decision.rule,
        language=reply.language,
        writer=reply.writer,
        confidence=reply.decision.confidence,
        sentences=tuple(_named(judged(each, stage.look_up, asker), stage.names) for each in reply.sentences),
        options=reply.options,
        note=reply.note,
        retrieved=tuple(dict.fromkeys(stage.names.get(each, each) for each in _retrieved(reply.trace))),
        first_ms=first,
        total_ms=total,
        tokens_in=reply.usage.tokens_in,
        tokens_out=reply.usage.tokens_out,
        cost=reply.usage.cost,
        trace=tuple(_plain(step) for step in reply.trace),
    )


def _named(sentence: Sentence, names: Mapping[str, str]) -> Sentence:
    """Its citations by the names that cases use."""
    cited = (each.model_copy(update={"source": names.get(each.source, each.source)}) for each in sentence.citations)
    return sentence.model_copy(update={"citations": tuple(cited)})


def _plain(step: Step) -> dict[str, Any]:
    """As it will be read again from JSON."""
    row = {"name": step.name, "milliseconds": round(step.milliseconds, 2), "detail": step.detail}
    plain: dict[str, Any] = json.loads(json.dumps(row, default=str))
    return plain


def _retrieved(trace: Sequence[Step]) -> list[str]:
    """Sources of what was found, best first."""
    hits = [hit for step in trace if step.name == "retrieve" for hit in _rows(step.detail.get("hits"))]
    return [str(hit["source"]) for hit in hits]


def _rows(value: object) -> list[dict[str, object]]:
    return value if isinstance(value, list) else []


def _failures(turns: Sequence[Answered]) -> list[str]:
    """Endpoints other than chat models that failed; those tell it themselves (`eval/replay.py`)."""
    steps = [step for turn in turns for step in turn.trace if step["name"] == "embedding failed"]
    return [str(step["detail"]["reason"]) for step in steps]
