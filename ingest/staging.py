"""One version into the ledger's tables and out of them again, on a transaction that is already open."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy import Connection, RowMapping

from ingest.release import now
from ingest.rows import ChunkRow, Staged, meta_of, named, plain
from ingest.schema import chunks, documents, supersedes, versions


def write_version(connection: Connection, staged: Staged) -> int:
    """Store one version, out of every reader's sight; its id."""
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
            created_at=now(),
        )
    )
    version = int(written.inserted_primary_key[0])  # type: ignore[index]
    rows = [{name: getattr(chunk, name) for name in ChunkRow.__slots__} for chunk in staged.chunks]
    connection.execute(chunks.insert(), [row | {"version": version} for row in rows])
    replaced = [{"version": version, "source": source} for source in named(meta.supersedes)]
    if replaced:
        connection.execute(supersedes.insert(), replaced)
    return version


def read_version(connection: Connection, row: RowMapping) -> Staged:
    """The version in `row`, of `versions` with its source, as it was staged."""
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
