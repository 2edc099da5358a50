"""An embedder that costs nothing: words hashed to directions. Texts that share words are near each other."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from functools import cache

import numpy as np

from rag.text import tokens
from rag.types import PassageVectors, Vector, Vectors


@cache
def _direction(word: str, dimensions: int) -> Vector:
    seed = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "little")
    return np.random.default_rng(seed).standard_normal(dimensions).astype(np.float32)


class HashEmbedder:
    """Fits the Embedder port. `embedded` keeps the labels of all passages it was given, `batches` the same by call."""

    languages = frozenset({"en", "zh"})

    def __init__(self, name: str = "hash/1", dimensions: int = 48) -> None:
        self.fingerprint, self.dimensions = name, dimensions
        self.embedded: list[str] = []
        self.batches: list[tuple[str, ...]] = []
        self.before_each: Callable[[], None] = lambda: None  # for tests that look at the store meanwhile

    def embed_passages(self, passages: Sequence[tuple[str, Sequence[str]]]) -> list[PassageVectors]:
        if passages:
            self.before_each()
            self.batches.append(tuple(label for label, _ in passages))
        self.embedded += [label for label, _ in passages]
        return [
            PassageVectors(self._one(" ".join((label, *some))), self._one(label), self.embed_texts(some))
            for label, some in passages
        ]

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        return np.array([self._one(text) for text in texts], np.float32).reshape(-1, self.dimensions)

    def knows(self, _word: str) -> bool:
        return False

    def _one(self, text: str) -> Vector:
        words = tokens(text) or ("",)
        total = np.sum([_direction(word, self.dimensions) for word in words], axis=0)
        return np.asarray(total / np.linalg.norm(total), np.float32)
