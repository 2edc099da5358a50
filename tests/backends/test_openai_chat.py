"""Every way in which an endpoint fails ends in its answer or a ModelError, within the budget."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from backends.openai_chat import OpenAIChat
from rag.config import Endpoint, Writer
from rag.errors import ModelError
from rag.types import Usage
from tests.doubles import chat_server as server
from tests.doubles.chat_server import ChatServer, Exchange, Mode
from tests.doubles.shelf import count_words

pytestmark = pytest.mark.timeout(15)
SETTINGS = Writer(first_token_seconds=1.5, total_seconds=3, attempts=2)
WHOLE = "".join(server.ANSWER)


def model(url: str, settings: Writer = SETTINGS) -> OpenAIChat:
    return OpenAIChat(Endpoint(base_url=url, model="m"), "secret-key", settings, count_words)


def ask(*modes: Mode, settings: Writer = SETTINGS) -> tuple[str, int]:
    """What it says, and how often it was asked. A budget that does not hold runs into the test's own limit."""
    with ChatServer(*modes) as endpoint:
        said = "".join(model(endpoint.url, settings).stream("s", "u", settings.total_seconds))
        return said, len(endpoint.requests)


def fails(*modes: Mode, settings: Writer = SETTINGS) -> str:
    with pytest.raises(ModelError) as caught:
        ask(*modes, settings=settings)
    assert str(caught.value).startswith("The model m at http://127.0.0.1:")
    assert "secret-key" not in str(caught.value)
    return str(caught.value)


def requests(*modes: Mode, settings: Writer = SETTINGS) -> int:
    """How often a failing endpoint was asked."""
    with ChatServer(*modes) as endpoint, pytest.raises(ModelError):
        list(model(endpoint.url, settings).stream("s", "u", settings.total_seconds))
    return len(endpoint.requests)


# --- what gets through -------------------------------------------------------------------------------------


def test_an_answer_comes_in_pieces() -> None:
    with ChatServer(server.good()) as endpoint:
        assert tuple(model(endpoint.url).stream("the system", "the user", 5)) == server.ANSWER
        (asked,) = endpoint.requests
    assert [each["content"] for each in asked["messages"]] == ["the system", "the user"]
    assert (asked["stream"], asked["temperature"], asked["max_tokens"]) == (True, 0, SETTINGS.answer_tokens)


def test_a_piece_is_handed_on_before_the_next_one_comes() -> None:
    with ChatServer(server.drip(5)) as endpoint:
        assert next(model(endpoint.url).stream("s", "u", 5)) == "a "


@pytest.mark.parametrize("frame", [server.empty_choices, server.without_content, server.comment])
def test_frames_without_a_word_are_passed_over(frame: Mode) -> None:
    assert ask(server.only(frame, every=0.01, then=server.ANSWER)) == (WHOLE, 1)


def test_frames_without_a_word_in_the_middle_and_behind_the_end() -> None:
    def answer(exchange: Exchange) -> None:
        exchange.open()
        exchange.say("One ")
        server.empty_choices(exchange)
        exchange.say("two.", "stop")
        server.empty_choices(exchange)  # some send the usage there
        exchange.end()

    assert ask(answer) == ("One two.", 1)


def test_an_answer_cut_at_its_length_limit_says_so_behind_its_last_piece() -> None:
    with ChatServer(server.good("One. Tw", finish="length")) as endpoint:
        pieces = model(endpoint.url).stream("s", "u", 5)
        assert next(pieces) == "One. Tw"
        with pytest.raises(ModelError) as caught:
            next(pieces)
    assert caught.value.kind == "cut"


# --- tried again, before the first word --------------------------------------------------------------------


@pytest.mark.parametrize("code", [429, 500, 502, 503])
def test_what_may_pass_is_tried_again(code: int) -> None:
    assert ask(server.error(code), server.good()) == (WHOLE, 2)


def test_retry_after_is_kept() -> None:
    began = time.monotonic()
    assert ask(server.error(429, Retry_After="1"), server.good()) == (WHOLE, 2)
    assert time.monotonic() - began >= 1


def test_retry_after_beyond_the_budget_is_not_waited_for() -> None:
    assert requests(server.error(429, Retry_After="60"), server.good()) == 1


@pytest.mark.parametrize("when", ["Wed, 21 Oct 2020 07:28:00 GMT", "soon", "Wed, 21 Oct"])
def test_a_retry_after_that_is_past_or_unreadable_is_not_waited_for(when: str) -> None:
    assert ask(server.error(429, Retry_After=when), server.good()) == (WHOLE, 2)


