"""A person takes over: the assistant falls silent at once, customers are told the truth, agents see everything."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from desk.agents import Agent, AgentDesk
from desk.canned import read_canned
from desk.handoff import NotPossible
from desk.moves import Rules
from desk.office import office
from desk.prospects import Next, Prospects
from desk.records import Stored, TooLong
from desk.service import LONGEST, Desk
from desk.shifts import Next as Shift
from desk.store import Conversations
from desk.tending import Tending
from desk.tickets import Tickets
from rag.config import ROOT, load
from rag.errors import ConfigError, ModelError
from rag.people import Customer, Mood
from rag.types import Access, AnswerSentence, Decision, Done, Event, Reply, Said, Turn, Withdrawn
from tests.desk.scripted import Scripted, cited, reply

ADA, BO = Agent("ada", "Ada"), Agent("bo", "Bo", languages=frozenset(["zh"]), teams=frozenset(["cn"]))


def script(turns: Sequence[Turn]) -> Reply:
    text = turns[-1].text
    if "person" in text:
        return reply(AnswerSentence("You would like to talk to a person."), outcome="hand_off")
    if "smoke" in text:
        decision = Decision("hand_off", 1.0, ("smoke or fire is mentioned",), rule="safety")
        return Reply(decision, (AnswerSentence("Please unplug it."),), "en", "fixed")
    if "Thank" in text:
        return reply(AnswerSentence("You are welcome."), outcome="small_talk")
    return reply(cited("24 months.", chunk=9))


@dataclass
class Clock:
    at: datetime = datetime(2026, 3, 2, 9)

    def __call__(self) -> datetime:
        self.at += timedelta(milliseconds=1)
        return self.at


class Counting:
    """A mood that says how many turns it saw."""

    def mood(self, turns: Sequence[Turn]) -> Mood:
        return Mood(anger=len(turns) / 10)


class World:
    """One process with everything on one database."""

    def __init__(self, engine: Engine, prospects: Prospects | None = None) -> None:
        self.clock = Clock()
        rules = Rules(now=self.clock)
        self.store, self.tickets = Conversations(engine, rules), Tickets(engine, rules)
        self.hold = threading.Event()
        self.desk = Desk(self.store, Scripted(script), prospects=prospects, priorities={"safety": 5})
        self.slow = Desk(self.store, Scripted(script, self.hold))
        self.agents = AgentDesk(self.tickets, Scripted(script), (), Counting())
        self.conversation = self.desk.begin("anna", "en")

    def says(self, text: str) -> list[str]:
        """What the customer hears to this, sentence by sentence."""
        events = self.desk.handle_message(self.conversation, "anna", text)
        return [each.sentence.text for each in events if isinstance(each, Said)][1:]  # the first is withdrawn

    def ask(self) -> int:
        return self.desk.request_person(self.conversation, "anna", "en").number

    def texts(self) -> list[tuple[str, str]]:
        return [(each.role, each.text) for each in self.store.messages(self.conversation, "anna")]


@pytest.fixture
def world(engine: Engine) -> World:
    return World(engine)


# --- silence -----------------------------------------------------------------------------------------------


def test_an_answer_under_way_is_withdrawn_and_never_stored(world: World) -> None:
    number = world.ask()
    events = world.slow.handle_message(world.conversation, "anna", "How long?")
    while not world.slow.view(world.conversation, "anna").said:
        next(events)
    world.agents.claim(ADA, number)
    assert world.slow.view(world.conversation, "anna").said is None
    world.hold.set()
    assert isinstance(list(events)[-1], Withdrawn)
    assert [role for role, _ in world.texts()] == ["assistant", "customer", "notice"]
    assert list(world.slow.resume(world.conversation, "anna")) == []


def test_from_the_claim_on_messages_are_the_agents(world: World) -> None:
    number = world.ask()
    assert world.says("How long?") == ["24 months."]  # while it waits the assistant goes on answering
    world.agents.claim(ADA, number)
    assert list(world.desk.handle_message(world.conversation, "anna", "And the lamp?")) == []
    world.agents.say(ADA, number, "Two years.")
    world.agents.hand_back(ADA, number)
    assert world.says("And the kettle?") == ["24 months."]
    assert [text for role, text in world.texts() if role in ("agent", "notice")] == [
        f"Ada has joined and answers your request {number} here.",
        "Two years.",
        "Ada has left the conversation. The automatic assistant answers you again.",
    ]


def test_thanks_do_not_open_it_again_and_a_question_does(world: World) -> None:
    number = world.ask()
    world.agents.claim(ADA, number)
    world.agents.say(ADA, number, "That is repaired. Goodbye!")
    world.agents.resolve(ADA, number)
    assert world.says("Thank you, bye!") == ["You are welcome."]
    assert world.tickets.ticket(number).state == "resolved"
    assert list(world.desk.handle_message(world.conversation, "anna", "It broke again.")) == []
    assert world.tickets.ticket(number).state == "waiting"
    assert world.agents.queue(ADA)[0].number == number
    assert world.agents.queue(Agent("cy")) == []  # it is kept for who knows it, until it has waited too long
    world.clock.at += timedelta(minutes=11)
    assert [each.number for each in world.tickets.raise_unclaimed()] == [number]
    assert world.agents.queue(Agent("cy"))[0].number == number


def test_long_afterwards_the_assistant_answers_and_another_request_is_another_ticket(world: World) -> None:
    number = world.ask()
    world.agents.claim(ADA, number)
    world.agents.resolve(ADA, number)
    world.clock.at += timedelta(days=4)
    assert world.says("How long?") == ["24 months."]
    assert world.ask() == number + 1


# --- the truth ---------------------------------------------------------------------------------------------


@dataclass
class Shifts:
    """Whoever is asked gets this."""

    found: Shift
    asked: tuple[str, str] = ("", "")

    def available(
        self, team: str, language: str, skills: frozenset[str], at: datetime, load: Mapping[str, int]
    ) -> Next:
        self.asked = (team, language)
        return self.found


MONDAY = datetime(2026, 3, 30, 7, tzinfo=UTC)  # nine in Berlin, the day after the clocks went forward


@pytest.mark.parametrize(
    ("found", "english", "chinese", "promised"),
    [
        (Shift(("ada",), ("ada",), MONDAY), "Somebody is at work now.", "现在有同事在岗", None),
        (Shift(("ada",), (), MONDAY), "is with another customer", "在接待其他客户", None),
        (
            Shift((), (), MONDAY),
            "The next time somebody is there is Monday 2026-03-30 at 09:00 (UTC+02:00).",
            "3月30日（星期一）09:00（UTC+02:00）",
            datetime(2026, 3, 30, 7),
        ),
        (Shift((), (), None), "please leave a way to reach you", "请留下您的联系方式", None),
    ],
)
def test_customers_hear_when_somebody_is_there(
    engine: Engine, found: Shift, english: str, chinese: str, promised: datetime | None
) -> None:
    prospects = Prospects(Shifts(found), dict, ZoneInfo("Europe/Berlin"))
    world = World(engine, prospects)
    assert english in world.says("A person, please")[-1]
    ticket = world.store.ticket(world.conversation, "anna")
    assert ticket is not None
    assert ticket.promised_at == promised
    other = world.desk.begin("ben", "zh")
    world.desk.request_person(other, "ben", "zh")
    assert chinese in world.store.messages(other, "ben")[-1].text
    assert world.desk.leave_contact(other, "ben", "ben@example.org").contact == "ben@example.org"


def test_without_shifts_no_time_is_named(world: World) -> None:
    said = world.says("A person, please")
    assert len(said) == 4
    assert "its number is 1" in said[1]


def test_a_rules_name_and_reason_reach_the_agents(world: World) -> None:
    world.says("There is smoke!")
    (ticket,) = world.agents.queue(ADA)
    assert (ticket.rule, ticket.reason, ticket.standing.priority) == ("safety", "smoke or fire is mentioned", 5)


# --- the agents' desk --------------------------------------------------------------------------------------


def test_the_queue_is_by_priority_then_by_waiting(world: World) -> None:
    for visitor, text in (("a", "A person!"), ("b", "smoke!"), ("c", "A person!")):
        list(world.desk.handle_message(world.desk.begin(visitor, "en"), visitor, text))
    assert [each.number for each in world.agents.queue(ADA)] == [2, 1, 3]
    assert world.agents.queue(BO) == []  # she answers in Chinese only
    world.agents.claim(ADA, 1)
    assert ([each.number for each in world.agents.queue(ADA)], world.tickets.load()) == ([2, 3], {"ada": 1})
    assert [each.number for each in world.agents.mine(ADA)] == [1]


def test_of_two_who_take_it_one_is_told_who_was_first(world: World) -> None:
    number = world.ask()
    world.agents.claim(ADA, number)
    with pytest.raises(NotPossible, match="ada has taken this conversation already") as refused:
        world.agents.claim(BO, number)
    assert refused.value.code == "TAKEN"
    with pytest.raises(NotPossible, match="only ada can do that"):
        world.agents.say(BO, number, "Hello")
    with pytest.raises(NotPossible, match="There is no ticket 99"):
        world.agents.claim(ADA, 99)
    with pytest.raises(NotPossible, match="nothing in this message"):
        world.agents.say(ADA, number, " \n")
    with pytest.raises(TooLong):
        world.agents.say(ADA, number, "x" * (LONGEST + 1))


def test_an_agent_sees_all_of_it(world: World) -> None:
    for text in ("Hello there", "How long is the warranty?", "And the lamp?", "A person please"):
        world.says(text)
    number = world.agents.queue(ADA)[0].number
    world.agents.claim(ADA, number)
    world.agents.note(ADA, number, "Knows the customer from last year.")
    view = world.agents.view(number)
    assert [each.text for each in view.notes] == ["Knows the customer from last year."]
    assert [each.kind for each in view.transitions] == ["opened", "claimed"]
    assert view.summary.wants == ("How long is the warranty?", "And the lamp?")
    assert [(each.asked, each.outcome, each.titles) for each in view.summary.tried][1:] == [
        ("How long is the warranty?", "answer", ("A",)),
        ("And the lamp?", "answer", ("A",)),
    ]
    moods = [each.mood.anger for each in view.lines if each.mood]
    assert moods == [0.1, 0.3, 0.5, 0.7]
    assert [each.mood is None for each in view.lines if each.message.role != "customer"] == [True] * 5
    assert "last year" not in " ".join(text for _, text in world.texts())


def test_a_suggestion_is_cited_and_neither_stored_nor_sent(world: World) -> None:
    world.says("How long?")
    number = world.ask()
    before = world.texts()
    suggested = world.agents.suggestion(number)
    assert suggested is not None
    assert (suggested.text, suggested.sentences[0].citations[0].chunk_id) == ("24 months.", 9)
    assert world.texts() == before
    world.says("A person!")
    assert world.agents.suggestion(number) is None  # there is nothing to cite for that


class Broken:
    def reply(
        self, turns: Sequence[Turn], access: Access | None = None, customer: Customer | None = None
    ) -> Iterator[Event]:
        yield Said(AnswerSentence("Half"))
        raise ModelError("out of reach")


def test_without_an_assistant_agents_work_on(world: World) -> None:
    world.says("How long?")
    number = world.ask()
    alone = AgentDesk(world.tickets, Broken())
    assert alone.suggestion(number) is None
    alone.claim(ADA, number)
    assert alone.say(ADA, number, "Two years.") == alone._store.messages(world.conversation)[-1].id
    assert alone.view(number).lines[-1].message.author == "Ada"


def test_something_new_is_told_apart(world: World) -> None:
    number, marks = world.ask(), set[tuple[str, str]]()

    def look() -> None:
        mark = world.desk.mark(world.conversation, "anna")
        assert mark == world.desk.view(world.conversation, "anna").mark
        marks.add((mark, world.agents.mark(number)))

    look()
    look()
    assert len(marks) == 1
    world.agents.claim(ADA, number)
    look()
    world.agents.say(ADA, number, "Hello")
    look()
    world.agents.note(ADA, number, "A note")
    look()
    assert (len(marks), len({mark for mark, _ in marks})) == (4, 3)  # customers see no notes


# --- what time does ----------------------------------------------------------------------------------------


def test_whose_shift_is_over_gives_theirs_back_after_a_while(world: World) -> None:
    number = world.ask()
    world.agents.claim(ADA, number)
    ends, away = datetime(2026, 3, 2, 18, tzinfo=UTC), timedelta(minutes=15)

    class UntilSix:
        def available(self, team: str, language: str, skills: frozenset[str], at: datetime, load: object) -> Next:
            there = ("ada",) if at < ends else ()
            return Shift(there, there, None)

    tending = Tending(world.tickets, UntilSix(), frozenset(["ada"]), away)
    tending.tend(ends + away - timedelta(seconds=1))
    assert world.tickets.ticket(number).agent == "ada"
    Tending(world.tickets, UntilSix(), frozenset(["bo"]), away).tend(ends + timedelta(days=1))
    assert world.tickets.ticket(number).agent == "ada"  # nobody knows her shifts
    tending.tend(ends + away)
    assert (world.tickets.ticket(number).state, world.texts()[-1][0]) == ("waiting", "notice")


def test_a_message_of_before_the_hand_over_is_read_back(world: World) -> None:
    world.says("There is smoke!")
    answered = world.store.messages(world.conversation, "anna")[-1].reply
    assert answered is not None
    assert answered.decision.rule == "safety"


# --- put together ------------------------------------------------------------------------------------------


def test_the_settings_make_an_office(engine: Engine) -> None:
    settings = load(ROOT / "config.yaml")
    made = office(settings, engine, Scripted(script))
    assert {name for name, _ in made.agents.canned("en")} == {name for name, _ in made.agents.canned("zh")}
    conversation = made.desk.begin("anna", "en")
    with made.open():
        assert isinstance(list(made.desk.handle_message(conversation, "anna", "How long?"))[-1], Stored)
    assert not [each for each in threading.enumerate() if each.name == "desk"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("name: x", "holds no list"),
        ("- just words", "reply 1: write it as"),
        ("- {name: x, fr: bonjour}", "reply 1: write it as"),
        ("- {name: x, en: hi}\n- {en: hi}", "reply 2 has no name or no text"),
        ("- [", "cannot be read"),
    ],
)
def test_wrong_ready_replies_are_named(tmp_path: Path, text: str, complaint: str) -> None:
    file = tmp_path / "canned.yaml"
    file.write_text(text)
    with pytest.raises(ConfigError, match=complaint):
        read_canned(file)
    assert read_canned(tmp_path / "none.yaml") == ()


def test_events_are_of_the_kind_the_assistant_gives(world: World) -> None:
    events = list(world.desk.handle_message(world.conversation, "anna", "A person, please"))
    done = next(each for each in events if isinstance(each, Done))
    assert done.reply.text.startswith("You would like to talk to a person.\nYour request to talk to a person is stored")
    assert replace(done.reply, trace=()) == world.store.messages(world.conversation, "anna")[-1].reply
