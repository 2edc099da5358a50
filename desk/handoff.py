"""The hand-over of a conversation as a state machine: who has the word, what may happen next, what the customer hears.

Pure: knows no store, no clock and no page. `step` is all of it; `desk/tickets.py` carries it out, each step in one
transaction with its ticket. A state belongs to a ticket; a conversation without a ticket is with the assistant.

    assistant → waiting → claimed → assistant | resolved → waiting (reopened) | assistant
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from rag.errors import VouchError

State = Literal["assistant", "waiting", "claimed", "resolved"]
# What a step is called in the transitions and in notifications. lapsed: resolved for so long that a new message is the
# assistant's again; freed: no longer kept for one agent; raised: asked for once more, by a stronger rule.
Kind = Literal[
    "opened", "reopened", "claimed", "passed_on", "handed_back", "resolved", "delayed", "requeued", "withdrawn",
    "raised", "freed", "lapsed",
]  # fmt: skip
OPEN: tuple[State, ...] = ("waiting", "claimed")
URGENT = 9  # the highest priority; 0 is ordinary


class NotPossible(VouchError):
    """A step that the state does not allow. `code` is stable: TAKEN, NOT_YOURS, NOT_WAITING, CLAIMED, NO_TICKET,
    NOBODY, CHANGED, EMPTY."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Handoff:
    """Where a conversation stands. `agent`: who has it; while it waits, for whom first; once resolved, by whom."""

    state: State
    since: datetime  # when this wait, this claim, this end began
    agent: str = ""
    team: str = ""
    priority: int = 0  # larger is sooner
    raises: int = 0  # periods of this wait after which it was made more urgent


@dataclass(frozen=True, slots=True)
class Limits:
    """How long things may take."""

    reopen: timedelta = timedelta(hours=72)  # a message so long after the end goes back to the same agent
    unclaimed: timedelta = timedelta(minutes=10)  # so long a wait raises the priority, and again after as long


# --- what may happen ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Escalate:
    """A rule hands the conversation to people. `language`, `skills`: of who can help; `promised_at`: as the customer was
    told, in UTC without a zone, as all times of the desk."""

    rule: str
    reason: str
    priority: int = 0
    team: str = ""
    language: str = "en"
    skills: tuple[str, ...] = ()
    promised_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """An agent takes it."""

    agent: str


@dataclass(frozen=True, slots=True)
class PassOn:
    """From the agent who has it to another one, or to a team."""

    agent: str
    to_agent: str = ""
    to_team: str = ""


@dataclass(frozen=True, slots=True)
class HandBack:
    """The agent leaves it to the assistant."""

    agent: str


@dataclass(frozen=True, slots=True)
class Resolve:
    """The agent is done."""

    agent: str


@dataclass(frozen=True, slots=True)
class Speak:
    """The agent writes to the customer; nothing changes."""

    agent: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The assistant writes to the customer; nothing changes."""


@dataclass(frozen=True, slots=True)
class CustomerMessage:
    """The customer writes. `closing`: thanks or a goodbye, that asks for nothing."""

    closing: bool = False


@dataclass(frozen=True, slots=True)
class Unclaimed:
    """Time has passed; where nobody took it for too long, it becomes more urgent and is anybody's."""


@dataclass(frozen=True, slots=True)
class AgentGone:
    """The agent's shift is over, or the agent left."""

    agent: str


@dataclass(frozen=True, slots=True)
class Withdraw:
    """The customer no longer wants a person."""


Event = (
    Escalate | Claim | PassOn | HandBack | Resolve | Speak | Answer | CustomerMessage | Unclaimed | AgentGone | Withdraw
)


@dataclass(frozen=True, slots=True)
class Step:
    """What an event leads to: a new ticket's first state where it is called opened, else the same ticket's next."""

    kind: Kind
    after: Handoff


def speaker(handoff: Handoff | None) -> str:
    """Who alone may write to the customer: the name of an agent, or "" for the assistant.

    While a customer waits the assistant goes on answering; from the claim on it is silent.
    """
    return handoff.agent if handoff and handoff.state == "claimed" else ""


def check_silence(handoff: Handoff | None) -> None:
    """Raises NotPossible where the assistant has to be silent."""
    if speaker(handoff):
        raise NotPossible("CLAIMED", "A person has this conversation now; the assistant is silent.")


def is_open(handoff: Handoff | None) -> bool:
    """Whether a person owes the customer something."""
    return handoff is not None and handoff.state in OPEN


LIMITS = Limits()


