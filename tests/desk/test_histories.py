"""Random histories of hand-overs over the real store: two processes, two agents, two customers and the assistant,
racing and restarting. Never two speakers, never a lost or a doubled ticket, never a promise without one.

`VOUCH_HISTORIES=2000 pytest tests/desk/test_histories.py` runs as many as that; the suite runs a few.
"""

from __future__ import annotations

import atexit
import itertools
import os
import re
import shutil
import tempfile
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from backends.database import open_database
from desk import schema
from desk.agents import Agent, AgentDesk
from desk.handoff import Escalate, Kind, NotPossible
from desk.moves import Moved, Rules
from desk.running import DeskEvent
from desk.service import Desk
from desk.store import Conversations
from desk.tickets import Tickets
from rag.types import AnswerSentence, Reply, Said, Turn
from tests.desk.scripted import Scripted, cited, reply

HISTORIES = int(os.environ.get("VOUCH_HISTORIES", "12"))
VISITORS = ("anna", "ben")
AGENTS = {"ada": Agent("ada", "Ada"), "bo": Agent("bo", "Bo")}
TEXTS = ("How long does it last?", "A person, please!", "Thanks!", "It still leaks.", "OK, bye")
ALL: frozenset[Kind] = frozenset(Kind.__args__)  # type: ignore[attr-defined]
ACTIONS = ("claim", "pass on", "to a team", "hand back", "resolve", "say", "note")
who, process, agents = st.sampled_from(VISITORS), st.sampled_from((0, 1)), st.sampled_from(sorted(AGENTS))
which = st.integers(0, 11)


def script(turns: Sequence[Turn]) -> Reply:
    if "person" in turns[-1].text:
        return reply(AnswerSentence("You would like to talk to a person."), outcome="hand_off")
    return reply(cited("24 months."))


