"""What goes into the ledger and comes out of it, as values. Knows no transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Row, RowMapping

from ingest.schema import documents
from rag.types import DocumentMeta, Sentence

# start, end, kind, page, second, pictures. Rows of earlier versions end after the page.
StoredSentence = Sequence[Any]


@dataclass(frozen=True, slots=True)
class ChunkRow:
    """One passage as it is stored; see `ingest/schema.py` for the columns."""

    id: int
    ordinal: int
    heading: tuple[str, ...]
    question: str
    text: str
    sentences: list[StoredSentence]
    label_tokens: str
    tokens: str
    token_count: int
    text_hash: str
    vectors: bytes


@dataclass(frozen=True, slots=True)
class Staged:
    """A version ready to be written: parsed, cut, embedded."""

    source: str
    input_hash: str
    content_hash: str
    recipe: str
    language: str
    meta: DocumentMeta
    warnings: tuple[str, ...]
    chunks: tuple[ChunkRow, ...]


class Stored(NamedTuple):
    """A version that is in the ledger."""

    id: int
    live: bool
    passages: int


@dataclass(frozen=True, slots=True)
class Status:
    """One line of `ingest status`."""

    source: str
    state: str  # live | staged | withdrawn | refused
    version: int | None
    title: str
    language: str
    audience: str
    passages: int
    refusal: str  # why its newest file did not go in; empty when it did
    warnings: tuple[str, ...]


def meta_of(stored: Mapping[str, str]) -> DocumentMeta:
    """The DocumentMeta that was stored as plain strings."""
    known: dict[str, Any] = dict(stored)
    for name in ("valid_from", "valid_until", "review_by"):
        if name in known:
            known[name] = date.fromisoformat(known[name])
    return DocumentMeta(**known)


def stored(sentence: Sentence) -> StoredSentence:
    """A sentence's place as the ledger keeps it."""
    each = sentence
    return (each.start, each.end, each.kind, each.page, each.second, list(each.pictures))


def sentence_of(row: StoredSentence) -> Sentence:
    """The sentence that was stored."""
    start, end, kind, page, second, pictures = (*row, None, ())[:6]
    return Sentence(start, end, kind, page, second, tuple(pictures))


def plain(meta: DocumentMeta) -> dict[str, str]:
    """What was said about a document, as strings; what was not said is left out."""
    return {name: str(value) for name in DocumentMeta.__slots__ if (value := getattr(meta, name))}


def why(row: Row[Any]) -> str:
    """A refusal in one line."""
    return f"{row.code}: {row.reason} {row.advice}"


def status_of(row: RowMapping, refusal: str, was_withdrawn: bool) -> Status:
    """One document's line, from its row joined with that of the version shown."""
    live = row[documents.c.live_version] is not None
    return Status(
        source=row["source"],
        state="live" if live else "withdrawn" if was_withdrawn else "staged",
        version=row["number"],
        title=row["title"],
        language=row["language"],
        audience=row["audience"],
        passages=row["passages"],
        refusal=refusal,
        warnings=tuple(row["warnings"]),
    )
