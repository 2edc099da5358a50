"""The formulas of retrieval, pure: BM25, the signals of a passage, and their fusion.

Every signal is brought to a fixed scale per query before it is weighted: keyword scores as the share of what
a perfect passage could reach, vectors by their cosine. So a passage's score means the same whether two or two
thousand others were found beside it. Weights are plain numbers per language, learned by `eval/learn.py`.
How nearly a passage's words are those asked for is in `likeness.py`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rag.likeness import Likeness, Pairs, neighbouring, proximity
from rag.ports import Candidate, Corpus
from rag.text import content_tokens
from rag.types import Vector

K1, B = 1.2, 0.75
FRESH = 0.7  # share of a sentence's keyword score that must come from words its label lacks
COVERED = 0.65  # share of the question's words in a label from which the label alone may say what is asked
SHARPNESS = 10.0  # of the smooth maximum: a difference of 0.1 in cosine counts nearly in full


def idf(passages: int, frequency: int) -> float:
    """log(1 + (N − n + ½) / (n + ½)), never negative (Lucene's form of Robertson & Zaragoza 2009, §3)."""
    return math.log(1 + (passages - frequency + 0.5) / (frequency + 0.5))


def bm25(terms: Mapping[str, float], counts: Mapping[str, int], length: float, mean_length: float) -> float:
    """Robertson & Zaragoza 2009, §3: Σ idf · tf (k₁ + 1) / (tf + k₁ (1 − b + b · length / mean)). `terms`: term → idf."""
    norm = K1 * (1 - B + B * length / max(mean_length, 1e-9))
    return sum(terms[term] * count * (K1 + 1) / (count + norm) for term, count in counts.items())


def smooth_maximum(values: Sequence[float]) -> float:
    """log Σ exp(s·v) / s: the largest value, a little more when another comes close."""
    top = max(values)
    return top + math.log(sum(math.exp(SHARPNESS * (value - top)) for value in values)) / SHARPNESS


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate's signals, and those of each of its sentences, each on its fixed scale."""

    signals: dict[str, float]
    sentences: tuple[dict[str, float], ...]


@dataclass(frozen=True, slots=True)
class _Means:
    """Mean lengths in tokens, against which BM25 holds each text's own."""

    passage: float
    sentence: float
    label: float


def score_candidates(
    tokens: Sequence[str], vector: Vector | None, candidates: Sequence[Candidate], corpus: Corpus
) -> list[Scored]:
    """Signals of each candidate for one text, given as its index tokens and its vector (None: not embedded)."""
    terms = {term: idf(corpus.passages, corpus.frequency.get(term, 0)) for term in content_tokens(tuple(tokens))}
    means = _Means(
        corpus.mean_length,
        _mean([len(sentence) for candidate in candidates for sentence in candidate.tokens]),
        _mean([len(candidate.label_tokens) for candidate in candidates]),
    )
    likeness, pairs = Likeness(terms), neighbouring(tokens, terms)
    return [_score(terms, vector, each, means, likeness, pairs) for each in candidates]


def _score(
    terms: Mapping[str, float],
    vector: Vector | None,
    candidate: Candidate,
    means: _Means,
    likeness: Likeness,
    pairs: Pairs,
) -> Scored:
    signals, focus = _by_words(terms, candidate, means)
    label_like, likes = likeness.best(candidate.label_tokens), [likeness.best(words) for words in candidate.tokens]
    together = proximity(pairs, [candidate.label_tokens, *candidate.tokens])
    signals |= {"likeness": likeness.share(label_like, *likes), "proximity": together}
    alike = [0.0] * len(focus)
    if vector is not None:
        alike = [float(value) for value in candidate.vectors.sentences @ vector]
        label, best = float(candidate.vectors.label @ vector), max(alike, default=0.0)
        signals |= {"meaning": smooth_maximum([label, best]), "label_lead": label - best}
    sentences = _sentences(likeness, likes, focus, alike)
    return Scored({"meaning": 0.0, **signals}, sentences)


def _sentences(
    likeness: Likeness, likes: Sequence[Mapping[str, float]], focus: Sequence[float], alike: Sequence[float]
) -> tuple[dict[str, float], ...]:
    """Signals of each sentence. `lead_in` is what the one before it adds: it names what "it" and "they" are."""
    found = []
    for at, like in enumerate(likes):
        own = likeness.share(like)
        lead_in = likeness.share(likes[at - 1], like) - own if at else 0.0
        found.append({"focus": focus[at], "likeness": own, "lead_in": lead_in, "meaning": alike[at]})
    return tuple(found)


def _by_words(
    terms: Mapping[str, float], candidate: Candidate, means: _Means
) -> tuple[dict[str, float], tuple[float, ...]]:
    """The keyword signals of a candidate, and for each sentence how much of what is asked it says."""
    perfect = sum(terms.values()) * (K1 + 1) or 1.0
    label, labelled = _counts(terms, candidate.label_tokens), len(candidate.label_tokens)
    sentences = [(_counts(terms, words), len(words)) for words in candidate.tokens]
    # Which sentence of the passage is meant, hangs on the words that its label does not say already.
    fresh = {term: weight for term, weight in terms.items() if term not in label}
    alone, new, in_context = list[float](), list[float](), [0.0]
    for counts, length in sentences:
        alone.append(bm25(terms, counts, length, means.sentence) / perfect)
        only_new = {term: count for term, count in counts.items() if term in fresh}
        new.append(bm25(fresh, only_new, length, means.sentence) / perfect)
        within = _together(label, counts)
        in_context.append(bm25(terms, within, length + labelled, means.sentence + means.label) / perfect)
    whole = _together(label, *(counts for counts, _ in sentences))
    length = labelled + sum(size for _, size in sentences)
    covered = 1 - sum(fresh.values()) / max(sum(terms.values()), 1e-9)
    labelling = bm25(terms, label, labelled, means.sentence) / perfect
    # What a FAQ's author asked is as good as a sentence of its answer.
    asking = [labelling] if candidate.chunk.question else []
    signals = {
        "keyword": bm25(terms, whole, length, means.passage) / perfect,
        "sentence_keyword": max([*alone, *asking], default=0.0),
        "label_keyword": labelling,
        "span_keyword": max(in_context),  # of a sentence together with the label it stands under
        "label_lead": covered - COVERED,  # above 0 the label says it all: the passage as a whole answers
    }
    return signals, tuple(FRESH * one + (1 - FRESH) * other for one, other in zip(new, alone, strict=True))


def _mean(values: Sequence[int]) -> float:
    return sum(values) / max(1, len(values))


def _counts(terms: Mapping[str, float], words: Sequence[str]) -> dict[str, int]:
    # Most sentences hold none of the words asked for; a Counter takes five times as long to say so.
    counts: dict[str, int] = {}
    for word in words:
        if word in terms:
            counts[word] = counts.get(word, 0) + 1
    return counts


def _together(first: Mapping[str, int], *others: Mapping[str, int]) -> dict[str, int]:
    """The counts of several texts as of one."""
    counts = dict(first)
    for other in others:
        for word, count in other.items():
            counts[word] = counts.get(word, 0) + count
    return counts


def fuse(signals: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """Weighted sum."""
    return sum(weights.get(name, 0.0) * value for name, value in signals.items())


def sigmoid(value: float) -> float:
    """1 / (1 + e^−v)"""
    return float(1 / (1 + np.exp(-value)))
