"""One file's way to a version: parsed and cut into a draft, then, with its vectors, into rows to be staged.

Knows no store and no order of things; `ingest/pipeline.py` does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ingest.chunk import CountTokens, Passage, passages
from ingest.instructions import without_instructions
from ingest.meta import combine, doubts
from ingest.rows import ChunkRow, Staged, stored
from ingest.scan import Taken
from rag.errors import Refused
from rag.instructions import steers
from rag.text import language_of, tokens
from rag.types import Document, DocumentMeta, label_of

Parse = Callable[[Path, str], Document]
# A Chinese character costs more than a token and says less than a word: the same content is about twice the tokens.
_SAMPLE = 20_000  # characters by which the language is told
_ROWS = 200  # of each table
PASSAGE_SIZE = {"en": 1, "zh": 2}


@dataclass(frozen=True, slots=True)
class Draft:
    """A file as a document: checked, cut, not yet embedded."""

    source: str
    input_hash: str
    content_hash: str
    meta: DocumentMeta
    language: str
    warnings: tuple[str, ...]
    passages: tuple[Passage, ...]
    pictures: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return len(self.passages)

    def label(self, passage: Passage) -> str:
        return label_of(self.meta.title, passage.heading, passage.question)

    def to_embed(self) -> list[tuple[str, tuple[str, ...]]]:
        """(label, sentences) of each passage, as embedders take them."""
        return [(self.label(passage), passage.quotes()) for passage in self.passages]

    def text_hashes(self, fingerprint: str) -> list[str]:
        """One for each passage; equal where the same embedder would be given the same words."""
        return [text_hash(fingerprint, label, sentences) for label, sentences in self.to_embed()]


def draft_document(taken: Taken, document: Document, count: CountTokens, limit: int) -> Draft:
    """Check what is said about it, leave out what speaks to a model, and cut it. Raises Refused."""
    source = taken.found.source
    document = without_instructions(document)
    meta = combine(taken.said, document.fields)
    title = ("" if steers(meta.title) else meta.title) or document.title or Path(source).stem
    language = meta.language or language_of(_beginning(document))
    cut = tuple(passages(document, count, limit * PASSAGE_SIZE[language]))
    if not cut:
        raise Refused("NO_TEXT", "There is no text in it below its headings.", "Add text, or remove the file.")
    return Draft(
        source=source,
        input_hash=taken.input_hash,
        content_hash=taken.content_hash,
        meta=replace(meta, title=title, language=language),
        language=language,
        warnings=(*document.warnings, *doubts(meta)),
        passages=cut,
        pictures=document.pictures,
    )


def _beginning(document: Document) -> str:
    """Enough of its words, those in tables among them, to tell the language by."""
    found, size = list[str](), 0
    for block in document.blocks:
        words = " ".join([block.text, *(cell for row in block.rows[:_ROWS] for cell in row)])
        found.append(words)
        size += len(words)
        if size >= _SAMPLE:
            break
    return " ".join(found)[:_SAMPLE]


def staged(draft: Draft, recipe: str, hashes: Sequence[str], vectors: Sequence[bytes]) -> Staged:
    """The draft with its vectors (packed, one a passage), ready for the ledger."""
    rows = tuple(_row(draft, recipe, number, hashes[number], vectors[number]) for number in range(len(draft.passages)))
    return Staged(
        source=draft.source,
        input_hash=draft.input_hash,
        content_hash=draft.content_hash,
        recipe=recipe,
        language=draft.language,
        meta=draft.meta,
        warnings=draft.warnings,
        chunks=rows,
    )


def _row(draft: Draft, recipe: str, ordinal: int, text_hash: str, vectors: bytes) -> ChunkRow:
    passage = draft.passages[ordinal]
    label, sentences = tokens(draft.label(passage)), [tokens(quote) for quote in passage.quotes()]
    return ChunkRow(
        id=chunk_id(draft.source, draft.input_hash, recipe, ordinal),
        ordinal=ordinal,
        heading=passage.heading,
        question=passage.question,
        text=passage.text,
        sentences=[stored(each) for each in passage.sentences],
        label_tokens=" ".join(label),
        tokens="\n".join(" ".join(each) for each in sentences),
        token_count=len(label) + sum(map(len, sentences)),
        text_hash=text_hash,
        vectors=vectors,
    )


def text_hash(fingerprint: str, label: str, sentences: Sequence[str]) -> str:
    """Equal where the same embedder would be given the same words."""
    return _digest(fingerprint, label, *sentences)


def chunk_id(source: str, input_hash: str, recipe: str, ordinal: int) -> int:
    """The same content, cut the same way, at the same place has the same id: 63 bits, a key any database takes."""
    return int(_digest(source, input_hash, recipe, str(ordinal))[:16], 16) >> 1


def _digest(*parts: str) -> str:
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
