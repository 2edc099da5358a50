"""Tells of each reply to a customer as a span with one child a step. What was said is in it only where that is asked for.

Without content a span holds numbers, yes and no, and the few names that this file lists; a detail that a step tells anew
is left out until it stands here. With content the details go along as JSON, masked. Knows no telemetry library.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence

from desk.service import Answers
from rag.mask import mask
from rag.people import Customer
from rag.ports import Attribute, Span, Spans
from rag.trace import masked
from rag.types import Access, Done, Event, Reply, Said, Step, Turn, Withdrawn

NAMES = frozenset(
    {"asker", "language", "wish", "outcome", "rule", "writer", "model", "kind"}
)  # never a customer's words
PROMPT = ("name", "version", "hash")
LONGEST = 8_000  # characters of one attribute with content
Attributes = dict[str, Attribute]


class Traced:
    """An assistant whose replies are told of. `content`: with what was asked and answered."""

    def __init__(
        self, assistant: Answers, spans: Spans, content: bool, clock: Callable[[], int] = time.time_ns
    ) -> None:
        self._assistant, self._spans, self._content, self._clock = assistant, spans, content, clock

    def reply(
        self, turns: Sequence[Turn], access: Access | None = None, customer: Customer | None = None
    ) -> Iterator[Event]:
        """The assistant's events as they come."""
        began, steps, found, problem = self._clock(), list[Span](), Attributes(), "left before its end"
        try:
            for event in self._assistant.reply(turns, access, customer):
                self._note(event, began, steps, found)
                problem = "" if isinstance(event, Done) else problem
                yield event
        except Exception as error:
            problem = type(error).__name__
            raise
        finally:
            if self._content:
                found["vouch.question"] = _short(mask(turns[-1].text))
            self._spans.finished(Span("reply", began, self._clock(), found, tuple(steps), problem))

    def _note(self, event: Event, began: int, steps: list[Span], found: Attributes) -> None:
        if isinstance(event, Step):
            ended = self._clock()
            details = attributes(event.detail) | ({"vouch.detail": _json(event.detail)} if self._content else {})
            steps.append(Span(event.name, ended - int(event.milliseconds * 1e6), ended, details))
        elif isinstance(event, Said):
            found.setdefault("vouch.first_sentence_ms", (self._clock() - began) / 1e6)
        elif isinstance(event, Withdrawn):
            found["vouch.withdrawn"] = True
        elif isinstance(event, Done):
            found |= _of(event.reply) | ({"vouch.answer": _short(mask(event.reply.text))} if self._content else {})


def attributes(detail: Mapping[str, object]) -> Attributes:
    """Of a step's detail what is not content: numbers, yes and no, known names, how many there are of a list."""
    found = Attributes()
    for name, value in detail.items():
        key = f"vouch.{name.replace(' ', '_')}"
        if isinstance(value, (bool, int, float)) or (isinstance(value, str) and name in NAMES):
            found[key] = value
        elif isinstance(value, (list, tuple)):
            found[f"{key}.count"] = len(value)
        elif name == "prompt" and isinstance(value, Mapping):
            found |= {f"{key}.{each}": str(value[each]) for each in PROMPT if each in value}
    return found


def _of(reply: Reply) -> Attributes:
    decision, usage = reply.decision, reply.usage
    found: Attributes = {
        "vouch.outcome": decision.outcome,
        "vouch.confidence": round(decision.confidence, 3),
        "vouch.language": reply.language,
        "vouch.writer": reply.writer,
        "vouch.sentences": len(reply.sentences),
        "vouch.citations": sum(len(each.citations) for each in reply.sentences),
    }
    paid: Attributes = {
        "gen_ai.usage.input_tokens": usage.tokens_in,
        "gen_ai.usage.output_tokens": usage.tokens_out,
        "vouch.cost": usage.cost,
    }
    return found | ({"vouch.rule": decision.rule} if decision.rule else {}) | (paid if usage.model else {})


def _json(detail: Mapping[str, object]) -> str:
    return _short(json.dumps(masked(detail), ensure_ascii=False, default=str))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
