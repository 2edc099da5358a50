"""What a reply's span says, and what it keeps to itself."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from itertools import count

import pytest

from desk.traced import LONGEST, Traced, attributes
from rag.people import Customer
from rag.ports import Span
from rag.types import Access, AnswerSentence, Decision, Done, Event, Reply, Said, Step, Turn
from tests.desk.scripted import cited, reply

TURNS = [Turn("customer", "Call me on +44 7700 900123")]


class Kept:
    """A Spans that keeps them."""

    def __init__(self) -> None:
        self.spans = list[Span]()

    def finished(self, span: Span) -> None:
        self.spans.append(span)

    def send(self, key: str, payload: Mapping[str, object]) -> None: ...

    def run(self, stop: threading.Event) -> None: ...


class Events:
    """An assistant that yields these; an exception among them is raised."""

    def __init__(self, *events: Event | Exception) -> None:
        self._events = events

    def reply(
        self, turns: Sequence[Turn], access: Access | None = None, customer: Customer | None = None
    ) -> Iterator[Event]:
        for each in self._events:
            if isinstance(each, Exception):
                raise each
            yield each


def traced(*events: Event | Exception, content: bool = False) -> tuple[Traced, Kept]:
    ticks, kept = count(0, 1_000_000), Kept()  # a millisecond each time somebody looks
    return Traced(Events(*events), kept, content, lambda: next(ticks)), kept


def test_steps_are_children_and_end_when_they_came() -> None:
    assistant, kept = traced(Step("understand", 0.5, {"wish": "question"}), Done(reply(cited("Yes."))))
    assert [type(each) for each in assistant.reply(TURNS)] == [Step, Done]
    (span,) = kept.spans
    assert (span.name, span.began, span.ended, span.problem) == ("reply", 0, 2_000_000, "")
    assert span.children == (Span("understand", 500_000, 1_000_000, {"vouch.wish": "question"}),)
    assert (span.attributes["vouch.outcome"], span.attributes["vouch.citations"]) == ("answer", 1)


def test_without_content_a_text_that_is_not_listed_stays_here() -> None:
    detail = {
        "wish": "question", "tokens": ["secret"], "corrected": "secret", "leans": True, "confidence": 0.5, "new": "secret",
        "prompt": {"name": "answer", "version": 3, "text": "secret"}, "nested": {"deep": "secret"},
    }  # fmt: skip
    found = attributes(detail)
    assert "secret" not in str(found)
    assert found == {
        "vouch.wish": "question", "vouch.tokens.count": 1, "vouch.leans": True, "vouch.confidence": 0.5,
        "vouch.prompt.name": "answer", "vouch.prompt.version": "3",
    }  # fmt: skip


@pytest.mark.parametrize("content", [False, True])
def test_content_is_there_only_where_it_is_asked_for_and_then_masked(content: bool) -> None:
    said = AnswerSentence("Write to help@example.org")
    assistant, kept = traced(
        Step("understand", 0.1, {"text": "ring +44 7700 900123"}), Said(said), Done(reply(said)), content=content
    )
    list(assistant.reply(TURNS))
    (span,) = kept.spans
    everything = str(span)
    assert "900123" not in everything
    assert "help@" not in everything
    assert ("Call me on [phone]" in everything) is content
    assert ("Write to [e-mail]" in everything) is content
    assert ("ring [phone]" in everything) is content


def test_what_is_very_long_is_cut() -> None:
    assistant, kept = traced(Done(reply(cited("x" * 9 * LONGEST))), content=True)
    list(assistant.reply(TURNS))
    assert len(str(kept.spans[0].attributes["vouch.answer"])) == LONGEST


def test_a_failure_and_an_answer_that_is_left_are_told_of_by_name() -> None:
    assistant, kept = traced(Step("understand", 0.1, {}), ValueError("with a customer's words"))
    with pytest.raises(ValueError, match="words"):
        list(assistant.reply(TURNS))
    assert kept.spans[0].problem == "ValueError"
    assert "words" not in str(kept.spans)
    assistant, kept = traced(Said(AnswerSentence("Yes.")), Done(Reply(Decision("answer", 1, ()), (), "en", "fixed")))
    going = assistant.reply(TURNS)
    next(going)
    going.close()  # type: ignore[attr-defined]
    assert kept.spans[0].problem == "left before its end"
