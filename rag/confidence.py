"""How sure it is that the best passage answers the question: the evidence, and its weighted sum.

Evidence is a handful of numbers between 0 and 1 that mean the same for any knowledge: how much of what is asked
the passage leaves unsaid, weighted by how rare each word is here, and whether it says something else instead.
Their weights, per language, are fitted by `eval/calibrate.py`; each has the sign that `SIGNS` gives it or is 0.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from rag.facts import HAN_NAME
from rag.fuse import fuse, idf, sigmoid
from rag.kinds import measure_missing
from rag.polarity import denied, turned
from rag.ports import Candidate, Corpus
from rag.quantities import quantities
from rag.text import content_tokens, folded, is_han, tokens
from rag.types import Hit, Query
from rag.weights import weights

# What confidence is made of, and whether more of it speaks for an answer or against it.
SIGNS: Mapping[str, int] = {
    "keyword": 1,
    "meaning": 1,
    "rarest_said": 1,
    "code_said": 1,
    "unsaid": -1,
    "unknown": -1,
    "name_unsaid": -1,
    "name_unknown": -1,
    "number_unsaid": -1,
    "denied": -1,
    "turned": -1,
    "measure_unsaid": -1,
}
FEW = 100  # passages: a store of one or two would call each of its own words common, and every other one telling
# Not at the start of a sentence, where every word has a capital.
_CODE = re.compile(r"[a-z]{1,3}\d{1,4}")
_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][a-z]+(?![A-Za-z\d])")
_CAPITALS = re.compile(r"(?<![A-Za-z\d])[A-Z]{2,}(?![A-Za-z\d])|(?<=[a-z,;] )[A-Z][a-z]+[A-Z]\w*")
_LATIN = re.compile(r"[A-Za-z]{2,}")  # in a Chinese text, a name


def confidence_of(query: Query, hits: Sequence[Hit]) -> float:
    """Probability, 0 … 1, that the best hit answers the query, were as many questions answerable as not."""
    return score_confidence(hits[0].signals, weights()["confidence"][query.language])


def score_confidence(signals: Mapping[str, float], weight: Mapping[str, float]) -> float:
    """1 / (1 + e^−(bias + Σ weight · signal))"""
    return sigmoid(weight["bias"] + fuse(signals, weight))


def with_evidence(
    query: Query, asked: Sequence[str], hits: Sequence[Hit], candidates: Sequence[Candidate], corpus: Corpus
) -> list[Hit]:
    """The hits, the best of them with its evidence among its signals. `asked`: index terms of what is asked."""
    if not hits:
        return []
    best = next(each for each in candidates if each.chunk.id == hits[0].chunk.id)
    found = evidence(query, asked, best, hits[0].sentence_scores, corpus)
    return [replace(hits[0], signals={**hits[0].signals, **found}), *hits[1:]]


def evidence(
    query: Query, asked: Sequence[str], best: Candidate, sentence_scores: Sequence[float], corpus: Corpus
) -> dict[str, float]:
    """What of the question the passage says, leaves unsaid or reverses; each 0 … 1."""
    passages = max(corpus.passages, FEW)
    terms = {term: idf(passages, corpus.frequency.get(term, 0)) for term in _words(asked)}
    most, total = idf(passages, 0), sum(terms.values()) or 1.0
    label = {*best.title_tokens, *best.label_tokens}
    said = label.union(*best.tokens)
    at = max(range(len(sentence_scores)), key=lambda place: sentence_scores[place], default=None)
    aligned = _share(terms, label if at is None else label.union(best.tokens[at]), total)
    sentence = "" if at is None else best.chunk.quote(at)
    # Amounts are what a customer brings along ("after 20 days"); years, codes and models say which one is meant.
    amounts = {value for value, unit in quantities(query.text) if unit}
    numbers = [term for term in query.tokens if _has_digit(term) and term not in amounts]
    unknown = sum(weight for term, weight in terms.items() if not corpus.frequency.get(term) and term not in said)

    def known(term: str) -> bool:
        return bool(corpus.frequency.get(term)) or term in said or term not in terms

    return {
        "code_said": float(any(code in said for code in _codes(query))),
        "rarest_said": max((weight for term, weight in terms.items() if term in said), default=0.0) / most,
        "unsaid": max(0.0, 1 - _share(terms, said, total) - unknown / total),
        "unknown": unknown / total,
        "name_unknown": float(any(not known(token) for name in _names(query) for token in tokens(name))),
        "name_unsaid": float(any(token not in said for name in _NAME.findall(query.text) for token in tokens(name))),
        # What only looks like an answer counts the more, the more the rest of the question agrees with it.
        "number_unsaid": aligned * any(term not in said for term in numbers),
        "denied": aligned * denied(query.text, sentence),
        "turned": aligned * all(turned(query.text, each) for each in _best_two(best, sentence_scores)),
        "measure_unsaid": float(measure_missing(query.text, (best.chunk.text, best.chunk.label))),
    }


def _best_two(best: Candidate, sentence_scores: Sequence[float]) -> list[str]:
    """A FAQ says yes in one sentence and no in the next; only what both turn round is turned round."""
    places = sorted(range(len(sentence_scores)), key=lambda at: -sentence_scores[at])[:2]
    return [best.chunk.quote(at) for at in places] or [""]


def _names(query: Query) -> list[str]:
    """What the question names: words with capitals, places and companies in Chinese, Latin words within Chinese."""
    if query.language == "zh":
        return [*HAN_NAME.findall(folded(query.text)), *_LATIN.findall(query.corrected or query.text)]
    return [*_NAME.findall(query.text), *_CAPITALS.findall(query.text)]


def _codes(query: Query) -> list[str]:
    """Codes in the question that are no product's: "E2", "P04"."""
    products = set(tokens(" ".join(query.named)))
    return [term for term in query.tokens if _CODE.fullmatch(term) and term not in products]


def _words(asked: Sequence[str]) -> tuple[str, ...]:
    """The content words, once each; of Chinese the pairs, as single characters stand in half of all passages."""
    content = content_tokens(tuple(dict.fromkeys(asked)))
    paired = tuple(term for term in content if len(term) > 1 or not is_han(term))
    return paired or content


def _share(terms: Mapping[str, float], said: set[str], total: float) -> float:
    return sum(weight for term, weight in terms.items() if term in said) / total


def _has_digit(term: str) -> bool:
    return any(character.isdigit() for character in term)
