"""Forgetting for good: documents that must go, and versions nobody has been answered from for long.

Rows go in one commit; then the files they leave behind go, and what databases keep of deleted rows. If that is
interrupted, `compact` finishes it. Conversations are not looked at: an answer that was given stays on record with
the sentences it quoted. To be run by the store's owner while nothing is being ingested.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Engine

from ingest.forget import forget_stale, stale
from ingest.publishing import require_known
from ingest.release import now
from ingest.rows import sentence_of
from ingest.schema import chunks, versions
from ingest.store import Store
from rag.errors import StoreError

BY_CONTENT = ("originals", "transcripts")  # folders whose files are named after the hash of an ingested file
PICTURES = "pictures"
CACHES = ("seen.json",)  # made anew when they are missing; they name documents


def erase(store: Store, sources: Sequence[str]) -> list[str]:
    """Let these documents go with everything there is of them below the data folder.

    Raises StoreError, and erases nothing, for an unknown name and for a document whose file still lies in the
    knowledge folder: the next sync would bring it back, and nobody would expect it to.
    """
    require_known(store.ledger, sources)
    root = store.ledger.fact("knowledge")
    if there := [each for each in sources if root and Path(root, each).exists()]:
        raise StoreError(
            f"{', '.join(there)} still lies in {root}, so the next sync would bring it back. Nothing was erased. "
            "Remove the file first, then erase again."
        )
    store.forget(list(dict.fromkeys(sources)))
    return [*(f"erased {each}" for each in dict.fromkeys(sources)), *_clear(store)]


def compact(store: Store, days: int) -> list[str]:
    """Forget versions that have not been live for so many days, and sweep out what no version needs."""
    with store.engine.execution_options(writes=True).begin() as connection:
        old = stale(connection, now() - timedelta(days=days))
        forget_stale(connection, old)
    return [f"forgot {len(old.versions)} versions that have not been live for {days} days", *_clear(store)]


def _clear(store: Store) -> list[str]:
    """Leave nothing of what is deleted on the disk: files, free pages, terms and vectors."""
    orphans = list(_orphans(store.engine, store.data))
    for each in orphans:
        each.unlink(missing_ok=True)
    for name in CACHES:
        (store.data / name).unlink(missing_ok=True)
    lines = [f"removed {len(orphans)} files that no version needs", *_squeeze(store.engine)]
    return [*lines, f"vector index made again: {store.rebuild()} passages"]


def _orphans(engine: Engine, data: Path) -> Iterator[Path]:
    with engine.connect() as connection:
        contents = set(connection.scalars(sa.select(versions.c.content_hash)))
        rows = connection.scalars(sa.select(chunks.c.sentences))
        pictures = {name for sentences in rows for each in sentences for name in sentence_of(each).pictures}
    for folder, needed in [*((name, contents) for name in BY_CONTENT), (PICTURES, pictures)]:
        for each in (data / folder).glob("*/*"):
            if each.suffix == ".part" or each.name.partition(".")[0] not in needed:
                yield each


def _squeeze(engine: Engine) -> list[str]:
    """Deleted terms leave the keyword index, deleted rows the database and its log."""
    with engine.execution_options(writes=True).begin() as connection:
        connection.execute(sa.text("INSERT INTO keywords (keywords) VALUES ('optimize')"))
    raw = engine.raw_connection()  # VACUUM cannot run inside a transaction, and SQLAlchemy always begins one
    try:
        cursor = raw.cursor()
        cursor.execute("PRAGMA secure_delete=ON")
        cursor.execute("VACUUM")
        busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        cursor.close()
    except sqlite3.OperationalError as error:
        raise StoreError(
            f"The database could not be made smaller: {error}. What was to go is out of use, but traces of it may be on "
            "the disk. See that there is room for a second copy of it, and run 'python -m ingest compact'."
        ) from error
    finally:
        raw.close()
    again = "another process is reading the database: run 'python -m ingest compact' again when it has stopped"
    return [again] if busy else []
