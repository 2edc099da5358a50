"""The desk: takes a customer's message, has it answered, and keeps all of it.

What the customer wrote is stored before anything is done with it; an answer is stored before it is said to
be complete; a person is announced only with the ticket, in one transaction. Once a person has the conversation the
assistant is silent: an answer under way is withdrawn and never stored. Knows no page.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing, nullcontext
from dataclasses import dataclass, replace
from typing import Protocol, cast
from weakref import WeakValueDictionary

from desk import texts
from desk.askers import Askers
from desk.handoff import Escalate, Handoff, NotPossible, check_silence, speaker
from desk.moves import Moved
from desk.pace import Pace
from desk.prospects import Prospect, Prospects
from desk.records import Message, Rating, Stored, Ticket, TooLong, mark_of
from desk.running import DeskEvent, Running
from desk.store import Conversations
from desk.surveys import Surveys
from desk.typing import Typing
from desk.waiting import Waiting
from rag.errors import VouchError
from rag.people import Customer
from rag.text import well_formed
from rag.types import (
    Access,
    AnswerSentence,
    Decision,
    Done,
    Event,
    Language,
    Outcome,
    Reply,
    Role,
    Said,
    Turn,
    Withdrawn,
)
from rag.wishes import wish_of

LONGEST = 2_000  # characters of one message
LONGEST_CONTACT = 200
CLOSING = ("thanks", "greeting", "empty")  # wishes that ask for nothing: they do not open a resolved case again
NO_PRIORITIES: Mapping[str, int] = {}
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
    ticket: Ticket | None
    said: tuple[AnswerSentence, ...] | None = None

    @property
    def mark(self) -> str:
        """As `Desk.mark` gives it, of what is shown here."""
        return mark_of(self.messages[-1].id if self.messages else 0, self.ticket)


class Desk:
    """Conversations with an assistant behind them."""

    def __init__(
        self,
        store: Conversations,
        assistant: Answers,
        askers: Askers | None = None,
        prospects: Prospects | None = None,
        priorities: Mapping[str, int] = NO_PRIORITIES,
        pace: Pace | None = None,
        typing: Typing | None = None,
    ) -> None:
        """`askers`: who visitors are; `prospects`: when somebody is there, where that is known; `priorities`: of an
        escalation, by its rule; `pace`: how many messages a visitor may send; `typing`: the
        agents who write."""
        self.surveys, self.waiting = Surveys(store.engine, store.rules), Waiting(store.engine, prospects)
        self.typing = typing or Typing()
        self._store, self._assistant, self._askers = store, assistant, askers or Askers()
        self._prospects, self._priorities, self._pace = prospects, priorities, pace
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
        ticket = self._store.ticket(conversation, visitor)
        if ticket and speaker(ticket.standing):
            said = None  # a person has taken over: what the assistant was about to say is not shown
        return View(conversation, found, ticket, said)

    def mark(self, conversation: str, visitor: str) -> str:
        """Something that differs whenever there is anything new to see, whoever did it. Raises NotYours."""
        return self._store.mark(conversation, visitor)

    def access(self, visitor: str) -> Access:
        """The documents that the visitor may see."""
        return self._askers.access(self._askers.customer(visitor))

    def greeting(self, visitor: str, language: Language) -> str:
        """How the visitor's segment is greeted; empty where nothing is said of that."""
        customer = self._askers.customer(visitor)
        return self._askers.treatment(customer).greets(customer, language)

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
        """Store the message, have it answered, store the answer. Raises TooLong, TooFast, NotYours, StoreError.

        No events come where a person has the conversation, or gets it again.
        """
        if len(text) > LONGEST:
            raise TooLong(f"Your message has {len(text):,} characters; at most {LONGEST:,} fit. Please shorten it.")
        if self._pace:
            self._pace.count(visitor)
        text = well_formed(text)
        message, ours = self._store.add_question(conversation, visitor, text, wish_of(text) in CLOSING)
        if ours:
            yield from self._start(conversation, visitor, message).follow()

    def resume(self, conversation: str, visitor: str) -> Iterator[DeskEvent]:
        """Join the answer under way; or answer a message that was left without one when the process ended."""
        found = self._store.messages(conversation, visitor)
        running = self._running.get(conversation)
        ticket = self._store.ticket(conversation, visitor)
        theirs = ticket is not None and bool(speaker(ticket.standing))
        if running is None and not theirs and found and found[-1].role == "customer":
            running = self._start(conversation, visitor, found[-1].id)
        if running is not None:
            yield from running.follow()

    def request_person(self, conversation: str, visitor: str, language: Language) -> Ticket:
        """Store the wish to talk to a person and say so; while it is open, the same ticket."""
        reason = "the customer pressed the button for a person"
        event, prospect = self._escalation(visitor, "asked_for_person", reason, language)

        def words(moved: Moved) -> Reply | None:
            said = _announced(moved, prospect, language) if moved.kind == "opened" else ()
            return _own_words("hand_off", "asked by button", said, language) if said else None

        return self._store.hand_off(conversation, visitor, event, "", words)[0]

    def withdraw(self, conversation: str, visitor: str) -> Ticket | None:
        """The customer no longer wants a person. Raises NotPossible, NotYours."""
        return self._store.withdraw(conversation, visitor)

    def leave_contact(self, conversation: str, visitor: str, contact: str) -> Ticket:
        """Store how to reach the customer for the ticket that is there. Raises TooLong, NotYours."""
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
        try:
            asking = self._ask(turns, self._askers.customer(visitor))
            reply = yield from self._while_ours(conversation, visitor, asking)
            with running.settling:
                extra, reply, stored = self._stored(conversation, visitor, message, reply)
                running.settled = True
        except NotPossible as taken:  # a person has the conversation now
            running.settled = True
            yield Withdrawn(str(taken))
            return
        yield from map(Said, extra)
        yield Done(reply)
        if stored is not None:
            yield Stored(stored)

    def _while_ours(
        self, conversation: str, visitor: str, events: Generator[DeskEvent, None, Reply]
    ) -> Generator[DeskEvent, None, Reply]:
        """The events passed on until a person takes the conversation. Raises NotPossible then."""
        with closing(events):
            while True:
                try:
                    event = next(events)
                except StopIteration as end:
                    return cast(Reply, end.value)
                if isinstance(event, Said):
                    check_silence(_standing(self._store.ticket(conversation, visitor)))
                yield event

    def _stored(
        self, conversation: str, visitor: str, message: int, reply: Reply
    ) -> tuple[tuple[AnswerSentence, ...], Reply, int | None]:
        """(what the desk adds to the reply, the whole of it, its number). A hand-over is stored with its ticket, and
        only then is it true. Raises NotPossible."""
        if reply.decision.outcome != "hand_off":
            return (), reply, self._store.add_answer(conversation, visitor, reply)
        rule, reason = (
            reply.decision.rule or "asked_for_person",
            "; ".join(each.rstrip(".。") for each in reply.decision.reasons),
        )
        event, prospect = self._escalation(visitor, rule, reason, reply.language)

        def words(moved: Moved) -> Reply | None:
            said = _announced(moved, prospect, reply.language)
            return None if moved.again else replace(reply, sentences=(*reply.sentences, *said))

        _, whole, number = self._store.hand_off(conversation, visitor, event, f"message:{message}", words)
        whole = whole or reply
        return whole.sentences[len(reply.sentences) :], whole, number

    def _escalation(self, visitor: str, rule: str, reason: str, language: Language) -> tuple[Escalate, Prospect | None]:
        treated = self._askers.treatment(self._askers.customer(visitor))
        prospect = self._prospects.of(treated.team, language) if self._prospects else None
        promised = prospect.promised_at if prospect else None
        priority = max(self._priorities.get(rule, 0), treated.priority or 0)
        return Escalate(rule, reason, priority, treated.team, language, promised_at=promised), prospect

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


