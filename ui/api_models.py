"""What goes in and out of the API, as its OpenAPI document describes it; and values of the desk as these. Knows no HTTP."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from desk.records import Message as Stored
from desk.records import Rating
from desk.service import LONGEST, View
from rag.types import AnswerSentence, Language, Outcome, Reply, SentenceKind


class NewMessage(BaseModel):
    """What a customer wrote."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    text: str = Field(min_length=1, description=f"At most {LONGEST} characters.")
    conversation: str = Field(
        default="", max_length=64, description="The one it belongs to; empty: a new one is begun."
    )
    language: Language = Field(default="en", description="Of a new conversation.")


class Source(BaseModel):
    """Where a sentence comes from."""

    number: int
    source: str = Field(description="The document's path, or record:… for the customer's own record.")
    title: str
    version: int
    heading: list[str]
    page: int | None
    second: float | None = Field(description="Within a recording.")
    quote: str


class Sentence(BaseModel):
    """One sentence of an answer. The event `sentence`."""

    text: str
    kind: SentenceKind
    citations: list[Source]


class Withdrawn(BaseModel):
    """Forget the sentences of this answer up to now. The event `withdrawn`."""

    reason: str


class Person(BaseModel):
    """The request for a person. `position` is the place in the queue while it waits; 1 is next."""

    number: int
    state: Literal["waiting", "claimed", "resolved", "assistant"]
    position: int | None = None


class Done(BaseModel):
    """The answer is complete and stored. The event `done`. Without an `outcome` a person has the conversation: what they
    write is read from the conversation."""

    conversation: str
    message: int | None
    outcome: Outcome | None
    language: Language | None
    options: list[str] = Field(description="What the customer is asked to choose from; one is sent as the next text.")
    note: str
    person: Person | None


class Message(BaseModel):
    """One message of a conversation. `sentences` are there for the assistant's, `author` for an agent's."""

    id: int
    role: Literal["customer", "assistant", "agent", "notice"]
    text: str
    at: datetime
    author: str
    outcome: Outcome | None
    options: list[str]
    sentences: list[Sentence]
    rating: Rating


class Conversation(BaseModel):
    """A conversation as it stands now."""

    conversation: str
    messages: list[Message]
    person: Person | None


class Problem(BaseModel):
    """Why a request was refused: a stable code, and what to do."""

    code: str
    message: str


class Refusal(BaseModel):
    """What every refused request is answered with, and the event `error`."""

    error: Problem


def sentence(said: AnswerSentence) -> Sentence:
    """A sentence with its sources."""
    cited = [Source.model_validate(each, from_attributes=True) for each in said.citations]
    return Sentence(text=said.text, kind=said.kind, citations=cited)


def person(view: View, position: int | None) -> Person | None:
    """The request for a person of this conversation, if there is one."""
    ticket = view.ticket
    return Person(number=ticket.number, state=ticket.state, position=position) if ticket else None


def done(conversation: str, message: int | None, reply: Reply | None, asked: Person | None) -> Done:
    """The end of an answer; without a reply, of none."""
    if reply is None:
        return Done(
            conversation=conversation, message=message, outcome=None, language=None, options=[], note="", person=asked
        )
    told = {"outcome": reply.decision.outcome, "language": reply.language, "options": reply.options, "note": reply.note}
    return Done.model_validate({"conversation": conversation, "message": message, "person": asked, **told})


def conversation(view: View, position: int | None) -> Conversation:
    """All that was said."""
    found = [_message(each) for each in view.messages]
    return Conversation(conversation=view.conversation, messages=found, person=person(view, position))


def _message(stored: Stored) -> Message:
    reply = stored.reply
    return Message(
        id=stored.id,
        role=stored.role,
        text=stored.text,
        at=stored.at.replace(tzinfo=UTC),
        author=stored.author,
        outcome=reply.decision.outcome if reply else None,
        options=list(reply.options) if reply else [],
        sentences=[sentence(each) for each in reply.sentences] if reply else [],
        rating=stored.rating,
    )
