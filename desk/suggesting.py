"""What the chat suggests to an empty page: what rises, what is asked most this week, in general and in each segment.

A customer's words are never shown to another. What is shown stands in a live public document (a question it answers, a
heading, a title), and only once the assistant was asked just that and answered from that document. Numbers from few
people show nothing: a topic counts from `topics.askers` different ones on.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from desk.askers import Askers, customer_of
from desk.measure_rows import Period
from desk.questions import Asked, questions
from desk.rising import Rising
from desk.service import Answers
from desk.topics import Question, Topic
from rag.config import Settings
from rag.errors import VouchError
from rag.ports import KnowledgeReader
from rag.text import normalise
from rag.types import Access, Chunk, Citation, Done, Language, Turn

DAYS = 7
LOOK_SECONDS = 3.0  # between two looks whether the live documents changed
LONGEST = 90  # characters of a suggestion
TRIED = 3  # wordings of a topic that the documents are asked with
LOOKED_UP = 10.0  # seconds that customers may be looked up in the records for, a refresh
SEGMENTS = 5000  # customers whose segment is remembered
Found = Mapping[tuple[str, Language], tuple[str, ...]]  # (segment, language) → suggestions; segment "": everybody's
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sources:
    """Where suggestions come from. `answers`: live, for guests, and best without a model; `mark`: another one whenever
    the live documents changed."""

    engine: Engine
    asked: Asked
    knowledge: KnowledgeReader
    answers: Answers
    askers: Askers = field(default_factory=Askers)
    mark: Callable[[], str] = lambda: ""


class Suggestions:
    """Found anew in the background; asking for them costs nothing."""

    def __init__(self, sources: Sources, rising: Rising, settings: Settings) -> None:
        self._from, self._rising, self._settings = sources, rising, settings.topics
        self._configured = settings.server.suggestions
        self._found: Found = {}
        self._segments = dict[str, str]()

    def of(self, visitor: str, language: Language) -> tuple[str, ...]:
        """For an empty chat of this visitor."""
        treated = self._from.askers.treatment(self._from.askers.customer(visitor))
        segment = treated.names[0] if treated.names else ""
        configured, most = self._configured.get(language, ()), self._settings.suggestions
        found = self._found.get((segment, language), self._found.get(("", language), ())) if most else ()
        every = _once((*found, *treated.suggestions.get(language, ()), *configured))
        return every[: max(most, len(configured))]

    def run(self, stop: threading.Event) -> None:
        """Look until told to stop: now and then, and when the documents changed."""
        mark, due = "", 0.0
        while not stop.wait(LOOK_SECONDS):
            try:
                fresh = self._from.mark()
                if fresh != mark or time.monotonic() >= due:
                    mark, due = fresh, time.monotonic() + 60 * self._settings.refresh_minutes
                    self.refresh()
            except VouchError as error:
                log.warning("What is asked most could not be found out: %s", error)

    def refresh(self, now: datetime | None = None) -> None:
        """Once, as of `now` (UTC): alerts of what rises, and suggestions anew. Raises StoreError and ModelError."""
        today = (now or datetime.now(UTC)).date()
        week = Period(today - timedelta(days=DAYS - 1), today)
        asked = questions(self._from.engine, week)
        topics = self._from.asked.grouped(asked, questions(self._from.engine, week.former))
        self._rising.tell(topics)
        if not self._settings.suggestions:
            return
        known, general = dict[Topic, str](), self._common(topics)
        found = {("", language): self._texts(general, language, known) for language in _LANGUAGES}
        for segment, theirs in self._by_segment(asked).items():
            first = [each for each in general if each.rising]
            own = self._common(self._from.asked.grouped(theirs))
            for language in _LANGUAGES:
                found[segment, language] = self._texts((*first, *own, *general), language, known)
        self._found = found  # replaced as a whole: pages are reading it

    def _common(self, found: Iterable[Topic]) -> list[Topic]:
        """Those that enough people asked about, what rises first."""
        enough = [each for each in found if each.visitors >= self._settings.askers]
        return sorted(enough, key=lambda each: (not each.rising, -each.visitors))

    def _texts(self, topics: Sequence[Topic], language: Language, known: dict[Topic, str]) -> tuple[str, ...]:
        texts = dict[str, None]()
        for topic in topics:
            if topic.language == language and len(texts) < self._settings.suggestions:
                if topic not in known:
                    known[topic] = self._text(topic)
                texts |= {known[topic]: None} if known[topic] else {}
        return tuple(texts)

    def _text(self, topic: Topic) -> str:
        """What a live document calls this; empty where none answers it."""
        wordings = Counter(each.text for each in topic.asked)
        for wording, _ in wordings.most_common(TRIED):
            cited = self._cited(wording)
            chunk = self._from.knowledge.chunk(cited.chunk_id, Access()) if cited else None
            for text in _names(chunk) if chunk and chunk.language == topic.language else ():
                again = self._cited(text)
                if chunk and again and again.source == chunk.source:
                    return text
        return ""

    def _cited(self, text: str) -> Citation | None:
        """What the live answer to it cites first, as a guest is answered."""
        events = self._from.answers.reply([Turn("customer", text)])
        reply = next(each.reply for each in events if isinstance(each, Done))
        if reply.decision.outcome != "answer":
            return None
        return next((citation for each in reply.sentences for citation in each.citations), None)

    def _by_segment(self, asked: Sequence[Question]) -> dict[str, list[Question]]:
        """The questions of those for whom rules of config.yaml hold, by the first of these."""
        found, until = dict[str, list[Question]](), time.monotonic() + LOOKED_UP
        if len(self._segments) > SEGMENTS:
            self._segments.clear()
        for each in asked:
            if each.who not in self._segments and time.monotonic() < until:
                self._remember(each.who)
            if segment := self._segments.get(each.who, ""):
                found.setdefault(segment, []).append(each)
        return found

    def _remember(self, who: str) -> None:
        askers = self._from.askers
        customer = askers.customer(who) if customer_of(who) else None
        if customer is None or customer.reachable:
            self._segments[who] = next(iter(askers.treatment(customer).names), "")


_LANGUAGES: tuple[Language, ...] = ("en", "zh")


def _names(chunk: Chunk) -> Iterator[str]:
    """What a passage is called by its author: its question, its innermost heading, its document's title."""
    for text in dict.fromkeys((chunk.question, *chunk.heading[-1:], chunk.title)):
        if 0 < len(text) <= LONGEST:
            yield text


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    """In their order, each in its first spelling."""
    found = dict[str, str]()
    for each in texts:
        found.setdefault(normalise(each), each)
    return tuple(found.values())
