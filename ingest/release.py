"""The publishing commit, on a transaction that is already open: what speaks, what falls silent, and what is held.

Live versions, keyword index and the counts BM25 needs move together or not at all. Knows no files and no vectors.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy import Connection

from ingest.schema import chunks, documents, facts, holds, pending, release_items, releases, versions

BATCH = 500  # values in one IN (…)
SYNC = "sync "  # begins the note of every commit of a sync; what follows tells one from another
T = TypeVar("T")

_INDEX_KEYWORDS = sa.text(
    "INSERT INTO keywords (rowid, body) SELECT id, label_tokens || char(10) || tokens FROM chunks WHERE id IN :ids"
).bindparams(sa.bindparam("ids", expanding=True))


def release(connection: Connection, changes: Mapping[int, int | None], note: str, held: bool = False) -> list[int]:
    """document → version to be live (None: withdrawn), as one release; ids of the passages that fell silent.

    What waited for these documents has thereby happened, and their holds end. With `held`, as in a rollback, they
    are held at what they are given, and what waits goes on waiting. Without a change there is no release.
    """
    former = _live(connection, list(changes))
    moved = {document: version for document, version in changes.items() if former[document] != version}
    if held:
        _hold(connection, moved, former)
    else:
        settle(connection, changes)
    if not moved:
        return []
    _write(connection, moved, note)
    silent = _sizes(connection, [each for document in moved if (each := former[document]) is not None])
    loud = _sizes(connection, [each for each in moved.values() if each is not None])
    if silent:
        connection.execute(sa.text("DELETE FROM keywords WHERE rowid = :id"), [{"id": each} for each in silent])
    for batch in batches(list(loud)):
        connection.execute(_INDEX_KEYWORDS, {"ids": batch})
    # What BM25 must know of the whole moves in the same commit.
    _count(connection, "live_passages", len(loud) - len(silent))
    _count(connection, "live_tokens", sum(loud.values()) - sum(silent.values()))
    return list(silent)


def settle(connection: Connection, document_ids: Iterable[int]) -> None:
    """Nothing waits for these documents any more, and nothing holds them."""
    ids = list(document_ids)
    unstage(connection, ids)
    _forget(connection, holds, ids)


def unstage(connection: Connection, document_ids: Sequence[int]) -> None:
    """Nothing waits for these documents any more."""
    _forget(connection, pending, document_ids)


def record(connection: Connection, name: str, value: str) -> None:
    """Set one fact about the store."""
    connection.execute(facts.delete().where(facts.c.name == name))
    connection.execute(facts.insert().values(name=name, value=value))


def batches(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """As many at a time as one statement takes."""
    return (values[at : at + BATCH] for at in range(0, len(values), BATCH))


def now() -> datetime:
    """UTC without a zone, as the tables hold it."""
    return datetime.now(UTC).replace(tzinfo=None)


def _write(connection: Connection, moved: Mapping[int, int | None], note: str) -> None:
    number = _begun(connection, moved, note)
    if number is None:
        number = connection.execute(releases.insert().values(at=now(), note=note)).inserted_primary_key[0]  # type: ignore[index]
    rows = [{"release": number, "document": document, "version": version} for document, version in moved.items()]
    connection.execute(release_items.insert(), rows)
    connection.execute(
        documents.update().where(documents.c.id == sa.bindparam("of")).values(live_version=sa.bindparam("now")),
        [{"of": document, "now": version} for document, version in moved.items()],
    )


def _begun(connection: Connection, moved: Iterable[int], note: str) -> int | None:
    """The newest release, if it is of the same sync: that commits in parts, but is one release to go back to."""
    newest = connection.execute(sa.select(releases).order_by(releases.c.id.desc()).limit(1)).first()
    if newest is None or not note.startswith(SYNC) or newest.note != note:
        return None
    again = sa.select(release_items.c.document).where(release_items.c.release == newest.id)
    return None if set(connection.scalars(again)) & set(moved) else int(newest.id)


def _hold(connection: Connection, moved: Mapping[int, int | None], former: Mapping[int, int | None]) -> None:
    """Hold documents at what they are rolled back to. Rolled back twice, a file is still what it was before both."""
    ids = list(moved)
    hashes = _input_hashes(connection, [each for each in (*moved.values(), *former.values()) if each is not None])
    known, waiting = dict[int, str](), dict[int, int | None]()
    for batch in batches(ids):
        known.update(
            (row[0], row[1]) for row in connection.execute(sa.select(holds).where(holds.c.document.in_(batch)))
        )
        found = connection.execute(sa.select(pending).where(pending.c.document.in_(batch)))
        waiting.update((row[0], row[1]) for row in found)
    _forget(connection, holds, ids)
    unstage(connection, [each for each in ids if each in waiting and waiting[each] == moved[each]])
    rows = []
    for document, version in moved.items():
        away = known.get(document, hashes.get(former[document] or 0, ""))
        if away != hashes.get(version or 0, ""):
            rows.append({"document": document, "input_hash": away})
    if rows:
        connection.execute(holds.insert(), rows)


def _forget(connection: Connection, table: sa.Table, document_ids: Sequence[int]) -> None:
    if document_ids:
        statement = table.delete().where(table.c.document == sa.bindparam("of"))
        connection.execute(statement, [{"of": each} for each in document_ids])


def _live(connection: Connection, document_ids: Sequence[int]) -> dict[int, int | None]:
    """Document → its live version."""
    found: dict[int, int | None] = {}
    for batch in batches(document_ids):
        rows = connection.execute(sa.select(documents.c.id, documents.c.live_version).where(documents.c.id.in_(batch)))
        found.update((row[0], row[1]) for row in rows)
    return found


def _input_hashes(connection: Connection, version_ids: Sequence[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for batch in batches(version_ids):
        rows = connection.execute(sa.select(versions.c.id, versions.c.input_hash).where(versions.c.id.in_(batch)))
        found.update((row[0], row[1]) for row in rows)
    return found


def _sizes(connection: Connection, version_ids: Sequence[int]) -> dict[int, int]:
    """Passage id → its tokens, for the passages of these versions."""
    found: dict[int, int] = {}
    for batch in batches(version_ids):
        rows = connection.execute(sa.select(chunks.c.id, chunks.c.token_count).where(chunks.c.version.in_(batch)))
        found.update((row[0], row[1]) for row in rows)
    return found


def _count(connection: Connection, name: str, change: int) -> None:
    before = connection.scalar(sa.select(facts.c.value).where(facts.c.name == name)) or "0"
    record(connection, name, str(int(before) + change))
