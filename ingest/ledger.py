"""The ledger: what was staged, what is live, what was refused, and the one publishing commit.

It is the truth about what the assistant may say. A version is staged first, out of every reader's sight;
`publish` makes any number of staged versions live, and their predecessors silent, in one commit together
with the keyword index. Knows no vector store: `ingest/knowledge.py` keeps that in step.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy import Connection, Engine, RowMapping

from ingest.rows import ChunkRow, Staged, Status, Stored, meta_of, plain, status_of, why
from ingest.schema import chunks, documents, facts, refusals, release_items, releases, versions
from rag.errors import Refused

BATCH = 500  # values in one IN (…)
T = TypeVar("T")


class Ledger:
    """All reading and writing of the ledger's tables but the search path's."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._writing = engine.execution_options(writes=True)

    # --- writing -------------------------------------------------------------------------------------------

    def stage(self, batch: Sequence[Staged]) -> list[int]:
        """Store versions without making them live; their ids. Nobody can read them yet."""
        with self._writing.begin() as connection:
            return [_stage(connection, each) for each in batch]

    def publish(self, version_ids: Sequence[int], note: str = "") -> list[int]:
        """Make versions live and their predecessors silent, in one commit; ids of the passages that fell silent."""
        with self._writing.begin() as connection:
            query = sa.select(versions.c.document, versions.c.id).where(versions.c.id.in_(version_ids))
            changes = {row[0]: row[1] for row in connection.execute(query)}
            sources = sa.select(documents.c.source).where(documents.c.id.in_(changes))
            connection.execute(refusals.delete().where(refusals.c.source.in_(sources)))
            return _release(connection, changes, note)

    def withdraw(self, sources: Sequence[str], note: str = "") -> list[int]:
        """Let documents fall silent, in one commit; ids of their passages."""
        with self._writing.begin() as connection:
            found = connection.scalars(sa.select(documents.c.id).where(documents.c.source.in_(sources))).all()
            connection.execute(refusals.delete().where(refusals.c.source.in_(sources)))
            return _release(connection, dict.fromkeys(found), note)

    def refuse(self, source: str, input_hash: str, recipe: str, refused: Refused) -> None:
        """Record why a file did not go in. Its former version, if any, goes on answering."""
        row = {"source": source, "input_hash": input_hash, "recipe": recipe, "at": _now()}
        row |= {"code": refused.code, "reason": refused.reason, "advice": refused.advice}
        with self._writing.begin() as connection:
            connection.execute(refusals.delete().where(refusals.c.source == source))
            connection.execute(refusals.insert().values(row))

    def accept(self, sources: Iterable[str]) -> None:
        """Forget refusals of files that have gone in or gone away since."""
        with self._writing.begin() as connection:
            connection.execute(refusals.delete().where(refusals.c.source.in_(list(sources))))

    def record(self, name: str, value: str) -> None:
        """Set one fact about the store."""
        with self._writing.begin() as connection:
            _record(connection, name, value)

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

    def live_sources(self) -> set[str]:
        with self.engine.connect() as connection:
            return set(connection.scalars(sa.select(documents.c.source).where(documents.c.live_version.is_not(None))))

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
                yield _as_staged(connection, row)

    def version_chunks(self, version_ids: Sequence[int]) -> list[int]:
        """Ids of the passages of these versions."""
        with self.engine.connect() as connection:
            return list(connection.scalars(sa.select(chunks.c.id).where(chunks.c.version.in_(version_ids))))

    def vectors(self, ids: Iterable[int]) -> Iterator[list[tuple[int, bytes]]]:
        """(id, stored vectors) of these passages, in batches."""
        with self.engine.connect() as connection:
            for batch in _batches(list(ids)):
                rows = connection.execute(sa.select(chunks.c.id, chunks.c.vectors).where(chunks.c.id.in_(batch)))
                yield [(row[0], row[1]) for row in rows]

    def known_vectors(self, text_hashes: Iterable[str]) -> dict[str, bytes]:
        """Stored vectors of passages with these texts, whichever document they stand in."""
        known: dict[str, bytes] = {}
        with self.engine.connect() as connection:
            for batch in _batches(list(text_hashes)):
                rows = connection.execute(
                    sa.select(chunks.c.text_hash, chunks.c.vectors).where(chunks.c.text_hash.in_(batch))
                )
                known.update((row[0], row[1]) for row in rows)
        return known

    def status(self) -> list[Status]:
        """Every document and every refused file, by source."""
        every = versions.alias()
        newest = sa.select(sa.func.max(every.c.id)).where(every.c.document == documents.c.id).scalar_subquery()
        shown = sa.func.coalesce(documents.c.live_version, newest)
        query = sa.select(documents, versions).select_from(documents).join(versions, versions.c.id == shown)
        with self.engine.connect() as connection:
            refusal = {row.source: why(row) for row in connection.execute(sa.select(refusals))}
            rows = connection.execute(query).mappings().all()
            withdrawn = set(
                connection.scalars(sa.select(release_items.c.document).where(release_items.c.version.is_(None)))
            )
        found = [status_of(row, refusal.pop(row["source"], ""), row[documents.c.id] in withdrawn) for row in rows]
        found += [Status(source, "refused", None, "", "", "", 0, why, ()) for source, why in refusal.items()]
        return sorted(found, key=lambda each: each.source)


