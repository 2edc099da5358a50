"""The agents' desk as HTML. Every text is escaped, as on the customers' page. Knows no Gradio and no store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from desk.agents import Agent, Line, TicketView
from desk.handoff import URGENT
from desk.records import Note, Ticket
from desk.tickets import Glance
from rag.people import Customer, Mood
from rag.types import Reply
from ui.desk_texts import DeskTexts
from ui.render import render

SHOWN = 0.5  # a mood stronger than this is named beside its message
HIGH = (URGENT + 1) // 2  # a priority from here on is called urgent
LISTED = 5  # orders, complaints and visits of a record


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody a conversation can be passed on to."""

    name: str
    shown: str
    at_work: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """A ticket with what an agent sees of it. `customer`: None for a guest; `now` as all times of the desk."""

    view: TicketView
    customer: Customer | None
    agent: Agent
    now: datetime

    @property
    def ticket(self) -> Ticket:
        return self.view.ticket

    @property
    def mine(self) -> bool:
        return self.ticket.state == "claimed" and self.ticket.agent == self.agent.name


def header(company: str, agent: Agent, t: DeskTexts) -> str:
    """The bar at the top."""
    return render("desk_header.html", t=t, company=company, agent=agent)


def queue(
    waiting: Sequence[Ticket],
    mine: Sequence[Ticket],
    glances: Mapping[int, Glance],
    agent: Agent,
    now: datetime,
    t: DeskTexts,
) -> str:
    """The two lists. Searching and choosing which of them shows is the browser's."""
    rules = sorted({each.rule for each in (*waiting, *mine)})
    return render(
        "desk_queue.html", t=t, waiting=waiting, mine=mine, glances=glances, agent=agent, now=now, rules=rules,
        ago=ago, level=level,
    )  # fmt: skip


def thread(seen: Seen | None, t: DeskTexts, notice: str = "", echo: str = "") -> str:
    """The conversation with its notes; without one, how to begin. `echo` says what this is the answer to."""
    moments = timeline(seen.view) if seen else []
    return render(
        "desk_thread.html", t=t, seen=seen, moments=moments, notice=notice, echo=echo,
        ago=ago, level=level, felt=felt, who=who,
    )  # fmt: skip


def composer(
    seen: Seen | None,
    canned: Sequence[tuple[str, str]],
    teams: Sequence[str],
    colleagues: Sequence[Colleague],
    t: DeskTexts,
) -> str:
    """What can be done with the conversation, and where the agent writes."""
    return render("desk_composer.html", t=t, seen=seen, canned=canned, teams=teams, colleagues=colleagues)


def suggestion(reply: Reply | None, number: int, t: DeskTexts) -> str:
    """What the assistant would say, with its sources."""
    return render("desk_suggestion.html", t=t, reply=reply, number=number)


def side(seen: Seen | None, t: DeskTexts) -> str:
    """Summary, mood and the customer's record."""
    mood = next((line.mood for line in reversed(seen.view.lines) if line.mood), None) if seen else None
    return render(
        "desk_side.html", t=t, seen=seen, mood=mood, measures=measures(mood) if mood else (), listed=LISTED, who=who
    )


def timeline(view: TicketView) -> list[Line | Note]:
    """Messages and notes in the order in which they were written."""
    moments: list[tuple[datetime, int, Line | Note]] = [(line.message.at, 0, line) for line in view.lines]
    moments += [(note.at, 1, note) for note in view.notes]
    return [each for _, _, each in sorted(moments, key=lambda each: each[:2])]


def felt(mood: Mood | None) -> str:
    """The strongest of the moods worth a word; empty where there is none."""
    strong = [(getattr(mood, name), name) for name in ("anger", "frustration", "urgency")] if mood else []
    value, name = max(strong, default=(0.0, ""))
    return name if value >= SHOWN else ""


def measures(mood: Mood) -> tuple[tuple[str, int], ...]:
    """(name, percent) of a mood, in the order they are shown."""
    return tuple(
        (name, round(100 * getattr(mood, name))) for name in ("anger", "frustration", "urgency", "satisfaction")
    )


def ago(since: datetime, now: datetime, t: DeskTexts) -> str:
    """How long ago, in one word."""
    passed = max(now - since, timedelta())
    if passed < timedelta(minutes=1):
        return t.just_now
    if passed < timedelta(hours=1):
        return t.minutes.format(count=passed // timedelta(minutes=1))
    if passed < timedelta(days=1):
        return t.hours.format(count=passed // timedelta(hours=1))
    return t.days.format(count=passed.days)


def level(ticket: Ticket) -> str:
    """urgent, raised or nothing, by its priority."""
    priority = ticket.standing.priority
    return "urgent" if priority >= HIGH else "raised" if priority else ""


def who(customer: Customer | None, t: DeskTexts) -> str:
    """The customer's name, else the number, else that they are a guest."""
    return (customer.name or customer.id) if customer else t.guest
