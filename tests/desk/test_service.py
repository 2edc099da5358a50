"""The desk: stored before it is said, one answer at a time, and true sentences when things fail."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from desk.askers import Askers, key_of
from desk.records import NotYours, Stored, TooLong
from desk.service import LONGEST, LONGEST_CONTACT, Desk
from desk.store import Conversations
from rag.config_customers import SegmentRule
from rag.errors import ModelError, RecordsError
from rag.people import Customer
from rag.types import Access, AnswerSentence, Decision, Done, Event, Reply, Said, Turn
from tests.desk.scripted import Scripted, cited, reply


def echo(turns: Sequence[Turn]) -> Reply:
    return reply(cited(f"You asked: {turns[-1].text}"))


def desk_and_conversation(store: Conversations, assistant: Scripted) -> tuple[Desk, str]:
    desk = Desk(store, assistant)
    return desk, desk.begin("anna", "en")


def test_an_answer_is_stored_before_done_is_said(store: Conversations) -> None:
    desk, conversation = desk_and_conversation(store, Scripted(echo))
    stored_at_done = None
    for event in desk.handle_message(conversation, "anna", "How long?"):
        if isinstance(event, Done):
            stored_at_done = [each.text for each in store.messages(conversation, "anna")]
    assert stored_at_done == ["How long?", "You asked: How long?"]
    assert event == Stored(store.messages(conversation, "anna")[-1].id)


def test_the_assistant_hears_the_history_with_the_new_message_last(store: Conversations) -> None:
    assistant = Scripted(echo)
    desk, conversation = desk_and_conversation(store, assistant)
    for text in ("first", "second"):
        list(desk.handle_message(conversation, "anna", text))
    assert assistant.asked[1] == [
        Turn("customer", "first"),
        Turn("assistant", "You asked: first", outcome="answer"),
        Turn("customer", "second"),
    ]


def test_the_assistant_hears_what_it_offered_when_it_asked_back(store: Conversations) -> None:
    def ask_back(turns: Sequence[Turn]) -> Reply:
        return Reply(Decision("clarify", 0.5, ("two",), ("A 1", "A 2")), (), "en", "fixed")

    assistant = Scripted(ask_back)
    desk, conversation = desk_and_conversation(store, assistant)
    for text in ("which?", "A 1"):
        list(desk.handle_message(conversation, "anna", text))
    assert assistant.asked[1][1].options == ("A 1", "A 2")


def test_the_question_is_stored_before_the_assistant_hears_it(store: Conversations) -> None:
    seen: list[int] = []

    def script(turns: Sequence[Turn]) -> Reply:
        seen.append(len(store.messages(store.latest("anna"), "anna")))
        return echo(turns)

    desk, conversation = desk_and_conversation(store, Scripted(script))
    list(desk.handle_message(conversation, "anna", "?"))
    assert seen == [1]


def test_too_long_a_message_is_refused_and_not_stored(store: Conversations) -> None:
    desk, conversation = desk_and_conversation(store, Scripted(echo))
    with pytest.raises(TooLong, match="2,001 characters"):
        list(desk.handle_message(conversation, "anna", "x" * (LONGEST + 1)))
    assert store.messages(conversation, "anna") == ()
    assert list(desk.handle_message(conversation, "anna", "x" * LONGEST))


def test_a_wish_for_a_person_is_stored_and_named(store: Conversations) -> None:
    wish = reply(AnswerSentence("You would like to talk to a person."), outcome="hand_off")
    desk, conversation = desk_and_conversation(store, Scripted(lambda _: wish))
    said = [
        each.sentence.text for each in desk.handle_message(conversation, "anna", "A person!") if isinstance(each, Said)
    ]
    request = store.ticket(conversation, "anna")
    assert request is not None
    assert f"its number is {request.number}." in " ".join(said)
    assert f"its number is {request.number}." in store.messages(conversation, "anna")[-1].text
    list(desk.handle_message(conversation, "anna", "A person, I said!"))
    assert "have asked for a person already" in store.messages(conversation, "anna")[-1].text
    assert store.ticket(conversation, "anna") == request


def test_the_button_stores_one_request_and_says_so_once(store: Conversations) -> None:
    desk, conversation = desk_and_conversation(store, Scripted(echo))
    first = desk.request_person(conversation, "anna", "zh")
    assert desk.request_person(conversation, "anna", "zh") == first
    (said,) = store.messages(conversation, "anna")
    assert f"编号为 {first.number}" in said.text
    assert desk.leave_contact(conversation, "anna", " anna@example.org ").contact == "anna@example.org"
    with pytest.raises(TooLong):
        desk.leave_contact(conversation, "anna", "x" * (LONGEST_CONTACT + 1))


class Failing:
    """Says a sentence, then fails."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def reply(
        self, turns: Sequence[Turn], access: Access | None = None, customer: Customer | None = None
    ) -> Iterator[Event]:
        yield Said(AnswerSentence("Half an answer"))
        raise self._error


