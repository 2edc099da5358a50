"""An assistant that says what it is told to: the Answers port without knowledge behind it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence

from rag.people import Customer
from rag.types import (
    Access,
    AnswerSentence,
    Citation,
    Decision,
    Done,
    Event,
    Language,
    Outcome,
    Reply,
    Said,
    Step,
    Turn,
    Withdrawn,
)


def cited(text: str, number: int = 1, chunk: int = 7) -> AnswerSentence:
    """A sentence with one citation that quotes it."""
    return AnswerSentence(text, (Citation(number, chunk, "a.md", "A", 1, ("H",), None, 0, len(text), text),))


def reply(*sentences: AnswerSentence, outcome: Outcome = "answer", language: Language = "en") -> Reply:
    """A whole reply."""
    return Reply(Decision(outcome, 0.9, ("scripted",)), sentences, language, "extractive")


class Scripted:
    """Gives `script(turns)` as its reply; where `hold` is set, waits for it after the first sentence."""

    def __init__(self, script: Callable[[Sequence[Turn]], Reply], hold: threading.Event | None = None) -> None:
        self._script, self._hold = script, hold
        self.asked: list[list[Turn]] = []

    def reply(
        self, turns: Sequence[Turn], access: Access | None = None, customer: Customer | None = None
    ) -> Iterator[Event]:
        """Events as the assistant yields them."""
        self.asked.append(list(turns))
        answer = self._script(turns)
        yield Step("understand", 0.1, {})
        yield Said(AnswerSentence("to be forgotten"))
        yield Withdrawn("another writer begins")
        for each in answer.sentences:
            yield Said(each)
            if self._hold:
                assert self._hold.wait(20)
        yield Done(answer)
