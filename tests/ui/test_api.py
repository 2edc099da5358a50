"""The API over HTTP: who may call, what comes back, and what is refused in which words."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from backends.database import open_database
from desk.agents import Agent
from desk.askers import key_of
from desk.metering import Meters
from desk.office import Office, office
from desk.service import LONGEST
from desk.staff import Staff
from desk.tokens import Identity, issue
from rag.config import Server, Settings
from rag.errors import ConfigError
from rag.types import AnswerSentence, Reply, Turn
from tests.desk.scripted import Scripted, cited, reply
from tests.doubles.shelf import Shelf
from tests.ui.behind import everything
from ui.api_callers import Callers, NotKnown, nobody
from ui.site import site

SECRET, KEY, AUDIENCE = "t" * 40, "k" * 40, "chat"
ADA = Agent("ada", "Ada")
PACE = 5


def script(turns: Sequence[Turn]) -> Reply:
    if "person" in turns[-1].text:
        return reply(AnswerSentence("You would like to talk to a person."), outcome="hand_off")
    if "break" in turns[-1].text:
        raise RuntimeError("a fault of the assistant")
    return reply(cited("It lasts 24 months."), cited("保修两年。", number=2))


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    opened = open_database(tmp_path_factory.mktemp("data"))
    yield opened
    opened.dispose()


@pytest.fixture(scope="module")
def people(engine: Engine) -> Office:
    return office(Settings(server=Server(messages_per_minute=PACE)), engine, Scripted(script))


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, engine: Engine, people: Office) -> Iterator[FastAPI]:
    shelf = Shelf(tmp_path_factory.mktemp("shelf"))
    staff = Staff(engine, Settings().staff, memory_kib=64)
    behind = everything(people, engine, staff, shelf, Meters(engine), Callers(SECRET, AUDIENCE, KEY))

    async def made() -> FastAPI:
        return site(behind, Settings())

    yield asyncio.run(made())
    shelf.close()


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, raise_server_exceptions=False) as opened:
        yield opened


def token(customer: str, secret: str = SECRET, seconds: int = 60) -> dict[str, str]:
    now = int(time.time())
    return {"authorization": f"Bearer {issue(secret, AUDIENCE, Identity(customer, '', now, now + seconds))}"}


def guest(name: str) -> dict[str, str]:
    return {"authorization": f"Bearer {KEY}", "vouch-guest": name}


def say(client: TestClient, who: dict[str, str], text: str, **more: object) -> Any:
    return client.post("/api/v1/messages", headers=who, json={"text": text, **more})


def events(answered: Any) -> list[tuple[str, Any]]:
    assert answered.status_code == 200, answered.text
    assert answered.headers["content-type"].startswith("text/event-stream")
    blocks = [each.split("\n") for each in answered.text.strip().split("\n\n")]
    return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in blocks]


def refusal(answered: Any, status: int, code: str) -> str:
    assert answered.status_code == status, answered.text
    body = answered.json()
    assert set(body) == {"error"}
    assert body["error"]["code"] == code
    return str(body["error"]["message"])


# --- answers -----------------------------------------------------------------------------------------------


def test_an_answer_comes_sentence_by_sentence_and_the_conversation_goes_on(client: TestClient) -> None:
    answered = say(client, token("C-1"), "How long is the warranty?")
    found = events(answered)
    assert [name for name, _ in found] == ["sentence", "withdrawn", "sentence", "sentence", "done"]
    assert found[2][1]["text"] == "It lasts 24 months."
    source = found[2][1]["citations"][0]
    assert (source["source"], source["quote"], source["version"]) == ("a.md", "It lasts 24 months.", 1)
    done = found[-1][1]
    assert (done["outcome"], done["person"]) == ("answer", None)
    assert answered.headers["vouch-conversation"] == done["conversation"]
    again = events(say(client, token("C-1"), "And then?", conversation=done["conversation"]))[-1][1]
    assert again["conversation"] == done["conversation"]
    read = client.get(f"/api/v1/conversations/{done['conversation']}", headers=token("C-1")).json()
    assert [each["role"] for each in read["messages"]] == ["customer", "assistant"] * 2
    assert read["messages"][3]["id"] == again["message"]
    assert read["messages"][1]["sentences"] == [found[2][1], found[3][1]]
    assert read["messages"][1]["at"].endswith("Z")


def test_a_person_takes_over_and_is_read_from_the_conversation(client: TestClient, people: Office) -> None:
    who = guest("whatsapp:+44.7700")
    done = events(say(client, who, "A person, please"))[-1][1]
    assert done["outcome"] == "hand_off"
    assert done["person"]["state"] == "waiting"
    assert done["person"]["position"] >= 1
    number, conversation = done["person"]["number"], done["conversation"]
    people.agents.claim(ADA, number)
    people.agents.say(ADA, number, "Ada here.")
    left = events(say(client, who, "Thanks for coming", conversation=conversation))
    assert [name for name, _ in left] == ["done"]
    assert (left[0][1]["outcome"], left[0][1]["person"]["state"]) == (None, "claimed")
    read = client.get(f"/api/v1/conversations/{conversation}", headers=who).json()
    assert ("agent", "Ada", "Ada here.") in [(each["role"], each["author"], each["text"]) for each in read["messages"]]


def test_a_fault_of_the_assistant_is_told_as_in_the_chat(client: TestClient) -> None:
    found = events(say(client, guest("broken"), "Please break"))
    assert [name for name, _ in found] == ["withdrawn", "sentence", "sentence", "done"]
    assert found[-1][1]["outcome"] == "decline"


# --- who may -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": "Bearer"},
        {"authorization": f"Basic {KEY}"},
        {"authorization": f"Bearer {KEY}x", "vouch-guest": "g"},
        {"authorization": f"Bearer {KEY}"},
        {"authorization": f"Bearer {KEY}", "vouch-guest": "a b"},
        {"authorization": f"Bearer {KEY}", "vouch-guest": "x" * 129},
        token("C-1", secret="f" * 40),
        token("C-1", seconds=-1),
        {**token("C-1"), "vouch-guest": "g"},
        {"cookie": "vouch_visitor=x"},
    ],
)
def test_who_is_not_known_hears_why(client: TestClient, headers: dict[str, str]) -> None:
    for answered in (say(client, headers, "Hello"), client.get("/api/v1/conversations/x", headers=headers)):
        message = refusal(answered, 401, "UNKNOWN")
        assert KEY not in message


def test_without_a_key_no_channel_is_let_in() -> None:
    for callers in (nobody(), Callers(SECRET, AUDIENCE)):
        for given in ("", "Bearer ", f"Bearer {KEY}"):
            with pytest.raises(NotKnown):
                callers.visitor(given, "g")
    with pytest.raises(ConfigError, match="at least 32 random characters"):
        Callers(SECRET, AUDIENCE, "short")


def test_nobody_reaches_anothers_conversation_or_name(client: TestClient) -> None:
    conversation = events(say(client, token("C-7"), "Hello there"))[-1][1]["conversation"]
    for who in (token("C-8"), guest("C-7"), guest(key_of("C-7"))):
        refusal(say(client, who, "Mine?", conversation=conversation), 404, "NO_CONVERSATION")
        refusal(client.get(f"/api/v1/conversations/{conversation}", headers=who), 404, "NO_CONVERSATION")
    assert client.get(f"/api/v1/conversations/{conversation}", headers=token("C-7")).status_code == 200


# --- what is refused ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (b"", "body"), (b"{", "body"), (b"[]", "body"), (b"null", "body"), (b"\xff\xfe", "body"), (b"{}", "text"),
        (b'{"text": ""}', "text"), (b'{"text": "  "}', "text"), (b'{"text": 7}', "text"), (b'{"text": "a", "txet": 1}', "txet"),
        (b'{"text": "a", "language": "fr"}', "language"), (b'{"text": "a", "conversation": ["x"]}', "conversation"),
        (b"[" * 30_000, "body"),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_named(client: TestClient, body: bytes, named: str) -> None:
    sent = {**guest("odd"), "content-type": "application/json"}
    answered = client.post("/api/v1/messages", headers=sent, content=body)
    assert answered.status_code in (400, 422)
    assert named in refusal(answered, answered.status_code, "NOT_UNDERSTOOD")


def test_sizes_are_limited(client: TestClient) -> None:
    assert "2,000" in refusal(say(client, guest("long"), "x" * (LONGEST + 1)), 413, "TOO_LONG")
    assert "bytes" in refusal(say(client, guest("long"), "x" * 70_000), 413, "TOO_LARGE")
    refusal(client.get("/api/v1/nothing"), 404, "NOT_FOUND")
    refusal(client.get("/api/v1/messages"), 404, "NOT_FOUND")


def test_each_caller_has_a_pace_of_their_own(client: TestClient) -> None:
    statuses = [say(client, guest("fast"), f"Message {number}").status_code for number in range(PACE + 2)]
    assert statuses == [200] * PACE + [429] * 2
    answered = say(client, guest("fast"), "Again")
    wait = answered.headers["retry-after"]
    assert f"Wait {wait} seconds" in refusal(answered, 429, "TOO_MANY")
    assert 1 <= int(wait) <= 61
    assert say(client, guest("slow"), "Hello").status_code == 200


# --- the description ---------------------------------------------------------------------------------------


def test_it_is_described(client: TestClient) -> None:
    found = client.get("/api/v1/openapi.json").json()
    assert set(found["paths"]) == {"/api/v1/messages", "/api/v1/conversations/{conversation}"}
    known = set(found["components"]["schemas"])
    assert {"NewMessage", "Sentence", "Withdrawn", "Done", "Refusal", "Conversation", "Source"} <= known
    sent = found["paths"]["/api/v1/messages"]["post"]
    assert set(sent["responses"]) >= {"200", "401", "404", "413", "422", "429"}
    assert list(sent["responses"]["200"]["content"]) == ["text/event-stream"]
    text = json.dumps(found)
    references = {each.split('"')[0] for each in text.split("#/components/schemas/")[1:]}
    assert references <= known


def test_a_sentence_leaves_before_the_answer_is_complete(engine: Engine) -> None:
    """Read from the generator itself: the test client hands over whole answers only."""
    from ui import api
    from ui.api_models import NewMessage

    hold = threading.Event()
    desk = office(Settings(), engine, Scripted(script, hold)).desk
    answer = api.Answer(desk, "channel:slow-reader", NewMessage(text="How long?"))
    first = [answer.begin(), answer.next(), answer.next()]
    assert [str(each).split("\n")[0] for each in first] == ["event: sentence", "event: withdrawn", "event: sentence"]
    hold.set()
    rest = [str(answer.next()).split("\n")[0] for _ in range(3)]
    assert rest == ["event: sentence", "event: done", "None"]
