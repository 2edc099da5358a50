"""What rises is told of once a topic and week, at least once, without anybody's words; and it changes the suggestions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from pytest_httpserver import HTTPServer
from sqlalchemy import Engine

from backends.notify import EmailChannel, WebhookChannel
from desk.askers import Askers, key_of
from desk.directory_sql import SQLDirectory
from desk.erasure import erase
from desk.office import alerted, rules
from desk.outbox import Outbox
from desk.questions import Asked
from desk.retention import tidy
from desk.rising import Rising, week_of
from desk.schema import conversations, messages, outbox, risen
from desk.store import Conversations
from desk.suggesting import Sources, Suggestions
from rag.config import Server, Settings
from rag.config_customers import Privacy, SegmentRule, When
from rag.config_people import Email, Topics, Webhook
from rag.types import Outcome
from tests.desk.scripted import cited, reply
from tests.doubles.shelf import Shelf
from tests.doubles.smtp_server import SmtpServer
from tests.rag.shop import assistant

NOW = datetime(2026, 11, 26, 12)  # a Thursday
CONFIGURED = {"en": ("Configured one?", "Configured two?"), "zh": ("配置的问题？",)}
WHEELS = "Do you sell spare wheels, I am Annabel Quist?"
SETTINGS = Settings(
    server=Server(suggestions=CONFIGURED),
    topics=Topics(askers=3, suggestions=3),
    segments=(SegmentRule(name="vip", when=When(tier=("vip",)), suggestions={"en": ("For VIPs?",)}),),
)


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    made = Shelf(tmp_path)
    made.write(
        "kettle.md", "# Kettle care\n\n## How do I descale the kettle?\n\nDescale the kettle with lemon juice.\n"
    )
    made.write("vip.md", "# Lounge\n\n## When is the lounge open?\n\nThe lounge is open from 9 to 17 on weekdays.\n")
    assert set(made.sync().values()) == {"published"}
    yield made
    made.close()


@pytest.fixture
def engine(shelf: Shelf) -> Engine:
    return shelf.store.engine


def ask(engine: Engine, text: str, visitors: list[str], at: datetime = NOW, outcome: Outcome = "decline") -> None:
    store = Conversations(engine)
    for visitor in visitors:
        conversation = store.begin(visitor, "en")
        store.add_question(conversation, visitor, text)
        store.add_answer(conversation, visitor, reply(cited("Yes."), outcome=outcome))
        with engine.execution_options(writes=True).begin() as connection:
            connection.execute(conversations.update().where(conversations.c.id == conversation).values(created_at=at))
            mine = messages.c.conversation == conversation
            connection.execute(messages.update().where(mine).values(created_at=at))


def made(shelf: Shelf, channels: tuple[str, ...] = ("webhook",), now: datetime = NOW) -> Suggestions:
    engine = shelf.store.engine
    rising = Rising(engine, channels, SETTINGS.topics.askers, lambda: now)
    asked, answers = Asked(engine, shelf.hashing), assistant(shelf, settings=SETTINGS)
    askers = Askers(SQLDirectory(engine), SETTINGS.segments)
    return Suggestions(Sources(engine, asked, shelf.knowledge(), answers, askers), rising, SETTINGS)


def alerts(engine: Engine) -> list[dict[str, object]]:
    with engine.connect() as connection:
        return [dict(each) for each in connection.scalars(sa.select(outbox.c.payload).order_by(outbox.c.id))]


def people(count: int, first: int = 0) -> list[str]:
    return [f"v{number}" for number in range(first, first + count)]


def test_it_is_told_once_a_week_however_often_it_is_looked_at(shelf: Shelf, engine: Engine) -> None:
    ask(engine, "Do you sell spare wheels?", people(8))
    for at in (NOW, NOW, NOW + timedelta(days=1)):
        made(shelf, now=at).refresh(at)
    ask(engine, "do you sell spare wheels for it", people(6, 20), NOW + timedelta(days=1))  # it grows, and is the same
    made(shelf, now=NOW + timedelta(days=1)).refresh(NOW + timedelta(days=1))
    (told,) = alerts(engine)
    assert (told["event"], told["week"], told["count"], told["before"]) == ("rising", "2026-W48", 8, 0)
    assert set(str(told["topic"]).split(" · ")) == {"sell", "spare", "wheels"}
    monday = NOW + timedelta(days=4)
    made(shelf, now=monday).refresh(monday)
    assert [each["week"] for each in alerts(engine)] == ["2026-W48", "2026-W49"]
    assert week_of(datetime(2027, 1, 1)) == "2026-W53"


def test_two_topics_are_told_of_each_and_each_channel_has_its_own(shelf: Shelf, engine: Engine) -> None:
    ask(engine, "Do you sell spare wheels?", people(8))
    ask(engine, "Where is fog coming from", people(9))
    made(shelf, ("webhook", "email")).refresh(NOW)
    assert sorted(each["count"] for each in alerts(engine)) == [8, 8, 9, 9]  # type: ignore[type-var]


def test_few_people_or_no_rise_tell_nobody(shelf: Shelf, engine: Engine) -> None:
    ask(engine, "Do you sell spare wheels?", ["anna"] * 20)
    ask(engine, "Where is fog coming from", people(9))
    ask(engine, "Where is fog coming from", people(9), NOW - timedelta(days=8))
    made(shelf).refresh(NOW)
    assert alerts(engine) == []


def test_nobodys_words_leave(shelf: Shelf, engine: Engine) -> None:
    ask(engine, WHEELS, ["anna"] * 4)
    ask(engine, "Do you sell spare wheels?", people(8))
    made(shelf).refresh(NOW)
    assert len(alerts(engine)) == 1
    assert "quist" not in json.dumps(alerts(engine)).lower()


def test_an_alert_goes_with_the_people_and_with_time(shelf: Shelf, engine: Engine) -> None:
    ask(engine, "Do you sell spare wheels?", people(8))
    made(shelf).refresh(NOW)
    erase(engine, shelf.data, "v3")
    with engine.connect() as connection:
        assert len(connection.execute(sa.select(risen)).all()) == 7
    tidy(engine, shelf.data, Privacy(conversations_days=10), NOW + timedelta(days=11))
    with engine.connect() as connection:
        assert connection.execute(sa.select(risen)).all() == connection.execute(sa.select(outbox)).all() == []


def test_it_leaves_by_the_webhook_through_a_failure(shelf: Shelf, engine: Engine, httpserver: HTTPServer) -> None:
    httpserver.expect_ordered_request("/hook", method="POST").respond_with_data("", 500)
    httpserver.expect_ordered_request("/hook", method="POST").respond_with_data("ok")
    ask(engine, "Do you sell spare wheels?", people(8))
    made(shelf).refresh(NOW)
    clock = [NOW]
    channel = WebhookChannel(Webhook(url=httpserver.url_for("/hook")), "s" * 40, 5)
    leaving = Outbox(engine, "webhook", channel, lambda: clock[0])
    assert leaving.deliver().sent == 0
    clock[0] += timedelta(minutes=5)
    assert leaving.deliver().sent == 1
    first, second = (json.loads(request.data) for request, _ in httpserver.log)
    assert first == second
    assert (second["event"], second["people"], second["id"].startswith("rising-2026-W48-")) == ("rising", 8, True)


def test_it_leaves_by_mail(shelf: Shelf, engine: Engine) -> None:
    ask(engine, "Do you sell spare wheels?", people(8))
    made(shelf, ("email",)).refresh(NOW)
    with SmtpServer() as server:
        settings = Email(host="127.0.0.1", port=server.port, security="none", sender="a@x.example", to=("b@x.example",))
        assert Outbox(engine, "email", EmailChannel(settings, "", 5), lambda: NOW).deliver().sent == 1
        assert any("rising" in str(each) and "wheels" in str(each) for each in server.taken)


def test_only_channels_that_are_to_tell_of_it_do() -> None:
    assert alerted(SETTINGS, ("webhook", "email")) == ("webhook",)
    assert "rising" not in rules(SETTINGS, {"webhook": EmailChannel(Email(), "", 1)}).channels["webhook"]


# --- suggestions -------------------------------------------------------------------------------------------


def test_what_rises_is_suggested_in_the_documents_words(shelf: Shelf, engine: Engine) -> None:
    suggestions = made(shelf)
    assert suggestions.of("guest", "en") == CONFIGURED["en"]
    ask(engine, "how to descale the kettle, I am Annabel Quist", people(8), outcome="answer")
    ask(engine, WHEELS, people(9))  # nothing answers it
    suggestions.refresh(NOW)
    assert suggestions.of("guest", "en") == ("How do I descale the kettle?", *CONFIGURED["en"])
    assert suggestions.of("guest", "zh") == CONFIGURED["zh"]
    shelf.write("kettle.md", "# Nothing\n\nThere is nothing about it any more.\n")
    shelf.sync()
    suggestions.refresh(NOW)
    assert suggestions.of("guest", "en") == CONFIGURED["en"]


def test_few_askers_change_nothing(shelf: Shelf, engine: Engine) -> None:
    suggestions = made(shelf)
    ask(engine, "How do I descale the kettle?", ["anna"] * 9 + ["ben"], outcome="answer")
    suggestions.refresh(NOW)
    assert suggestions.of("guest", "en") == CONFIGURED["en"]


def test_a_segment_has_its_own(shelf: Shelf, engine: Engine) -> None:
    empty = dict.fromkeys(("name", "email", "phone", "language", "region"), "")
    SQLDirectory(engine).write({"customers": [{"id": f"C-{number}", "tier": "vip", **empty} for number in range(4)]})
    for at in (NOW, NOW - timedelta(days=8)):  # nothing rises
        ask(engine, "How do I descale the kettle?", people(8), at, outcome="answer")
        ask(engine, "When is the lounge open?", [key_of(f"C-{number}") for number in range(3)], at, outcome="answer")
    suggestions = made(shelf)
    suggestions.refresh(NOW)
    kettle, lounge = "How do I descale the kettle?", "When is the lounge open?"
    assert suggestions.of(key_of("C-3"), "en") == (lounge, kettle, "For VIPs?")
    assert suggestions.of("guest", "en") == (kettle, lounge, "Configured one?")