def test_a_retry_after_may_be_a_date() -> None:
    assert requests(server.error(429, Retry_After="Wed, 21 Oct 2099 07:28:00 GMT"), server.good()) == 1


@pytest.mark.parametrize("code", [429, 500])
def test_tried_as_often_as_configured_and_no_more(code: int) -> None:
    assert requests(server.error(code), settings=SETTINGS.model_copy(update={"attempts": 3})) == 3


@pytest.mark.parametrize("code", [400, 401, 403, 404])
def test_what_will_not_pass_is_not_tried_again(code: int) -> None:
    assert requests(server.error(code)) == 1


def test_the_reason_is_told() -> None:
    assert "refused 401" in fails(server.error(401))


# --- settings an endpoint does not know --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "gone", "instead"),
    [
        ("Unknown parameter: 'stream_options'", "stream_options", ""),
        ("'temperature' does not support 0 with this model", "temperature", ""),
        ("Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens'", "max_tokens", "max_completion_tokens"),
    ],
)
def test_a_setting_that_is_refused_is_left_out_from_then_on(said: str, gone: str, instead: str) -> None:
    with ChatServer(server.complaint(400, said), server.good()) as endpoint:
        asked = model(endpoint.url)
        assert "".join(asked.stream("s", "u", 5)) == WHOLE
        assert "".join(asked.stream("s", "u", 5)) == WHOLE
    first, *later = endpoint.requests
    assert gone in first
    assert len(later) == 2
    assert all(gone not in each and (not instead or instead in each) for each in later)


def test_a_prompt_too_long_is_no_reason_to_leave_a_setting_out() -> None:
    assert requests(server.complaint(400, "max_tokens and prompt exceed the context of 4096")) == 1


# --- what it cost ------------------------------------------------------------------------------------------


def paid(*modes: Mode, seconds: float = 3) -> list[Usage]:
    found = list[Usage]()
    with ChatServer(*modes) as endpoint, suppress(ModelError):
        list(model(endpoint.url).stream("one two", "three", seconds, found.append))
    return found


def test_the_endpoints_own_count_is_asked_for_and_taken() -> None:
    with ChatServer(server.good(usage=(1000, 100))) as endpoint:
        priced = Endpoint(base_url=endpoint.url, model="m", price_in=2, price_out=8)
        found = list[Usage]()
        list(OpenAIChat(priced, "", SETTINGS, count_words).stream("s", "u", 5, found.append))
    assert endpoint.requests[0]["stream_options"] == {"include_usage": True}
    assert found == [Usage("m", 1000, 100, pytest.approx(0.0028), estimated=False)]


def test_without_a_count_it_is_estimated() -> None:
    assert paid(server.good()) == [Usage("m", 3, len(WHOLE.split()), 0.0, estimated=True)]


def test_every_attempt_that_sent_something_is_paid_for() -> None:
    def cut_behind_a_frame(exchange: Exchange) -> None:
        exchange.open()
        server.empty_choices(exchange)
        exchange.cut()

    assert [each.tokens_out for each in paid(cut_behind_a_frame, server.good())] == [0, len(WHOLE.split())]


@pytest.mark.parametrize("mode", [server.error(401), server.hang, Exchange.cut], ids="refused silent cut".split())
def test_who_sent_nothing_asks_no_price(mode: Mode) -> None:
    assert paid(mode, seconds=0.3) == []


def test_an_answer_left_half_way_is_paid_for() -> None:
    found = list[Usage]()
    with ChatServer(server.drip(0.05)) as endpoint:
        pieces = model(endpoint.url).stream("s", "u", 5, found.append)
        next(pieces)
        pieces.close()  # type: ignore[attr-defined]
    assert [each.estimated for each in found] == [True]


# --- the breaker -------------------------------------------------------------------------------------------


def test_who_failed_too_often_is_not_asked_until_its_time_has_come() -> None:
    settings, now = SETTINGS.model_copy(update={"attempts": 1}), [0.0]
    with ChatServer(*[server.error(500)] * settings.breaker_failures, server.good()) as endpoint:
        where = Endpoint(base_url=endpoint.url, model="m")
        asked = OpenAIChat(where, "", settings, count_words, lambda: now[0])
        kinds = []
        for _ in range(settings.breaker_failures + 1):
            with pytest.raises(ModelError) as caught:
                list(asked.stream("s", "u", 3))
            kinds.append(caught.value.kind)
        assert kinds == ["broken"] * settings.breaker_failures + ["resting"]
        assert len(endpoint.requests) == settings.breaker_failures
        now[0] += settings.breaker_seconds
        assert "".join(asked.stream("s", "u", 3)) == WHOLE


