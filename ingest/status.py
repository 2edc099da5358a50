"""What there is to say of every document: state, what waits, what holds it, and what falls due.

Reads the ledger in one snapshot with a fixed number of statements, however many documents there are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Engine, RowMapping

from ingest.rows import Status, meta_of, named, why
from ingest.schema import documents, holds, pending, refusals, release_items, releases, versions
from ingest.supersession import Claims, circle, claims, superseded


@dataclass(frozen=True, slots=True)
class Due:
    """A date of a live document that somebody should look at."""

    on: date
    what: str  # review_by | valid_until | valid_from
    source: str
    owner: str


@dataclass(frozen=True, slots=True)
class _Around:
    """What other tables know of documents, by id or source."""

    refusal: dict[str, str]
    withdrawn: set[int]
    held: set[int]
    waiting: dict[int, str]
    claims: Claims
    superseded: dict[str, tuple[str, ...]]
    known: set[str]


def status(engine: Engine, today: date | None = None) -> list[Status]:
    """Every document and every refused file, by source."""
    every = versions.alias()
    newest = sa.select(sa.func.max(every.c.id)).where(every.c.document == documents.c.id).scalar_subquery()
    shown = sa.func.coalesce(documents.c.live_version, newest)
    query = sa.select(documents, versions).select_from(documents).outerjoin(versions, versions.c.id == shown)
    with engine.connect() as connection:
        rows = connection.execute(query).mappings().all()
        around = _around(connection, rows, today or date.today())
    found = [_line(row, around) for row in rows]
    alone = sorted(around.refusal.keys() - around.known)
    found += [Status(source, "refused", None, "", "", "", 0, around.refusal[source], ()) for source in alone]
    return sorted(found, key=lambda each: each.source)


def mark(engine: Engine) -> str:
    """Another one whenever a version was written, or what answers, waits, is held or refused changed. Cheap."""
    newest = [sa.select(sa.func.max(each.c.id)).scalar_subquery() for each in (versions, releases)]
    counted = [sa.select(sa.func.count()).select_from(each).scalar_subquery() for each in (pending, holds, refusals)]
    last = sa.select(sa.func.max(refusals.c.at)).scalar_subquery()
    with engine.connect() as connection:
        return ".".join(map(str, connection.execute(sa.select(*newest, *counted, last)).one()))


def due(rows: Iterable[Status], today: date, days: int) -> list[Due]:
    """What live documents need looking at within so many days, by date."""
    until = today + timedelta(days=days)
    found = []
    for row in rows:
        dates = {"review_by": row.review_by, "valid_until": row.valid_until}
        near = [(on, what) for what, on in dates.items() if on and on <= until]
        near += [(row.valid_from, "valid_from")] if row.valid_from and row.valid_from > today else []
        found += [Due(on, what, row.source, row.owner) for on, what in near if row.state == "live"]
    return sorted(found, key=lambda each: (each.on, each.source, each.what))


def _around(connection: Connection, rows: Iterable[RowMapping], today: date) -> _Around:
    waits = sa.select(pending.c.document, versions.c.number).outerjoin(versions, versions.c.id == pending.c.version)
    gone = sa.select(release_items.c.document).where(release_items.c.version.is_(None))
    said = claims(connection, today)
    return _Around(
        refusal={row.source: why(row) for row in connection.execute(sa.select(refusals))},
        withdrawn=set(connection.scalars(gone)),
        held=set(connection.scalars(sa.select(holds.c.document))),
        waiting={
            document: "withdrawal staged" if number is None else f"staged v{number}"
            for document, number in connection.execute(waits)
        },
        claims=said,
        superseded=superseded(said),
        known={row["source"] for row in rows},
    )


def _line(row: RowMapping, around: _Around) -> Status:
    document, source = row[documents.c.id], row["source"]
    waiting, live = around.waiting.get(document, ""), row[documents.c.live_version] is not None
    withdrawn = "withdrawn" if document in around.withdrawn else "unpublished"
    meta = meta_of(row["meta"] or {})
    return Status(
        source=source,
        state="live" if live else "staged" if waiting else withdrawn,
        version=row["number"],
        title=row["title"] or "",
        language=row["language"] or "",
        audience=row["audience"] or "",
        passages=row["passages"] or 0,
        refusal=around.refusal.get(source, ""),
        warnings=(*(row["warnings"] or ()), *_doubts(source, meta.supersedes, around)),
        waiting=waiting,
        held=document in around.held,
        superseded_by=around.superseded.get(source, ()) if live else (),
        **_said(meta),
    )


def _said(meta: Any) -> dict[str, Any]:
    return {name: getattr(meta, name) for name in ("category", "owner", "valid_from", "valid_until", "review_by")}


def _doubts(source: str, supersedes: str, around: _Around) -> list[str]:
    """Looked at anew each time: the document that is missing today may come with the next sync."""
    if not supersedes:
        return []
    unknown = [each for each in named(supersedes) if each not in around.known]
    found = [f"It supersedes {each}, which is not in the store." for each in unknown]
    for each in sorted(circle(around.claims, source)):
        both = "It and {} supersede each other, directly or by way of others; all of them go on answering."
        found.append("It supersedes itself." if each == source else both.format(each))
    return found
