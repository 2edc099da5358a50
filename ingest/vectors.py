"""How a passage's vectors are packed into the ledger, and unpacked.

Layout, little-endian: passage float32[d], label float32[d], then for each sentence a float32 scale and
int8[d]. The first two are exact, so that a rebuilt vector index equals the first one; the sentences' are
only compared with each other, where int8 with a scale of its own lost nothing in the benchmarks.
"""

from __future__ import annotations

import numpy as np

from rag.types import PassageVectors


def pack(vectors: PassageVectors) -> bytes:
    """Bytes of `vectors`."""
    scale = np.abs(vectors.sentences).max(axis=1, keepdims=True, initial=1e-12) / 127
    small = np.round(vectors.sentences / scale).astype(np.int8)
    rows = np.concatenate([scale.astype("<f4").view(np.int8), small], axis=1)
    return vectors.passage.astype("<f4").tobytes() + vectors.label.astype("<f4").tobytes() + rows.tobytes()


def unpack(raw: bytes, dimensions: int) -> PassageVectors:
    """The vectors in `raw`, as written by `pack`."""
    passage, label = np.frombuffer(raw, "<f4", 2 * dimensions).reshape(2, dimensions)
    rows = np.frombuffer(raw, np.int8, offset=8 * dimensions).reshape(-1, 4 + dimensions)
    scale = rows[:, :4].copy().view("<f4")
    return PassageVectors(passage, label, rows[:, 4:] * scale)
