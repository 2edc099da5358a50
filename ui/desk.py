"""The agents' desk: what each thing an agent does on it leads to. Knows no SQL, no model and no HTML.

As on the customers' page, the browser's script turns clicks into the events of one hidden hub, and each handler
answers with the new content of the parts it changes. The script asks `/desk/news` often; where the answer differs,
it fires `news`. Who acts is told from the session's cookie at every event, never from what the page says.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import gradio as gr

from desk.agents import Agent, AgentDesk, agent_of
from desk.handoff import NotPossible
from desk.prospects import Availability
from desk.records import TooLong
from desk.staff import Staff
from rag.config import Settings
from rag.errors import VouchError
from rag.people import Customer
from rag.ports import KnowledgeReader
from rag.types import Access, Citation
from ui import desk_render, render
from ui.desk_render import Colleague, Seen
from ui.desk_texts import DESK_TEXTS, DeskTexts
from ui.events import field, number, offsets
from ui.session import STAFF_COOKIE
from ui.texts import TEXTS, chosen

PARTS = ("header", "queue", "thread", "suggestion", "composer", "side", "panel")
ON_TICKET = ("open", "news", "take", "pass_on", "hand_back", "resolve", "say", "note")
EVENTS = (*ON_TICKET, "writes", "suggest", "cite", "language")
ALL = frozenset({"manager", "admin"})  # see all teams and languages, also where they are on a shift
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DeskParts:
    """What the desk needs. `customers`: the record of a conversation's visitor; None for a guest."""

    agents: AgentDesk
    staff: Staff
    customers: Callable[[str], Customer | None]
    availability: Availability
    knowledge: KnowledgeReader


class DeskPage:
    """The handlers, one method an event."""

    def __init__(self, parts: DeskParts, settings: Settings) -> None:
        self._desk, self._parts, self._settings = parts.agents, parts, settings

    def load(self, request: gr.Request) -> tuple[str, ...]:
        """The page with the queue, and no conversation chosen."""
        agent, t = self._agent(request), _texts(request)
        header = desk_render.header(self._settings.server.company, agent, t)
        return header, self._queue(agent, t), desk_render.thread(None, t), "", "", "", ""

    def open(self, event: gr.EventData, request: gr.Request) -> tuple[str, ...]:
        """A conversation."""
        return self._done(event, request, lambda agent, ticket: None)

    news = open

    def take(self, event: gr.EventData, request: gr.Request) -> tuple[str, ...]:
        """The agent takes the conversation."""
        key = field(event, "key")
        return self._done(event, request, lambda agent, ticket: self._desk.claim(agent, ticket, key))

    def pass_on(self, event: gr.EventData, request: gr.Request) -> tuple[str, ...]:
        """To a colleague or a team."""
        to_agent, to_team, key = field(event, "agent"), field(event, "team"), field(event, "key")
        if to_agent not in self._names() or to_team not in ("", *self._teams()):
            to_agent = to_team = ""

        def work(agent: Agent, ticket: int) -> object:
            return self._desk.pass_on(agent, ticket, to_agent=to_agent, to_team=to_team, key=key)

        return self._done(event, request, work)

    def hand_back(self, event: gr.EventData, request: gr.Request) -> tuple[str, ...]:
        """To the assistant."""
        key = field(event, "key")
        return self._done(event, request, lambda agent, ticket: self._desk.hand_back(agent, ticket, key))

    def resolve(self, event: gr.EventData, request: gr.Request) -> tuple[str, ...]:
        """Done."""
        key = field(event, "key")
        return self._done(event, request, lambda agent, ticket: self._desk.resolve(agent, ticket, key))

    def say(self, event: gr.EventData, request: gr.Request) -> tuple[str, ...]:
        """A message to the customer."""
        text, key = field(event, "text"), field(event, "key")
        return self._done(event, request, lambda agent, ticket: self._desk.say(agent, ticket, text, key))

    def note(self, event: gr.EventData, request: gr.Request) -> tuple[str, ...]:
        """A note for colleagues."""
        text = field(event, "text")
        return self._done(event, request, lambda agent, ticket: self._desk.note(agent, ticket, text))

    def writes(self, event: gr.EventData, request: gr.Request) -> None:
        """Keys are pressed in a reply."""
        try:
            self._desk.writes(self._agent(request), number(event, "ticket"))
        except NotPossible:
            pass  # the conversation is not there any more: nobody to show it to

    def suggest(self, event: gr.EventData, request: gr.Request) -> str:
        """What the assistant would say now."""
        ticket, t = number(event, "ticket"), _texts(request)
        try:
            return desk_render.suggestion(self._desk.suggestion(ticket), ticket, t)
        except NotPossible:
            return ""

    def cite(self, event: gr.EventData, request: gr.Request) -> str:
        """The passage behind a citation, or the record as it was cited in the conversation."""
        texts = TEXTS[_texts(request).language]
        if source := field(event, "record"):
            cited = self._cited(number(event, "ticket"), source)
            return render.record(cited, texts) if cited else render.passage_gone(texts)
        chunk = self._parts.knowledge.chunk(number(event, "chunk"), Access())
        if chunk is None:
            return render.passage_gone(texts)
        focus = (offsets(field(event, "focus")) or [(0, 0)])[0]
        page = render.page_at(chunk, focus[0]) if chunk.source.lower().endswith(".pdf") else None
        picture = f"/page/{chunk.id}/{page}.png" if page else ""
        return render.passage(chunk, offsets(field(event, "spans")), focus, picture, texts)

    def language(self, event: gr.EventData, request: gr.Request) -> tuple[str, ...]:
        """The desk in the other language."""
        t, agent = DESK_TEXTS["zh" if field(event, "language") == "zh" else "en"], self._agent(request)
        header = desk_render.header(self._settings.server.company, agent, t)
        queue, *parts = self._shown(agent, number(event, "ticket"), t)
        return header, queue, *parts, "", ""

    # --- shared --------------------------------------------------------------------------------------------

    def _done(self, event: gr.EventData, request: gr.Request, work: Callable[[Agent, int], object]) -> tuple[str, ...]:
        """Do something to a conversation and show it as it is then, with why it could not be done, if so."""
        agent, ticket, t, notice = self._agent(request), number(event, "ticket"), _texts(request), ""
        if ticket:
            try:
                work(agent, ticket)
            except VouchError as error:
                notice = _explain(error, t)
        return self._shown(agent, ticket, t, notice, field(event, "key")[:40])

    def _shown(self, agent: Agent, ticket: int, t: DeskTexts, notice: str = "", echo: str = "") -> tuple[str, ...]:
        """(queue, thread, composer, side)."""
        try:
            seen = self._seen(agent, ticket) if ticket else None
        except NotPossible as error:
            seen, notice = None, _explain(error, t)
        canned = self._desk.canned(seen.ticket.language) if seen else []
        colleagues = self._colleagues(agent) if seen and seen.mine else []
        return (
            self._queue(agent, t),
            desk_render.thread(seen, t, notice, echo),
            desk_render.composer(seen, canned, self._teams(), colleagues, t),
            desk_render.side(seen, t),
        )

    def _seen(self, agent: Agent, ticket: int) -> Seen:
        view = self._desk.view(ticket)
        glance = self._desk.glances([view.ticket]).get(ticket)
        customer = self._parts.customers(glance.visitor) if glance else None
        return Seen(view, customer, agent, _now())

    def _queue(self, agent: Agent, t: DeskTexts) -> str:
        waiting, mine = self._desk.queue(agent), self._desk.mine(agent)
        return desk_render.queue(waiting, mine, self._desk.glances([*waiting, *mine]), agent, _now(), t)

    def _cited(self, ticket: int, source: str) -> Citation | None:
        """The newest citation of this record in the conversation."""
        try:
            lines = self._desk.view(ticket).lines
        except NotPossible:
            return None
        sentences = [each for line in lines if line.message.reply for each in line.message.reply.sentences]
        found = [each for sentence in sentences for each in sentence.citations if render.of_record(each)]
        return next((each for each in reversed(found) if each.source == source), None)

    def _agent(self, request: gr.Request) -> Agent:
        account = self._parts.staff.who(request.cookies.get(STAFF_COOKIE, ""))
        if account is None:  # the shield asked the same a moment ago
            raise gr.Error("logged out", print_exception=False)
        return agent_of(account.name, bool(account.roles & ALL), self._settings.shifts)

    def _colleagues(self, agent: Agent) -> list[Colleague]:
        there = self._parts.availability.available("", "", frozenset(), datetime.now(UTC), {}).at_work
        shifts = self._settings.shifts
        found = [Colleague(each, agent_of(each, False, shifts).shown, each in there) for each in self._names()]
        return sorted((each for each in found if each.name != agent.name), key=lambda each: not each.at_work)

    def _names(self) -> list[str]:
        return [each.name for each in self._parts.staff.accounts() if each.active and "agent" in each.roles]

    def _teams(self) -> list[str]:
        return [each.name for each in self._settings.shifts.teams]


