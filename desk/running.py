"""An answer under way: it goes on when the page that asked for it is closed, and a new page can join it.

One thread says what happens, any number of followers hear all of it from the beginning.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

from desk.records import Stored
from rag.types import AnswerSentence, Event, Said, Withdrawn

DeskEvent = Event | Stored


class Running:
    """The events of one answer, as they come."""

    def __init__(self) -> None:
        self._events: list[DeskEvent] = []
        self._news = threading.Condition()
        self._over = False
        self._error: Exception | None = None
        # Held while the answer goes from here into the store, so that whoever looks sees it in one of the two.
        self.settling = threading.Lock()
        self.settled = False

    def start(self, work: Callable[[], Iterator[DeskEvent]]) -> None:
        """Run `work` in a thread of its own; what it raises, the followers raise."""
        threading.Thread(target=self._run, args=(work,), name="answer", daemon=True).start()

    def follow(self) -> Iterator[DeskEvent]:
        """Every event from the first one on, waiting for those to come."""
        heard = 0
        while True:
            with self._news:
                self._news.wait_for(lambda: self._over or len(self._events) > heard)  # noqa: B023 - waited for here
                fresh, over = self._events[heard:], self._over
            yield from fresh
            heard += len(fresh)
            if over:
                break
        if self._error:
            raise self._error

    @property
    def said(self) -> tuple[AnswerSentence, ...]:
        """The sentences said up to now."""
        with self._news:
            return said(self._events)

    def _run(self, work: Callable[[], Iterator[DeskEvent]]) -> None:
        try:
            for event in work():
                with self._news:
                    self._events.append(event)
                    self._news.notify_all()
        except Exception as error:  # noqa: BLE001 - raised again by everybody who follows
            self._error = error
        finally:
            with self._news:
                self._over = True
                self._news.notify_all()


def said(events: list[DeskEvent]) -> tuple[AnswerSentence, ...]:
    """The sentences that stand after these events."""
    sentences: list[AnswerSentence] = []
    for event in events:
        if isinstance(event, Said):
            sentences.append(event.sentence)
        elif isinstance(event, Withdrawn):
            sentences.clear()
    return tuple(sentences)
