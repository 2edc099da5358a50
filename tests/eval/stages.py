"""What tests of runs share: replies without an assistant, a shop to play cases on, results without their times."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from eval.archive import Folder
from eval.cases import Case
from eval.play import Stage
from eval.results import Answered, Choice, Cited, Header, Result, Run, Sentence
from eval.run import run
from rag.config import Settings
from rag.people import Customer
from rag.ports import ChatModel
from rag.types import Access, Event, Turn
from tests.doubles.shelf import Shelf
from tests.rag.shop import assistant

HEADER = Header(id="r", started_at="2026-11-23T10:00:00+00:00", knowledge="live")


def answered(text: str, outcome: str = "answer", *cited: Cited, **fields: Any) -> Answered:
    """A reply of one sentence."""
    sentence = Sentence(text=text, citations=cited)
    usual = {"language": "en", "writer": "extractive", "confidence": 0.9, "first_ms": 1.0, "total_ms": 1.0}
    return Answered(outcome=outcome, sentences=(sentence,), **(usual | fields))


def citing(source: str, supported: bool = True) -> Cited:
    return Cited(source=source, quote="…", supported=supported, why="" if supported else "it says another thing")


def case(expect: str = "answer", *turns: str, **fields: Any) -> Case:
    usual = {"id": "one", "turns": turns or ("How long?",), "expect": expect}
    return Case.model_validate(usual | fields)


def stage(shop: Shelf, *models: ChatModel, settings: Settings | None = None) -> Stage:
    """The shop's assistant, and its knowledge to look citations up in."""
    return Stage(assistant(shop, *models, settings=settings).reply, shop.knowledge().chunk)


def play_all(cases: Sequence[Case], where: Path, on: Stage, repeat: int = 1, workers: int = 1) -> Run:
    """A run stored in `where`."""
    header = HEADER.model_copy(update={"repeat": repeat, "chosen": Choice(repeat=repeat)})
    return run(cases, header, Folder(where), on, workers, lambda _result: None)


def timeless(results: Sequence[Result]) -> list[dict[str, Any]]:
    """Results as plain values without how long anything took."""
    return [_without_times(json.loads(each.model_dump_json())) for each in results]


def _without_times(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _without_times(v) for k, v in value.items() if k not in ("first_ms", "total_ms", "milliseconds")}
    return [_without_times(each) for each in value] if isinstance(value, list) else value


class Saying:
    """Stands for Assistant.reply: hands each call on to `reply`, and remembers who asked what."""

    def __init__(self, inner: Stage) -> None:
        self._inner, self.calls = inner, list[tuple[list[Turn], Access | None, Customer | None]]()

    def __call__(
        self, turns: Sequence[Turn], access: Access | None = None, customer: Customer | None = None
    ) -> Iterator[Event]:
        self.calls.append((list(turns), access, customer))
        return self._inner.ask(turns, access, customer)
