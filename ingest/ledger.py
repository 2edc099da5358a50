"""The ledger: what was staged, what is live, what was refused, and the one publishing commit.

It is the truth about what the assistant may say. A version is staged first, out of every reader's sight;
`publish` makes any number of staged versions live, and their predecessors silent, in one commit together
with the keyword index. Knows no vector store: `ingest/knowledge.py` keeps that in step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from ingest.forget import forget_documents
from ingest.release import batches, now, record, release, settle, unstage
from ingest.rows import Staged, Status, Stored, why
from ingest.schema import chunks, documents, facts, holds, pending, refusals, release_items, versions
from ingest.staging import read_version, write_version
from ingest.status import status
from rag.errors import Refused


class Ledger:
    """All reading and writing of the ledger's tables but the search path's."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._writing = engine.execution_options(writes=True)

    # --- writing -------------------------------------------------------------------------------------------

    def stage(self, batch: Sequence[Staged]) -> list[int]:
        """Store versions without making them live; their ids. Nobody can read them yet. Their files went in."""
        with self._writing.begin() as connection:
            _accept(connection, [each.source for each in batch])
            return [write_version(connection, each) for each in batch]

    def publish(
        self, version_ids: Sequence[int], withdraw: Sequence[str] = (), note: str = "", held: bool = False
    ) -> list[int]:
        """Make versions live and their predecessors and the documents in `withdraw` silent, in one commit.

        Ids of the passages that fell silent. `held`: see `ingest/release.py`.
        """
        with self._writing.begin() as connection:
            changes: dict[int, int | None] = dict.fromkeys(_documents(connection, withdraw))
            return release(connection, changes | _of_versions(connection, version_ids), note, held)

    def withdraw(self, sources: Sequence[str], note: str = "") -> list[int]:
        """Let documents whose files are gone fall silent, in one commit; ids of their passages."""
        with self._writing.begin() as connection:
            _accept(connection, sources)
            return release(connection, dict.fromkeys(_documents(connection, sources)), note)

    def forget(self, sources: Sequence[str]) -> list[int]:
        """Let everything about these documents go, in one commit; ids of the passages that fell silent."""
        with self._writing.begin() as connection:
            return forget_documents(connection, sources)

    def propose(self, version_ids: Sequence[int], withdraw: Sequence[str] = ()) -> None:
        """Let these changes wait for `publish`, instead of whatever waited for their documents."""
        with self._writing.begin() as connection:
            _accept(connection, withdraw)
            changes: dict[int, int | None] = dict.fromkeys(_documents(connection, withdraw))
            changes |= _of_versions(connection, version_ids)
            settle(connection, changes)
            rows = [{"document": document, "version": version} for document, version in changes.items()]
            if rows:
                connection.execute(pending.insert(), rows)

    def settle(self, sources: Sequence[str]) -> None:
        """The files are what is live: nothing waits for these documents, and nothing holds them."""
        with self._writing.begin() as connection:
            settle(connection, _documents(connection, sources))

    def unstage(self, sources: Sequence[str]) -> None:
        """Nothing waits for these documents any more."""
        with self._writing.begin() as connection:
            unstage(connection, _documents(connection, sources))

    def refuse(self, source: str, input_hash: str, recipe: str, refused: Refused) -> None:
        """Record why a file did not go in. Its former version, if any, goes on answering: the file is not gone."""
        row = {"source": source, "input_hash": input_hash, "recipe": recipe, "at": now()}
        row |= {"code": refused.code, "reason": refused.reason, "advice": refused.advice}
        with self._writing.begin() as connection:
            _accept(connection, [source])
            connection.execute(refusals.insert().values(row))
            of = _documents(connection, [source])
            connection.execute(pending.delete().where(pending.c.document.in_(of), pending.c.version.is_(None)))

    def accept(self, sources: Iterable[str]) -> None:
        """Forget refusals of files that have gone in or gone away since."""
        with self._writing.begin() as connection:
            _accept(connection, list(sources))

    def record(self, name: str, value: str) -> None:
        """Set one fact about the store."""
        with self._writing.begin() as connection:
            record(connection, name, value)

    # --- reading -------------------------------------------------------------------------------------------

    def fact(self, name: str) -> str:
        with self.engine.connect() as connection:
            return connection.scalar(sa.select(facts.c.value).where(facts.c.name == name)) or ""

    def stored(self) -> dict[tuple[str, str, str], Stored]:
        """(source, input hash, recipe) → version, for every version."""
        columns = (versions.c.input_hash, versions.c.recipe, versions.c.id, versions.c.passages)
        query = sa.select(documents.c.source, *columns, documents.c.live_version).join(
            documents, versions.c.document == documents.c.id
        )
        with self.engine.connect() as connection:
            return {
                (source, input_hash, recipe): Stored(number, number == live, passages)
                for source, input_hash, recipe, number, passages, live in connection.execute(query)
            }

    def refused(self) -> dict[tuple[str, str, str], str]:
        """(source, input hash, recipe) → why, for the files last refused."""
        with self.engine.connect() as connection:
            rows = connection.execute(sa.select(refusals)).all()
        return {(row.source, row.input_hash, row.recipe): why(row) for row in rows}

    def live(self) -> dict[str, int]:
        """Source → version, for what answers."""
        return self._by_source(sa.select(documents.c.source, documents.c.live_version), documents.c.live_version)

    def live_sources(self) -> set[str]:
        return set(self.live())

    def pending(self) -> dict[str, int | None]:
        """Source → the version that waits for `publish`; None for a document that is to be withdrawn."""
        query = sa.select(documents.c.source, pending.c.version).join(documents, documents.c.id == pending.c.document)
        with self.engine.connect() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def holds(self) -> dict[str, str]:
        """Source → input hash of the file that a sync leaves alone; empty where it leaves its absence alone."""
        query = sa.select(documents.c.source, holds.c.input_hash).join(documents, documents.c.id == holds.c.document)
        with self.engine.connect() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def gone(self, here: set[str], covers: Callable[[str], bool]) -> tuple[list[str], list[str]]:
        """Documents that `covers` holds for and whose files are not `here` (any more): those live, and all others.

        One that was rolled back from being withdrawn is neither: that its file is away is no news.
        """
        held, live = self.holds(), self.live_sources()
        waiting = {source for source, version in self.pending().items() if version is not None}
        known = live | waiting | held.keys() | {source for source, _, _ in self.refused()}
        away = {source for source, input_hash in held.items() if not input_hash}
        missing = sorted(filter(covers, known - away - here))
        return [each for each in missing if each in live], [each for each in missing if each not in live]

    def versions_at(self, number: int) -> dict[str, int]:
        """Source → version, for what answered right after this release. Empty for one there never was."""
        last = (
            sa.select(release_items.c.document, sa.func.max(release_items.c.release).label("release"))
            .where(release_items.c.release <= number)
            .group_by(release_items.c.document)
            .subquery()
        )
        query = (
            sa.select(documents.c.source, release_items.c.version)
            .join(last, sa.and_(*(release_items.c[name] == last.c[name] for name in ("document", "release"))))
            .join(documents, documents.c.id == release_items.c.document)
        )
        return self._by_source(query, release_items.c.version)

    def live_ids(self) -> set[int]:
        """Ids of all live passages."""
        query = sa.select(chunks.c.id).join(documents, documents.c.live_version == chunks.c.version)
        with self.engine.connect() as connection:
            return set(connection.scalars(query))

    def live_versions(self) -> Iterator[Staged]:
        """Every live version with its passages, as it was staged."""
        query = sa.select(versions, documents.c.source).join(documents, documents.c.live_version == versions.c.id)
        with self.engine.connect() as connection:
            for row in connection.execute(query).mappings().all():
                yield read_version(connection, row)

    def version_chunks(self, version_ids: Sequence[int]) -> list[int]:
        """Ids of the passages of these versions."""
        with self.engine.connect() as connection:
            return [
                each
                for batch in batches(version_ids)
                for each in connection.scalars(sa.select(chunks.c.id).where(chunks.c.version.in_(batch)))
            ]

    def vectors(self, ids: Iterable[int]) -> Iterator[list[tuple[int, bytes]]]:
        """(id, stored vectors) of these passages, in batches."""
        with self.engine.connect() as connection:
            for batch in batches(list(ids)):
                rows = connection.execute(sa.select(chunks.c.id, chunks.c.vectors).where(chunks.c.id.in_(batch)))
                yield [(row[0], row[1]) for row in rows]

    def known_vectors(self, text_hashes: Iterable[str]) -> dict[str, bytes]:
        """Stored vectors of passages with these texts, whichever document they stand in."""
        known: dict[str, bytes] = {}
        with self.engine.connect() as connection:
            for batch in batches(list(text_hashes)):
                rows = connection.execute(
                    sa.select(chunks.c.text_hash, chunks.c.vectors).where(chunks.c.text_hash.in_(batch))
                )
                known.update((row[0], row[1]) for row in rows)
        return known

    def status(self) -> list[Status]:
        """Every document and every refused file, by source."""
        return status(self.engine)

    def _by_source(self, query: sa.Select[Any], version: sa.ColumnElement[int | None]) -> dict[str, int]:
        with self.engine.connect() as connection:
            return {row[0]: row[1] for row in connection.execute(query.where(version.is_not(None)))}


def _documents(connection: Connection, sources: Sequence[str]) -> list[int]:
    """Ids of those of these documents that there are."""
    query = sa.select(documents.c.id)
    some = (connection.scalars(query.where(documents.c.source.in_(batch))) for batch in batches(sources))
    return [each for found in some for each in found]


def _of_versions(connection: Connection, version_ids: Sequence[int]) -> dict[int, int]:
    """Document → version, for these versions."""
    query = sa.select(versions.c.document, versions.c.id)
    some = (connection.execute(query.where(versions.c.id.in_(batch))) for batch in batches(version_ids))
    return {row[0]: row[1] for found in some for row in found}


def _accept(connection: Connection, sources: Sequence[str]) -> None:
    if sources:
        forget = refusals.delete().where(refusals.c.source == sa.bindparam("of"))
        connection.execute(forget, [{"of": each} for each in sources])
