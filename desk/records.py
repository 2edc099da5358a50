"""What the desk keeps of a conversation, as values; and a reply as JSON and back.

Knows no SQL and no page. A reply is stored as it was shown: sentences with their citations, not the trace.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from desk.handoff import Handoff, Kind, State, is_open
from rag.errors import VouchError
from rag.types import AnswerSentence, Citation, Decision, Language, Reply, Role, Usage

Rating = Literal[-1, 0, 1]  # 0: taken back, or never given


class NotYours(VouchError):
    """The conversation is not this visitor's, or is not there; which of the two is nobody's business."""

    def __init__(self) -> None:
        super().__init__("There is no such conversation here. Reload the page to go on.")


class TooLong(VouchError):
    """A message or a contact has more characters than fit."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `reply` is there for the assistant's, `rating` is what the customer thinks of it, `author` is an
    agent's name. A notice is the desk's own line: who has taken the conversation, and the like."""

    id: int
    role: Role | Literal["notice"]
    text: str
    at: datetime
    reply: Reply | None = None
    rating: Rating = 0
    author: str = ""


@dataclass(frozen=True, slots=True)
class Ticket:
    """A conversation that was handed to people. `number` is what the customer is told. Times are UTC without a zone."""

    number: int
    conversation: str
    standing: Handoff
    rule: str
    reason: str
    language: Language
    opened_at: datetime
    skills: tuple[str, ...] = ()
    contact: str = ""
    promised_at: datetime | None = None
    version: int = 0

    @property
    def state(self) -> State:
        return self.standing.state

    @property
    def agent(self) -> str:
        return self.standing.agent

    @property
    def open(self) -> bool:
        return is_open(self.standing)


def mark_of(newest: int, ticket: Ticket | None) -> str:
    """The newest message's number and the newest step, as a text to compare: another one means something new."""
    return f"{newest}-" + (f"{ticket.number}.{ticket.version}" if ticket else "")


@dataclass(frozen=True, slots=True)
class Transition:
    """A step that was taken. `actor`: customer, assistant, desk, or "agent:" and a name."""

    kind: Kind
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Note:
    """What an agent wrote for the others."""

    agent: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Stored:
    """The event after Done: the answer is on disk under this number, and can be rated."""

    message: int


def reply_to_json(reply: Reply) -> dict[str, Any]:
    """Everything needed to draw the reply again."""
    return {
        "decision": asdict(reply.decision),
        "sentences": [asdict(each) for each in reply.sentences],
        "language": reply.language,
        "writer": reply.writer,
        "note": reply.note,
        "usage": asdict(reply.usage),
    }


def reply_from_json(raw: Mapping[str, Any]) -> Reply:
    """The reply as it was shown, without its trace."""
    return Reply(
        decision=_decision(raw["decision"]),
        sentences=tuple(_sentence(each) for each in raw["sentences"]),
        language=raw["language"],
        writer=raw["writer"],
        note=raw["note"],
        usage=Usage(**raw.get("usage", {})),  # answers of before it was kept have none
    )


def _decision(raw: Mapping[str, Any]) -> Decision:
    # Replies stored before the assistant asked back have no options; before there were rules, no rule.
    options, about = tuple(raw.get("options", ())), tuple(raw.get("about", ()))
    return Decision(raw["outcome"], raw["confidence"], tuple(raw["reasons"]), options, about, raw.get("rule", ""))


def _sentence(raw: Mapping[str, Any]) -> AnswerSentence:
    citations = tuple(Citation(**{**each, "heading": tuple(each["heading"])}) for each in raw["citations"])
    return AnswerSentence(raw["text"], citations, raw["kind"])