def _stage(connection: Connection, staged: Staged) -> int:
    document = _document(connection, staged.source)
    number = connection.scalar(
        sa.select(sa.func.coalesce(sa.func.max(versions.c.number), 0) + 1).where(versions.c.document == document)
    )
    meta = staged.meta
    written = connection.execute(
        versions.insert().values(
            document=document,
            number=number,
            input_hash=staged.input_hash,
            content_hash=staged.content_hash,
            recipe=staged.recipe,
            title=meta.title,
            language=staged.language,
            audience=meta.audience,
            valid_from=meta.valid_from,
            valid_until=meta.valid_until,
            meta=plain(meta),
            warnings=list(staged.warnings),
            passages=len(staged.chunks),
            created_at=_now(),
        )
    )
    version = int(written.inserted_primary_key[0])  # type: ignore[index]
    rows = [{name: getattr(chunk, name) for name in ChunkRow.__slots__} for chunk in staged.chunks]
    connection.execute(chunks.insert(), [row | {"version": version} for row in rows])
    return version


def _as_staged(connection: Connection, row: RowMapping) -> Staged:
    names = list(ChunkRow.__slots__)
    query = (
        sa.select(*[chunks.c[name] for name in names]).where(chunks.c.version == row["id"]).order_by(chunks.c.ordinal)
    )
    found = [ChunkRow(**each) for each in connection.execute(query).mappings()]
    return Staged(
        source=row["source"],
        input_hash=row["input_hash"],
        content_hash=row["content_hash"],
        recipe=row["recipe"],
        language=row["language"],
        meta=meta_of(row["meta"]),
        warnings=tuple(row["warnings"]),
        chunks=tuple(replace(each, heading=tuple(each.heading)) for each in found),
    )


def _document(connection: Connection, source: str) -> int:
    found = connection.scalar(sa.select(documents.c.id).where(documents.c.source == source))
    if found is None:
        found = connection.execute(documents.insert().values(source=source)).inserted_primary_key[0]  # type: ignore[index]
    return int(found)


def _release(connection: Connection, changes: Mapping[int, int | None], note: str) -> list[int]:
    """document → version to be live (None: withdrawn). Ledger, keyword index and counts move together."""
    if not changes:
        return []
    release = connection.execute(releases.insert().values(at=_now(), note=note)).inserted_primary_key[0]  # type: ignore[index]
    former = connection.scalars(
        sa.select(documents.c.live_version).where(documents.c.id.in_(changes), documents.c.live_version.is_not(None))
    )
    silent = _sizes(connection, [version for version in former if version is not None])
    loud = _sizes(connection, [version for version in changes.values() if version is not None])
    if silent:
        connection.execute(sa.text("DELETE FROM keywords WHERE rowid = :id"), [{"id": each} for each in silent])
    for document, version in changes.items():
        connection.execute(documents.update().where(documents.c.id == document).values(live_version=version))
        connection.execute(release_items.insert().values(release=release, document=document, version=version))
    for batch in _batches(list(loud)):
        connection.execute(_INDEX_KEYWORDS, {"ids": batch})
    # What BM25 must know of the whole moves in the same commit.
    _count(connection, "live_passages", len(loud) - len(silent))
    _count(connection, "live_tokens", sum(loud.values()) - sum(silent.values()))
    return [each for each in silent if each not in loud]


_INDEX_KEYWORDS = sa.text(
    "INSERT INTO keywords (rowid, body) SELECT id, label_tokens || char(10) || tokens FROM chunks WHERE id IN :ids"
).bindparams(sa.bindparam("ids", expanding=True))


def _sizes(connection: Connection, version_ids: Sequence[int]) -> dict[int, int]:
    """Passage id → its tokens, for the passages of these versions."""
    found: dict[int, int] = {}
    for batch in _batches(version_ids):
        rows = connection.execute(sa.select(chunks.c.id, chunks.c.token_count).where(chunks.c.version.in_(batch)))
        found.update((row[0], row[1]) for row in rows)
    return found


def _count(connection: Connection, name: str, change: int) -> None:
    before = connection.scalar(sa.select(facts.c.value).where(facts.c.name == name)) or "0"
    _record(connection, name, str(int(before) + change))


def _record(connection: Connection, name: str, value: str) -> None:
    connection.execute(facts.delete().where(facts.c.name == name))
    connection.execute(facts.insert().values(name=name, value=value))


def _batches(values: Sequence[T]) -> Iterator[Sequence[T]]:
    return (values[at : at + BATCH] for at in range(0, len(values), BATCH))


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