def build(page: DeskPage, title: str) -> gr.Blocks:
    """The page's parts, and which handler fills which. No handler is a public endpoint."""
    with gr.Blocks(title=title, fill_width=True, analytics_enabled=False) as blocks:
        parts = {name: gr.HTML(elem_id=f"desk-{name}", js_on_load=None, apply_default_css=False) for name in PARTS}
        names = ", ".join(f"'{name}'" for name in EVENTS)
        hub = gr.HTML(elem_id="desk-hub", js_on_load=f"desk.connect(trigger, [{names}])")
        how: dict[str, Any] = {"queue": False, "trigger_mode": "multiple", "show_progress": "hidden"}
        how["api_visibility"] = "private"
        conversation = [parts[name] for name in ("queue", "thread", "composer", "side")]
        blocks.load(page.load, None, list(parts.values()), **how)
        for name in ON_TICKET:
            getattr(hub, name)(getattr(page, name), None, conversation, **how)
        hub.writes(page.writes, None, None, **how)
        hub.suggest(page.suggest, None, parts["suggestion"], **how)
        hub.cite(page.cite, None, parts["panel"], **how)
        hub.language(page.language, None, [parts["header"], *conversation, parts["suggestion"], parts["panel"]], **how)
    return blocks.queue(api_open=False)


def _texts(request: gr.Request) -> DeskTexts:
    return DESK_TEXTS[chosen(request.cookies, request.headers.get("accept-language", "")).language]


def _explain(error: VouchError, t: DeskTexts) -> str:
    """For agents; what the operator needs goes to the log."""
    if isinstance(error, NotPossible) and error.code in t.problems:
        return t.problems[error.code]
    if isinstance(error, TooLong):
        return t.problems["TOO_LONG"]
    log.warning("The desk's request failed: %s", error)
    return t.broken


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
