"""Counters and readiness: what they say is so, and only who may reads the counters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from backends.database import open_database
from desk.metering import Metered, Meters
from desk.service import Desk
from desk.staff import Account
from desk.store import Conversations
from rag.errors import StoreError
from rag.types import Reply, Turn
from tests.desk.scripted import Scripted, cited, reply
from tests.doubles.shelf import Shelf
from ui.session import Sessions
from ui.shield import Shield
from ui.vitals import problems


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    opened = open_database(tmp_path / "data")
    yield opened
    opened.dispose()


def test_replies_and_waiting_conversations_are_counted(engine: Engine) -> None:
    meters = Meters(engine)

    def script(turns: Sequence[Turn]) -> Reply:
        if "fail" in turns[-1].text:
            raise StoreError("gone")
        return reply(cited("Yes."), outcome="decline" if "no" in turns[-1].text else "answer")

    desk = Desk(Conversations(engine), Metered(Scripted(script), meters))
    conversation = desk.begin("anna", "en")
    for text in ("Hm?", "And this?", "no?", "fail!"):
        list(desk.handle_message(conversation, "anna", text))
    desk.request_person(conversation, "anna", "en")
    page = meters.page().decode()
    for line in (
        'vouch_replies_total{outcome="answer"} 2.0', 'vouch_replies_total{outcome="decline"} 1.0', "vouch_failures_total 1.0",
        "vouch_first_sentence_seconds_count 3.0", 'vouch_tickets{state="waiting"} 1.0', 'vouch_tickets{state="claimed"} 0.0',
    ):  # fmt: skip
        assert line in page
    assert "anna" not in page


def test_ready_with_knowledge_and_room(engine: Engine, tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "shelf")
    assert problems(shelf.store.engine, shelf.data) == ["knowledge: no document is live"]
    shelf.write("a.md", "# A\n\nThe warranty lasts two years.\n")
    shelf.sync()
    assert problems(shelf.store.engine, shelf.data) == []
    assert problems(shelf.store.engine, shelf.data, room=1 << 60)[0].startswith("disk: less than")
    assert problems(shelf.store.engine, tmp_path / "gone") == ["disk: the data folder is gone"]
    shelf.close()


class From:
    """As if the request came from this address."""

    def __init__(self, app: ASGIApp, address: str) -> None:
        self._app, self._address = app, address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app({**scope, "client": (self._address, 5)}, receive, send)


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("203.0.113.5", {}, 401),
        ("127.0.0.1", {"x-forwarded-for": "203.0.113.5"}, 401),
        ("203.0.113.5", {"cookie": "vouch_staff=emma"}, 200),
    ],
)
def test_counters_are_for_this_machine_and_for_staff(address: str, headers: dict[str, str], status: int) -> None:
    async def answers(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"counters"})

    def who(token: str) -> Account | None:
        return Account("emma", frozenset({"agent"}), True, datetime(2026, 1, 1)) if token else None

    shield = Shield(answers, Sessions("s" * 43), who, {})
    client = TestClient(From(shield, address))
    assert client.get("/metrics", headers=headers).status_code == status
