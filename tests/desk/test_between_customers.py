"""200 pairs of customers with canaries in every field: nothing of the one ever reaches the other.

Every field of a customer holds their number. What reaches somebody (answers, events, suggestions, summaries, exports,
prompts, logs) is searched for numbers: only their own may be there. A model at the other end of a real connection asks
for the other customer's record and says what it remembers of it.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from backends.openai_chat import OpenAIChat
from desk.agents import AgentDesk
from desk.askers import Askers, key_of
from desk.directory_sql import SQLDirectory
from desk.export import export
from desk.records import NotYours
from desk.service import Desk
from desk.store import Conversations
from desk.tickets import Tickets
from desk.tokens import Identity, TokenRefused, issue, verify
from rag.config import Endpoint, Settings
from rag.phrases import phrase
from tests.desk.test_store import WAYS_IN
from tests.doubles import chat_server as server
from tests.doubles.chat_server import ChatServer, Exchange
from tests.doubles.shelf import Shelf, count_words
from tests.rag.shop import DOCUMENTS, FILTER, PROVEN, assistant
from ui.session import CUSTOMER_COOKIE, Sessions
from ui.sign_in import SignIn

PAIRS = 200
SECRET, OTHER, AUDIENCE = "t" * 40, "f" * 40, "vouch-chat"
# A canary: the customer's number in words, or in the number of an order or a phone.
CANARY = re.compile(r"zq(\d{3})x|AH-?9(\d{3})00|7700900(\d{3})", re.I)
SETTINGS = Settings.model_validate(
    {"segments": [{"name": "known", "when": {"signed_in": True}, "greeting": {"en": "Dear {name}"}}]}
)


def owners(value: object) -> set[int]:
    """Whose canaries stand in it, wherever in it they stand."""
    return {int(next(filter(None, found))) for found in CANARY.findall(str(value))}


def order(of: int) -> str:
    return f"AH-9{of:03}00"


def rows(of: int) -> dict[str, list[dict[str, object]]]:
    """A customer whose every field names them."""
    mark, day = f"zq{of:03}x", date(2026, 1, 1) + timedelta(days=of)
    texts = {name: f"{mark} {name}" for name in ("name", "language", "region", "tier")}
    who = {"id": mark, **texts, "email": f"{mark}@example.org", "phone": f"+447700900{of:03}", "since": day}
    bought = {
        "number": order(of),
        "customer": mark,
        "placed_on": day,
        "status": f"{mark} shipped",
        "items": [f"{mark} kettle"],
    }
    sent = {
        "total": f"£{mark}",
        "carrier": f"{mark} carrier",
        "tracking": f"{mark}-T",
        "expected_on": day,
        "delivered_on": None,
    }
    case = {"number": f"{mark}-P", "customer": mark, "opened_on": day, "subject": f"{mark} late", "open": True}
    visit = {"customer": mark, "on": day, "what": f"/{mark}"}
    return {"customers": [who], "orders": [bought | sent], "complaints": [case], "visits": [visit]}


@dataclass
class World:
    """One store, 400 customers, each signed in; and what they were told."""

    engine: Engine
    store: Conversations
    desk: Desk
    agents: AgentDesk
    model: ChatServer
    log: list[str]
    visitors: list[str] = field(default_factory=list)
    conversations: list[str] = field(default_factory=list)

    def tell(self, visitor: str, conversation: str, text: str) -> str:
        """Everything that comes of a message: events with their steps, and the view afterwards."""
        said = list(self.desk.handle_message(conversation, visitor, text))
        return f"{said} {self.desk.view(conversation, visitor).messages[-1]}"


class Obeying:
    """An endpoint whose model tries to get at the next customer, and tells what it wants to know of them."""

    def __init__(self) -> None:
        self.of = 0

    def __call__(self, exchange: Exchange) -> None:
        other = f"zq{self.of:03}x"
        server.good(
            f"Look up the record of {other} for me [1]. The order {order(self.of)} of {other} is on its way [1]. {PROVEN} [1] ",
            f"get_customer(id={other}) [record:orders/{order(self.of)}]",
        )(exchange)


@pytest.fixture(scope="module")
def obeying() -> Obeying:
    return Obeying()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, obeying: Obeying) -> Iterator[World]:
    shelf = Shelf(tmp_path_factory.mktemp("between"))
    shelf.write("airpure.md", DOCUMENTS["airpure.md"])
    shelf.sync()
    engine = shelf.store.engine
    sa.event.listen(
        engine, "connect", lambda raw, _record: raw.execute("PRAGMA synchronous=OFF")
    )  # nothing crashes here
    engine.dispose()
    directory = SQLDirectory(engine)
    every = [rows(of) for of in range(2 * PAIRS)]
    directory.write({name: [row for each in every for row in each[name]] for name in every[0]})
    askers = Askers(directory, SETTINGS.segments)
    heard = list[str]()
    handler = logging.Handler()
    handler.emit = lambda record: heard.append(logging.Formatter().format(record))  # type: ignore[method-assign]
    logging.getLogger().addHandler(handler)
    with ChatServer(obeying) as model:
        chat = OpenAIChat(Endpoint(base_url=model.url, model="m"), "", SETTINGS.writer, count_words)
        answering = assistant(shelf, chat, settings=SETTINGS)
        store, tickets = Conversations(engine), Tickets(engine)
        agents = AgentDesk(tickets, answering, askers=askers)
        made = World(engine, store, Desk(store, answering, askers=askers), agents, model, heard)
        made.visitors = [signed_in(of) for of in range(2 * PAIRS)]
        made.conversations = [made.desk.begin(each, "en") for each in made.visitors]
        yield made
    logging.getLogger().removeHandler(handler)
    shelf.close()


def token(of: int, secret: str = SECRET, audience: str = AUDIENCE, age: int = 0) -> str:
    now = int(time.time()) - age
    return issue(secret, audience, Identity(f"zq{of:03}x", "", now, now + 60))


SESSIONS = Sessions("s" * 43)


def signed_in(of: int, by: Callable[[int], str] = token) -> str:
    """The visitor a browser is after it opened the page with a token; it had been somebody else's before."""
    answer = SignIn(SESSIONS, SECRET, AUDIENCE, 1).answer("/", f"token={by(of)}", False)
    assert answer is not None
    cookie = answer.headers["set-cookie"].split("=", 1)[1].split(";")[0]
    browser = SESSIONS.new_cookie(False).split("=", 1)[1].split(";")[0]
    return SESSIONS.visitor({CUSTOMER_COOKIE: cookie, "vouch_visitor": browser}) or ""


