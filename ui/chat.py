"""The chat page: what each thing a customer does on it leads to. Knows no SQL, no model and no HTML.

The browser's script turns clicks into the events of one hidden component, the hub; each handler answers with
the new content of the parts it changes. The page keeps no state here: which conversation it shows stands in
it, and the desk checks whose that is.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from itertools import count
from typing import Any

import gradio as gr

from desk.handoff import NotPossible
from desk.pace import TooFast
from desk.records import NotYours, Rating, TooLong
from desk.service import LONGEST, Desk, View
from desk.surveys import Ending
from desk.texts import wait as in_words
from rag.config import Server
from rag.errors import VouchError
from rag.ports import KnowledgeReader
from rag.types import Language
from ui import render
from ui.events import field as _text
from ui.events import number
from ui.events import offsets as _offsets
from ui.session import Sessions
from ui.texts import TEXTS, Texts, chosen

EVENTS = (
    "ask", "cite", "rate", "person", "contact", "withdraw", "end", "survey", "follow", "refresh", "fresh", "language",
)  # fmt: skip
AT_ONCE = 16  # answers under way; each is one thread
QUEUED = 200
LOOK_SECONDS = 0.5  # between two looks for news while a person is asked for
LOOKS = 8  # for news, until the queue is looked at again
FOLLOWED_SECONDS = 30.0  # longer than chat.js waits before it asks again
Suggested = Callable[[str, Language], Sequence[str]]
log = logging.getLogger(__name__)


class ChatPage:
    """The handlers, one method an event."""

    def __init__(
        self, desk: Desk, knowledge: KnowledgeReader, sessions: Sessions, settings: Server, suggested: Suggested
    ) -> None:
        """`suggested`: questions for the empty chat of a visitor, in a language."""
        self._desk, self._knowledge, self._sessions, self._settings = desk, knowledge, sessions, settings
        self._suggested = suggested

    def load(self, request: gr.Request) -> Iterator[tuple[str, str, str, str]]:
        """The page for the visitor's latest conversation; joins an answer that is under way."""
        texts, visitor = _texts(request), self._sessions.visitor(request.cookies)
        frame = (render.header(self._settings.company, texts), render.composer(texts))
        if visitor is None:
            yield *frame, self._notice("", None, texts, texts.no_cookies), ""
            return
        conversation = self._desk.latest(visitor)
        yield *frame, *self._parts(conversation, visitor, texts)
        if conversation:
            for _ in self._desk.resume(conversation, visitor):
                yield *frame, *self._parts(conversation, visitor, texts)
            yield *frame, *self._parts(conversation, visitor, texts)

    def ask(self, event: gr.EventData, request: gr.Request) -> Iterator[tuple[str, str]]:
        """A message: the conversation grows sentence by sentence."""
        texts, visitor = _texts(request), self._sessions.visitor(request.cookies)
        conversation, text, echo = _text(event, "conversation"), _text(event, "text").strip(), _text(event, "echo")[:40]
        if visitor is None or not text:
            wrong = texts.broken if visitor else texts.no_cookies
            yield self._notice(conversation, visitor, texts, wrong, echo), gr.skip()
            return
        try:
            conversation = conversation or self._desk.begin(visitor, texts.language)
            for _ in self._desk.handle_message(conversation, visitor, text):
                yield self._parts(conversation, visitor, texts, echo)
            yield self._parts(conversation, visitor, texts, echo)
        except VouchError as error:
            yield self._notice(conversation, visitor, texts, _explain(error, texts), echo), gr.skip()

    def cite(self, event: gr.EventData, request: gr.Request) -> str:
        """The passage behind a citation, or the record: as it is cited in this visitor's own conversation."""
        texts, visitor = _texts(request), self._sessions.visitor(request.cookies) or ""
        if source := _text(event, "record"):
            cited = render.cited_record(self._view(_text(event, "conversation"), visitor), source)
            return render.record(cited, texts) if cited else render.passage_gone(texts)
        number = _text(event, "chunk")
        whole = number.isdecimal() and len(number) < 20
        chunk = self._knowledge.chunk(int(number), self._desk.access(visitor)) if whole else None
        if chunk is None:
            return render.passage_gone(texts)
        focus = (_offsets(_text(event, "focus")) or [(0, 0)])[0]
        page = render.page_at(chunk, focus[0]) if chunk.source.lower().endswith(".pdf") else None
        picture = f"/page/{chunk.id}/{page}.png" if page else ""
        return render.passage(chunk, _offsets(_text(event, "spans")), focus, picture, texts)

    def rate(self, event: gr.EventData, request: gr.Request) -> str:
        """👍 or 👎 under an answer."""
        message, value = _text(event, "message"), _text(event, "value")
        ratings: dict[str, Rating] = {"1": 1, "-1": -1, "0": 0}

        def work(conversation: str, visitor: str) -> None:
            if message.isdecimal() and len(message) < 19 and value in ratings:
                self._desk.rate(conversation, visitor, int(message), ratings[value])

        return self._changed(event, request, work)[0]

    def person(self, event: gr.EventData, request: gr.Request) -> tuple[str, str]:
        """ "Talk to a person": stored, and said what happened."""
        language = _texts(request).language
        return self._changed(event, request, lambda c, v: self._desk.request_person(c, v, language))

    def contact(self, event: gr.EventData, request: gr.Request) -> tuple[str, str]:
        """How to reach the customer."""
        contact = _text(event, "contact")
        return self._changed(event, request, lambda c, v: self._desk.leave_contact(c, v, contact))

    def withdraw(self, event: gr.EventData, request: gr.Request) -> tuple[str, str]:
        """The customer no longer wants a person."""

        def work(conversation: str, visitor: str) -> None:
            try:
                self._desk.withdraw(conversation, visitor)
            except NotPossible:
                pass  # it was over already, and that is what the page now shows

        return self._changed(event, request, work)

    def end(self, event: gr.EventData, request: gr.Request) -> tuple[str, str]:
        """The customer is done."""
        language = _texts(request).language
        return self._changed(event, request, lambda c, v: self._desk.surveys.end(c, v, language))

    def survey(self, event: gr.EventData, request: gr.Request) -> tuple[str, str]:
        """What the customer says of the conversation."""
        score, word = number(event, "score"), _text(event, "word")
        return self._changed(event, request, lambda c, v: self._desk.surveys.give(c, v, score, word))

    async def follow(self, event: gr.EventData, request: gr.Request) -> AsyncIterator[str]:
        """Says when there is news of a conversation that an agent may write to, or of the queue it waits in; the page asks
        anew before this ends."""
        visitor, conversation = self._sessions.visitor(request.cookies), _text(event, "conversation")
        texts, seen, waited, until = _texts(request), ("", ""), "", time.monotonic() + FOLLOWED_SECONDS
        try:
            for look in count():
                if visitor is None or time.monotonic() > until:
                    return
                if look % LOOKS == 0:
                    waited = await asyncio.to_thread(self._wait, conversation, visitor, texts)
                mark = await asyncio.to_thread(self._desk.mark, conversation, visitor)
                who = self._desk.typing.who(conversation)
                found = (mark, texts.typing.format(agent=who) if who else waited)
                if found != seen:
                    seen = found
                    yield render.news(conversation, *found)
                await asyncio.sleep(LOOK_SECONDS)
        except VouchError as error:
            log.warning("A page cannot be followed: %s", error)

    def refresh(self, event: gr.EventData, request: gr.Request) -> tuple[str, str]:
        """The conversation as it is now."""
        return self._changed(event, request, lambda _conversation, _visitor: None)

    def fresh(self, request: gr.Request) -> tuple[str, str, str]:
        """An empty conversation, with the panel closed."""
        texts, visitor = _texts(request), self._sessions.visitor(request.cookies)
        if visitor is None:
            return self._notice("", None, texts, texts.no_cookies), "", ""
        return *self._parts(self._desk.begin(visitor, texts.language), visitor, texts), ""

    def language(self, event: gr.EventData, request: gr.Request) -> tuple[str, str, str, str, str]:
        """The page in the other language. What was said stays as it was said."""
        texts = TEXTS["zh" if _text(event, "language") == "zh" else "en"]
        visitor, conversation = self._sessions.visitor(request.cookies), _text(event, "conversation")
        frame = (render.header(self._settings.company, texts), render.composer(texts))
        return *frame, *self._parts(conversation, visitor or "", texts), ""

    # --- shared --------------------------------------------------------------------------------------------

    def _changed(self, event: gr.EventData, request: gr.Request, work: Callable[[str, str], object]) -> tuple[str, str]:
        """Do something to the visitor's conversation and show it as it is then, or why it could not be done."""
        texts, visitor = _texts(request), self._sessions.visitor(request.cookies)
        conversation = _text(event, "conversation")
        if visitor is None:
            return self._notice(conversation, None, texts, texts.no_cookies), ""
        try:
            conversation = conversation or self._desk.begin(visitor, texts.language)
            work(conversation, visitor)
            return self._parts(conversation, visitor, texts)
        except VouchError as error:
            return self._notice(conversation, visitor, texts, _explain(error, texts)), gr.skip()

    def _parts(self, conversation: str, visitor: str, texts: Texts, echo: str = "") -> tuple[str, str]:
        view = self._view(conversation, visitor)
        ending = self._desk.surveys.ending(conversation, visitor) if view.conversation else Ending()
        wait = self._wait(conversation, visitor, texts) if view.conversation else ""
        return self._transcript(view, visitor, texts, "", echo), render.status(view, ending, wait, texts)

    def _notice(self, conversation: str, visitor: str | None, texts: Texts, notice: str, echo: str = "") -> str:
        return self._transcript(self._view(conversation, visitor or ""), visitor or "", texts, notice, echo)

    def _wait(self, conversation: str, visitor: str, texts: Texts) -> str:
        wait = self._desk.waiting.of(conversation, visitor)
        return in_words(wait.position, wait.prospect, texts.language) if wait else ""

    def _view(self, conversation: str, visitor: str) -> View:
        try:
            return self._desk.view(conversation, visitor)
        except NotYours:
            return View("", (), None)

    def _transcript(self, view: View, visitor: str, texts: Texts, notice: str, echo: str) -> str:
        suggestions = () if view.messages else self._suggested(visitor, texts.language)
        greeting = "" if view.messages else self._desk.greeting(visitor, texts.language)
        return render.transcript(view, texts, suggestions=suggestions, greeting=greeting, notice=notice, echo=echo)


