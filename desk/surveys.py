"""The end of a conversation as its customer has it: that it is over, and what they say of it, in SQL.

Every method takes the visitor beside the conversation, as all of `desk/store.py` does.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from desk import texts
from desk.handoff import NotPossible
from desk.moves import RULES, Rules, lock, ticket_of
from desk.records import TooLong
from desk.schema import messages, surveys
from desk.store import own
from rag.text import well_formed
from rag.types import Language

SCORES = (1, 2, 3, 4, 5)  # the worst first
LONGEST_WORD = 200
_ENDED = "ended:"  # begins the key of the desk's line that says so


@dataclass(frozen=True, slots=True)
class Survey:
    """What the customer said. `word`: in their own words; empty: none."""

    score: int
    word: str


@dataclass(frozen=True, slots=True)
class Ending:
    """Whether a conversation is over, for now: the customer ended it or an agent resolved it; and its survey."""

    over: bool = False
    survey: Survey | None = None


class Surveys:
    """One survey a conversation, changeable as long as the conversation is kept."""

    def __init__(self, engine: Engine, rules: Rules = RULES) -> None:
        self._engine, self._rules = engine, rules
        self._writing = engine.execution_options(writes=True)

    def end(self, conversation: str, visitor: str, language: Language) -> None:
        """The customer is done: the desk's line says so. Raises NotYours; NotPossible while a person is asked for."""
        with self._writing.begin() as connection:
            own(connection, conversation, visitor)
            lock(connection, conversation)
            ticket = ticket_of(connection, conversation)
            if ticket and ticket.open:
                raise NotPossible("CLAIMED", "A person is asked for here. Withdraw that first, or wait for them.")
            if _ended(connection, conversation):
                return
            row = {"conversation": conversation, "role": "notice", "text": texts.ENDED[language]}
            key = _ENDED + secrets.token_urlsafe(16)
            connection.execute(messages.insert().values(row | {"key": key, "created_at": self._rules.now()}))

    def give(self, conversation: str, visitor: str, score: int, word: str) -> None:
        """Store or change the survey. Raises NotYours, TooLong, NotPossible for a score that there is none of."""
        word = well_formed(word).strip()
        if score not in SCORES:
            raise NotPossible("EMPTY", "A score is a whole number from 1 to 5.")
        if len(word) > LONGEST_WORD:
            raise TooLong(f"At most {LONGEST_WORD} characters fit here. Please shorten it.")
        row = {"conversation": conversation, "score": score, "word": word, "at": self._rules.now()}
        with self._writing.begin() as connection:
            own(connection, conversation, visitor)
            lock(connection, conversation)
            connection.execute(surveys.delete().where(surveys.c.conversation == conversation))
            connection.execute(surveys.insert().values(row))

    def ending(self, conversation: str, visitor: str) -> Ending:
        """How the conversation stands. Raises NotYours."""
        with self._engine.connect() as connection:
            own(connection, conversation, visitor)
            ticket = ticket_of(connection, conversation)
            resolved = ticket is not None and ticket.state == "resolved"
            row = connection.execute(surveys.select().where(surveys.c.conversation == conversation)).first()
            survey = Survey(row.score, row.word) if row else None
            return Ending(resolved or _ended(connection, conversation), survey)


def _ended(connection: Connection, conversation: str) -> bool:
    """Whether nothing was said after the customer ended it."""
    newest = sa.select(messages.c.key).where(messages.c.conversation == conversation).order_by(messages.c.id.desc())
    return (connection.scalar(newest.limit(1)) or "").startswith(_ENDED)
