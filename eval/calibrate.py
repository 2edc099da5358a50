"""Fits the confidence of `rag/weights.json`, and says how far it can be trusted.

Logistic regression by Newton's method, without a library. A set of questions counts by the square root of its size,
its answerable and its unanswerable ones alike, so that neither the largest nor the smallest set decides. A weight
whose sign contradicts what `rag/confidence.py` says of its signal is left at 0: it would be an accident of the
questions.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from eval.declining import Example
from eval.metrics import Array, Mask, auroc, threshold_at, wilson
from rag.confidence import SIGNS
from rag.weights import FILE, Weights

PULL = 1e-2  # L2 on the standardised weights, for a total weight of 1
STEPS = 30
COVERAGES = (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95)  # of the answerable


@dataclass(frozen=True, slots=True)
class Scored:
    """Examples as arrays: features [n, signals], which are answerable, and the set each is of."""

    features: Array
    answerable: Mask
    sets: tuple[str, ...]


def scored(examples: Sequence[Example]) -> Scored:
    """The examples' signals, in the order of SIGNS; one that a hit lacks is 0."""
    rows = [[each.signals.get(name, 0.0) for name in SIGNS] for each in examples]
    answerable = np.array([each.answerable for each in examples], bool)
    return Scored(np.array(rows, float).reshape(-1, len(SIGNS)), answerable, tuple(each.set for each in examples))


def fit(data: Scored) -> dict[str, float]:
    """bias and weight of each signal, those of the wrong sign 0."""
    names, balance = list(SIGNS), _balance(data)
    kept = [at for at in range(len(names)) if data.features[:, at].std() > 0]
    while True:
        bias, found = _logistic(data.features[:, kept], data.answerable.astype(float), balance)
        against = [
            -value * SIGNS[names[at]] * data.features[:, at].std() for at, value in zip(kept, found, strict=True)
        ]
        if max(against, default=0.0) <= 0:
            break
        kept.pop(int(np.argmax(against)))
    weights = dict.fromkeys(names, 0.0) | {names[at]: float(value) for at, value in zip(kept, found, strict=True)}
    return {"bias": round(bias, 3), **{name: round(value, 3) for name, value in weights.items()}}


def _balance(data: Scored) -> Array:
    """A weight for each example, together 1: a set has the root of its size, half of it for what is answerable."""
    balance = np.zeros(len(data.sets))
    names = np.array(data.sets)
    for name in set(data.sets):
        for side in (data.answerable, ~data.answerable):
            chosen = (names == name) & side
            balance[chosen] = np.sqrt((names == name).sum()) / max(1, chosen.sum())
    return np.asarray(balance / max(balance.sum(), 1e-12))


def _logistic(features: Array, labels: Array, balance: Array) -> tuple[float, Array]:
    """(bias, weights): weighted logistic regression with a slight pull to 0, standardised inside."""
    middle, spread = features.mean(axis=0), np.maximum(features.std(axis=0), 1e-9)
    design = np.column_stack([np.ones(len(features)), (features - middle) / spread])
    pull = PULL * np.eye(design.shape[1])
    pull[0, 0] = 1e-9  # the bias is free
    weights = np.zeros(design.shape[1])
    for _ in range(STEPS):
        share = 1 / (1 + np.exp(-design @ weights))
        slope = design.T @ (balance * (labels - share)) - pull @ weights
        bend = (design * (balance * share * (1 - share))[:, None]).T @ design + pull
        weights = weights + np.linalg.solve(bend, slope)
    plain = weights[1:] / spread
    return float(weights[0] - plain @ middle), np.asarray(plain)


def confidences(weights: Mapping[str, float], data: Scored) -> Array:
    """The confidence of each example, 0 … 1."""
    total = weights["bias"] + data.features @ np.array([weights[name] for name in SIGNS])
    return np.asarray(1 / (1 + np.exp(-total)))


# --- how far to trust it -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Bin:
    """Examples whose confidence lies within [low, high)."""

    low: float
    high: float
    examples: int
    confidence: float  # their mean
    answerable: float  # share of them, sets and sides weighted as in the fit


def reliability(confidence: Array, data: Scored, bins: int = 10) -> list[Bin]:
    """Confidence beside what came true, in bins of equal width; empty ones are left out."""
    balance, place = _balance(data), np.minimum((confidence * bins).astype(int), bins - 1)
    table = []
    for at in sorted(set(place.tolist())):
        chosen = place == at
        share = balance[chosen] / balance[chosen].sum()
        mean, true = float(share @ confidence[chosen]), float(share @ data.answerable[chosen])
        table.append(Bin(at / bins, (at + 1) / bins, int(chosen.sum()), mean, true))
    return table


