"""Stands in for an embedder whose endpoint is out of reach: no vectors, so that keywords alone find passages."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rag.ports import Embedder
from rag.types import PassageVectors, Vectors


class WordsOnly:
    """An Embedder that is good for no language, and so never asked for a vector."""

    def __init__(self, real: Embedder) -> None:
        self.fingerprint, self.dimensions = real.fingerprint, real.dimensions
        self.languages, self.knows = frozenset[str](), real.knows

    def embed_texts(self, texts: Sequence[str]) -> Vectors:  # noqa: ARG002 – the port has it
        """[0, dimensions], whatever is asked."""
        return np.zeros((0, self.dimensions), np.float32)

    def embed_passages(self, passages: Sequence[tuple[str, Sequence[str]]]) -> list[PassageVectors]:
        """Not for passages: nothing may be published without its vectors."""
        raise NotImplementedError
