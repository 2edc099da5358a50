"""The live knowledge as the answer path reads it: candidates from keywords and vectors, passages by id.

Every query reads the ledger in one snapshot, so a document answers from exactly one version. Rights,
validity and supersession are applied there, before any text leaves; the vector index only proposes ids.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy import Connection, Engine, RowMapping

from ingest.rows import meta_of, sentence_of
from ingest.schema import chunks, documents, facts, release_items, releases, versions
from ingest.supersession import claims, superseded, valid
from ingest.vectors import unpack
from rag.ports import Candidate, Corpus, VectorIndex
from rag.text import content_tokens, is_han, tokens
from rag.types import Access, Chunk, Query, Vectors

CACHED = 20_000  # candidates kept in memory, some kB each; passages never change under their id
SEEN = 50  # passages of a word looked at to tell whether the asker may see one
OVERFETCH = 3  # so that passages the asker may not see do not crowd out those he may
POSTINGS = 20_000  # looked at for a question: beyond, its most frequent words find nothing that its rarer ones do not
COUNTED = 50_000  # words whose frequency is remembered

_MATCH = sa.text("SELECT rowid FROM keywords WHERE keywords MATCH :terms ORDER BY bm25(keywords) LIMIT :limit")
_HOLDING = sa.text("SELECT rowid FROM keywords WHERE keywords MATCH :term LIMIT :limit")
_FREQUENCY = sa.text("SELECT term, doc FROM keywords_vocabulary WHERE term IN :terms").bindparams(
    sa.bindparam("terms", expanding=True)
)


class Knowledge:
    """A KnowledgeReader over the ledger, its keyword index and a vector index."""

    def __init__(self, engine: Engine, index: VectorIndex, dimensions: int, keywords: int, nearest: int) -> None:
        self._engine, self._index, self._dimensions = engine, index, dimensions
        self._keywords, self._nearest = keywords, nearest
        self._cache: dict[int, Candidate] = {}
        # Of the state it was read in.
        self._products: tuple[tuple[object, ...], frozenset[str]] | None = None
        self._counts: tuple[tuple[object, ...], dict[str, int]] = ((), {})
        self._lock = threading.Lock()

    def candidates(self, query: Query, vectors: Vectors, access: Access) -> tuple[list[Candidate], Corpus]:
        """Passages worth scoring for `query`, and what BM25 must know of all of them. Unordered."""
        near = [each for vector in vectors for each in self._index.nearest(vector, self._nearest * OVERFETCH)]
        terms = dict.fromkeys((*query.tokens, *query.history_tokens))
        with self._engine.connect() as connection:
            frequency = self._counted(connection, list(terms))
            worded = self._matching(connection, content_tokens(tuple(terms)), frequency)
            allowed = self._allowed(connection, [*near, *worded], access)
            kept = [each for each in near if each in allowed][: self._nearest * max(1, len(vectors))]
            kept += [each for each in worded if each in allowed][: self._keywords]
            chosen = {each: allowed[each] for each in kept}
            return self._load(connection, chosen), _corpus(connection, frequency)

    def frequency(self, terms: Sequence[str], access: Access) -> Mapping[str, int]:
        """Index terms → live passages that hold them; without those in no passage the asker may see."""
        with self._engine.connect() as connection:
            counts = self._counted(connection, terms)
            places = {term: list(connection.scalars(_HOLDING, {"term": f'"{term}"', "limit": SEEN})) for term in counts}
            allowed = self._allowed(connection, [each for some in places.values() for each in some], access)
        return {term: counts[term] for term, some in places.items() if any(each in allowed for each in some)}

    def chunk(self, chunk_id: int, access: Access) -> Chunk | None:
        """The live passage with this id, if the asker may see it."""
        with self._engine.connect() as connection:
            found = self._load(connection, self._allowed(connection, [chunk_id], access))
        return found[0].chunk if found else None

    def original_of(self, chunk_id: int, access: Access) -> tuple[str, str] | None:
        """Source and content hash of the file that the live passage comes from, if the asker may see it."""
        query = (
            sa.select(documents.c.source, versions.c.content_hash)
            .join(versions, versions.c.document == documents.c.id)
            .join(chunks, chunks.c.version == versions.c.id)
            .where(chunks.c.id == chunk_id)
        )
        with self._engine.connect() as connection:
            row = connection.execute(query).first() if self._allowed(connection, [chunk_id], access) else None
        return (row.source, row.content_hash) if row else None

    def picture_of(self, chunk_id: int, name: str, access: Access) -> bool:
        """Whether a picture of this name stands beside the live passage, and the asker may see it."""
        chunk = self.chunk(chunk_id, access)
        return chunk is not None and any(name in each.pictures for each in chunk.sentences)

    def products(self, access: Access) -> frozenset[str]:
        """The products that editors named in live documents which the asker may see."""
        with self._engine.connect() as connection:
            state = (*_state(connection), access)
            kept = self._products  # once: another thread may set it for another asker
            if kept is None or kept[0] != state:
                self._products = kept = state, self._named(connection, access)
            return kept[1]

    def _named(self, connection: Connection, access: Access) -> frozenset[str]:
        query = (
            sa.select(versions.c.meta["product"].as_string())
            .join(documents, documents.c.live_version == versions.c.id)
            .where(versions.c.audience.in_(access.audiences), *valid(access.today))
            .distinct()
        )
        if silenced := superseded(claims(connection, access.today)):
            query = query.where(documents.c.source.not_in(silenced))
        return frozenset(filter(None, connection.scalars(query)))

    def neighbours(self, chunk: Chunk, access: Access) -> list[Chunk]:
        """The live passages under the same heading of the same document, in order."""
        version = sa.select(chunks.c.version).where(chunks.c.id == chunk.id).scalar_subquery()
        query = sa.select(chunks.c.id).where(chunks.c.version == version).order_by(chunks.c.ordinal)
        with self._engine.connect() as connection:
            ids = list(connection.scalars(query))
            allowed = self._allowed(connection, ids, access)
            found = self._load(connection, {each: allowed[each] for each in ids if each in allowed})
        section = (chunk.heading, chunk.question)
        return [each.chunk for each in found if (each.chunk.heading, each.chunk.question) == section]

    def _counted(self, connection: Connection, terms: Sequence[str]) -> dict[str, int]:
        """Index terms → live passages that hold them, for those that any holds."""
        state = _state(connection)
        seen, known = self._counts  # both at once: another thread may set them anew
        known = known if seen == state else {}
        if new := [each for each in terms if each not in known]:
            found = {row.term: int(row.doc) for row in connection.execute(_FREQUENCY, {"terms": new})}
            known = (known if len(known) < COUNTED else {each: known[each] for each in terms if each in known}) | {
                each: found.get(each, 0) for each in new
            }
            self._counts = state, known
        return {each: known[each] for each in terms if known[each]}

    def _matching(self, connection: Connection, terms: Sequence[str], frequency: Mapping[str, int]) -> list[int]:
        if not terms:
            return []
        # Single characters stand in half of all passages; where there are pairs they find nothing new, slowly.
        paired = [term for term in terms if len(term) > 1 or not is_han(term)]
        match = " OR ".join(f'"{term}"' for term in _rarest(paired or terms, frequency))
        if not match:
            return []
        return list(connection.scalars(_MATCH, {"terms": match, "limit": self._keywords * OVERFETCH}))

    def _allowed(self, connection: Connection, ids: Sequence[int], access: Access) -> dict[int, int]:
        """Passage id → number of its version, for those of `ids` that may be read."""
        if not ids:
            return {}
        query = (
            sa.select(chunks.c.id, versions.c.number)
            .join(versions, versions.c.id == chunks.c.version)
            .join(documents, documents.c.id == versions.c.document)
            .where(documents.c.live_version == versions.c.id, chunks.c.id.in_(ids))
            .where(versions.c.audience.in_(access.audiences), *valid(access.today))
        )
        if silenced := superseded(claims(connection, access.today)):
            query = query.where(documents.c.source.not_in(silenced))
        return {row[0]: row[1] for row in connection.execute(query)}

    def _load(self, connection: Connection, allowed: Mapping[int, int]) -> list[Candidate]:
        """These passages, in this order."""
        # Taken out at once: another thread may empty the cache between two looks at it. A document that was erased
        # and came back has the same passages under the same ids, but counts its versions anew.
        found = {
            each: known
            for each, number in allowed.items()
            if (known := self._cache.get(each)) and known.chunk.version == number
        }
        loaded = {
            each.chunk.id: each for each in self._read(connection, [each for each in allowed if each not in found])
        }
        with self._lock:
            if len(self._cache) + len(loaded) > CACHED:
                self._cache = {}
            self._cache.update(loaded)
        found |= loaded
        return [found[each] for each in allowed if each in found]

    def _read(self, connection: Connection, ids: list[int]) -> Iterable[Candidate]:
        return read_candidates(connection, chunks.c.id.in_(ids), self._dimensions) if ids else []


def read_candidates(connection: Connection, where: sa.ColumnElement[bool], dimensions: int) -> list[Candidate]:
    """The passages of any version that `where` chooses, live or not, in no order. Rights are the caller's to mind."""
    query = (
        sa.select(chunks, documents.c.source, versions.c.number, versions.c.language, versions.c.meta)
        .join(versions, versions.c.id == chunks.c.version)
        .join(documents, documents.c.id == versions.c.document)
        .where(where)
    )
    return [_candidate(row, dimensions) for row in connection.execute(query).mappings()]


