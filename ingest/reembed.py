"""Everything embedded anew after a change of the embedder, from the ledger's own texts, in one publishing commit.

Until that commit the ledger still names the former embedder, so that nothing is ever compared across the two.
"""

from __future__ import annotations

from dataclasses import replace

from ingest.draft import chunk_id, text_hash
from ingest.ledger import Ledger
from ingest.rows import Staged, with_embedder
from ingest.vectors import pack
from rag.ports import Embedder
from rag.types import label_of


def embed_anew(ledger: Ledger, embedder: Embedder) -> int:
    """Give every live document a version with the new embedder's vectors; how many documents. May be run again."""
    stored = ledger.stored()
    ready = []
    for version in ledger.live_versions():
        recipe = with_embedder(version.recipe, embedder.fingerprint)
        known = stored.get((version.source, version.input_hash, recipe))
        ready += [known.id] if known else ledger.stage([_again(version, recipe, embedder)])
    ledger.publish(ready, note=f"embedded anew with {embedder.fingerprint}")
    ledger.record("embedder", embedder.fingerprint)
    return len(ready)


def _again(version: Staged, recipe: str, embedder: Embedder) -> Staged:
    texts = []
    for row in version.chunks:
        sentences = tuple(row.text[start:end] for start, end, *_ in row.sentences)
        texts.append((label_of(version.meta.title, row.heading, row.question), sentences))
    rows = [
        replace(
            row,
            id=chunk_id(version.source, version.input_hash, recipe, row.ordinal),
            text_hash=text_hash(embedder.fingerprint, *text),
            vectors=pack(vectors),
        )
        for row, text, vectors in zip(version.chunks, texts, embedder.embed_passages(texts), strict=True)
    ]
    return replace(version, recipe=recipe, chunks=tuple(rows))
