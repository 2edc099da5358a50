"""Notifications: stored with the step they tell of, sent at least once and in order, through an hour of silence."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from sqlalchemy import Engine
from werkzeug import Request, Response

from backends import build, notify
from backends.database import open_database
from backends.notify import EmailChannel, WebhookChannel, signature
from desk.handoff import Claim, Escalate, Kind, Resolve
from desk.moves import Actor, Rules
from desk.outbox import LEASE, Outbox
from desk.store import Conversations
from desk.tickets import Tickets
from rag.config import Settings
from rag.config_people import Email, Notifications, Webhook
from rag.errors import ConfigError, Undelivered
from tests.doubles.smtp_server import SmtpServer

ALL: frozenset[Kind] = frozenset(["opened", "claimed", "resolved"])
ADA = Actor("agent:ada", "Ada")


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notify, "PAUSE", 0.01)


class Clock:
    def __init__(self) -> None:
        self.at = datetime(2026, 3, 2, 9)

    def __call__(self) -> datetime:
        self.at += timedelta(milliseconds=1)
        return self.at


def histories(engine: Engine, clock: Clock, tickets: int, channels: Sequence[str] = ("webhook",)) -> None:
    """So many tickets, each opened, claimed and resolved, in turns."""
    rules = Rules(channels=dict.fromkeys(channels, ALL), now=clock)
    store, desk = Conversations(engine, rules), Tickets(engine, rules)
    for _ in range(tickets):
        event = Escalate("anger", "the customer is angry")
        store.hand_off(store.begin("anna", "en"), "anna", event, "", lambda _: None)
    waiting = [each.number for each in desk.tickets()]
    for event in (Claim("ada"), Resolve("ada")):
        for number in waiting:
            desk.move(number, event, ADA)


class Receiver:
    """Takes everything but what `failing` says; remembers (ticket, event) and the ids."""

    def __init__(self, failing: Sequence[int] = ()) -> None:
        self.failing, self.calls = failing, 0
        self.taken, self.keys = list[tuple[object, object]](), list[str]()

    def send(self, key: str, payload: Mapping[str, object]) -> None:
        self.calls += 1
        if self.calls in self.failing:
            raise Undelivered("the receiver is out to lunch.")
        self.taken.append((payload["ticket"], payload["event"]))
        self.keys.append(key)


def drain(outbox: Outbox, clock: Clock) -> None:
    """Go on, pauses and all, until nothing waits."""
    for _ in range(60):
        if not outbox.waiting():
            return
        outbox.deliver()
        clock.at += timedelta(minutes=1)
    raise AssertionError("something is never sent")


@pytest.mark.parametrize("failing", [(), (1,), (2, 3, 4, 8), tuple(range(1, 20))])
def test_each_ticket_is_told_of_in_order_and_completely(engine: Engine, failing: Sequence[int]) -> None:
    clock, receiver = Clock(), Receiver(failing)
    histories(engine, clock, 3)
    drain(Outbox(engine, "webhook", receiver, clock), clock)
    for number in (1, 2, 3):
        assert [event for ticket, event in receiver.taken if ticket == number] == ["opened", "claimed", "resolved"]
    assert len(set(receiver.keys)) == 9


def test_after_an_hour_of_silence_and_a_restart_nothing_is_missing(tmp_path: Path) -> None:
    clock, receiver = Clock(), Receiver(range(1, 10_000))
    engine = open_database(tmp_path)
    histories(engine, clock, 2)
    down = Outbox(engine, "webhook", receiver, clock)
    for _ in range(60):
        down.deliver()
        clock.at += timedelta(minutes=1)
    engine.dispose()
    assert receiver.calls < 60  # it is not hammered
    engine = open_database(tmp_path)
    receiver.failing = ()
    drain(Outbox(engine, "webhook", receiver, clock), clock)
    assert sorted(receiver.taken) == [(n, event) for n in (1, 2) for event in ("claimed", "opened", "resolved")]
    engine.dispose()


def test_what_one_process_sends_another_does_not(engine: Engine) -> None:
    clock = Clock()
    histories(engine, clock, 1)
    other = Receiver()

    class Slow(Receiver):
        def send(self, key: str, payload: Mapping[str, object]) -> None:
            assert Outbox(engine, "webhook", other, clock).deliver().sent == 0
            super().send(key, payload)

    slow = Slow()
    outbox = Outbox(engine, "webhook", slow, clock)
    drain(outbox, clock)
    assert (len(slow.taken), other.taken) == (3, [])


def test_what_a_dead_process_was_sending_is_sent_again_under_the_same_id(engine: Engine) -> None:
    clock, keys = Clock(), list[str]()
    histories(engine, clock, 1)

    class Dying(Receiver):
        def send(self, key: str, payload: Mapping[str, object]) -> None:
            keys.append(key)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Outbox(engine, "webhook", Dying(), clock).deliver()
    receiver = Receiver()
    again = Outbox(engine, "webhook", receiver, clock)
    assert again.deliver().sent == 0
    clock.at += LEASE
    drain(again, clock)
    assert receiver.keys[0] == keys[0]


def test_the_webhook_is_signed_and_says_what_happened(engine: Engine, httpserver: HTTPServer) -> None:
    got = list[tuple[Mapping[str, str], bytes]]()

    def take(request: Request) -> Response:
        got.append((dict(request.headers), request.get_data()))
        return Response(status=204)

    httpserver.expect_request("/hook", method="POST").respond_with_handler(take)
    clock = Clock()
    histories(engine, clock, 1)
    channel = WebhookChannel(Webhook(url=httpserver.url_for("/hook")), "s3cret", 2)
    drain(Outbox(engine, "webhook", channel, clock), clock)
    headers, body = got[0]
    told = json.loads(body)
    assert (told["event"], told["ticket"], told["rule"], told["id"]) == ("opened", 1, "anger", headers["X-Vouch-Id"])
    expected = signature(b"s3cret", headers["X-Vouch-Id"], headers["X-Vouch-Timestamp"], body)
    assert headers["X-Vouch-Signature"] == f"v1={expected}"
    assert len(got) == 3


@pytest.mark.parametrize("status", [302, 400, 500, 503])
def test_whatever_is_not_taken_is_a_failure_in_clear_words(httpserver: HTTPServer, status: int) -> None:
    httpserver.expect_request("/hook").respond_with_data("no", status=status)
    channel = WebhookChannel(Webhook(url=httpserver.url_for("/hook")), "s3cret", 2)
    with pytest.raises(Undelivered, match=rf"the webhook at http.* did not take it: it answered {status}\.") as failed:
        channel.send("k", {})
    assert "s3cret" not in str(failed.value)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/hook", "no-address", "http://[::1"])
def test_an_address_where_nobody_is_is_a_failure_too(url: str) -> None:
    with pytest.raises(Undelivered, match="did not take it"):
        WebhookChannel(Webhook(url=url), "s", 0.5).send("k", {})


def mails(port: int) -> EmailChannel:
    settings = Email(
        host="127.0.0.1", port=port, security="none", sender="desk@vouch.example", to=("a@b.example", "c@d.example")
    )
    return EmailChannel(settings, "", 2)


def test_a_mail_says_what_happened_to_which_ticket(engine: Engine) -> None:
    clock = Clock()
    histories(engine, clock, 1, ("email",))
    with SmtpServer() as server:
        drain(Outbox(engine, "email", mails(server.port), clock), clock)
        subjects = [each["Subject"] for each in server.taken]
        first = server.taken[0]
    assert subjects == ["Ticket 1: opened", "Ticket 1: claimed", "Ticket 1: resolved"]
    assert (first["To"], first["From"]) == ("a@b.example, c@d.example", "desk@vouch.example")
    assert "reason: the customer is angry" in first.get_content()


def test_a_broken_mail_server_costs_nothing(engine: Engine) -> None:
    clock = Clock()
    histories(engine, clock, 1, ("email",))
    with SmtpServer() as server:
        server.refuse = "451 too busy"
        outbox = Outbox(engine, "email", mails(server.port), clock)
        assert "did not take it" in outbox.deliver().problem
        assert server.taken == []
        server.refuse = ""
        drain(outbox, clock)
        assert len(server.taken) == 3
    with pytest.raises(Undelivered, match=r"the mail server 127\.0\.0\.1:9 did not take it"):
        mails(9).send("k", {"ticket": 1, "event": "opened"})


def test_channels_do_not_wait_for_each_other(engine: Engine) -> None:
    clock, receiver = Clock(), Receiver()
    histories(engine, clock, 1, ("webhook", "email"))
    assert Outbox(engine, "webhook", Receiver(range(99)), clock).deliver().sent == 0
    drain(Outbox(engine, "email", receiver, clock), clock)
    assert len(receiver.taken) == 3


def test_the_thread_stops_when_told(engine: Engine) -> None:
    clock, receiver, stop = Clock(), Receiver(), threading.Event()
    histories(engine, clock, 1)
    outbox = Outbox(engine, "webhook", receiver, clock)
    thread = threading.Thread(target=outbox.run, args=(stop,), daemon=True)
    thread.start()
    deadline = threading.Event()
    for _ in range(200):
        if not outbox.waiting():
            break
        deadline.wait(0.05)
    stop.set()
    thread.join(5)
    assert (thread.is_alive(), len(receiver.taken)) == (False, 3)


def test_what_is_missing_in_the_settings_is_said_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VOUCH_WEBHOOK_SECRET", raising=False)
    webhook = Settings(notifications=Notifications(webhook=Webhook(url="http://127.0.0.1/hook")))
    with pytest.raises(ConfigError, match="VOUCH_WEBHOOK_SECRET is empty"):
        build.notification_channels(webhook)
    with pytest.raises(ConfigError, match="sender or to is empty"):
        build.notification_channels(Settings(notifications=Notifications(email=Email(host="mail.example"))))
    assert build.notification_channels(Settings()) == {}
