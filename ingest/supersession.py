"""Which documents are superseded today: a live, valid document says that it replaces them.

Direct only: what a superseded document supersedes stays superseded too, because that document is still live.
Documents that supersede each other, in a circle of any length, do not silence one another: an answer from two of
them can be seen and put right, a gap nobody asked for cannot. `status` warns of such circles.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import sqlalchemy as sa
from sqlalchemy import Connection

from ingest.schema import documents, supersedes, versions

Claims = Mapping[str, frozenset[str]]  # source → the sources it says it supersedes


def valid(today: date) -> list[sa.ColumnElement[bool]]:
    """Conditions on `versions` under which a document answers on this day."""
    return [
        sa.or_(versions.c.valid_from.is_(None), versions.c.valid_from <= today),
        sa.or_(versions.c.valid_until.is_(None), versions.c.valid_until >= today),
    ]


def claims(connection: Connection, today: date) -> Claims:
    """What the documents that are live and valid today say they supersede."""
    query = (
        sa.select(documents.c.source, supersedes.c.source)
        .select_from(supersedes)
        .join(versions, versions.c.id == supersedes.c.version)
        .join(documents, sa.and_(documents.c.id == versions.c.document, documents.c.live_version == versions.c.id))
        .where(*valid(today))
    )
    found: dict[str, set[str]] = {}
    for source, other in connection.execute(query):
        found.setdefault(source, set()).add(other)
    return {source: frozenset(others) for source, others in found.items()}


def superseded(said: Claims) -> dict[str, tuple[str, ...]]:
    """Source → the documents because of which it does not answer, sorted."""
    found: dict[str, list[str]] = {}
    for source in sorted(said):
        for other in said[source] - circle(said, source):
            found.setdefault(other, []).append(source)
    return {source: tuple(others) for source, others in found.items()}


def circle(said: Claims, source: str) -> frozenset[str]:
    """What `source` supersedes and what, by whatever way, supersedes it in turn."""
    return frozenset(other for other in said.get(source, ()) if other == source or source in _reached(said, [other]))


def _reached(said: Claims, start: Iterable[str]) -> set[str]:
    seen, ahead = set[str](), list(start)
    while ahead:
        each = ahead.pop()
        if each not in seen:
            seen.add(each)
            ahead += said.get(each, ())
    return seen
