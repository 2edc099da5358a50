"""What goes into the ledger and comes out of it, as values. Knows no transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Row

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
    """One line of `ingest status`. Version, title and what follows are those of the version that is live, or else
    of the newest."""

    source: str
    state: str  # live | staged | withdrawn | unpublished | refused
    version: int | None
    title: str
    language: str
    audience: str
    passages: int
    refusal: str  # why its newest file did not go in; empty when it did
    warnings: tuple[str, ...]
    waiting: str = ""  # for `publish`: "staged v3" or "withdrawal staged"
    held: bool = False  # rolled back: a sync leaves it alone until its file changes
    superseded_by: tuple[str, ...] = ()  # live documents because of which it does not answer today
    category: str = ""
    owner: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    review_by: date | None = None

    @property
    def summary(self) -> str:
        """The state in words: "live, staged v3"."""
        said = [self.waiting if self.state == "staged" else self.state]
        said += [self.waiting] if self.waiting and self.state != "staged" else []
        said += [f"held at {self._held_at}: rolled back; `publish` lets it go on"] if self.held else []
        return ", ".join([*said, *(f"superseded by {each}" for each in self.superseded_by)])

    @property
    def _held_at(self) -> str:
        return f"v{self.version}" if self.state == "live" else "silence"


def embedder_of(recipe: str) -> str:
    """The fingerprint of the embedder: what stands last in a version's recipe."""
    return recipe.rpartition("|")[2]


def with_embedder(recipe: str, fingerprint: str) -> str:
    """The same recipe with another embedder."""
    return f"{recipe.rpartition('|')[0]}|{fingerprint}"


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


def named(supersedes: str) -> list[str]:
    """The sources in a `supersedes` field: one, or several between commas."""
    return [name for name in dict.fromkeys(map(str.strip, supersedes.split(","))) if name]


def why(row: Row[Any]) -> str:
    """A refusal in one line."""
    return f"{row.code}: {row.reason} {row.advice}"
