"""Every way an endpoint fails, seen from the customer: a whole answer from the documents, said so, never half of one."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from backends.openai_chat import OpenAIChat
from rag.config import Endpoint, Settings, Writer
from rag.phrases import phrase
from rag.ports import Embedder
from rag.types import Event, Said, Turn, Usage
from tests.doubles import chat_server as server
from tests.doubles.chat_server import ChatServer, Exchange, Mode
from tests.doubles.shelf import Shelf, count_words
from tests.rag.shop import FILTER, PROVEN, ask, assistant, open_shop, reply_of

pytestmark = pytest.mark.timeout(20)
SETTINGS = Settings(writer=Writer(first_token_seconds=0.4, total_seconds=1.0, attempts=2))

LIE = "The filter lasts 24 months [1]. "

# Nothing of these can be shown: the documents' own sentences are.
FAILURES: dict[str, Mode] = {
    "unauthorised": server.error(401),
    "forbidden": server.error(403),
    "unknown model": server.error(404),
    "request refused": server.complaint(400, "maximum context length is 10 tokens"),
    "too many requests": server.error(429),
    "too many requests, come back later": server.error(429, Retry_After="60"),
    "too many requests, come back on a date": server.error(429, Retry_After="Wed, 21 Oct 2099 07:28:00 GMT"),
    "internal error": server.error(500),
    "bad gateway, as a web page": server.bad_gateway,
    "redirects in a circle": server.elsewhere,
    "silence": server.hang,
    "silence behind the headers": server.hang_open,
    "slow headers": server.slow_headers,
    "drip": server.drip(0.2),
    "drip of bytes": server.bytes_drip(1.0),
    "empty choices only": server.only(server.empty_choices),
    "frames without content only": server.only(server.without_content),
    "comments only": server.only(server.comment),
    "cut before a word": Exchange.cut,
    "cut half-way": server.half(Exchange.cut),
    "silence half-way": server.half(Exchange.wait),
    "bad frame half-way": server.half(lambda exchange: exchange.data("{not json")),
    "an error half-way": server.half(lambda exchange: exchange.data({"error": {"message": "overloaded"}})),
    "end half-way": server.half(Exchange.end),
    "no finish reason": server.good(finish=None),
    "filtered": server.good(finish="content_filter"),
    "nothing said": server.good(""),
    "no stream": server.json_answer,
    "web page": server.web_page,
    "a tool call and no word": server.tools(),
    "another language": server.good("这个滤芯大约可以使用十二个月。[1]"),
}
# These work, but nothing they write can be proven.
UNPROVEN: dict[str, Mode] = {
    "only lies": server.good(LIE, "It is free of charge [1]."),
    "lies with invented numbers": server.good("The filter lasts 24 months [99]. ", "It lasts 24 months [1-9999]."),
    "every frame twice": server.good("The filter ", "lasts 12 ", "months ", "[1].", times=2),
    "its instructions": server.good("You answer a customer of a company, using only the numbered passages below."),
    "a tool call as text": server.good('{"name": "refund", "arguments": {"order": "12 months"}}'),
    "roles": server.good("system: the filter lasts 12 months [1].\n", "User: the filter lasts 12 months [1].\n"),
    "cut in its only sentence": server.good("The filter of the AirPure 300S lasts", finish="length"),
    "thoughts without an end": server.good("<think>The filter lasts 12 months [1]. ", "So."),
}
# What is good of these is said, and nothing else.
HEARD: dict[str, Mode] = {
    "no [DONE]": server.good(done=False),
    "a lie before": server.good(LIE, *server.ANSWER),
    "a tool call beside": server.tools(*server.ANSWER),
    "invented citations": server.good("The filter ", "lasts 12 months ", "[99][1][7]."),
    "endless": server.endless,
    "cut in its second sentence": server.good(*server.ANSWER, " It costs £44.90 and", finish="length"),
    "thoughts before": server.good("<thi", "nk>It may be 24 months. </th", "ink>", *server.ANSWER),
    "the same twice": server.good(*server.ANSWER, " ", *server.ANSWER),
    "control characters": server.good("The fil\u200bter lasts\x1b 12\u202e months [1]."),
    "links": server.good(
        "The filter lasts 12 months [1](https://evil.example). ", "See https://evil.example/refund now."
    ),
    "a giving up behind": server.good(*server.ANSWER, " NO_ANSWER to the rest."),
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, minilm: Embedder) -> Iterator[Shelf]:
    made = open_shop(tmp_path_factory.mktemp("shop"), minilm)
    yield made
    made.close()


def model(url: str) -> OpenAIChat:
    return OpenAIChat(Endpoint(base_url=url, model="m"), "key", SETTINGS.writer, count_words)


def is_the_documents_answer(events: list[Event], note: str = "model_failed") -> None:
    reply = reply_of(events)
    assert (reply.decision.outcome, reply.writer, reply.note) == ("answer", "extractive", phrase(note, "en"))
    assert reply.sentences[0].text == PROVEN
    for sentence in reply.sentences:
        assert [citation.quote for citation in sentence.citations] == [sentence.text]


@pytest.mark.parametrize("failure", FAILURES)
def test_the_customer_gets_the_documents_answer(shop: Shelf, failure: str) -> None:
    with ChatServer(FAILURES[failure]) as endpoint:
        began = time.monotonic()
        is_the_documents_answer(ask(shop, FILTER, model(endpoint.url), settings=SETTINGS))
        assert time.monotonic() - began < 7


@pytest.mark.parametrize("failure", UNPROVEN)
def test_what_cannot_be_proven_is_replaced_and_said_to_be(shop: Shelf, failure: str) -> None:
    with ChatServer(UNPROVEN[failure]) as endpoint:
        events = ask(shop, FILTER, model(endpoint.url), settings=SETTINGS)
    is_the_documents_answer(events, note="model_unproven")


@pytest.mark.parametrize("oddity", HEARD)
def test_what_is_proven_is_said_and_nothing_else(shop: Shelf, oddity: str) -> None:
    with ChatServer(HEARD[oddity]) as endpoint:
        reply = reply_of(ask(shop, FILTER, model(endpoint.url), settings=SETTINGS))
    assert (reply.text, reply.writer, reply.note) == ("The filter lasts 12 months.", "m", "")


def test_a_model_that_gives_up_in_many_words_is_a_decline(shop: Shelf) -> None:
    with ChatServer(server.good("NO_ANSWER: the passages say that ", *server.ANSWER)) as endpoint:
        reply = reply_of(ask(shop, FILTER, model(endpoint.url), settings=SETTINGS))
    assert (reply.decision.outcome, reply.writer) == ("decline", "fixed")
    assert reply.text.startswith("I understood that you ask about AirPure 300S and filter, but I could not find")


def test_https_where_there_is_none(shop: Shelf) -> None:
    with ChatServer(server.good()) as endpoint:
        is_the_documents_answer(ask(shop, FILTER, model(endpoint.url.replace("http:", "https:")), settings=SETTINGS))


def test_an_answer_in_another_language_is_withdrawn_for_the_next_model(shop: Shelf) -> None:
    with ChatServer(FAILURES["another language"], server.good()) as endpoint:
        reply = reply_of(ask(shop, FILTER, *[model(endpoint.url)] * 2, settings=SETTINGS))
    assert (reply.text, reply.writer) == ("The filter lasts 12 months.", "m")


def test_a_model_that_failed_again_and_again_is_no_longer_waited_for(shop: Shelf) -> None:
    with ChatServer(server.hang) as endpoint:
        asked = model(endpoint.url)
        for _ in range(SETTINGS.writer.breaker_failures):
            is_the_documents_answer(ask(shop, FILTER, asked, settings=SETTINGS))
        began = time.monotonic()
        is_the_documents_answer(ask(shop, FILTER, asked, settings=SETTINGS))
        assert time.monotonic() - began < SETTINGS.writer.first_token_seconds
    assert len(endpoint.requests) == SETTINGS.writer.breaker_failures


def test_what_failed_attempts_cost_is_kept_with_the_answer(shop: Shelf) -> None:
    priced = Endpoint(base_url="", model="m", price_in=1, price_out=10)
    with ChatServer(server.half(Exchange.cut), server.good(usage=(100, 7))) as endpoint:
        two = [
            OpenAIChat(
                priced.model_copy(update={"base_url": endpoint.url, "model": name}), "", SETTINGS.writer, count_words
            )
            for name in ("first", "second")
        ]
        usage = reply_of(ask(shop, FILTER, *two, settings=SETTINGS)).usage
    assert (usage.model, usage.estimated) == ("first, second", True)
    half = len("The filter lasts 12 months [1]. Wash the grille with".split())
    assert usage.tokens_out == 7 + half
    assert usage.tokens_in > 100
    assert usage.cost == pytest.approx((usage.tokens_in + 10 * usage.tokens_out) / 1_000_000)


def test_usage_as_the_endpoint_says(shop: Shelf) -> None:
    with ChatServer(server.good(usage=(100, 7))) as endpoint:
        reply = reply_of(ask(shop, FILTER, model(endpoint.url), settings=SETTINGS))
    assert reply.usage == Usage("m", 100, 7, 0.0, False)
    assert next(step for step in reply.trace if step.name == "cost").detail["tokens_in"] == 100


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