def _state(connection: Connection) -> tuple[object, ...]:
    """Two moments with the same state have the same live passages."""
    newest = connection.scalar(sa.select(sa.func.max(releases.c.id)))
    # A release grows by each commit of its sync; a document is erased without one.
    items = sa.select(sa.func.count()).select_from(release_items).where(release_items.c.release == newest)
    return newest, connection.scalar(items), connection.scalar(sa.select(sa.func.count()).select_from(documents))


def _rarest(terms: Sequence[str], frequency: Mapping[str, int]) -> list[str]:
    """The rarest of them, as many as POSTINGS allows; one at least, where any passage holds one."""
    chosen, postings = list[str](), 0
    for term in sorted((each for each in terms if each in frequency), key=lambda each: frequency[each]):
        postings += frequency[term]
        if chosen and postings > POSTINGS:
            break
        chosen.append(term)
    return chosen


def _corpus(connection: Connection, frequency: Mapping[str, int]) -> Corpus:
    counts = {row[0]: int(row[1]) for row in connection.execute(sa.select(facts).where(facts.c.name.like("live_%")))}
    passages = counts.get("live_passages", 0)
    return Corpus(passages, counts.get("live_tokens", 0) / max(1, passages), frequency)


def _candidate(row: RowMapping, dimensions: int) -> Candidate:
    chunk = _chunk(row)
    return Candidate(
        chunk=chunk,
        vectors=unpack(row["vectors"], dimensions),
        title_tokens=tokens(chunk.title),
        product_tokens=tokens(chunk.meta.product),
        label_tokens=tuple(row["label_tokens"].split()),
        tokens=tuple(tuple(line.split()) for line in row["tokens"].split("\n")),
    )


def _chunk(row: RowMapping) -> Chunk:
    return Chunk(
        id=row["id"],
        source=row["source"],
        version=row["number"],
        ordinal=row["ordinal"],
        title=row["meta"].get("title", ""),
        heading=tuple(row["heading"]),
        question=row["question"],
        text=row["text"],
        sentences=tuple(map(sentence_of, row["sentences"])),
        language=row["language"],
        meta=meta_of(row["meta"]),
    )
