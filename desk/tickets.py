"""Tickets, notes and agents' messages in SQL: the agents' side of the store. Each write is one durable transaction.

Nothing here asks whose conversation it is: these are the ways in for staff and for the desk itself, never for a
visitor; visitors' are in `desk/store.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from desk.handoff import OPEN, AgentGone, Event, NotPossible, Speak, Unclaimed, due
from desk.moves import DESK, RULES, Actor, Rules, lock, move, ticket, ticket_of
from desk.records import Message, Note, Ticket, Transition
from desk.schema import conversations, messages, notes, tickets, transitions
from desk.store import all_messages, mark


@dataclass(frozen=True, slots=True)
class Glance:
    """What is seen of a conversation in a list. `customer`: the id of who is signed in; empty for a guest."""

    visitor: str
    customer: str
    said: str


class Tickets:
    """All reading and writing that is not a visitor's own."""

    def __init__(self, engine: Engine, rules: Rules = RULES) -> None:
        self._engine, self._rules = engine, rules
        self._writing = engine.execution_options(writes=True)

    # --- writing -------------------------------------------------------------------------------------------

    def move(self, number: int, event: Event, actor: Actor, key: str = "") -> Ticket:
        """Carry out an event on this ticket. Raises NotPossible, also where a newer ticket has taken its place."""
        with self._writing.begin() as connection:
            current = _current(connection, number)
            return move(connection, current.conversation, event, actor, self._rules, key).ticket or current

    def say(self, number: int, agent: str, shown: str, text: str, key: str = "") -> int:
        """Store an agent's message to the customer; its number. The same key again stores nothing. Raises NotPossible."""
        with self._writing.begin() as connection:
            current = _current(connection, number)
            mine = (messages.c.conversation == current.conversation, messages.c.key == key)
            if key and (known := connection.scalar(sa.select(messages.c.id).where(*mine))):
                return int(known)
            move(connection, current.conversation, Speak(agent), Actor(f"agent:{agent}"), self._rules)
            row = {"conversation": current.conversation, "role": "agent", "text": text, "author": shown}
            added = connection.execute(
                messages.insert().values(row | {"key": key or None, "created_at": self._rules.now()})
            )
            return int(added.inserted_primary_key[0])  # type: ignore[index]

    def note(self, number: int, agent: str, text: str) -> Note:
        """Store what an agent wrote for the others. Raises NotPossible where there is no such ticket."""
        with self._writing.begin() as connection:
            _known(connection, number)
            made = Note(agent, text, self._rules.now())
            connection.execute(notes.insert().values(ticket=number, agent=agent, text=text, at=made.at))
            return made

    def raise_unclaimed(self) -> list[Ticket]:
        """Make more urgent what has waited too long; the tickets that were raised."""
        now = self._rules.now()
        late = [each for each in self.tickets(["waiting"]) if due(each.standing, self._rules.limits) <= now]
        return self._each(late, Unclaimed())

    def release(self, agent: str) -> list[Ticket]:
        """Put back into the queue what this agent has, and free what is kept for them; the tickets concerned."""
        return self._each([each for each in self.tickets(OPEN) if each.agent == agent], AgentGone(agent))

    def _each(self, found: Iterable[Ticket], event: Event) -> list[Ticket]:
        """One transaction a ticket; what changed meanwhile is left as it is."""
        changed = []
        for each in found:
            with self._writing.begin() as connection:
                moved = move(connection, each.conversation, event, DESK, self._rules)
            if moved.kind and moved.ticket:
                changed.append(moved.ticket)
        return changed

    # --- reading -------------------------------------------------------------------------------------------

    def visitor(self, conversation: str) -> str:
        """Whose conversation it is; an empty string where there is none."""
        with self._engine.connect() as connection:
            query = sa.select(conversations.c.visitor).where(conversations.c.id == conversation)
            return connection.scalar(query) or ""

    def tickets(self, states: Iterable[str] = OPEN) -> list[Ticket]:
        """The tickets in these states, the most urgent first, then whoever has waited longest."""
        order = (tickets.c.priority.desc(), tickets.c.since, tickets.c.number)
        query = tickets.select().where(tickets.c.state.in_(list(states))).order_by(*order)
        with self._engine.connect() as connection:
            return [ticket(row) for row in connection.execute(query)]

    def ticket(self, number: int) -> Ticket:
        """Raises NotPossible where there is none."""
        with self._engine.connect() as connection:
            return _known(connection, number)

    def messages(self, conversation: str) -> tuple[Message, ...]:
        """The whole conversation, oldest message first."""
        with self._engine.connect() as connection:
            return all_messages(connection, conversation)

    def mark(self, number: int) -> str:
        """Something that differs whenever there is anything new to see of this ticket."""
        with self._engine.connect() as connection:
            last = sa.select(sa.func.max(notes.c.id)).where(notes.c.ticket == number)
            return f"{mark(connection, _known(connection, number).conversation)}-{connection.scalar(last) or 0}"

    def news(self) -> str:
        """Something that differs whenever the queue changes, or what is said in a conversation that is handed over."""
        held = sa.select(tickets.c.conversation).where(tickets.c.state.in_(OPEN))
        latest = (
            sa.select(sa.func.max(transitions.c.id)),
            sa.select(sa.func.max(messages.c.id)).where(messages.c.conversation.in_(held)),
            sa.select(sa.func.max(notes.c.id)),
        )
        with self._engine.connect() as connection:
            return "-".join(str(connection.scalar(each) or 0) for each in latest)

    def glances(self, wanted: Iterable[str]) -> dict[str, Glance]:
        """Of these conversations: who the customer is, and what they wrote last."""
        theirs = (messages.c.conversation == conversations.c.id, messages.c.role == "customer")
        last = sa.select(sa.func.max(messages.c.id)).where(*theirs).correlate(conversations).scalar_subquery()
        columns = (conversations.c.id, conversations.c.visitor, conversations.c.customer, messages.c.text)
        query = sa.select(*columns).join(messages, messages.c.id == last, isouter=True)
        with self._engine.connect() as connection:
            found = connection.execute(query.where(conversations.c.id.in_(list(wanted))))
            return {row.id: Glance(row.visitor, row.customer or "", row.text or "") for row in found}

    def load(self) -> dict[str, int]:
        """How many conversations each agent has."""
        held = sa.func.count().label("held")
        query = sa.select(tickets.c.agent, held).where(tickets.c.state == "claimed").group_by(tickets.c.agent)
        with self._engine.connect() as connection:
            return {row.agent: int(row.held) for row in connection.execute(query)}

    def notes(self, number: int) -> tuple[Note, ...]:
        """Oldest first."""
        with self._engine.connect() as connection:
            found = connection.execute(notes.select().where(notes.c.ticket == number).order_by(notes.c.id))
            return tuple(Note(row.agent, row.text, row.at) for row in found)

    def transitions(self, number: int) -> tuple[Transition, ...]:
        """What became of a ticket, oldest first."""
        query = transitions.select().where(transitions.c.ticket == number).order_by(transitions.c.id)
        with self._engine.connect() as connection:
            return tuple(Transition(row.kind, row.actor, row.at) for row in connection.execute(query))


def _known(connection: Connection, number: int) -> Ticket:
    row = connection.execute(tickets.select().where(tickets.c.number == number)).first()
    if row is None:
        raise NotPossible("NO_TICKET", f"There is no ticket {number}.")
    return ticket(row)


def _current(connection: Connection, number: int) -> Ticket:
    """The ticket, which must be its conversation's newest; nobody else changes it until the transaction ends."""
    found = _known(connection, number)
    lock(connection, found.conversation)
    newest = ticket_of(connection, found.conversation)
    if newest is None or newest.number != number:
        raise NotPossible("NOT_WAITING", f"Ticket {number} is closed; the conversation went on under another number.")
    return newest
