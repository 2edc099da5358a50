"""A small shop's knowledge for whole answers: real store, real embedder; and models that say what they are told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from rag.assistant import Assistant
from rag.config import Settings
from rag.errors import ModelError
from rag.ports import ChatModel, Embedder, Spent, unmetered
from rag.types import Done, Event, Reply, Said, Turn, Withdrawn
from tests.doubles.shelf import Shelf, count_words

DOCUMENTS = {
    "airpure.md": (
        "---\nproduct: AirPure 300S\n---\n# AirPure 300S\n\n## Filter\n\n"
        "The filter of the AirPure 300S lasts 12 months or 4,500 hours. It costs £44.90.\n\n"
        "## Resetting the filter lamp\n\nTo reset the filter lamp:\n\n"
        "1. Close the cover.\n2. Hold Mode and Fan together for 3 seconds.\n3. Wait until the lamp goes out.\n"
    ),
    "returns.md": "# Returns\n\nYou may return unopened items within 30 days. Opened items cannot be returned.\n",
    "退货.zh.md": "# 退货\n\n未拆封的商品可以在30天内退货。已拆封的商品不能退货。\n",
    "team/limits.md": "---\naudience: internal\n---\n# Goodwill\n\nAgents may grant a goodwill voucher of up to £35.\n",
}
FILTER = "How long does the filter of the AirPure 300S last?"
PROVEN = "The filter of the AirPure 300S lasts 12 months or 4,500 hours."


def open_shop(base: Path, embedder: Embedder) -> Shelf:
    """A store that holds DOCUMENTS."""
    shelf = Shelf(base, embedder)
    for source, text in DOCUMENTS.items():
        shelf.write(source, text)
    assert set(shelf.sync().values()) == {"published"}
    return shelf


class Scripted:
    """A ChatModel: says its pieces one after the other; an error among them is raised."""

    def __init__(self, *pieces: str | Exception, name: str = "scripted") -> None:
        self.name, self.pieces, self.asked = name, pieces, list[tuple[str, str, float]]()

    def stream(self, system: str, user: str, seconds: float, spent: Spent = unmetered) -> Iterator[str]:
        self.asked.append((system, user, seconds))
        for piece in self.pieces:
            if isinstance(piece, Exception):
                raise piece
            yield piece


FAILS = ModelError("The endpoint is away.")


def assistant(shop: Shelf, *models: ChatModel, settings: Settings | None = None) -> Assistant:
    """An assistant over the shop."""
    return Assistant(shop.knowledge(), shop.store.embedder, models, count_words, settings or Settings())


def ask(shop: Shelf, question: str, *models: ChatModel, settings: Settings | None = None) -> list[Event]:
    """All events of one reply."""
    return list(assistant(shop, *models, settings=settings).reply([Turn("customer", question)]))


def reply_of(events: Sequence[Event]) -> Reply:
    """The reply at the end; holds what every reply must hold."""
    (done,) = [event for event in events if isinstance(event, Done)]
    assert events[-1] is done
    assert shown(events) == list(done.reply.sentences)
    for sentence in done.reply.sentences:
        assert bool(sentence.citations) == (done.reply.writer != "fixed")
    return done.reply


def shown(events: Sequence[Event]) -> list[object]:
    """What a customer sees at the end: everything said since it was last withdrawn."""
    seen: list[object] = []
    for event in events:
        if isinstance(event, Said):
            seen.append(event.sentence)
        elif isinstance(event, Withdrawn):
            seen = []
    return seen
