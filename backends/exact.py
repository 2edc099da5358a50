"""A vector index in memory: exact, small, and derived from whatever vectors it is given.

Serves readers beside the process that owns Chroma, and tests. Keeps nothing on disk.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from itertools import zip_longest

import numpy as np

from rag.types import Vector, Vectors


def interleaved(lists: Sequence[Sequence[int]], limit: int) -> list[int]:
    """The first of each list, then the second of each, and so on, without repeats."""
    return list(dict.fromkeys(each for rank in zip_longest(*lists) for each in rank if each is not None))[:limit]


class ExactIndex:
    """Compares the question with every vector; fine up to some tens of thousands of passages. For any thread."""

    def __init__(self) -> None:
        self._passages: dict[int, Vector] = {}
        self._labels: dict[int, Vector] = {}
        self._matrices: tuple[list[int], Vectors, Vectors] | None = None
        self._lock = threading.Lock()

    def upsert(self, ids: Sequence[int], passages: Vectors, labels: Vectors) -> None:
        with self._lock:
            self._passages.update(zip(ids, passages, strict=True))
            self._labels.update(zip(ids, labels, strict=True))
            self._matrices = None

    def delete(self, ids: Sequence[int]) -> None:
        with self._lock:
            for each in ids:
                self._passages.pop(each, None)
                self._labels.pop(each, None)
            self._matrices = None

    def nearest(self, vector: Vector, limit: int) -> list[int]:
        ids, *matrices = self._stacked()
        orders = [np.argsort(-(matrix @ vector), kind="stable")[:limit] for matrix in matrices] if ids else []
        return interleaved([[ids[row] for row in order] for order in orders], limit)

    def ids(self) -> set[int]:
        with self._lock:
            return set(self._passages)

    def _stacked(self) -> tuple[list[int], Vectors, Vectors]:
        with self._lock:
            if self._matrices is None:
                rows = [np.array(list(each.values())) for each in (self._passages, self._labels)]
                self._matrices = list(self._passages), rows[0], rows[1]
            return self._matrices
