"""The formulas of retrieval, pure: BM25, the signals of a passage, and their fusion.

Every signal is brought to a fixed scale per query before it is weighted: keyword scores as the share of what
a perfect passage could reach, vectors by their cosine. So a passage's score means the same whether two or two
thousand others were found beside it. Weights are plain numbers per language, learned by `eval/learn.py`.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rag.text import content_tokens
from rag.types import Candidate, Corpus, Vector

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
    """A candidate's signals, each on its fixed scale, and those of its sentences."""

    signals: dict[str, float]
    sentence_focus: tuple[float, ...]
    sentence_meaning: tuple[float, ...]


def score_candidates(
    tokens: Sequence[str], vector: Vector | None, candidates: Sequence[Candidate], corpus: Corpus
) -> list[Scored]:
    """Signals of each candidate for one text, given as its index tokens and its vector (None: not embedded)."""
    terms = {term: idf(corpus.passages, corpus.frequency.get(term, 0)) for term in content_tokens(tuple(tokens))}
    perfect = sum(terms.values()) * (K1 + 1) or 1.0
    lengths = [len(sentence) for candidate in candidates for sentence in candidate.tokens]
    mean_sentence = sum(lengths) / max(1, len(lengths))
    mean_label = sum(len(each.label_tokens) for each in candidates) / max(1, len(candidates))
    return [_score(terms, perfect, vector, each, corpus.mean_length, mean_sentence, mean_label) for each in candidates]


def _score(
    terms: Mapping[str, float],
    perfect: float,
    vector: Vector | None,
    candidate: Candidate,
    mean_passage: float,
    mean_sentence: float,
    mean_label: float,
) -> Scored:
    label = _counts(terms, candidate.label_tokens)
    sentences = [_counts(terms, sentence) for sentence in candidate.tokens]
    whole = sum(sentences, label)
    length = len(candidate.label_tokens) + sum(map(len, candidate.tokens))
    by_sentence = tuple(
        bm25(terms, counts, len(words), mean_sentence) / perfect
        for counts, words in zip(sentences, candidate.tokens, strict=True)
    )
    # Which sentence of the passage is meant, hangs on the words that its label does not say already.
    fresh = {term: weight for term, weight in terms.items() if term not in label}
    focus = tuple(
        FRESH * bm25(fresh, _counts(fresh, words), len(words), mean_sentence) / perfect + (1 - FRESH) * whole_score
        for words, whole_score in zip(candidate.tokens, by_sentence, strict=True)
    )
    in_context = (
        bm25(terms, counts + label, len(words) + len(candidate.label_tokens), mean_sentence + mean_label) / perfect
        for counts, words in zip(sentences, candidate.tokens, strict=True)
    )
    best_words = max(by_sentence, default=0.0)
    label_words = bm25(terms, label, len(candidate.label_tokens), mean_sentence) / perfect
    covered = 1 - sum(fresh.values()) / max(sum(terms.values()), 1e-9)
    alike, meaning, lead = (0.0,) * len(sentences), 0.0, covered - COVERED
    if vector is not None:
        alike = tuple(float(value) for value in candidate.vectors.sentences @ vector)
        label_alike, best_alike = float(candidate.vectors.label @ vector), max(alike, default=0.0)
        meaning, lead = smooth_maximum([label_alike, best_alike]), label_alike - best_alike
    signals = {
        "keyword": bm25(terms, whole, length, mean_passage) / perfect,
        "sentence_keyword": best_words,
        "label_keyword": label_words,
        "span_keyword": max(in_context, default=0.0),  # of a sentence together with the label it stands under
        "meaning": meaning,
        "label_lead": lead,  # above 0 the label says it better than any sentence: the passage as a whole answers
    }
    return Scored(signals, focus, alike)


def _counts(terms: Mapping[str, float], words: Sequence[str]) -> Counter[str]:
    return Counter(word for word in words if word in terms)


def fuse(signals: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """Weighted sum."""
    return sum(weights.get(name, 0.0) * value for name, value in signals.items())


def sigmoid(value: float) -> float:
    """1 / (1 + e^−v)"""
    return float(1 / (1 + np.exp(-value)))
