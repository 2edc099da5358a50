"""One document as it lies in the ledger: what is said about it, its versions, and the passages of one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection, Engine, RowMapping

from ingest.ledger import Ledger
from ingest.publishing import require_known
from ingest.rows import Status, sentence_of
from ingest.schema import chunks, documents, refusals, release_items, releases, versions
from rag.errors import Refused, StoreError
from rag.types import Sentence, label_of


@dataclass(frozen=True, slots=True)
class Version:
    """A version, and the releases (number, time) that made it live. Times in UTC."""

    number: int
    made_at: datetime
    passages: int
    live: bool
    staged: bool
    releases: tuple[tuple[int, datetime], ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """As it is cited: its label, its text and the place of each sentence in it."""

    label: str
    text: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Looked:
    """`shown`: the version that fields, warnings and passages are of; None where no version ever went in."""

    status: Status
    refused: Refused | None  # its newest file
    versions: tuple[Version, ...]
    shown: int | None
    fields: Mapping[str, str]
    warnings: tuple[str, ...]
    passages: tuple[Passage, ...]


def look(engine: Engine, source: str, number: int | None = None) -> Looked:
    """A document with one of its versions: by default the live one, else the newest.

    Raises StoreError for an unknown name or version.
    """
    ledger = Ledger(engine)
    require_known(ledger, [source])
    (status,) = (each for each in ledger.status() if each.source == source)
    with engine.connect() as connection:
        rows = _rows(connection, source)
        marks = _marks(connection, source)
        wanted = status.version if number is None else number
        chosen = next((row for row in rows if row["number"] == wanted), None)
        if number is not None and chosen is None:
            there = ", ".join(f"v{row['number']}" for row in rows) or "none"
            raise StoreError(f"{source} has no version {number}. There are: {there}.")
        return Looked(
            status=status,
            refused=_refused(connection, source),
            versions=tuple(_version(row, status, marks.get(row["id"], ())) for row in rows),
            shown=chosen["number"] if chosen else None,
            fields=chosen["meta"] if chosen else {},
            warnings=tuple(chosen["warnings"]) if chosen else (),
            passages=_passages(connection, chosen) if chosen else (),
        )


def _rows(connection: Connection, source: str) -> Sequence[RowMapping]:
    query = (
        sa.select(versions)
        .join(documents, documents.c.id == versions.c.document)
        .where(documents.c.source == source)
        .order_by(versions.c.number)
    )
    return connection.execute(query).mappings().all()


def _marks(connection: Connection, source: str) -> dict[int, tuple[tuple[int, datetime], ...]]:
    """Version → the releases that made it live."""
    query = (
        sa.select(release_items.c.version, releases.c.id, releases.c.at)
        .join(releases, releases.c.id == release_items.c.release)
        .join(documents, documents.c.id == release_items.c.document)
        .where(documents.c.source == source, release_items.c.version.is_not(None))
        .order_by(releases.c.id)
    )
    found: dict[int, tuple[tuple[int, datetime], ...]] = {}
    for version, number, at in connection.execute(query):
        found[version] = (*found.get(version, ()), (number, at))
    return found


def _version(row: RowMapping, status: Status, marks: tuple[tuple[int, datetime], ...]) -> Version:
    return Version(
        number=row["number"],
        made_at=row["created_at"],
        passages=row["passages"],
        live=status.state == "live" and row["number"] == status.version,
        staged=status.waiting == f"staged v{row['number']}",
        releases=marks,
    )


def _refused(connection: Connection, source: str) -> Refused | None:
    row = connection.execute(sa.select(refusals).where(refusals.c.source == source)).one_or_none()
    return Refused(row.code, row.reason, row.advice) if row else None


def _passages(connection: Connection, version: RowMapping) -> tuple[Passage, ...]:
    query = sa.select(chunks).where(chunks.c.version == version["id"]).order_by(chunks.c.ordinal)
    return tuple(
        Passage(
            label_of(version["title"], tuple(row["heading"]), row["question"]),
            row["text"],
            tuple(sentence_of(each) for each in row["sentences"]),
        )
        for row in connection.execute(query).mappings()
    )
