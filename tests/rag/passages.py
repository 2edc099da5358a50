"""Passages and hits made by hand, as retrieval would give them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rag.ports import Candidate
from rag.text import tokens
from rag.types import Chunk, DocumentMeta, DraftSentence, Hit, PassageVectors, Sentence, SentenceKind, Span


def passage(
    *sentences: str | tuple[str, SentenceKind],
    number: int = 1,
    title: str = "Guide",
    heading: tuple[str, ...] = (),
    question: str = "",
    language: str = "en",
    ordinal: int = 0,
    product: str = "",
    gap: str = " ",
) -> Chunk:
    """A passage of these sentences; a pair names a sentence's kind."""
    text, spans = "", list[Sentence]()
    for each in sentences:
        said, kind = (each, "text") if isinstance(each, str) else each
        text += gap if text else ""
        spans.append(Sentence(len(text), len(text) + len(said), kind))
        text += said
    source, meta = f"{title.lower()}.md", DocumentMeta(product=product)
    return Chunk(number, source, 1, ordinal, title, heading, question, text, tuple(spans), language, meta)


def whole(chunk: Chunk) -> Span:
    """The passage from its first sentence to its last."""
    return Span(chunk, 0, len(chunk.sentences) - 1)


def said(text: str, *cited: Chunk) -> DraftSentence:
    """A sentence as a model writes it, citing whole passages."""
    return DraftSentence(text, tuple(whole(chunk) for chunk in cited))


def hit(chunk: Chunk, scores: Sequence[float], score: float = 1.0, label_lead: float = -1.0) -> Hit:
    """A passage found, with the scores of its sentences."""
    return Hit(chunk, score, {"label_lead": label_lead}, tuple(scores))


def candidate(chunk: Chunk, *vectors: Sequence[float], label: Sequence[float] = (0.0, 0.0)) -> Candidate:
    """The passage as the store hands it out; vectors of its sentences have two dimensions, or are zero."""
    rows = np.array(vectors or [(0.0, 0.0)] * len(chunk.sentences), np.float32)
    return Candidate(
        chunk=chunk,
        vectors=PassageVectors(rows.mean(axis=0), np.array(label, np.float32), rows),
        title_tokens=tokens(chunk.title),
        product_tokens=tokens(chunk.meta.product),
        label_tokens=tokens(chunk.label),
        tokens=tuple(tokens(chunk.quote(at)) for at in range(len(chunk.sentences))),
    )