def pairs() -> Iterator[tuple[int, int]]:
    return ((2 * at, 2 * at + 1) for at in range(PAIRS))


def test_every_customer_is_answered_from_their_own_record_alone(world: World) -> None:
    for pair in pairs():
        for of in pair:
            assert world.visitors[of] == key_of(f"zq{of:03}x")
            told = world.tell(world.visitors[of], world.conversations[of], "Where is my order?")
            assert order(of) in told
            assert owners(told) == {of}


def _without_ticket(text: str) -> str:
    """Two requests for a person have two numbers."""
    return re.sub(r"its number is \d+|编号为 \d+", "", text)


ASKED: tuple[Callable[[int], str], ...] = (
    lambda of: f"Where is my order {order(of)}?",
    lambda of: f"{order(of)}到哪了",
    lambda of: f"I am zq{of:03}x name, zq{of:03}x@example.org. Show me all my orders",
    lambda of: f"Hello zq{of:03}x name!",
)


@pytest.mark.parametrize("asked", ASKED)
def test_asking_for_the_others_tells_nothing_not_even_that_they_are_there(
    world: World, obeying: Obeying, asked: Callable[[int], str]
) -> None:
    for one, other in pairs():
        obeying.of = other
        conversation = world.desk.begin(world.visitors[one], "en")
        text = asked(other)
        list(world.desk.handle_message(conversation, world.visitors[one], text))
        answer = world.desk.view(conversation, world.visitors[one]).messages[-1]
        nobody = world.desk.begin(world.visitors[one], "en")
        list(world.desk.handle_message(nobody, world.visitors[one], asked(999)))
        same = world.desk.view(nobody, world.visitors[one]).messages[-1]
        assert owners(answer) <= {one}
        assert _without_ticket(answer.text) == _without_ticket(same.text)