def step(handoff: Handoff | None, event: Event, at: datetime, limits: Limits = LIMITS) -> Step | None:
    """What `event` leads to at the moment `at`; None where it is allowed and changes nothing. Raises NotPossible."""
    match event:
        case Escalate():
            return _escalated(handoff, event, at, limits)
        case CustomerMessage():
            return _heard(handoff, event, at, limits)
        case Answer():
            check_silence(handoff)
            return None
        case Withdraw():
            return _withdrawn(handoff, at)
    if handoff is None:
        raise NotPossible("NO_TICKET", "The assistant has this conversation; nobody asked for a person.")
    match event:
        case Claim():
            return _claimed(handoff, event, at)
        case Unclaimed():
            return _delayed(handoff, at, limits)
        case AgentGone():
            return _left(handoff, event, at)
        case PassOn() | HandBack() | Resolve() | Speak():
            return _done_by(handoff, event, at)


def _escalated(handoff: Handoff | None, event: Escalate, at: datetime, limits: Limits) -> Step | None:
    if handoff and _within_reopening(handoff, at, limits):
        reopened = Handoff("waiting", at, handoff.agent, handoff.team, max(handoff.priority, event.priority))
        return Step("reopened", reopened)
    if handoff is None or not is_open(handoff):
        return Step("opened", Handoff("waiting", at, team=event.team, priority=min(event.priority, URGENT)))
    if handoff.state == "waiting" and event.priority > handoff.priority:
        return Step("raised", replace(handoff, priority=min(event.priority, URGENT)))
    return None


def _heard(handoff: Handoff | None, event: CustomerMessage, at: datetime, limits: Limits) -> Step | None:
    if handoff is None or handoff.state != "resolved" or event.closing:
        return None
    if _within_reopening(handoff, at, limits):
        return Step("reopened", Handoff("waiting", at, handoff.agent, handoff.team, handoff.priority))
    return Step("lapsed", replace(handoff, state="assistant", since=at, agent=""))


def _within_reopening(handoff: Handoff, at: datetime, limits: Limits) -> bool:
    return handoff.state == "resolved" and at - handoff.since <= limits.reopen


def _withdrawn(handoff: Handoff | None, at: datetime) -> Step:
    if handoff is None or not is_open(handoff):
        raise NotPossible("NOT_WAITING", "No request for a person is open here, so there is none to withdraw.")
    return Step("withdrawn", replace(handoff, state="assistant", since=at, agent=""))


def _claimed(handoff: Handoff, event: Claim, at: datetime) -> Step | None:
    if not event.agent:
        raise NotPossible("NOBODY", "Whoever takes a conversation needs a name.")
    if handoff.state == "claimed":
        if handoff.agent == event.agent:
            return None
        raise NotPossible("TAKEN", f"{handoff.agent} has taken this conversation already. Choose another one.")
    if handoff.state != "waiting":
        raise NotPossible("NOT_WAITING", "This conversation no longer waits for a person. Choose another one.")
    return Step("claimed", replace(handoff, state="claimed", since=at, agent=event.agent))


def _delayed(handoff: Handoff, at: datetime, limits: Limits) -> Step | None:
    if handoff.state != "waiting" or at < due(handoff, limits):
        return None
    periods = (at - handoff.since) // limits.unclaimed  # after an hour without a clock it is told once, not six times
    raised = replace(handoff, agent="", priority=min(handoff.priority + 1, URGENT), raises=periods)
    return Step("delayed", raised)


def due(handoff: Handoff, limits: Limits) -> datetime:
    """When a conversation that still waits becomes more urgent."""
    return handoff.since + limits.unclaimed * (handoff.raises + 1)


def _left(handoff: Handoff, event: AgentGone, at: datetime) -> Step | None:
    if not event.agent or handoff.agent != event.agent:
        return None
    if handoff.state == "claimed":
        return Step("requeued", replace(handoff, state="waiting", since=at, agent="", raises=0))
    return Step("freed", replace(handoff, agent="")) if handoff.state == "waiting" else None


def _done_by(handoff: Handoff, event: PassOn | HandBack | Resolve | Speak, at: datetime) -> Step | None:
    """What only the agent may do who has the conversation."""
    if handoff.state != "claimed":
        raise NotPossible("NOT_YOURS", "You do not have this conversation. Take it first, if it still waits.")
    if handoff.agent != event.agent:
        raise NotPossible("NOT_YOURS", f"{handoff.agent} has this conversation, so only {handoff.agent} can do that.")
    match event:
        case Speak():
            return None
        case HandBack():
            return Step("handed_back", replace(handoff, state="assistant", since=at, agent=""))
        case Resolve():
            return Step("resolved", replace(handoff, state="resolved", since=at))
        case PassOn():
            return _passed_on(handoff, event, at)


def _passed_on(handoff: Handoff, event: PassOn, at: datetime) -> Step:
    if not (event.to_agent or event.to_team) or event.to_agent == event.agent:
        raise NotPossible("NOBODY", "Name the other agent or the team it goes to.")
    team = event.to_team or handoff.team
    passed = replace(handoff, state="waiting", since=at, agent=event.to_agent, team=team, raises=0)
    return Step("passed_on", passed)
