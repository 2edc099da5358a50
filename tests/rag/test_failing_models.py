"""Every way an endpoint fails, seen from the customer: a whole answer from the documents, said so, never half of one."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from backends.openai_chat import OpenAIChat
from rag.config import Endpoint, Settings, Writer
from rag.phrases import phrase
from rag.ports import Embedder
from rag.types import Event, Said, Turn
from tests.doubles import chat_server as server
from tests.doubles.chat_server import ChatServer, Exchange, Mode
from tests.doubles.shelf import Shelf, count_words
from tests.rag.shop import FILTER, PROVEN, ask, assistant, open_shop, reply_of

pytestmark = pytest.mark.timeout(20)
SETTINGS = Settings(writer=Writer(first_token_seconds=0.4, total_seconds=1.0, attempts=2))

FAILURES: dict[str, Mode] = {
    "unauthorised": server.error(401),
    "unknown model": server.error(404),
    "too many requests": server.error(429),
    "too many requests, come back later": server.error(429, Retry_After="60"),
    "internal error": server.error(500),
    "silence": server.hang,
    "slow headers": server.slow_headers,
    "drip": server.drip(0.2),
    "empty choices only": server.only(server.empty_choices),
    "frames without content only": server.only(server.without_content),
    "comments only": server.only(server.comment),
    "cut before a word": Exchange.cut,
    "cut half-way": server.half(Exchange.cut),
    "silence half-way": server.half(Exchange.wait),
    "bad frame half-way": server.half(lambda exchange: exchange.data("{not json")),
    "end half-way": server.half(Exchange.end),
    "no finish reason": server.good(finish=None),
    "nothing said": server.good(""),
    "no stream": server.json_answer,
    "web page": server.web_page,
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, minilm: Embedder) -> Iterator[Shelf]:
    made = open_shop(tmp_path_factory.mktemp("shop"), minilm)
    yield made
    made.close()


def model(url: str) -> OpenAIChat:
    return OpenAIChat(Endpoint(base_url=url, model="m"), "key", SETTINGS.writer, count_words)


def is_the_documents_answer(events: list[Event]) -> None:
    reply = reply_of(events)
    assert (reply.decision.outcome, reply.writer, reply.note) == ("answer", "extractive", phrase("model_failed", "en"))
    assert reply.sentences[0].text == PROVEN
    for sentence in reply.sentences:
        assert [citation.quote for citation in sentence.citations] == [sentence.text]


@pytest.mark.parametrize("failure", FAILURES)
def test_the_customer_gets_the_documents_answer(shop: Shelf, failure: str) -> None:
    with ChatServer(FAILURES[failure]) as endpoint:
        began = time.monotonic()
        is_the_documents_answer(ask(shop, FILTER, model(endpoint.url), settings=SETTINGS))
        assert time.monotonic() - began < 7


def test_nobody_listens(shop: Shelf) -> None:
    is_the_documents_answer(ask(shop, FILTER, model(server.refused_url()), settings=SETTINGS))


def test_after_one_failure_the_same_model_answers(shop: Shelf) -> None:
    with ChatServer(server.error(503), server.good()) as endpoint:
        reply = reply_of(ask(shop, FILTER, model(endpoint.url), settings=SETTINGS))
    assert (reply.text, reply.writer, reply.note) == ("The filter lasts 12 months.", "m", "")


def test_several_silent_endpoints_share_one_budget(shop: Shelf) -> None:
    with ChatServer(server.hang) as endpoint:
        began = time.monotonic()
        is_the_documents_answer(ask(shop, FILTER, *[model(endpoint.url)] * 9, settings=SETTINGS))
        assert time.monotonic() - began < 7
    assert len(endpoint.requests) <= 3


def test_a_customer_may_leave_half_way(shop: Shelf) -> None:
    with ChatServer(server.half(Exchange.wait)) as endpoint:
        events = assistant(shop, model(endpoint.url), settings=SETTINGS).reply([Turn("customer", FILTER)])
        assert next(event for event in events if isinstance(event, Said)).sentence.citations
        events.close()  # type: ignore[attr-defined]