def build(page: ChatPage, title: str) -> gr.Blocks:
    """The page's parts, and which handler fills which. No handler is a public endpoint."""
    with gr.Blocks(title=title, fill_width=True, analytics_enabled=False) as blocks:
        header, transcript, status, composer, panel, news = (
            gr.HTML(elem_id=f"vouch-{name}", js_on_load=None, apply_default_css=False)
            for name in ("header", "transcript", "status", "composer", "panel", "news")
        )
        names = ", ".join(f"'{name}'" for name in EVENTS)
        hub = gr.HTML(elem_id="vouch-hub", js_on_load=f"vouch.connect(trigger, [{names}])")
        at_once: dict[str, Any] = {"queue": False, "trigger_mode": "multiple"}
        streamed: dict[str, Any] = {
            "trigger_mode": "multiple",
            "concurrency_limit": AT_ONCE,
            "concurrency_id": "answers",
        }
        both: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        frame, parts = [header, composer], [transcript, status]
        blocks.load(page.load, None, [*frame, *parts], **streamed, **both)
        hub.ask(page.ask, None, parts, **streamed, **both)
        hub.cite(page.cite, None, panel, **at_once, **both)
        hub.rate(page.rate, None, transcript, **at_once, **both)
        hub.person(page.person, None, parts, **at_once, **both)
        hub.contact(page.contact, None, parts, **at_once, **both)
        hub.withdraw(page.withdraw, None, parts, **at_once, **both)
        hub.end(page.end, None, parts, **at_once, **both)
        hub.survey(page.survey, None, parts, **at_once, **both)
        # Each is a timer and a look into the database now and then: no thread waits.
        hub.follow(page.follow, None, news, trigger_mode="multiple", concurrency_limit=None, **both)
        hub.refresh(page.refresh, None, parts, **at_once, **both)
        hub.fresh(page.fresh, None, [*parts, panel], **at_once, **both)
        hub.language(page.language, None, [*frame, *parts, panel], **at_once, **both)
    return blocks.queue(max_size=QUEUED, default_concurrency_limit=AT_ONCE, api_open=False)


def _texts(request: gr.Request) -> Texts:
    return chosen(request.cookies, request.headers.get("accept-language", ""))


def _explain(error: VouchError, texts: Texts) -> str:
    """For customers; what the operator needs goes to the log."""
    if isinstance(error, TooLong):
        return texts.too_long.format(limit=f"{LONGEST:,}")
    if isinstance(error, TooFast):
        return texts.too_fast.format(seconds=error.seconds)
    log.warning("A page's request failed: %s", error)
    return texts.broken
