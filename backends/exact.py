"""A vector index in memory: exact, small, and derived from whatever vectors it is given.

Serves readers beside the process that owns Chroma, and tests. Keeps nothing on disk.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

import numpy as np

from rag.types import Vector, Vectors


def interleaved(lists: Sequence[Sequence[int]], limit: int) -> list[int]:
    """The first of each list, then the second of each, and so on, without repeats."""
    return list(dict.fromkeys(each for rank in zip_longest(*lists) for each in rank if each is not None))[:limit]


class ExactIndex:
    """Compares the question with every vector; fine up to some tens of thousands of passages."""

    def __init__(self) -> None:
        self._passages: dict[int, Vector] = {}
        self._labels: dict[int, Vector] = {}
        self._matrices: tuple[list[int], Vectors, Vectors] | None = None

    def upsert(self, ids: Sequence[int], passages: Vectors, labels: Vectors) -> None:
        self._passages.update(zip(ids, passages, strict=True))
        self._labels.update(zip(ids, labels, strict=True))
        self._matrices = None

    def delete(self, ids: Sequence[int]) -> None:
        for each in ids:
            self._passages.pop(each, None)
            self._labels.pop(each, None)
        self._matrices = None

    def nearest(self, vector: Vector, limit: int) -> list[int]:
        if not self._passages:
            return []
        if self._matrices is None:
            ids = list(self._passages)
            self._matrices = ids, np.stack(list(self._passages.values())), np.stack(list(self._labels.values()))
        ids, *matrices = self._matrices
        orders = [np.argsort(-(matrix @ vector), kind="stable")[:limit] for matrix in matrices]
        return interleaved([[ids[row] for row in order] for order in orders], limit)

    def ids(self) -> set[int]:
        return set(self._passages)
