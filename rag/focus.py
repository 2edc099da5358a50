"""How likely each sentence of the found passages answers: its score from retrieval, and what only the writer asks.

How much of the question stands in it, how much around it, and whether it holds the kind of thing asked for (a number,
a time, a name, a reason). The weighted sum goes through a softmax over all sentences found. Pure; knows no store.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.frames import subject_matter
from rag.kinds import kind_fit
from rag.other_words import retold
from rag.text import content_tokens, folded, tokens
from rag.types import Chunk, Hit, Language, Query

# Learned on half of the questions of two public data sets (`eval/LOG.md`), but for names, rows and references,
# which those hardly know: these are set by hand.
_BY_HAND = {"named": 4.0, "other": -1.5, "row": 2.0, "refers": -2.0, "measure": 1.5}
WEIGHTS: dict[Language, dict[str, float]] = {
    "en": {"score": 5.05, "passage": 4.0, "covered": 2.9, "around": 2.2, "kind": 0.88, **_BY_HAND},
    "zh": {"score": 0.34, "passage": 5.0, "covered": 5.05, "around": 2.9, "kind": 0.95, **_BY_HAND},
}
OTHERWISE = 0.5  # what a word said by a synonym counts: the sentence with the customer's own goes before
Place = tuple[int, int]  # number of the hit, number of the sentence within it

_REFERS = re.compile(
    r"(?:please )?see (?:the|our|also|page)\b|(?:more )?details (?:are|stand) in\b|详见|请?参[见阅考]|请见", re.I
)
_MODEL = re.compile(r"(?<![a-z\d])([a-z]*\d+[a-z]*)(?:[ -](pro|plus|max|mini|lite|ultra|se|neo)(?![a-z\d]))?")
_CODE = re.compile(r"(?=.*[a-z])(?=.*\d)")


@dataclass(frozen=True, slots=True)
class Focus:
    """A sentence's place, its features, and its share (0 … 1) of the chance to be the one that answers."""

    place: Place
    features: Mapping[str, float]
    share: float


def focus(query: Query, hits: Sequence[Hit]) -> list[Focus]:
    """Every sentence of the hits, in their order. Shares sum to 1."""
    terms = asked_terms(query)
    labels = [tokens(f"{hit.chunk.title} {hit.chunk.label}") for hit in hits]
    said = [[tokens(hit.chunk.quote(at)) for at in range(len(hit.chunk.sentences))] for hit in hits]
    weights = rarity(terms, [retold(words, query.other_words) for each in said for words in each])
    features = [
        ((number, at), _features(hit, at, hits, (said[number], labels[number]), query, weights))
        for number, hit in enumerate(hits)
        for at in range(len(said[number]))
    ]
    values = [
        sum(WEIGHTS[query.language].get(name, 0.0) * value for name, value in each.items()) for _, each in features
    ]
    top = max(values, default=0.0)
    raised = [math.exp(value - top) for value in values]
    return [Focus(place, each, one / sum(raised)) for (place, each), one in zip(features, raised, strict=True)]


def whole_question(query: Query) -> str:
    """The message, with the one before it where it says little alone."""
    return f"{query.history[-1]} {query.text}" if query.leans else query.text


def asked_terms(query: Query) -> frozenset[str]:
    """Index terms of what is asked about."""
    return frozenset(content_tokens(tokens(subject_matter(whole_question(query)))))


def rarity(terms: frozenset[str], sentences: Sequence[Sequence[str]]) -> dict[str, float]:
    """Term → share of what is asked, by how few of the found sentences have it; a term that none has counts for none."""
    frequency = Counter(term for words in sentences for term in terms.intersection(words))
    weights = {term: math.log(1 + (len(sentences) - n + 0.5) / (n + 0.5)) for term, n in frequency.items()}
    total = sum(weights.values()) or 1.0
    return {term: weight / total for term, weight in weights.items()}


def _features(
    hit: Hit,
    at: int,
    hits: Sequence[Hit],
    words: tuple[Sequence[Sequence[str]], Sequence[str]],
    query: Query,
    weights: Mapping[str, float],
) -> dict[str, float]:
    """`words`: index terms of each sentence of the passage, and of its label."""
    chunk, text, asked, (said, label) = hit.chunk, hit.chunk.quote(at), whole_question(query), words
    best = max(max(each.sentence_scores, default=0.0) for each in hits)
    wanted, here = models(asked), models(text)
    named = wanted & (here | models(f"{chunk.title} {chunk.label}"))
    kind, measure = kind_fit(asked, text)
    foreign = any(_CODE.search(code) for code, _ in here - wanted)
    return {
        "score": hit.sentence_scores[at] / (best if best > 0 else 1.0),
        "passage": hit.score / (hits[0].score if hits[0].score > 0 else 1.0),
        "covered": _covered(weights, (said[at], label), query),
        "around": _covered(weights, (*said[max(0, at - 1) : at + 2], label), query),
        "kind": kind,
        "measure": measure,
        "named": len(named) / max(1, len(wanted)),
        "other": float(bool(wanted) and foreign and not wanted & here),
        "refers": float(bool(_REFERS.match(text))),
        "row": float(chunk.sentences[at].kind == "row" and named == wanted and _is_the_row(chunk, at, asked)),
    }


def _covered(weights: Mapping[str, float], texts: Sequence[Sequence[str]], query: Query) -> float:
    """Σ weight of the terms said in these texts; those said in other words count by OTHERWISE."""
    plain = set().union(*texts)
    other = set().union(*(retold(words, query.other_words) for words in texts)) - plain
    return sum(
        weight * (1.0 if term in plain else OTHERWISE) for term, weight in weights.items() if term in plain | other
    )


@lru_cache(maxsize=8192)
def models(text: str) -> frozenset[tuple[str, str]]:
    """Codes and numbers with what tells variants apart: "R2 Pro" → ("r2", "pro")."""
    return frozenset(_MODEL.findall(folded(text).lower()))


def _is_the_row(chunk: Chunk, at: int, asked: str) -> bool:
    """Whether the question names this row and no other one as fully: 电源线长度 is more of 电源线 than 电源 is, and a
    product in the first cell of several rows names none of them."""
    rows = [chunk.quote(place) for place, each in enumerate(chunk.sentences) if each.kind == "row"]
    said, mine = set(tokens(asked)), _first_cell(chunk.quote(at))
    most = max(len(said & _first_cell(row)) for row in rows)
    alone = sum(_first_cell(row) == mine for row in rows) == 1
    return alone and names_row(chunk.quote(at), asked) and len(said & mine) == most


@lru_cache(maxsize=8192)
def _first_cell(row: str) -> frozenset[str]:
    return frozenset(content_tokens(tokens(row.partition(";")[0].partition(":")[2])))


def names_row(text: str, asked: str) -> bool:
    """Whether a question names what a row is about, which its first cell says."""
    first = _first_cell(text)
    return bool(first) and first <= set(tokens(asked))


def names(query: Query, chunk: Chunk) -> bool:
    """Whether a passage names every model and number that the question does."""
    return models(query.text) <= models(f"{chunk.title} {chunk.label} {chunk.text}")
