"""What a store holds, as plain values: two stores with equal dumps answer every question alike.

Times, release numbers and the ledger's own row numbers are left out: they tell when, not what.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import sqlalchemy as sa

from ingest.rows import ChunkRow
from ingest.schema import documents, facts, refusals, versions
from ingest.store import Store


@dataclass(frozen=True, slots=True)
class LiveDocument:
    """The version that answers, whole: a reader never sees anything but one of these."""

    input_hash: str
    recipe: str
    meta: str
    chunks: tuple[ChunkRow, ...]


@dataclass(frozen=True, slots=True)
class Dump:
    """Everything that bears on an answer."""

    live: dict[str, LiveDocument]
    versions: list[tuple[str, int, str, bool]]  # source, number, input hash, whether it is live
    keywords: dict[int, str]
    facts: dict[str, str]
    refusals: list[tuple[str, str]]
    indexed: set[int]  # in the vector index, in both of its collections

    def differences(self, other: Dump) -> list[str]:
        """The parts that differ; for documents down to the column."""
        parts = [name for name in Dump.__slots__ if name != "live" and getattr(self, name) != getattr(other, name)]
        return parts + [
            f"{source} ({', '.join(_differing(self.live.get(source), other.live.get(source)))})"
            for source in sorted(self.live.keys() | other.live.keys())
            if self.live.get(source) != other.live.get(source)
        ]


def _differing(one: LiveDocument | None, other: LiveDocument | None) -> list[str]:
    if one is None or other is None or len(one.chunks) != len(other.chunks):
        return ["its extent"]
    pairs: list[tuple[LiveDocument, LiveDocument] | tuple[ChunkRow, ChunkRow]] = [(one, other)]
    pairs += zip(one.chunks, other.chunks, strict=True)
    names = [field.name for a, b in pairs for field in fields(a) if getattr(a, field.name) != getattr(b, field.name)]
    return sorted(set(names) - {"chunks"})


def dump(store: Store) -> Dump:
    """The store's content. Opening the store has brought its vector index in step; `indexed` is what it holds now."""
    history = (
        sa.select(documents.c.source, versions.c.number, versions.c.input_hash, versions.c.id, documents.c.live_version)
        .join(documents, documents.c.id == versions.c.document)
        .order_by(documents.c.source, versions.c.number)
    )
    with store.engine.connect() as connection:
        return Dump(
            live=live_documents(store),
            versions=[(row[0], row[1], row[2], row[3] == row[4]) for row in connection.execute(history)],
            keywords={row[0]: row[1] for row in connection.execute(sa.text("SELECT rowid, body FROM keywords"))},
            facts={row[0]: row[1] for row in connection.execute(sa.select(facts))},
            refusals=[(row.source, row.code) for row in connection.execute(sa.select(refusals))],
            indexed=store.index.ids(),
        )


def live_documents(store: Store) -> dict[str, LiveDocument]:
    """source → what answers for it now."""
    return {
        each.source: LiveDocument(each.input_hash, each.recipe, repr(each.meta), each.chunks)
        for each in store.ledger.live_versions()
    }