@dataclass(frozen=True, slots=True)
class Point:
    """What a threshold does: of the answerable, how many are answered; of the unanswerable, how many all the same."""

    threshold: float
    coverage: float
    wrongly: float
    low: float  # interval of `wrongly`, 95 %
    high: float
    risk: float  # share of what is answered that has no answer, were as many questions answerable as not


def point(scores: Array, answerable: Mask, threshold: float) -> Point:
    """The figures at a threshold."""
    answered = scores >= threshold
    wrong, trials = int((answered & ~answerable).sum()), int((~answerable).sum())
    coverage, wrongly = float(answered[answerable].mean()) if answerable.any() else 0.0, wrong / max(1, trials)
    return Point(threshold, coverage, wrongly, *wilson(wrong, trials), wrongly / max(coverage + wrongly, 1e-12))


def curve(scores: Array, answerable: Mask) -> list[Point]:
    """The risk–coverage curve: one point for each of COVERAGES."""
    return [point(scores, answerable, threshold_at(scores, answerable, each)) for each in COVERAGES]


def threshold_for(scores: Array, answerable: Mask, wanted: float) -> Point:
    """The lowest threshold that answers at most `wanted` of the unanswerable, with what it does."""
    others = np.sort(scores[~answerable])[::-1]
    allowed = int(wanted * len(others) + 1e-9)
    if allowed >= len(others):
        return point(scores, answerable, 0.0)
    return point(scores, answerable, float(np.nextafter(others[allowed], np.inf)))


def two_sided(examples: Sequence[Example]) -> list[str]:
    """Names of the sets that have answerable and unanswerable questions; the others only take part in the fit."""
    sides = {name: {each.answerable for each in examples if each.set == name} for name in {e.set for e in examples}}
    return sorted(name for name, side in sides.items() if len(side) == 2)


Judged = dict[str, tuple[float, list[Point]]]  # set → AUROC and curve


def left_out(examples: Sequence[Example]) -> Judged:
    """Each set, judged by weights fitted on the other sets of its language alone."""
    found = {}
    for name in two_sided(examples):
        mine = [each for each in examples if each.set == name]
        others = [each for each in examples if each.set != name and each.language == mine[0].language]
        if others:
            found[name] = _judged([(mine, fit(scored(others)))])
    return found


def crossed(examples: Sequence[Example]) -> Judged:
    """Each set whole, either half of its documents judged by weights fitted on the other halves of all sets."""
    found = {}
    for language in {each.language for each in examples}:
        mine = [each for each in examples if each.language == language]
        sides = [[each for each in mine if each.held == held] for held in (False, True)]
        if not all(sides):
            continue
        fits = [fit(scored(side)) for side in reversed(sides)]
        for name in two_sided(mine):
            parts = [[each for each in side if each.set == name] for side in sides]
            found[name] = _judged([(part, weights) for part, weights in zip(parts, fits, strict=True) if part])
    return dict(sorted(found.items()))


def _judged(parts: Sequence[tuple[Sequence[Example], Mapping[str, float]]]) -> tuple[float, list[Point]]:
    data = [(scored(part), weights) for part, weights in parts]
    confidence = np.concatenate([confidences(weights, each) for each, weights in data])
    answerable = np.concatenate([each.answerable for each, _ in data])
    return auroc(confidence, answerable), curve(confidence, answerable)


def write(fitted: Mapping[str, Mapping[str, float]]) -> None:
    """Put the confidence of each language into `rag/weights.json`, one language a line."""
    kept: Weights = json.loads(FILE.read_text(encoding="utf-8"))
    kept["confidence"] |= {language: dict(weights) for language, weights in fitted.items()}
    FILE.write_text(layout(kept), encoding="utf-8")


def layout(weights: Weights) -> str:
    """The JSON of weights as people like to read and compare it."""
    parts = []
    for purpose, languages in weights.items():
        lines = [f"    {json.dumps(language)}: {json.dumps(numbers)}" for language, numbers in languages.items()]
        parts.append(f"  {json.dumps(purpose)}: {{\n" + ",\n".join(lines) + "\n  }")
    return "{\n" + ",\n".join(parts) + "\n}\n"