@pytest.mark.parametrize("mode", [server.complaint(400, "filtered"), server.good("a", finish="content_filter")])
def test_a_question_that_is_refused_does_not_count_against_it(mode: Mode) -> None:
    with ChatServer(*[mode] * 9, server.good()) as endpoint:
        asked = model(endpoint.url)
        for _ in range(9):
            with pytest.raises(ModelError):
                list(asked.stream("s", "u", 3))
        assert "".join(asked.stream("s", "u", 3)) == WHOLE


def test_too_little_time_does_not_count_against_it() -> None:
    with ChatServer(*[server.hang] * 4, server.good()) as endpoint:
        asked = model(endpoint.url)
        for _ in range(4):
            with pytest.raises(ModelError):
                list(asked.stream("s", "u", 0.1))
        assert "".join(asked.stream("s", "u", 3)) == WHOLE


# --- too slow ----------------------------------------------------------------------------------------------


def test_silence_before_the_first_byte() -> None:
    assert "no word within 1.5 seconds" in fails(server.hang)
    assert requests(server.hang) == 1


def test_headers_that_never_end() -> None:
    assert "no word within" in fails(server.slow_headers)


@pytest.mark.parametrize("frame", [server.empty_choices, server.without_content, server.comment])
def test_patience_for_the_first_word_holds_while_frames_without_one_come(frame: Mode) -> None:
    assert "no word within 1.5 seconds" in fails(server.only(frame))


def test_words_that_drip_beyond_the_budget() -> None:
    assert "longer than 3 seconds" in fails(server.drip(0.5))


def comments(exchange: Exchange) -> None:
    for _ in range(100):
        server.comment(exchange)
        exchange.wait(0.1)


@pytest.mark.parametrize("then", [Exchange.wait, comments])
def test_silence_half_way(then: Mode) -> None:
    assert "longer than 3 seconds" in fails(server.half(then))


def test_the_callers_budget_counts() -> None:
    with ChatServer(server.hang) as endpoint, pytest.raises(ModelError, match=r"0\.[12]\d? seconds"):
        list(model(endpoint.url).stream("s", "u", 0.2))


# --- broken ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "reason"),
    [
        (server.half(Exchange.cut), "connection|peer"),
        (server.half(lambda exchange: exchange.data("{not json")), "unreadable"),
        (server.half(lambda exchange: exchange.data('"text"')), "unreadable"),
        (server.half(lambda exchange: exchange.data({"choices": [{"delta": "x"}]})), "unreadable"),
        (server.half(lambda exchange: exchange.data({"error": {"message": "overloaded"}})), "overloaded"),
        (server.half(Exchange.end), "broke off"),
        (server.good(finish=None), "broke off"),
        (server.good(finish="content_filter"), "broke off"),
        (server.good(""), "said nothing"),
        (server.json_answer, "said nothing|unreadable"),
        (server.web_page, "said nothing|unreadable"),
    ],
    ids="cut not-json no-object no-delta error-frame half no-finish filtered empty no-stream web-page".split(),
)
def test_a_broken_answer_is_none(mode: Mode, reason: str) -> None:
    assert any(each in fails(mode) for each in reason.split("|"))


def test_cut_before_the_first_word() -> None:
    assert ask(Exchange.cut, server.good()) == (WHOLE, 2)


def test_nobody_listens() -> None:
    with pytest.raises(ModelError, match="failed"):
        list(model(server.refused_url()).stream("s", "u", 1))


def test_an_answer_left_half_way_leaves_no_thread_behind() -> None:
    def reading() -> Iterator[threading.Thread]:
        return (each for each in threading.enumerate() if each.name == "model stream")

    with ChatServer(server.drip(0.05)) as endpoint:
        pieces = model(endpoint.url).stream("s", "u", 5)
        next(pieces)
        pieces.close()  # type: ignore[attr-defined]
        until = time.monotonic() + 3
        while any(reading()) and time.monotonic() < until:
            time.sleep(0.02)
        assert not any(reading())
