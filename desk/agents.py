"""The agent's desk: what waits, who takes it, what is written, and everything an agent sees of a conversation.

For staff who were let in elsewhere: whoever holds an `Agent` may use all of it. Knows no page and no shifts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desk.askers import Askers
from desk.canned import Canned
from desk.handoff import Claim, HandBack, NotPossible, PassOn, Resolve
from desk.moves import Actor
from desk.records import Message, Note, Ticket, TooLong, Transition
from desk.service import LONGEST, Answers, turn
from desk.summary import Summary, summarise
from desk.tickets import Glance, Tickets
from desk.typing import Typing
from rag.config_people import Shifts
from rag.errors import VouchError
from rag.people import Customer, Mood
from rag.ports import MoodModel
from rag.text import well_formed
from rag.types import Done, Language, Reply, Turn

FELT = 10_000  # messages whose mood is remembered


@dataclass(frozen=True, slots=True)
class Agent:
    """Who works at the desk. `name` is the log-in name, `shown` what customers read. Empty: all teams, all languages."""

    name: str
    shown: str = ""
    teams: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    skills: frozenset[str] = frozenset()

    @property
    def actor(self) -> Actor:
        return Actor(f"agent:{self.name}", self.shown or self.name)

    def fits(self, ticket: Ticket) -> bool:
        """Whether a waiting ticket is one for this agent."""
        standing = ticket.standing
        if standing.agent:
            return standing.agent == self.name
        team = not self.teams or not standing.team or standing.team in self.teams
        language = not self.languages or ticket.language in self.languages
        return team and language and self.skills >= set(ticket.skills)


def agent_of(name: str, everything: bool, settings: Shifts) -> Agent:
    """The account of this name as it works at the desk. Who is on no shift, and with `everything` also who is, sees all
    teams and languages."""
    found = next((each for each in settings.agents if each.name == name), None)
    shown = (found.shown if found else "") or name.replace(".", " ").replace("_", " ").title()
    if found is None or everything:
        return Agent(name, shown)
    team = next(each for each in settings.teams if each.name == found.team)
    languages = frozenset(found.languages or team.languages)
    return Agent(name, shown, frozenset({team.name}), languages, frozenset(found.skills))


@dataclass(frozen=True, slots=True)
class Line:
    """A message, and for a customer's the mood of the conversation up to it, where moods are told."""

    message: Message
    mood: Mood | None = None


@dataclass(frozen=True, slots=True)
class TicketView:
    """A ticket with all that is known of it. What the assistant tried and cited stands in its messages' replies.

    `customer`: whose it is, as the records know them now; None for a guest.
    """

    ticket: Ticket
    lines: tuple[Line, ...]
    notes: tuple[Note, ...]
    transitions: tuple[Transition, ...]
    summary: Summary
    customer: Customer | None = None


