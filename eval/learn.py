"""Learns the weights of retrieval's signals in `rag/weights.json` from labelled questions.

The softmax over a question's passages should put its mass on those of the relevant documents. Plain gradient
descent, no library. Those of confidence are fitted by `eval/calibrate.py`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval.beir import Benchmark
from eval.workbench import Workbench
from rag.types import Access, Hit, Turn
from rag.understand import understand

DEPTH = 60
RETRIEVAL = ("keyword", "sentence_keyword", "span_keyword", "label_keyword", "meaning")
Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question's hits, and which of them are passages of a relevant document."""

    language: str
    hits: list[Hit]
    relevant: list[bool]


def ask_all(bench: Workbench, data: Benchmark, every: int = 1) -> list[Asked]:
    """Hits for each (`every`-th) question of a benchmark, through the real pipeline and retriever."""
    with tempfile.TemporaryDirectory() as scratch:
        store, _, ids = bench.fill(Path(scratch), data.corpus)
        retriever, found = bench.retriever(store), []
        for question in data.questions[::every]:
            query = understand([*question.history, Turn("customer", question.text)])
            hits = retriever.retrieve(query, Access(), DEPTH)
            gold = data.relevant[question.id]
            found.append(Asked(query.language, hits, [ids[hit.chunk.source] in gold for hit in hits]))
        store.close()
    return found


def fit_retrieval(asked: Sequence[Asked], steps: int = 400, rate: float = 0.5) -> dict[str, float]:
    """Non-negative weights that minimise the mean negative log share of relevant passages, by projected descent."""
    data = [(_signals(each.hits, RETRIEVAL), np.array(each.relevant)) for each in asked if any(each.relevant)]
    sharp = 8.0  # signals lie between 0 and 1: without it the softmax could not tell them apart
    weights = np.ones(len(RETRIEVAL)) * 0.5
    for _ in range(steps):
        gradient = np.zeros_like(weights)
        for signals, relevant in data:
            share = _softmax(sharp * signals @ weights)
            target = share * relevant / max(share[relevant].sum(), 1e-12)
            gradient += (share - target) @ signals
        weights = np.maximum(0.0, weights - rate * gradient / len(data))
    return {name: round(float(value), 3) for name, value in zip(RETRIEVAL, weights, strict=True)}


def _signals(hits: Sequence[Hit], names: Sequence[str]) -> Array:
    return np.array([[hit.signals[name] for name in names] for hit in hits])


def _softmax(values: Array) -> Array:
    raised = np.exp(values - values.max())
    return np.asarray(raised / raised.sum())
