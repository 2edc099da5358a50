"""Learns the weights of the retrieval signals in `rag/weights.json` from labelled questions.

The softmax over a question's passages should put its mass on those of the relevant documents (listwise loss,
Cao et al. 2007). Data sets weigh alike, however many questions they have. What is reported beside the fit is
cross-validated: folds by relevant document, so that no document helps to learn what it is tested on; and each
data set ranked by weights learned on the others alone. Knows no formula of the signals themselves.
"""

from __future__ import annotations

import json
import tempfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval.beir import Benchmark
from eval.calibrate import layout
from eval.workbench import Workbench
from rag.text import language_of
from rag.types import Access, Language, Turn
from rag.understand import understand
from rag.weights import FILE

SIGNALS: dict[Language, tuple[str, ...]] = {
    "en": ("keyword", "sentence_keyword", "meaning", "likeness", "proximity"),
    "zh": ("keyword", "sentence_keyword", "likeness"),
}
SCALE: dict[Language, float] = {"en": 3.9, "zh": 1.3}
SHARP = 8.0  # signals lie between 0 and 1: without it the softmax could not tell them apart
FOLDS = 5
DEPTH = 400  # passages a question: all its candidates
STEPS, RATE = 400, 0.05
Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Listed:
    """Questions of one data set with their passages, padded to the longest list."""

    signals: Array  # [questions, passages, signals]
    present: NDArray[np.bool_]  # [questions, passages]
    relevant: NDArray[np.bool_]  # [questions, passages]
    folds: NDArray[np.int64]  # [questions], by the first relevant document

    def part(self, rows: NDArray[np.bool_]) -> Listed:
        """The questions `rows` [questions] chooses."""
        return Listed(self.signals[rows], self.present[rows], self.relevant[rows], self.folds[rows])


def listed(bench: Workbench, data: Benchmark, every: int = 1) -> tuple[Language, Listed]:
    """The data set's language, and the signals of each (`every`-th) question's candidates from the real retriever."""
    questions = data.questions[::every]
    language = language_of(" ".join(each.text for each in questions))
    rows, relevant, folds = list[Array](), list[list[bool]](), list[int]()
    with tempfile.TemporaryDirectory() as scratch:
        store, _, ids = bench.fill(Path(scratch), data.corpus)
        retriever = bench.retriever(store)
        for question in questions:
            query = understand([*question.history, Turn("customer", question.text)])
            hits = retriever.retrieve(query, Access(), DEPTH)
            gold = data.relevant[question.id]
            rows.append(np.array([[hit.signals[name] for name in SIGNALS[language]] for hit in hits]))
            relevant.append([ids[hit.chunk.source] in gold for hit in hits])
            folds.append(zlib.crc32(min(gold).encode()) % FOLDS)
        store.close()
    return language, _padded(rows, relevant, folds)


def fit(sets: Sequence[Listed]) -> Array:
    """Non-negative weights [signals] that minimise the mean negative log share of relevant passages.

    Projected gradient descent with momentum, from all alike.
    """
    weights = np.full(sets[0].signals.shape[2], 0.5)
    speed = np.zeros_like(weights)
    for _ in range(STEPS):
        gradient = sum((_gradient(each, weights) for each in sets), np.zeros_like(weights)) / len(sets)
        speed = 0.9 * speed - RATE * gradient
        weights = np.maximum(0.0, weights + speed)
    return weights


def first_right(data: Listed, weights: Array) -> NDArray[np.bool_]:
    """For each question, whether its best passage is one of a relevant document. What R@1 is the mean of."""
    scores = np.where(data.present, (data.signals @ weights).round(6), -np.inf)
    return np.asarray(data.relevant[np.arange(len(scores)), scores.argmax(axis=1)])


def cross_validated(sets: Sequence[Listed]) -> list[float]:
    """R@1 of each data set, every question ranked by weights that never saw its document."""
    right = [np.zeros(len(each.folds), bool) for each in sets]
    for fold in range(FOLDS):
        weights = fit([each.part(each.folds != fold) for each in sets])
        for each, of_set in zip(sets, right, strict=True):
            of_set[each.folds == fold] = first_right(each.part(each.folds == fold), weights)
    return [float(each.mean()) for each in right]


def held_out(sets: Sequence[Listed]) -> list[float]:
    """R@1 of each data set by weights learned on the other sets; nothing of a single one."""
    if len(sets) < 2:
        return []
    others = [[other for other in sets if other is not each] for each in sets]
    return [float(first_right(each, fit(rest)).mean()) for each, rest in zip(sets, others, strict=True)]


def learn(sets: Mapping[str, Listed]) -> tuple[Array, dict[str, dict[str, float]]]:
    """(weights, {data set → R@1 fitted, cross-validated and, where there are several sets, by the others' weights})."""
    weights, some = fit(list(sets.values())), list(sets.values())
    figures = {name: {"fitted": float(first_right(each, weights).mean())} for name, each in sets.items()}
    for name, value in zip(sets, cross_validated(some), strict=True):
        figures[name]["cross-validated"] = value
    for name, value in zip(sets, held_out(some), strict=False):
        figures[name]["by the others"] = value
    return weights, figures


def write(language: Language, weights: Array) -> dict[str, float]:
    """Put the weights into `rag/weights.json`; the others there stay as they are. Returns what was written.

    They are brought to SCALE in sum, which the loss leaves open where the signals fit well: the hand-set weights
    beside them (names, language) count against it.
    """
    kept = json.loads(FILE.read_text(encoding="utf-8"))
    numbers = weights * SCALE[language] / weights.sum()
    named = {name: round(float(value), 3) for name, value in zip(SIGNALS[language], numbers, strict=True)}
    kept["retrieval"][language] |= named
    FILE.write_text(layout(kept), encoding="utf-8")
    return named


def _gradient(data: Listed, weights: Array) -> Array:
    """Of the mean loss, over the questions that have a relevant passage among their candidates."""
    answered = data.relevant.any(axis=1, keepdims=True)
    values = np.asarray(np.where(data.present, SHARP * (data.signals @ weights), -np.inf))
    raised = np.exp(values - values.max(axis=1, keepdims=True))
    share = raised / raised.sum(axis=1, keepdims=True)
    right = share * data.relevant
    target = right / np.maximum(right.sum(axis=1, keepdims=True), 1e-12)
    pull = (share - target) * answered
    return np.asarray(SHARP * np.einsum("qp,qps->s", pull, data.signals) / max(1, int(answered.sum())))


def _padded(rows: Sequence[Array], relevant: Sequence[Sequence[bool]], folds: Sequence[int]) -> Listed:
    longest = max(map(len, rows))
    signals = np.zeros((len(rows), longest, max(each.shape[-1] for each in rows)))
    present, marks = np.zeros((len(rows), longest), bool), np.zeros((len(rows), longest), bool)
    for at, (some, right) in enumerate(zip(rows, relevant, strict=True)):
        if len(some):
            signals[at, : len(some)], present[at, : len(some)], marks[at, : len(some)] = some, True, right
    return Listed(signals, present, marks, np.array(folds))
