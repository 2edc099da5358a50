"""Learns the numbers of `rag/weights.json` from labelled questions: weights of the signals, and confidence.

Retrieval: the softmax over a question's passages should put its mass on those of the relevant documents.
Confidence: logistic regression on the best hit's signals; an example where it is relevant counts as answerable,
and the same question with its relevant documents taken out counts as not. Plain gradient descent, no library.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
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
CONFIDENCE = ("keyword", "span_keyword", "meaning")
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


def confidence_examples(asked: Sequence[Asked]) -> tuple[Array, Array]:
    """(signals of the best hit [n, signals], whether it answers [n]), with and without the relevant documents."""
    rows, labels = [], []
    for each in asked:
        without = [hit for hit, relevant in zip(each.hits, each.relevant, strict=True) if not relevant]
        for hits, label in ((each.hits, each.relevant[:1] == [True]), (without, False)):
            if hits:
                rows.append([hits[0].signals[name] for name in CONFIDENCE])
                labels.append(float(label))
    return np.array(rows), np.array(labels)


def fit_confidence(signals: Array, labels: Array, steps: int = 4000, rate: float = 1.0) -> dict[str, float]:
    """Logistic regression with classes weighted alike and a slight L2 pull to zero."""
    design = np.column_stack([np.ones(len(signals)), signals])
    balance = np.where(labels == 1, 0.5 / max(labels.mean(), 1e-9), 0.5 / max(1 - labels.mean(), 1e-9))
    weights = np.zeros(design.shape[1])
    for _ in range(steps):
        error = balance * (1 / (1 + np.exp(-design @ weights)) - labels)
        weights -= rate * (design.T @ error / len(labels) + 1e-4 * weights)
    return {name: round(float(value), 3) for name, value in zip(("bias", *CONFIDENCE), weights, strict=True)}


def auroc(scores: Array, labels: Array) -> float:
    """Probability that an answerable example scores above an unanswerable one (Mann–Whitney U / n₁n₀)."""
    order = np.argsort(np.argsort(scores)) + 1.0
    positive = labels == 1
    rank_sum = order[positive].sum() - positive.sum() * (positive.sum() + 1) / 2
    return float(rank_sum / max(1, positive.sum() * (~positive).sum()))


def apply(weights: Mapping[str, float], signals: Array) -> Array:
    """Log-odds of each row."""
    return np.asarray(weights["bias"] + signals @ np.array([weights[name] for name in CONFIDENCE]))


def _signals(hits: Sequence[Hit], names: Sequence[str]) -> Array:
    return np.array([[hit.signals[name] for name in names] for hit in hits])


def _softmax(values: Array) -> Array:
    raised = np.exp(values - values.max())
    return np.asarray(raised / raised.sum())