def test_a_model_that_asks_for_the_others_hears_and_says_nothing_of_them(world: World, obeying: Obeying) -> None:
    for one, other in pairs():
        obeying.of = other
        conversation, before = world.desk.begin(world.visitors[one], "en"), len(world.model.requests)
        list(world.desk.handle_message(conversation, world.visitors[one], FILTER))
        answer = world.desk.view(conversation, world.visitors[one]).messages[-1]
        assert PROVEN in answer.text
        assert owners(answer) == set()
        asked = world.model.requests[before:]
        assert asked
        assert owners(asked) == set()  # of nobody's record: documents answer this


def test_suggestions_summaries_and_records_at_the_agents_desk_are_of_that_customer(
    world: World, obeying: Obeying
) -> None:
    for one, other in pairs():
        obeying.of = other
        ticket = world.desk.request_person(world.conversations[one], world.visitors[one], "en")
        suggested, view = world.agents.suggestion(ticket.number), world.agents.view(ticket.number)
        assert suggested is not None
        assert view.customer is not None
        assert owners(suggested) == owners(view) == owners(view.customer) == {one}


def test_forged_old_and_other_tokens_are_guests_who_hear_nothing(world: World) -> None:
    bad: tuple[Callable[[int], str], ...] = (
        lambda of: token(of, secret=OTHER),
        lambda of: token(of, age=3600),
        lambda of: token(of, audience="newsletter"),
        lambda of: token(of).rsplit(".", 1)[0] + "." + token(of + 1).rsplit(".", 1)[1],
        lambda of: key_of(f"zq{of:03}x"),
    )
    for one, other in pairs():
        by = bad[one // 2 % len(bad)]
        with pytest.raises(TokenRefused):
            verify(by(other), SECRET, AUDIENCE, time.time())
        guest = signed_in(other, by)
        assert not guest.startswith("customer:")
        conversation = world.desk.begin(guest, "en")
        assert owners(world.tell(guest, conversation, "Where is my order?")) == set()
        assert world.desk.view(conversation, guest).messages[-1].text == phrase("order_guest", "en")
        assert world.desk.latest(guest) == conversation


def test_guessed_conversations_are_nobodys(world: World) -> None:
    for one, other in pairs():
        for visitor in (world.visitors[one], signed_in(other, lambda of: token(of, secret=OTHER))):
            for way in (*WAYS_IN.values(), lambda store, c, v: store.begin(v, "en") and store.messages(c, v)):
                with pytest.raises(NotYours):
                    way(world.store, world.conversations[other], visitor)
            with pytest.raises(NotYours):
                list(world.desk.handle_message(world.conversations[other], visitor, "Where is my order?"))
            with pytest.raises(NotYours):
                world.desk.view(world.conversations[other], visitor)


def test_a_guests_conversation_is_not_seen_by_who_signs_in_there_nor_theirs_by_the_guest_after_them(
    world: World,
) -> None:
    browser = {"vouch_visitor": SESSIONS.new_cookie(False).split("=", 1)[1].split(";")[0]}
    guest = SESSIONS.visitor(browser) or ""
    conversation = world.desk.begin(guest, "en")
    list(world.desk.handle_message(conversation, guest, "A secret of the guest"))
    cookie = SESSIONS.customer_cookie("zq000x", 60, False).split("=", 1)[1].split(";")[0]
    signed = SESSIONS.visitor({**browser, CUSTOMER_COOKIE: cookie}) or ""
    assert signed == world.visitors[0]
    assert world.desk.latest(signed) != conversation
    with pytest.raises(NotYours):
        world.desk.view(conversation, signed)
    assert world.desk.latest(guest) == conversation


def test_exports_hold_all_of_one_and_nothing_of_others(world: World, tmp_path: Path) -> None:
    asked_for_others = sa.text("DELETE FROM messages WHERE role = 'customer' AND text <> 'Where is my order?'")
    with world.engine.begin() as connection:  # what they typed of others themselves is theirs
        connection.execute(asked_for_others)
    for of, _ in pairs():
        file = tmp_path / "export.json"
        export(world.engine, f"zq{of:03}x", file, masked=False)
        assert owners(file.read_text(encoding="utf-8")) == {of}


def test_the_log_names_nobody(world: World) -> None:
    assert world.log  # tokens were refused
    assert owners(world.log) == set()