@cache
def template() -> Path:
    """A migrated database to copy: migrating takes longer than a history."""
    folder = Path(tempfile.mkdtemp(prefix="histories"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    open_database(folder).dispose()
    return folder


class Clock:
    """Strictly ascending, so that what is stored tells its order; and time can be made to pass."""

    def __init__(self) -> None:
        self._ticks, self.passed = itertools.count(1), timedelta()

    def __call__(self) -> datetime:
        return datetime(2026, 3, 2, 9) + self.passed + timedelta(microseconds=next(self._ticks))


class Process:
    """One process that serves customers and agents."""

    def __init__(self, data: Path, rules: Rules) -> None:
        self.engine = open_database(data)
        self.store, self.tickets = Conversations(self.engine, rules), Tickets(self.engine, rules)
        self.desk = Desk(self.store, Scripted(script))
        self.hold = threading.Event()
        self.slow = Desk(self.store, Scripted(script, self.hold))
        self.agents = AgentDesk(self.tickets, Scripted(script))


class Histories(RuleBasedStateMachine):
    """What people do, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="history"))
        self.data = self.folder / "data"
        shutil.copytree(template(), self.data)
        self.clock = Clock()
        self.rules = Rules(channels={"webhook": ALL}, now=self.clock)
        self.processes = [Process(self.data, self.rules) for _ in (0, 1)]
        self.conversations = {each: self.processes[0].store.begin(each, "en") for each in VISITORS}
        self.under_way: dict[int, tuple[str, Iterator[DeskEvent]]] = {}
        self.promised: set[tuple[str, int]] = set()  # (visitor, number) that somebody was told

    def teardown(self) -> None:
        for number in tuple(self.under_way):
            self.answer_ends(number)
        for each in self.processes:
            each.engine.dispose()
        shutil.rmtree(self.folder)

    # --- customers and the assistant -----------------------------------------------------------------------

    @rule(visitor=who, text=st.sampled_from(TEXTS), at=process)
    def writes(self, visitor: str, text: str, at: int) -> None:
        events = self.processes[at].desk.handle_message(self.conversations[visitor], visitor, text)
        said = " ".join(each.sentence.text for each in events if isinstance(each, Said))
        self.promised |= {(visitor, int(number)) for number in re.findall(r"number is (\d+)", said)}

    @rule(visitor=who, text=st.sampled_from(TEXTS[:2]), at=process)
    def answer_begins(self, visitor: str, text: str, at: int) -> None:
        if at in self.under_way:
            return
        self.processes[at].hold.clear()
        events = self.processes[at].slow.handle_message(self.conversations[visitor], visitor, text)
        for event in events:
            if isinstance(event, Said):
                self.under_way[at] = (visitor, events)
                return

    @rule(at=process)
    def answer_ends(self, at: int) -> None:
        if at in self.under_way:
            self.processes[at].hold.set()
            list(self.under_way.pop(at)[1])

    @rule(visitor=who, at=process)
    def presses_the_button(self, visitor: str, at: int) -> None:
        ticket = self.processes[at].desk.request_person(self.conversations[visitor], visitor, "en")
        assert ticket.open
        self.promised.add((visitor, ticket.number))

    @rule(visitor=who, at=process)
    def withdraws(self, visitor: str, at: int) -> None:
        with suppress(NotPossible):
            self.processes[at].desk.withdraw(self.conversations[visitor], visitor)

    # --- agents --------------------------------------------------------------------------------------------

    @precondition(lambda self: self.promised)
    @rule(agent=agents, action=st.sampled_from(ACTIONS), at=process, which=which)
    def acts(self, agent: str, action: str, at: int, which: int) -> None:
        with suppress(NotPossible):
            self.act(agent, action, at, self.some_ticket(which))

    @precondition(lambda self: self.promised)
    @rule(agent=agents, action=st.sampled_from(ACTIONS[:-1]), key=st.uuids(), which=which)
    def acts_twice_with_one_key(self, agent: str, action: str, key: object, which: int) -> None:
        number = self.some_ticket(which)
        with suppress(NotPossible):
            self.act(agent, action, 0, number, str(key))
            before = self.dump()
            self.act(agent, action, 1, number, str(key))
            assert self.dump() == before

    @rule(agent=agents)
    def goes_home(self, agent: str) -> None:
        self.processes[0].agents.leave(agent)
        assert agent not in self.processes[1].tickets.load()

    def act(self, agent: str, action: str, at: int, number: int, key: str = "") -> None:
        desk, me, other = self.processes[at].agents, AGENTS[agent], "bo" if agent == "ada" else "ada"
        match action:
            case "claim":
                desk.claim(me, number, key)
            case "pass on":
                desk.pass_on(me, number, to_agent=other, key=key)
            case "to a team":
                desk.pass_on(me, number, to_team="repairs", key=key)
            case "hand back":
                desk.hand_back(me, number, key)
            case "resolve":
                desk.resolve(me, number, key)
            case "say":
                desk.say(me, number, f"{me.shown} here.", key)
            case "note":
                desk.note(me, number, "Called back.")

    def some_ticket(self, which: int) -> int:
        """One of those there are; how many that is depends on who won a race, so none is drawn from them."""
        numbers = sorted(number for _, number in self.promised)
        return numbers[which % len(numbers)]

    # --- what else befalls ---------------------------------------------------------------------------------

    @precondition(lambda self: self.promised)
    @rule(visitor=who, which=which)
    def all_at_once(self, visitor: str, which: int) -> None:
        """Both agents take it while the assistant answers and the customer presses the button."""
        number, conversation = self.some_ticket(which), self.conversations[visitor]
        one, other = self.processes
        together = threading.Barrier(4)

        def run(work: Callable[[], object]) -> None:
            together.wait(10)
            with suppress(NotPossible):
                work()

        jobs: list[Callable[[], object]] = [
            lambda: one.agents.claim(AGENTS["ada"], number),
            lambda: other.agents.claim(AGENTS["bo"], number),
            lambda: other.store.add_answer(conversation, visitor, reply(cited("24 months."))),
            lambda: self.presses_the_button(visitor, 0),
        ]
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(run, jobs))

    @rule(minutes=st.sampled_from((1, 11, 60, 24 * 60, 4 * 24 * 60)))
    def time_passes(self, minutes: int) -> None:
        self.clock.passed += timedelta(minutes=minutes)
        raised = self.processes[0].tickets.raise_unclaimed()
        assert self.processes[1].tickets.raise_unclaimed() == []
        assert all(each.state == "waiting" and each.standing.agent == "" for each in raised)

    @rule(at=process)
    def restarts(self, at: int) -> None:
        self.answer_ends(at)
        self.processes[at].engine.dispose()
        self.processes[at] = Process(self.data, self.rules)

    @rule(visitor=who)
    def fails_half_way(self, visitor: str) -> None:
        """Between the ticket and the message that names it: neither is there afterwards."""

        def words(moved: Moved) -> Reply | None:
            raise OSError("the disk is full")

        before = self.dump()
        with suppress(OSError):
            self.processes[0].store.hand_off(self.conversations[visitor], visitor, Escalate("anger", "x"), "", words)
        assert self.dump() == before

    # --- what always holds ---------------------------------------------------------------------------------

    @invariant()
    def one_speaks_at_a_time(self) -> None:
        for visitor, conversation in self.conversations.items():
            claimed, story = "", self.story(conversation)
            for _, what, detail in story:
                if what == "state":
                    claimed = detail.removeprefix("claimed agent:") if detail.startswith("claimed") else ""
                elif what == "agent":
                    assert claimed == detail.lower(), story
                elif what == "assistant":
                    assert claimed == "", story
            for each in self.processes:
                assert not claimed or each.slow.view(conversation, visitor).said is None

    @invariant()
    def no_ticket_is_lost_doubled_or_only_promised(self) -> None:
        rows = self.dump()
        owner = {conversation: visitor for visitor, conversation in self.conversations.items()}
        numbers = {(owner[row.conversation], row.number) for row in rows["tickets"]}
        assert self.promised <= numbers
        by_ticket = defaultdict(list)
        for row in rows["transitions"]:
            by_ticket[row.ticket].append(row)
        for row in rows["tickets"]:
            steps = by_ticket[row.number]
            assert [each.kind for each in steps].count("opened") == 1
            assert [each.before for each in steps] == ["assistant", *(each.after for each in steps[:-1])]
            assert (steps[-1].after, len(steps)) == (row.state, row.version)
        open_ones = [row.conversation for row in rows["tickets"] if row.state in ("waiting", "claimed")]
        assert len(open_ones) == len(set(open_ones))
        assert len(rows["outbox"]) == len(rows["transitions"])
        for row in rows["messages"]:
            if row.role == "assistant":
                told = {(owner[row.conversation], int(each)) for each in re.findall(r"number is (\d+)", row.text)}
                assert told <= numbers
                assert told or row.reply["decision"]["outcome"] != "hand_off"

    def story(self, conversation: str) -> list[tuple[datetime, str, str]]:
        """What was said and done in a conversation, in order: (when, what, by whom)."""
        messages, transitions, tickets = schema.messages.c, schema.transitions.c, schema.tickets.c
        with self.processes[0].engine.connect() as connection:
            said = sa.select(messages.created_at, messages.role, messages.author).where(
                messages.conversation == conversation
            )
            done = (
                sa.select(transitions.at, transitions.after, transitions.actor)
                .join(schema.tickets, tickets.number == transitions.ticket)
                .where(tickets.conversation == conversation)
            )
            found = [(row.created_at, row.role, row.author) for row in connection.execute(said)]
            found += [(row.at, "state", f"{row.after} {row.actor}") for row in connection.execute(done)]
        return sorted(found)

    def dump(self) -> dict[str, list[sa.Row[tuple[object, ...]]]]:
        with self.processes[1].engine.connect() as connection:
            return {
                name: list(connection.execute(sa.select(table).order_by(*table.primary_key.columns)))
                for name, table in schema.metadata.tables.items()
            }


Histories.TestCase.settings = settings(
    max_examples=HISTORIES,
    phases=(Phase.explicit, Phase.generate),  # what failed is told by its steps; making it shorter takes minutes
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
)
TestHistories = Histories.TestCase
