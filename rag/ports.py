"""What the answer path needs from the outside, as narrow Protocols. Backends fit them; nothing inherits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Protocol

from rag.people import Customer, Mood
from rag.types import Access, Chunk, PassageVectors, Query, Segment, Turn, Usage, Vector, Vectors


class QuestionEmbedder(Protocol):
    """Questions to unit vectors."""

    @property
    def languages(self) -> frozenset[str]:
        """Languages whose vectors mean something; the others are left to keywords."""
        ...

    def embed_texts(self, texts: Sequence[str]) -> Vectors: ...

    def knows(self, word: str) -> bool:
        """Whether its language model has this word in lower case whole. False where that cannot be told."""
        ...


class Embedder(QuestionEmbedder, Protocol):
    """Passages, too. Two embedders with the same fingerprint give comparable vectors."""

    @property
    def fingerprint(self) -> str: ...

    @property
    def dimensions(self) -> int: ...

    def embed_passages(self, passages: Sequence[tuple[str, Sequence[str]]]) -> list[PassageVectors]: ...


class VectorIndex(Protocol):
    """Nearest passages by id. Holds ids and vectors only; texts and rights stay in the ledger."""

    def upsert(self, ids: Sequence[int], passages: Vectors, labels: Vectors) -> None: ...

    def delete(self, ids: Sequence[int]) -> None: ...

    def nearest(self, vector: Vector, limit: int) -> list[int]:
        """Ids of passages near by their own vector or by their label's, at most `limit`, the nearest first."""
        ...

    def ids(self) -> set[int]: ...


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage with everything needed to score it in memory."""

    chunk: Chunk
    vectors: PassageVectors
    title_tokens: tuple[str, ...]
    product_tokens: tuple[str, ...]  # of the product its editors named
    label_tokens: tuple[str, ...]
    tokens: tuple[tuple[str, ...], ...]  # per sentence


@dataclass(frozen=True, slots=True)
class Corpus:
    """What BM25 needs to know of all live passages."""

    passages: int
    mean_length: float  # tokens per passage
    frequency: Mapping[str, int]  # token → passages that hold it, for the tokens asked about


class KnowledgeReader(Protocol):
    """Live passages that the asker may see; everything a query reads comes from one moment."""

    def candidates(self, query: Query, vectors: Vectors, access: Access) -> tuple[list[Candidate], Corpus]:
        """Passages worth scoring, by keywords and near any of `vectors` [0 … n, dimensions]; unordered."""
        ...

    def frequency(self, terms: Sequence[str], access: Access) -> Mapping[str, int]:
        """Index terms → live passages that hold them; without those in no passage the asker may see."""
        ...

    def chunk(self, chunk_id: int, access: Access) -> Chunk | None: ...

    def products(self, access: Access) -> frozenset[str]:
        """The products that editors named in documents which the asker may see."""
        ...

    def neighbours(self, chunk: Chunk, access: Access) -> list[Chunk]:
        """The passages of the same document under the same heading, in order, `chunk` among them."""
        ...


Spent = Callable[[Usage], None]


def unmetered(_usage: Usage) -> None:
    """Nobody asks what it cost."""


class ChatModel(Protocol):
    """Any model that speaks Chat Completions."""

    @property
    def name(self) -> str: ...

    def stream(self, system: str, user: str, seconds: float, spent: Spent = unmetered) -> Iterator[str]:
        """Pieces of the answer as they come, the last within `seconds`; `spent` hears of every attempt that is paid for.

        Raises ModelError when that fails, also half-way; of kind "cut" when the answer ran into its length limit.
        """
        ...


class Reranker(Protocol):
    """A model that reads a question and a passage together."""

    def scores(self, question: str, texts: Sequence[str]) -> Mapping[int, float]:
        """Place of a text → how well it answers, on any scale, for those it names. Raises ModelError."""
        ...


class Transcriber(Protocol):
    """Sound to words, by an endpoint."""

    @property
    def max_bytes(self) -> int:
        """Of one file."""
        ...

    def transcribe(self, path: Path, name: str) -> Sequence[Segment]:
        """What is said in the file, in order; `name` tells its format. Raises ModelError."""
        ...


class MoodModel(Protocol):
    """How a customer feels, from what was said. Pure arithmetic: it cannot fail."""

    def mood(self, turns: Sequence[Turn]) -> Mood:
        """Of the conversation, whose last turn is the customer's newest message."""
        ...


class CustomerDirectory(Protocol):
    """The company's records of its customers."""

    def customer(self, customer_id: str) -> Customer | None:
        """None where the company does not know this id. Raises RecordsError where it cannot be asked."""
        ...


class Notifier(Protocol):
    """A way out for notifications."""

    def send(self, key: str, payload: Mapping[str, object]) -> None:
        """`key` is the same where the same thing is sent again. Raises Undelivered."""
        ...


Attribute = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Span:
    """Something that took a while, from `began` to `ended` (nanoseconds since 1970), and what happened in it.

    `problem`: how it failed; empty: it did not.
    """

    name: str
    began: int
    ended: int
    attributes: Mapping[str, Attribute]
    children: tuple[Span, ...] = ()
    problem: str = ""


class Spans(Protocol):
    """Where traces go. Nothing here waits for another machine, and nothing fails."""

    def finished(self, span: Span) -> None: ...

    def send(self, key: str, payload: Mapping[str, object]) -> None:
        """A step of a ticket, as a Notifier hears of it."""
        ...

    def run(self, stop: Event) -> None:
        """Until told to stop; then what is left leaves."""
        ...


class TokenCounter(Protocol):
    """Tokens of a text, as the budget for prompts and passages counts them."""

    def __call__(self, text: str, /) -> int: ...