@pytest.mark.parametrize("error", [ModelError("out of reach"), ZeroDivisionError("a defect")])
def test_a_failing_assistant_leaves_a_true_sentence(
    store: Conversations, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    desk = Desk(store, Failing(error))
    conversation = desk.begin("anna", "en")
    with caplog.at_level(logging.ERROR):
        list(desk.handle_message(conversation, "anna", "How long?"))
    answer = store.messages(conversation, "anna")[-1]
    assert "went wrong" in answer.text
    assert "Half an answer" not in answer.text
    assert str(error) not in answer.text
    assert str(error) in caplog.text


def test_an_answer_goes_on_when_nobody_listens_and_can_be_joined(store: Conversations) -> None:
    hold = threading.Event()
    desk, conversation = desk_and_conversation(store, Scripted(echo, hold))
    events = desk.handle_message(conversation, "anna", "How long?")
    while not (view := desk.view(conversation, "anna")).said:
        next(events)
    del events  # the page is closed
    assert view.said == (cited("You asked: How long?"),)
    joined = desk.resume(conversation, "anna")
    hold.set()
    assert isinstance(list(joined)[-1], Stored)
    assert [each.text for each in desk.view(conversation, "anna").messages] == ["How long?", "You asked: How long?"]


def test_a_message_left_without_an_answer_is_answered_later(store: Conversations) -> None:
    conversation = store.begin("anna", "en")
    store.add_question(conversation, "anna", "How long?")  # and then the process was killed
    desk = Desk(store, Scripted(echo))
    assert isinstance(list(desk.resume(conversation, "anna"))[-1], Stored)
    assert list(desk.resume(conversation, "anna")) == []


def test_two_messages_at_once_are_answered_one_after_the_other(store: Conversations) -> None:
    assistant = Scripted(echo)
    desk, conversation = desk_and_conversation(store, assistant)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda text: list(desk.handle_message(conversation, "anna", text)), "abcdefgh"))
    found = desk.view(conversation, "anna")
    assert sorted(each.text for each in found.messages if each.role == "assistant") == [
        f"You asked: {x}" for x in "abcdefgh"
    ]
    assert found.said is None
    for heard in assistant.asked:
        assert heard[-1].role == "customer"


def test_an_empty_conversation_is_used_again(store: Conversations) -> None:
    desk, conversation = desk_and_conversation(store, Scripted(echo))
    assert desk.begin("anna", "en") == conversation
    list(desk.handle_message(conversation, "anna", "?"))
    assert desk.begin("anna", "en") != conversation


def test_nobody_else_gets_in(store: Conversations) -> None:
    desk, conversation = desk_and_conversation(store, Scripted(echo))
    list(desk.handle_message(conversation, "anna", "secret"))
    with pytest.raises(NotYours):
        desk.view(conversation, "ben")
    with pytest.raises(NotYours):
        list(desk.handle_message(conversation, "ben", "?"))
    with pytest.raises(NotYours):
        list(desk.resume(conversation, "ben"))


def test_half_a_character_from_a_broken_client_costs_no_message(store: Conversations) -> None:
    desk, conversation = desk_and_conversation(store, Scripted(echo))
    list(desk.handle_message(conversation, "anna", "It broke \ud83d help"))
    assert [each.text for each in store.messages(conversation, "anna")] == [
        "It broke ? help",
        "You asked: It broke ? help",
    ]
    desk.request_person(conversation, "anna", "en")
    assert desk.leave_contact(conversation, "anna", "anna\udc00@example.org").contact == "anna?@example.org"


# --- customers who are signed in ---------------------------------------------------------------------------


class Directory:
    """A CustomerDirectory that can be away."""

    def __init__(self) -> None:
        self.away = False

    def customer(self, customer_id: str) -> Customer | None:
        if self.away:
            raise RecordsError("The CRM answers 500.")
        return Customer(customer_id, "Anna") if customer_id == "C-1" else None


class Hearing(Scripted):
    """Remembers who it was told is asking, and what they may see."""

    def __init__(self) -> None:
        super().__init__(echo)
        self.heard: list[tuple[Customer | None, frozenset[str]]] = []

    def reply(
        self, turns: Sequence[Turn], access: Access | None = None, customer: Customer | None = None
    ) -> Iterator[Event]:
        self.heard.append((customer, access.audiences if access else frozenset()))
        return super().reply(turns, access, customer)


def test_the_assistant_is_told_who_asks_and_goes_on_when_the_records_are_away(
    store: Conversations, caplog: pytest.LogCaptureFixture
) -> None:
    directory, assistant = Directory(), Hearing()
    rule = SegmentRule.model_validate({"name": "known", "when": {"signed_in": True}, "audiences": ["members"]})
    desk = Desk(store, assistant, askers=Askers(directory, [rule]))
    for visitor in (key_of("C-1"), key_of("C-2"), "a-guest"):
        list(desk.handle_message(desk.begin(visitor, "en"), visitor, "?"))
    directory.away = True
    with caplog.at_level(logging.WARNING):
        list(desk.handle_message(desk.latest(key_of("C-1")), key_of("C-1"), "?"))
    members = frozenset({"public", "members"})
    assert assistant.heard == [
        (Customer("C-1", "Anna"), members),
        (Customer("C-2"), members),
        (None, frozenset({"public"})),
        (Customer("C-1", reachable=False), members),
    ]
    assert "answers 500" in caplog.text
    assert store.messages(desk.latest(key_of("C-1")), key_of("C-1"))[-1].role == "assistant"


def test_a_signed_in_customer_goes_on_in_another_browser_and_the_store_knows_whose_it_is(store: Conversations) -> None:
    desk = Desk(store, Scripted(echo), askers=Askers(Directory()))
    conversation = desk.begin(key_of("C-1"), "en")
    list(desk.handle_message(conversation, key_of("C-1"), "?"))
    assert desk.latest(key_of("C-1")) == conversation
    assert desk.latest(key_of("C-2")) == desk.latest("a-guest") == ""
