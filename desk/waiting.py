"""What may truthfully be said to a customer who waits for a person: how many come first, and when somebody is there."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Engine

from desk.moves import ticket_of
from desk.prospects import Prospect, Prospects
from desk.records import Ticket
from desk.schema import tickets
from desk.store import own


@dataclass(frozen=True, slots=True)
class Wait:
    """`position`: 1 is next. `prospect`: None where no shifts are known."""

    position: int
    prospect: Prospect | None


class Waiting:
    """The queue as those in it see it."""

    def __init__(self, engine: Engine, prospects: Prospects | None = None) -> None:
        self._engine, self._prospects = engine, prospects

    def of(self, conversation: str, visitor: str) -> Wait | None:
        """None where nobody is waited for. Raises NotYours."""
        with self._engine.connect() as connection:
            own(connection, conversation, visitor)
            ticket = ticket_of(connection, conversation)
            if ticket is None or ticket.state != "waiting":
                return None
            before = connection.scalar(_before(ticket)) or 0
        found = self._prospects
        return Wait(before + 1, found.of(ticket.standing.team, ticket.language, ticket.skills) if found else None)


def _before(ticket: Ticket) -> sa.Select[int]:
    """How many are taken first: those the same people serve, in the order of the agents' queue."""
    standing, row = ticket.standing, tickets.c
    teams = sa.true() if not standing.team else row.team.in_(["", standing.team])
    sooner = sa.or_(
        row.priority > standing.priority,
        sa.and_(
            row.priority == standing.priority,
            sa.or_(row.since < standing.since, sa.and_(row.since == standing.since, row.number < ticket.number)),
        ),
    )
    return sa.select(sa.func.count()).where(row.state == "waiting", row.language == ticket.language, teams, sooner)
