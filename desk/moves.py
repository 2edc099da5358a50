"""Carries out a step of the hand-over: the ticket, its transition, the notice and the notifications, in the caller's
one transaction.

Whoever writes to a conversation that may be handed over locks it first, so that two agents, several processes and
the assistant take turns: SQLite has one writer anyway; elsewhere the conversation's row is locked. The ticket itself
is changed by comparing its version.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from desk import texts
from desk.handoff import LIMITS, Escalate, Event, Handoff, Kind, Limits, NotPossible, Step, step
from desk.records import Ticket
from desk.schema import conversations, messages, outbox, tickets, transitions

Channels = Mapping[str, frozenset[Kind]]  # name of a channel → what it tells of


@dataclass(frozen=True, slots=True)
class Rules:
    """What every step goes by: limits, who is notified of what, and the clock (UTC without a zone)."""

    limits: Limits = LIMITS
    channels: Channels = field(default_factory=dict)
    now: Callable[[], datetime] = lambda: datetime.now(UTC).replace(tzinfo=None)


RULES = Rules()


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: customer, assistant, desk, or "agent:" and a name; and an agent's name as customers see it."""

    id: str
    shown: str = ""


CUSTOMER, ASSISTANT, DESK = Actor("customer"), Actor("assistant"), Actor("desk")


@dataclass(frozen=True, slots=True)
class Moved:
    """What came of an event: the conversation's ticket after it, if there is one, and the step, if one was taken now.

    `again`: the same event, by its key, was carried out before.
    """

    ticket: Ticket | None
    kind: Kind | None = None
    again: bool = False


def lock(connection: Connection, conversation: str) -> None:
    """Let nobody else write to this conversation until the transaction ends."""
    row = sa.select(conversations.c.id).where(conversations.c.id == conversation)
    connection.execute(row.with_for_update(key_share=True))  # whoever adds a message shares the key already


def ticket_of(connection: Connection, conversation: str) -> Ticket | None:
    """The conversation's ticket: the open one, or the last."""
    newest = tickets.select().where(tickets.c.conversation == conversation).order_by(tickets.c.number.desc()).limit(1)
    row = connection.execute(newest).first()
    return ticket(row) if row else None


def ticket(row: Row[Any]) -> Ticket:
    """A ticket as it is stored."""
    standing = Handoff(row.state, row.since, row.agent, row.team, row.priority, row.raises)
    return Ticket(
        row.number, row.conversation, standing, row.rule, row.reason, row.language, row.opened_at,
        tuple(row.skills), row.contact, row.promised_at, row.version,
    )  # fmt: skip


def move(connection: Connection, conversation: str, event: Event, actor: Actor, rules: Rules, key: str = "") -> Moved:
    """Carry `event` out; with the `key` of an earlier step, nothing more happens. Raises NotPossible."""
    lock(connection, conversation)
    current = ticket_of(connection, conversation)
    if key and (done := _with_key(connection, conversation, key)):
        return Moved(done, again=True)
    at = rules.now()
    taken = step(current.standing if current else None, event, at, rules.limits)
    if taken is None:
        return Moved(current)
    if taken.kind == "opened":
        assert isinstance(event, Escalate)
        number = _opened(connection, conversation, event, taken, at)
    else:
        assert current is not None
        number = _changed(connection, current, taken)
    former = current if current and taken.kind != "opened" else None
    before, since = (former.state, former.standing.since) if former else ("assistant", at)
    row = {"ticket": number, "kind": taken.kind, "before": before, "after": taken.after.state}
    key = key or secrets.token_urlsafe(16)
    connection.execute(transitions.insert().values(row | {"actor": actor.id, "key": key, "at": at}))
    moved = ticket_of(connection, conversation)
    assert moved is not None
    _tell_customer(connection, moved, taken.kind, actor, at)
    _notify(connection, moved, taken.kind, actor, rules.channels, at, {"before": before, "since": _utc(since)})
    return Moved(moved, taken.kind)


def _with_key(connection: Connection, conversation: str, key: str) -> Ticket | None:
    same = (transitions.c.key == key, tickets.c.conversation == conversation)
    found = sa.select(tickets).join(transitions, transitions.c.ticket == tickets.c.number).where(*same)
    row = connection.execute(found).first()
    return ticket(row) if row else None


def _opened(connection: Connection, conversation: str, event: Escalate, taken: Step, at: datetime) -> int:
    row = {
        "conversation": conversation, "version": 1, "rule": event.rule, "reason": event.reason, "contact": "",
        "language": event.language, "skills": list(event.skills), "opened_at": at, "promised_at": event.promised_at,
    }  # fmt: skip
    added = connection.execute(tickets.insert().values(row | _columns(taken.after)))
    return int(added.inserted_primary_key[0])  # type: ignore[index]


def _changed(connection: Connection, current: Ticket, taken: Step) -> int:
    seen = (
        tickets.c.number == current.number,
        tickets.c.state == current.state,
        tickets.c.version == current.version,
    )
    values = _columns(taken.after) | {"version": current.version + 1}
    if connection.execute(tickets.update().where(*seen).values(values)).rowcount != 1:
        raise NotPossible("CHANGED", "Somebody else changed this conversation just now. Look at it again.")
    return current.number


def _columns(after: Handoff) -> dict[str, object]:
    return {
        "state": after.state, "agent": after.agent, "team": after.team,
        "priority": after.priority, "raises": after.raises, "since": after.since,
    }  # fmt: skip


def _tell_customer(connection: Connection, moved: Ticket, kind: Kind, actor: Actor, at: datetime) -> None:
    if wording := texts.NOTICES.get(kind):
        said = wording[moved.language].format(number=moved.number, agent=actor.shown)
        row = {"conversation": moved.conversation, "role": "notice", "text": said, "created_at": at}
        connection.execute(messages.insert().values(row))


def _notify(
    connection: Connection,
    moved: Ticket,
    kind: Kind,
    actor: Actor,
    channels: Channels,
    at: datetime,
    former: Mapping[str, object],
) -> None:
    """No text of a conversation leaves the desk this way: whoever is told, comes and reads it here."""
    payload = {
        "event": kind, "ticket": moved.number, "state": moved.state, "rule": moved.rule, "reason": moved.reason,
        "priority": moved.standing.priority, "team": moved.standing.team, "agent": moved.agent, "actor": actor.id,
        "language": moved.language, "at": _utc(at), **former,
    }  # fmt: skip
    rows = [
        {
            "ticket": moved.number, "channel": channel, "key": secrets.token_urlsafe(16), "payload": payload,
            "at": at, "attempts": 0, "due_at": at, "problem": "",
        }
        for channel, kinds in channels.items() if kind in kinds
    ]  # fmt: skip
    if rows:
        connection.execute(outbox.insert(), rows)


def _utc(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds") + "Z"
