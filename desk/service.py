"""The desk: takes a customer's message, has it answered, and keeps all of it.

What the customer wrote is stored before anything is done with it; an answer is stored before it is said to
be complete; a person is announced only after the request for one is stored. Knows no page.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Generator, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import Protocol
from weakref import WeakValueDictionary

from desk import texts
from desk.askers import Askers
from desk.records import Message, Rating, Request, Stored, TooLong
from desk.running import DeskEvent, Running
from desk.store import Conversations
from rag.errors import VouchError
from rag.people import Customer
from rag.text import well_formed
from rag.types import Access, AnswerSentence, Decision, Done, Event, Language, Outcome, Reply, Said, Turn, Withdrawn

LONGEST = 2_000  # characters of one message
LONGEST_CONTACT = 200
log = logging.getLogger(__name__)


class Answers(Protocol):
    """What the desk needs of the assistant."""

    def reply(
        self, turns: Sequence[Turn], access: Access | None = None, customer: Customer | None = None
    ) -> Iterator[Event]: ...


@dataclass(frozen=True, slots=True)
class View:
    """A conversation as it stands now. `said` is None unless an answer is under way."""

    conversation: str
    messages: tuple[Message, ...]
    request: Request | None
    said: tuple[AnswerSentence, ...] | None = None


class Desk:
    """Conversations with an assistant behind them."""

    def __init__(self, store: Conversations, assistant: Answers, askers: Askers | None = None) -> None:
        self._store, self._assistant, self._askers = store, assistant, askers or Askers()
        self._lock = threading.Lock()
        self._running: dict[str, Running] = {}
        # A conversation's lock lives as long as an answer holds it or waits for it.
        self._turns: WeakValueDictionary[str, threading.Lock] = WeakValueDictionary()

    def view(self, conversation: str, visitor: str) -> View:
        """The conversation with all that was said up to now. Raises NotYours."""
        running = self._running.get(conversation)
        with running.settling if running else nullcontext():
            found = self._store.messages(conversation, visitor)
            said = running.said if running and not running.settled else None
        return View(conversation, found, self._store.request(conversation, visitor), said)

    def access(self, visitor: str) -> Access:
        """The documents that the visitor may see."""
        return self._askers.access(self._askers.customer(visitor))

    def latest(self, visitor: str) -> str:
        """The conversation this visitor was last in, or an empty string."""
        return self._store.latest(visitor)

    def begin(self, visitor: str, language: Language) -> str:
        """An empty conversation: a new one, unless the latest is empty still."""
        latest = self._store.latest(visitor)
        if latest and not self._store.messages(latest, visitor):
            return latest
        return self._store.begin(visitor, language)

    def handle_message(self, conversation: str, visitor: str, text: str) -> Iterator[DeskEvent]:
        """Store the message, have it answered, store the answer. Raises TooLong, NotYours, StoreError."""
        if len(text) > LONGEST:
            raise TooLong(f"Your message has {len(text):,} characters; at most {LONGEST:,} fit. Please shorten it.")
        message = self._store.add_question(conversation, visitor, well_formed(text))
        yield from self._start(conversation, visitor, message).follow()

    def resume(self, conversation: str, visitor: str) -> Iterator[DeskEvent]:
        """Join the answer under way; or answer a message that was left without one when the process ended."""
        found = self._store.messages(conversation, visitor)
        running = self._running.get(conversation)
        if running is None and found and found[-1].role == "customer":
            running = self._start(conversation, visitor, found[-1].id)
        if running is not None:
            yield from running.follow()

    def request_person(self, conversation: str, visitor: str, language: Language) -> Request:
        """Store the wish to talk to a person and say so; a second time, the same request."""
        request, new = self._store.ask_for_person(conversation, visitor)
        if new:
            said = texts.say(texts.REQUESTED, language, number=request.number)
            self._store.add_answer(conversation, visitor, _own_words("hand_off", "asked by button", said, language))
        return request

    def leave_contact(self, conversation: str, visitor: str, contact: str) -> Request:
        """Store how to reach the customer for the request that is there. Raises TooLong, NotYours."""
        if len(contact) > LONGEST_CONTACT:
            raise TooLong(f"At most {LONGEST_CONTACT} characters fit here. Please shorten it.")
        return self._store.leave_contact(conversation, visitor, well_formed(contact).strip())

    def rate(self, conversation: str, visitor: str, message: int, value: Rating) -> None:
        """Keep what the customer thinks of an answer. Raises NotYours."""
        self._store.rate(conversation, visitor, message, value)

    # --- an answer -----------------------------------------------------------------------------------------

    def _start(self, conversation: str, visitor: str, message: int) -> Running:
        running = Running()
        with self._lock:
            self._running[conversation] = running
            turn = self._turns.setdefault(conversation, threading.Lock())

        def work() -> Iterator[DeskEvent]:
            try:
                with turn:  # one answer after the other, also when two pages ask at once
                    yield from self._answer(conversation, visitor, message, running)
            finally:
                self._forget(conversation, running)

        running.start(work)
        return running

    def _forget(self, conversation: str, running: Running) -> None:
        with self._lock:
            if self._running.get(conversation) is running:
                del self._running[conversation]

    def _answer(self, conversation: str, visitor: str, message: int, running: Running) -> Iterator[DeskEvent]:
        turns = _turns(self._store.messages(conversation, visitor), message)
        reply = yield from self._ask(turns, self._askers.customer(visitor))
        if reply.decision.outcome == "hand_off":
            reply = yield from self._hand_off(conversation, visitor, reply)
        with running.settling:
            stored = self._store.add_answer(conversation, visitor, reply)
            running.settled = True
        yield Done(reply)
        yield Stored(stored)

    def _ask(self, turns: Sequence[Turn], customer: Customer | None) -> Generator[DeskEvent, None, Reply]:
        """The assistant's reply, its events passed on; where it fails, a truthful sentence in its place."""
        try:
            for event in self._assistant.reply(turns, self._askers.access(customer), customer):
                if isinstance(event, Done):
                    return event.reply
                yield event
            log.error("The assistant ended without a reply.")
        except VouchError as error:
            log.error("The assistant failed: %s", error)
        except Exception:
            log.exception("The assistant failed with an error of its own.")
        yield Withdrawn("the assistant failed")
        language: Language = "zh" if any("一" <= letter <= "鿿" for letter in turns[-1].text) else "en"
        failed = _own_words("decline", "the assistant failed", texts.say(texts.FAILED, language), language)
        yield from map(Said, failed.sentences)
        return failed

    def _hand_off(self, conversation: str, visitor: str, reply: Reply) -> Generator[DeskEvent, None, Reply]:
        """Store the request and say so; only now is it true."""
        request, new = self._store.ask_for_person(conversation, visitor)
        wording = texts.REQUESTED if new else texts.ALREADY
        said = texts.say(wording, reply.language, number=request.number)
        yield from map(Said, said)
        return replace(reply, sentences=(*reply.sentences, *said))


def _turns(found: Sequence[Message], message: int) -> list[Turn]:
    """The history, with the message to answer last; what was written after it waits for its own turn."""
    asked = next(each for each in found if each.id == message)
    before = [each for each in found if each.id < message or each.role != "customer"]
    return [Turn(each.role, each.text, each.reply.options if each.reply else ()) for each in (*before, asked)]


def _own_words(outcome: Outcome, reason: str, said: tuple[AnswerSentence, ...], language: Language) -> Reply:
    return Reply(Decision(outcome, 1.0, (reason,)), said, language, "fixed")
