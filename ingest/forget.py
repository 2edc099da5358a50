"""Taking documents and versions out of the ledger's tables for good, on a transaction that is already open.

Knows rows only. What they leave behind on the disk is `ingest/erasure.py`'s.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from ingest.release import batches, release
from ingest.schema import chunks, documents, holds, pending, refusals, release_items, releases, supersedes, versions


@dataclass(frozen=True, slots=True)
class Stale:
    """Versions that nobody has been answered from for long, and the releases that cannot be returned to without."""

    versions: tuple[int, ...]
    releases: tuple[int, ...]


def forget_documents(connection: Connection, sources: Sequence[str]) -> list[int]:
    """Everything the ledger holds of these documents goes, in the same commit in which they fall silent.

    Ids of the passages that fell silent.
    """
    query = sa.select(documents.c.id).where(documents.c.source.in_(sources))
    ids = list(connection.scalars(query))
    silent = release(connection, dict.fromkeys(ids), "erased")
    _clear_notes(connection, sources, ids)
    old = connection.scalars(sa.select(versions.c.id).where(versions.c.document.in_(ids))).all()
    connection.execute(release_items.delete().where(release_items.c.document.in_(ids)))
    forget_versions(connection, old)
    connection.execute(documents.delete().where(documents.c.id.in_(ids)))
    connection.execute(refusals.delete().where(refusals.c.source.in_(sources)))
    return silent


def forget_versions(connection: Connection, version_ids: Sequence[int]) -> None:
    """These versions, which must be silent and not wait for anything, go with all that belongs to them."""
    for batch in batches(version_ids):
        for table in (release_items, supersedes, chunks):
            connection.execute(table.delete().where(table.c.version.in_(batch)))
        connection.execute(versions.delete().where(versions.c.id.in_(batch)))


def forget_stale(connection: Connection, stale: Stale) -> None:
    """Stale versions go, the releases that need them are marked, and documents without anything left go too."""
    rows = [{"of": each} for each in stale.releases]
    if rows:
        connection.execute(releases.update().where(releases.c.id == sa.bindparam("of")).values(lost=True), rows)
    forget_versions(connection, stale.versions)
    empty = sa.select(documents.c.id).where(
        documents.c.id.not_in(sa.select(versions.c.document)), documents.c.id.not_in(sa.select(holds.c.document))
    )
    connection.execute(release_items.delete().where(release_items.c.document.in_(empty)))
    connection.execute(pending.delete().where(pending.c.document.in_(empty)))
    connection.execute(documents.delete().where(documents.c.id.in_(empty)))


def stale(connection: Connection, until: datetime) -> Stale:
    """Versions that are neither live nor waiting, and have not been live since `until` (UTC)."""
    spans, ended = _lives(connection)
    query = sa.select(versions.c.id, versions.c.created_at).where(
        versions.c.id.not_in(sa.select(documents.c.live_version).where(documents.c.live_version.is_not(None))),
        versions.c.id.not_in(sa.select(pending.c.version).where(pending.c.version.is_not(None))),
    )
    old = tuple(row.id for row in connection.execute(query) if ended.get(row.id, row.created_at) <= until)
    lost = {number for version in old for span in spans.get(version, ()) for number in span}
    return Stale(old, tuple(sorted(lost)))


def _lives(connection: Connection) -> tuple[dict[int, list[range]], dict[int, datetime]]:
    """Version → the releases right after which it answered, and when it last fell silent."""
    query = (
        sa.select(release_items, releases.c.at)
        .join(releases, releases.c.id == release_items.c.release)
        .order_by(release_items.c.release)
    )
    spans, ended = dict[int, list[range]](), dict[int, datetime]()
    speaking: dict[int, tuple[int, int]] = {}  # document → version, since which release
    for row in connection.execute(query):
        if row.document in speaking:
            version, since = speaking.pop(row.document)
            spans.setdefault(version, []).append(range(since, row.release))
            ended[version] = row.at
        if row.version is not None:
            speaking[row.document] = row.version, row.release
    return spans, ended


def _clear_notes(connection: Connection, sources: Sequence[str], document_ids: Sequence[int]) -> None:
    """Notes that name one of these documents, by source or by any of its titles, are emptied."""
    titles = connection.scalars(sa.select(versions.c.title).where(versions.c.document.in_(document_ids)))
    names = [name.casefold() for name in {*sources, *titles} if name]
    noted = connection.execute(sa.select(releases.c.id, releases.c.note).where(releases.c.note != "")).all()
    telling = [{"of": row.id} for row in noted if any(name in row.note.casefold() for name in names)]
    if telling:
        connection.execute(releases.update().where(releases.c.id == sa.bindparam("of")).values(note=""), telling)