def _announced(moved: Moved, prospect: Prospect | None, language: Language) -> tuple[AnswerSentence, ...]:
    """What is true of the ticket that is stored; nothing where the desk's own line says it."""
    if moved.ticket is None or moved.kind == "reopened" or not moved.ticket.open:
        return ()
    if moved.kind != "opened":
        return texts.say(texts.ALREADY, language, number=moved.ticket.number)
    said = texts.say(texts.REQUESTED, language, number=moved.ticket.number)
    return (*said, texts.prospect(prospect, language)) if prospect else said


def _standing(ticket: Ticket | None) -> Handoff | None:
    return ticket.standing if ticket else None


def _turns(found: Sequence[Message], message: int) -> list[Turn]:
    """The history, with the message to answer last; what was written after it waits for its own turn."""
    asked = next(each for each in found if each.id == message)
    before = [each for each in found if each.id < message or each.role != "customer"]
    return [turn(each) for each in (*before, asked) if each.role != "notice"]


def turn(message: Message) -> Turn:
    """A message as the assistant hears it. Not for notices."""
    reply = message.reply
    return Turn(cast(Role, message.role), message.text, *((reply.options, reply.decision.outcome) if reply else ()))


def _own_words(outcome: Outcome, reason: str, said: tuple[AnswerSentence, ...], language: Language) -> Reply:
    return Reply(Decision(outcome, 1.0, (reason,)), said, language, "fixed")
