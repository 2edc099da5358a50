"""Stands in for an embedder whose endpoint is out of reach: no vectors, so that keywords alone find passages."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rag.ports import QuestionEmbedder
from rag.types import Vectors


class WordsOnly:
    """A QuestionEmbedder that is good for no language, and so never asked for a vector."""

    def __init__(self, real: QuestionEmbedder) -> None:
        self.languages, self.knows = frozenset[str](), real.knows

    def embed_texts(self, texts: Sequence[str]) -> Vectors:  # noqa: ARG002 – the port has it
        """None, whatever is asked."""
        return np.zeros((0, 0), np.float32)
