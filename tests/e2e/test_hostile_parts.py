"""Each of the sixty attacks in each text of each part of the pages, put into a page as Gradio puts it there: as markup.

`test_hostile.py` goes the whole way from where a text comes in; here every place has all of them, also those that a page
shows once.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import pytest

from desk.agents import Agent, Line, TicketView
from desk.gap_draft import Drafted
from desk.gap_talks import GapTalk, Said
from desk.gaps import Gap
from desk.handoff import Handoff, State
from desk.measure_rows import Period, Report
from desk.measures import Figures
from desk.records import Message, Note, Ticket
from desk.remedies import Remedy
from desk.service import View
from desk.staff import Account
from desk.summary import Summary, Tried
from desk.surveys import Ending, Survey
from desk.topics import Topic
from eval import report
from rag.people import Complaint, Customer, Mood, Order, Visit
from rag.types import AnswerSentence, Chunk, Citation, Decision, Reply, Sentence, SentenceKind
from tests.e2e.conftest import NewPage
from tests.e2e.payloads import PAYLOADS
from tests.e2e.server import Server
from tests.e2e.test_hostile import FOUND, LISTEN
from tests.eval.test_report import hostile
from tests.ui.test_work_render import quality_parts, studio_parts
from ui import desk_render, gaps_render, insights_render, render, staff_pages
from ui.desk_texts import DESK_TEXTS
from ui.gap_work import Closing
from ui.gaps_texts import GAPS_TEXTS
from ui.insights_texts import INSIGHTS_TEXTS
from ui.texts import TEXTS

pytestmark = [pytest.mark.browser, pytest.mark.slow]
NOW, TODAY = datetime(2026, 1, 2), date(2026, 1, 2)
KINDS: tuple[SentenceKind, ...] = ("text", "item", "row", "code")
EMMA = Agent("emma", "Emma")
PUT = """parts => { const box = document.body.appendChild(document.createElement("div"));
  for (const part of parts) box.insertAdjacentHTML("beforeend", part); }"""


def chat_parts(text: str) -> Iterator[str]:
    """What customers see: the conversation, the request, the survey, the sources, the record."""
    t = TEXTS["en"]
    yield render.header(text, t)
    yield render.transcript(View("c", (), None), t, suggestions=(text,), greeting=text, notice=text, echo=text)
    yield render.transcript(View("c", messages(text), ticket(text, "claimed"), answer(text).sentences), t, notice=text)
    for standing in (ticket(text, "waiting"), ticket(text, "claimed"), None):
        yield render.status(View("c", messages(text), standing), Ending(True, Survey(2, text)), text, t)
    yield render.news(text, text, text)
    for source in (text, f"{text}.pdf", f"{text}.mp4"):
        yield render.passage(chunk(text, source), [(0, 2)], (0, 2), "", t)
    yield render.record(Citation(1, 0, "record:x", text, 0, (), None, 0, 1, f"{text}: {text}\nName: {text}"), t)
    yield staff_pages.log_in("en", text, text, text)


def desk_parts(text: str) -> Iterator[str]:
    """What agents see of a conversation."""
    t = DESK_TEXTS["en"]
    seen = desk_render.Seen(view(text), customer(text), Agent(text, text), NOW)
    mine = desk_render.Seen(view(text, "claimed"), customer(text), EMMA, NOW)
    yield desk_render.header(text, Agent(text, text), t)
    for each in (seen, mine):
        yield desk_render.thread(each, t, text, text)
        yield desk_render.composer(each, [(text, text)], [text], [desk_render.Colleague(text, text, True)], t)
        yield desk_render.side(each, t)
    glance = desk_render.Glance(text, text, text)
    yield desk_render.queue([seen.ticket], [mine.ticket], {1: glance}, EMMA, NOW, t)
    yield desk_render.suggestion(answer(text), 1, t)


def insights_parts(text: str) -> Iterator[str]:
    """What managers see: figures by values that somebody wrote, topics, gaps with their outlines."""
    t, figures = INSIGHTS_TEXTS["en"], {text: Figures(conversations=1)}
    known = {"all": {"": Figures(conversations=1)}, "day": {TODAY.isoformat(): Figures()}}
    made = Report(Period(TODAY, TODAY), {**known, "language": figures, "topic": figures, "segment": figures})
    topic = Topic((text, text), 2, 1, 2, 1, True, "en", text)
    gap = Gap((text,), "en", 2, (text,), (text,), (text,))
    yield insights_render.header(text, text, t)
    yield insights_render.page(made, made, t)
    closing = Closing(Remedy(text, text, text, NOW), None, NOW)
    yield insights_render.topics([topic], [gap], [closing], t)


def gaps_parts(text: str) -> Iterator[str]:
    """What editors see: gaps and their conversations, drafts, and the documents written for them with their cases."""
    t, gap = GAPS_TEXTS["en"], Gap((text,), "en", 2, (text,), (text,), (text,))
    talk = GapTalk((Said("customer", text, True), Said("agent", text, False)), 1, "waiting")
    drafted = Drafted(text, text, text, (text,))
    closing = Closing(Remedy(text, text, text, NOW), None, NOW)
    yield gaps_render.header(text, Account(text, frozenset({"manager"}), True, NOW), t)
    yield gaps_render.listed([gap], [closing], gaps_render.Place(text, text), t)
    yield gaps_render.overview([gap], [closing], t, text)
    yield gaps_render.gap(gap, [talk], drafted, (text,), "review", t, text)
    yield gaps_render.closing(closing, hostile(text).results, t, text)
    yield gaps_render.problem(text, t)


def answer(text: str) -> Reply:
    place = (
        Citation(1, 1, text, text, 1, (text,), 1, 0, 1, text),
        Citation(2, 0, "record:x", text, 0, (), None, 0, 1, text),
    )
    said = tuple(AnswerSentence(f"{text}: {text}; {text}", place, kind) for kind in KINDS for _ in range(2))
    return Reply(Decision("answer", 0.5, (text,), (text, text), text), said, "en", text, text)


def messages(text: str) -> tuple[Message, ...]:
    return (
        Message(1, "customer", text, NOW), Message(2, "assistant", text, NOW, answer(text)),
        Message(3, "agent", text, NOW, author=text), Message(4, "notice", text, NOW),
    )  # fmt: skip


def ticket(text: str, state: State) -> Ticket:
    standing = Handoff(state, NOW, "emma" if state == "claimed" else "", text, 7)
    return Ticket(1, "c", standing, text, text, "en", NOW, (text,), text, NOW)


def view(text: str, state: State = "waiting") -> TicketView:
    lines = tuple(Line(each, Mood(anger=0.9, signs=(text,))) for each in messages(text))
    told = Summary((text, text), (Tried(text, "answer", (text,)),), 1)
    return TicketView(ticket(text, state), lines, (Note(text, text, NOW),), (), told, customer(text))


def customer(text: str) -> Customer:
    order = Order(text, TODAY, text, (text,), text, text, text)
    record = ((order,), (Complaint(text, TODAY, text, True),), (Visit(TODAY, text),))
    return Customer(text, text, text, text, text, text, text, TODAY, *record)


def chunk(text: str, source: str) -> Chunk:
    return Chunk(1, source, 1, 0, text, (text,), text, text, (Sentence(0, len(text)),), "en")


@pytest.mark.parametrize("of", ["chat", "desk", "insights", "gaps", "studio", "quality"])
def test_every_text_of_every_part(new_page: NewPage, server: Server, of: str) -> None:
    made = {
        "chat": chat_parts, "desk": desk_parts, "insights": insights_parts, "gaps": gaps_parts, "studio": studio_parts,
        "quality": quality_parts,
    }[of]  # fmt: skip
    page = new_page()
    page.add_init_script(LISTEN)
    page.route("**/media/*", lambda route: route.fulfill(body=""))  # there is no such recording
    page.goto(f"{server.url}/")  # under the pages' own policy
    page.locator("#v-input").wait_for()
    page.evaluate(PUT, [part for each in PAYLOADS for part in made(each)])
    shown = page.evaluate("document.body.lastElementChild.parentElement.textContent")
    assert sum(each in shown for each in PAYLOADS) == len(PAYLOADS)
    assert page.evaluate(FOUND) == []


def test_every_text_of_a_report(new_page: NewPage) -> None:
    page = new_page()
    page.add_init_script(LISTEN)
    for each in PAYLOADS:
        page.set_content(report.page(hostile(each), each))
        assert page.locator("details.case").count() == 2
        assert page.evaluate(FOUND) == []