class AgentDesk:
    """What agents do. Every method that changes something takes a `key`: the same key again changes nothing more."""

    def __init__(
        self,
        store: Tickets,
        assistant: Answers,
        canned: Sequence[Canned] = (),
        moods: MoodModel | None = None,
        askers: Askers | None = None,
        typing: Typing | None = None,
    ) -> None:
        self._store, self._assistant, self._canned, self._moods = store, assistant, tuple(canned), moods
        self._askers, self._typing = askers or Askers(), typing or Typing()
        self._felt: dict[int, Mood] = {}  # by message: what was said before it does not change

    # --- what there is -------------------------------------------------------------------------------------

    def queue(self, agent: Agent) -> list[Ticket]:
        """What waits and fits this agent: what is kept for them alone, then the most urgent, then the longest waiting."""
        waiting = [each for each in self._store.tickets(["waiting"]) if agent.fits(each)]
        return sorted(waiting, key=lambda each: each.standing.agent != agent.name)

    def mine(self, agent: Agent) -> list[Ticket]:
        """What this agent has."""
        return [each for each in self._store.tickets(["claimed"]) if each.agent == agent.name]

    def glances(self, found: Sequence[Ticket]) -> dict[int, Glance]:
        """What is seen of these tickets in a list, by number."""
        known = self._store.glances(each.conversation for each in found)
        return {each.number: known[each.conversation] for each in found if each.conversation in known}

    def load(self) -> dict[str, int]:
        """How many conversations each agent has."""
        return self._store.load()

    def view(self, number: int) -> TicketView:
        """The ticket with the whole conversation. Raises NotPossible where there is none."""
        ticket = self._store.ticket(number)
        found = self._store.messages(ticket.conversation)
        steps, customer = self._store.transitions(number), self._customer(ticket)
        return TicketView(ticket, self._lines(found), self._store.notes(number), steps, summarise(found), customer)

    def mark(self, number: int) -> str:
        """Something that differs whenever there is anything new to see of this ticket."""
        return self._store.mark(number)

    def news(self) -> str:
        """Something that differs whenever there is anything new to see in the queue or in what is handed over."""
        return self._store.news()

    def canned(self, language: Language) -> list[tuple[str, str]]:
        """(name, text) of the ready replies in this language."""
        return [(each.name, each.texts[language]) for each in self._canned if language in each.texts]

    def suggestion(self, number: int) -> Reply | None:
        """What the assistant would say to the customer's last message, with its citations; not stored, not sent.

        None where the customer has written nothing, or nothing in the documents answers it.
        """
        ticket = self._store.ticket(number)
        turns = [turn(each) for each in self._store.messages(ticket.conversation) if _spoken(each)]
        while turns and turns[-1].role != "customer":
            turns.pop()
        if not turns:
            return None
        customer = self._customer(ticket)
        try:
            events = self._assistant.reply(turns, self._askers.access(customer), customer)
            replies = [each.reply for each in events if isinstance(each, Done)]
        except VouchError:
            return None  # an agent writes without a suggestion, as without an answer
        return replies[-1] if replies and replies[-1].decision.outcome == "answer" else None

    # --- what is done --------------------------------------------------------------------------------------

    def claim(self, agent: Agent, number: int, key: str = "") -> Ticket:
        """Take it. Raises NotPossible (TAKEN) where another agent was first."""
        return self._store.move(number, Claim(agent.name), agent.actor, key)

    def pass_on(self, agent: Agent, number: int, *, to_agent: str = "", to_team: str = "", key: str = "") -> Ticket:
        """To another agent's or a team's queue. Raises NotPossible."""
        return self._store.move(number, PassOn(agent.name, to_agent, to_team), agent.actor, key)

    def hand_back(self, agent: Agent, number: int, key: str = "") -> Ticket:
        """Leave the conversation to the assistant. Raises NotPossible."""
        return self._store.move(number, HandBack(agent.name), agent.actor, key)

    def resolve(self, agent: Agent, number: int, key: str = "") -> Ticket:
        """Done. The customer's next message that asks for something opens it again. Raises NotPossible."""
        return self._store.move(number, Resolve(agent.name), agent.actor, key)

    def say(self, agent: Agent, number: int, text: str, key: str = "") -> int:
        """Write to the customer; the message's number. Raises NotPossible, TooLong."""
        message = self._store.say(number, agent.name, agent.actor.shown, _checked(text), key)
        self._typing.sent(self._store.ticket(number).conversation)
        return message

    def writes(self, agent: Agent, number: int) -> None:
        """The agent presses keys: the customer sees that, if the conversation is the agent's. Raises NotPossible."""
        ticket = self._store.ticket(number)
        if ticket.state == "claimed" and ticket.agent == agent.name:
            self._typing.heard(ticket.conversation, agent.actor.shown)

    def note(self, agent: Agent, number: int, text: str) -> Note:
        """Write for the other agents. Raises NotPossible, TooLong."""
        return self._store.note(number, agent.name, _checked(text))

    def leave(self, agent: str) -> list[Ticket]:
        """The agent's shift is over: what they have goes back to the queue, and its customers are told."""
        return self._store.release(agent)

    def _customer(self, ticket: Ticket) -> Customer | None:
        return self._askers.customer(self._store.visitor(ticket.conversation))

    def _lines(self, found: Sequence[Message]) -> tuple[Line, ...]:
        lines, turns = list[Line](), list[Turn]()
        for each in found:
            if _spoken(each):
                turns.append(turn(each))
            lines.append(Line(each, self._mood(each, turns) if each.role == "customer" else None))
        return tuple(lines)

    def _mood(self, message: Message, turns: Sequence[Turn]) -> Mood | None:
        """Of the conversation up to this message; told once, as an open page asks again and again."""
        if self._moods and message.id not in self._felt:
            if len(self._felt) >= FELT:
                self._felt.clear()
            self._felt[message.id] = self._moods.mood(turns)
        return self._felt.get(message.id)


def _spoken(message: Message) -> bool:
    return message.role != "notice"


def _checked(text: str) -> str:
    text = well_formed(text).strip()
    if not text:
        raise NotPossible("EMPTY", "There is nothing in this message. Write something first.")
    if len(text) > LONGEST:
        raise TooLong(f"This has {len(text):,} characters; at most {LONGEST:,} fit. Please shorten it.")
    return text
