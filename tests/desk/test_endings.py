"""The end of a conversation with its survey, the queue as customers see it, and how fast somebody may write."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from desk.agents import Agent, AgentDesk
from desk.handoff import Escalate, NotPossible
from desk.pace import Pace, TooFast
from desk.prospects import Next, Prospect, Prospects
from desk.records import NotYours, TooLong
from desk.schema import surveys
from desk.service import Desk
from desk.shifts import Next as Shift
from desk.store import Conversations
from desk.surveys import LONGEST_WORD, Ending, Survey
from desk.texts import wait
from desk.tickets import Tickets
from desk.typing import SECONDS, Typing
from tests.desk.scripted import Scripted, cited, reply

ADA = Agent("ada", "Ada")


@pytest.fixture
def desk(store: Conversations) -> Desk:
    return Desk(store, Scripted(lambda _: reply(cited("24 months."))))


def begun(desk: Desk, visitor: str = "anna") -> str:
    conversation = desk.begin(visitor, "en")
    list(desk.handle_message(conversation, visitor, "How long?"))
    return conversation


# --- the end and the survey --------------------------------------------------------------------------------


def test_a_customer_ends_rates_and_writes_again(desk: Desk) -> None:
    conversation = begun(desk)
    assert desk.surveys.ending(conversation, "anna") == Ending()
    mark = desk.mark(conversation, "anna")
    for _ in range(2):  # the second time nothing more is said
        desk.surveys.end(conversation, "anna", "zh")
    said = [each for each in desk.view(conversation, "anna").messages if each.role == "notice"]
    assert [each.text for each in said] == ["您已结束本次对话。如果还有问题，请直接在这里留言。"]
    assert desk.mark(conversation, "anna") != mark
    desk.surveys.give(conversation, "anna", 2, "  slow \ud800")
    desk.surveys.give(conversation, "anna", 5, "")
    assert desk.surveys.ending(conversation, "anna") == Ending(True, Survey(5, ""))
    list(desk.handle_message(conversation, "anna", "One more thing"))
    assert desk.surveys.ending(conversation, "anna") == Ending(False, Survey(5, ""))


def test_one_survey_a_conversation(desk: Desk, engine: Engine) -> None:
    conversations = [begun(desk), begun(desk, "ben")]
    for score in (1, 4):
        desk.surveys.give(conversations[0], "anna", score, "fine")
    desk.surveys.give(conversations[1], "ben", 3, "")
    with engine.connect() as connection:
        rows = connection.execute(sa.select(surveys.c.conversation, surveys.c.score, surveys.c.word)).all()
    assert {tuple(each) for each in rows} == {(conversations[0], 4, "fine"), (conversations[1], 3, "")}


def test_an_agent_resolves_and_the_survey_is_there(desk: Desk, engine: Engine) -> None:
    conversation, agents = begun(desk), AgentDesk(Tickets(engine), Scripted(lambda _: reply()))
    number = desk.request_person(conversation, "anna", "en").number
    with pytest.raises(NotPossible):
        desk.surveys.end(conversation, "anna", "en")
    agents.claim(ADA, number)
    assert not desk.surveys.ending(conversation, "anna").over
    agents.resolve(ADA, number)
    assert desk.surveys.ending(conversation, "anna").over
    list(desk.handle_message(conversation, "anna", "It is still broken"))
    assert not desk.surveys.ending(conversation, "anna").over


def test_what_cannot_be_a_survey_changes_nothing(desk: Desk) -> None:
    conversation = begun(desk)
    desk.surveys.give(conversation, "anna", 4, "good")
    for score in (0, 6, -1):
        with pytest.raises(NotPossible):
            desk.surveys.give(conversation, "anna", score, "")
    with pytest.raises(TooLong):
        desk.surveys.give(conversation, "anna", 1, "x" * (LONGEST_WORD + 1))
    for call in (desk.surveys.ending, lambda c, v: desk.surveys.give(c, v, 1, ""), desk.waiting.of):
        with pytest.raises(NotYours):
            call(conversation, "mallory")
    with pytest.raises(NotYours):
        desk.surveys.end(conversation, "mallory", "en")
    assert desk.surveys.ending(conversation, "anna").survey == Survey(4, "good")


# --- the queue ---------------------------------------------------------------------------------------------


def waits(store: Conversations, visitor: str, **event: object) -> str:
    conversation = store.begin(visitor, "en")
    store.hand_off(conversation, visitor, Escalate("anger", "why", **event), "", lambda _: None)  # type: ignore[arg-type]
    return conversation


def test_the_place_in_the_queue_is_the_one_agents_work_by(desk: Desk, store: Conversations, engine: Engine) -> None:
    first, urgent = waits(store, "a"), waits(store, "b", priority=5)
    chinese, team = waits(store, "c", language="zh", priority=9), waits(store, "d", team="uk")
    last, other = waits(store, "e"), waits(store, "f", team="eu")
    everyone = {"a": first, "b": urgent, "c": chinese, "d": team, "e": last, "f": other}

    def places() -> dict[str, int | None]:
        found = {visitor: desk.waiting.of(each, visitor) for visitor, each in everyone.items()}
        return {visitor: each.position if each else None for visitor, each in found.items()}

    # Another team's are not before one's own; whoever needs no team may come after all of them.
    assert places() == {"a": 2, "b": 1, "c": 1, "d": 3, "e": 4, "f": 4}
    agents = AgentDesk(Tickets(engine), Scripted(lambda _: reply()))
    assert [each.conversation for each in agents.queue(ADA)][:2] == [chinese, urgent]
    agents.claim(ADA, Tickets(engine).tickets(["waiting"])[1].number)
    store.withdraw(first, "a")
    assert places() == {"a": None, "b": None, "c": 1, "d": 1, "e": 2, "f": 2}


def test_the_next_time_is_that_of_the_shifts(store: Conversations) -> None:
    class Closed:
        def available(self, team: str, language: str, skills: frozenset[str], at: datetime, load: object) -> Next:
            assert (team, language) == ("uk", "en")
            return Shift((), (), datetime(2026, 3, 2, 8, tzinfo=UTC))

    desk = Desk(store, Scripted(lambda _: reply()), prospects=Prospects(Closed(), dict))
    found = desk.waiting.of(waits(store, "a", team="uk"), "a")
    assert found is not None
    assert wait(found.position, found.prospect, "en") == (
        "You are next in the queue. Nobody is at work now. The next time somebody is there is Monday 2026-03-02 at 08:00 (UTC)."
    )
    assert wait(3, Prospect("free"), "zh") == "您排在第 3 位。现在有同事在岗。"
    assert wait(3, None, "en") == "You are number 3 in the queue."


# --- who is writing ----------------------------------------------------------------------------------------


def test_who_is_writing_is_seen_until_it_is_sent_or_given_up(store: Conversations, engine: Engine) -> None:
    now = [100.0]
    typing = Typing(lambda: now[0])
    desk = Desk(store, Scripted(lambda _: reply()), typing=typing)
    agents = AgentDesk(Tickets(engine), Scripted(lambda _: reply()), typing=typing)
    conversation = desk.begin("anna", "en")
    number = desk.request_person(conversation, "anna", "en").number
    agents.writes(ADA, number)
    assert desk.typing.who(conversation) == ""  # not hers yet
    agents.claim(ADA, number)
    agents.writes(ADA, number)
    assert desk.typing.who(conversation) == "Ada"
    assert desk.typing.who("another") == ""
    now[0] += SECONDS
    assert desk.typing.who(conversation) == ""
    agents.writes(ADA, number)
    agents.say(ADA, number, "Hello")
    assert desk.typing.who(conversation) == ""


# --- the pace ----------------------------------------------------------------------------------------------


def test_more_than_the_pace_is_refused_and_not_stored(store: Conversations) -> None:
    desk = Desk(store, Scripted(lambda _: reply(cited("Yes."))), pace=Pace(2))
    conversation = begun(desk)
    list(desk.handle_message(conversation, "anna", "And then?"))
    before = datetime.now(UTC)
    with pytest.raises(TooFast) as refused:
        list(desk.handle_message(conversation, "anna", "And then again?"))
    assert 55 <= refused.value.seconds <= 61
    assert datetime.now(UTC) - before < timedelta(seconds=20)
    assert len(desk.view(conversation, "anna").messages) == 4
    begun(desk, "ben")  # others go on
