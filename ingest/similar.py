"""Which live passages are worth comparing with a staged one: near by their vectors, or by their rarest words.

Reads the ledger; judges nothing. Never compares all pairs of sentences: one product of matrices, and one look into
the keyword index a passage.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from ingest.knowledge import read_candidates
from ingest.schema import chunks, documents
from ingest.supersession import claims, superseded
from rag.ports import Candidate
from rag.text import content_tokens
from rag.types import Vectors

NEAREST = 20  # passages by vector, and as many by keywords
RAREST = 3  # words of each sentence that are looked up
KNOWN = 2  # passages that must hold a word to be looked up: one of them is the staged passage itself
BATCH = 500
_VOCABULARY = sa.text("SELECT term, doc FROM keywords_vocabulary WHERE doc >= :known AND doc <= :common")
_MATCH = sa.text("SELECT rowid FROM keywords WHERE keywords MATCH :terms ORDER BY bm25(keywords) LIMIT :limit")


class Neighbours:
    """The live passages of a store, to look for neighbours in. Everything is read once, at the start."""

    def __init__(self, engine: Engine, dimensions: int, today: date) -> None:
        self._engine, self._dimensions = engine, dimensions
        with engine.connect() as connection:
            self._silent = superseded(claims(connection, today))
            self._ids, self._matrix = _matrix(connection, dimensions)
            common = max(20, len(self._ids) // 20)
            rows = connection.execute(_VOCABULARY, {"known": KNOWN, "common": common})
            self._frequency: dict[str, int] = {row[0]: row[1] for row in rows}

    def of(self, passages: Sequence[Candidate]) -> list[list[Candidate]]:
        """For each passage its neighbours in other documents that none supersedes."""
        with self._engine.connect() as connection:
            near = self._near(passages)
            for found, passage in zip(near, passages, strict=True):
                found += self._worded(connection, passage)
            loaded = _loaded(connection, sorted({each for found in near for each in found}), self._dimensions)
        return [
            [loaded[each] for each in dict.fromkeys(found) if self._counts(loaded[each].chunk.source, passage)]
            for found, passage in zip(near, passages, strict=True)
        ]

    def _counts(self, source: str, passage: Candidate) -> bool:
        return source != passage.chunk.source and source not in self._silent

    def _near(self, passages: Sequence[Candidate]) -> list[list[int]]:
        found = list[list[int]]()
        limit = min(NEAREST, len(self._ids))
        for at in range(0, len(passages), BATCH):
            rows = np.stack([each.vectors.passage for each in passages[at : at + BATCH]]) @ self._matrix.T
            nearest = np.argpartition(-rows, limit - 1, axis=1)[:, :limit] if limit else np.empty((len(rows), 0), int)
            found += [[self._ids[column] for column in row] for row in nearest]
        return found

    def _worded(self, connection: Connection, passage: Candidate) -> list[int]:
        terms = list[str]()
        for sentence in passage.tokens:
            known = [each for each in dict.fromkeys(content_tokens(sentence)) if each in self._frequency]
            terms += sorted(known, key=lambda each: self._frequency[each])[:RAREST]
        match = " OR ".join(f'"{each}"' for each in dict.fromkeys(terms))
        return list(connection.scalars(_MATCH, {"terms": match, "limit": NEAREST})) if terms else []


def _matrix(connection: Connection, dimensions: int) -> tuple[list[int], Vectors]:
    """Ids and passage vectors [n, dimensions] of all live passages; the vectors stand first in what is stored."""
    first = sa.func.substr(chunks.c.vectors, 1, 4 * dimensions)
    query = sa.select(chunks.c.id, first).join(documents, documents.c.live_version == chunks.c.version)
    rows = connection.execute(query).all()
    raw = b"".join(row[1] for row in rows)
    return [row[0] for row in rows], np.frombuffer(raw, "<f4").reshape(len(rows), dimensions)


def _loaded(connection: Connection, ids: Sequence[int], dimensions: int) -> dict[int, Candidate]:
    found: dict[int, Candidate] = {}
    for at in range(0, len(ids), BATCH):
        where = chunks.c.id.in_(ids[at : at + BATCH])
        found.update((each.chunk.id, each) for each in read_candidates(connection, where, dimensions))
    return found
