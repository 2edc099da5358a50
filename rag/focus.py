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

from rag.text import content_tokens, folded, tokens
from rag.types import Hit, Language, Query

# Learned on half of the questions of two public data sets (`eval/LOG.md`).
WEIGHTS: dict[Language, dict[str, float]] = {
    "en": {"score": 5.07, "passage": 3.99, "covered": 2.9, "around": 2.16, "kind": 0.79},
    "zh": {"score": 0.38, "passage": 4.99, "covered": 5.07, "around": 2.94, "kind": 0.95},
}
Place = tuple[int, int]  # number of the hit, number of the sentence within it

_NUMBER_WORDS = (
    r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|ninety|"
    r"half|third|quarter|dozen|hundred|thousand|million|billion|once|twice|several|none"
)
_NUMBER = re.compile(rf"\d[\d.,:]*|\b(?:{_NUMBER_WORDS})\b|[一二两三四五六七八九十百千万亿半]+(?=[^一二三四五六七八九十是般])", re.I)
_TIME = re.compile(
    r"\b1\d{3}s?\b|\b20\d\ds?\b|\b\d{1,2}(?::\d\d| ?[ap]\.?m)|\b\d+(?:st|nd|rd|th)\b|\b(?:Jan|Feb|Mar|Apr|May|June?|July?|"
    r"Aug|Sept?|Oct|Nov|Dec)[a-z]*\b|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|\bcentury\b|\b(?:days?|weeks?|months?|years?|"
    r"hours?|minutes?)\b|[\d一二三四五六七八九十〇零]+[年月日天周点时]|世纪|年代|期间"
)
_NAME = re.compile(r"(?<=[a-z\d,;:)] )(?!I\b)[A-Z][\w'’-]+|(?<=^)[A-Z][\w'’-]+ [A-Z][\w'’-]+")
_PLACE_NAME = re.compile(rf"{_NAME.pattern}|[省市县区镇村州国岛路街号]|位于|坐落|地址")
_PERSON = re.compile(rf"{_NAME.pattern}|[·•]|先生|女士|教授|博士|公司|[由被][^，。]{{2,}}|者")
_REASON = re.compile(r"\bbecause\b|\bdue to\b|\bsince\b|\bso that\b|\bin order to\b|\btherefore\b|\bcaus|\bto \w+|因|由于|所以|为了|导致|使")
_KINDS = (
    (re.compile(r"\bhow (?:many|much|often|long|old|far|big|large|high|tall|heavy|fast|loud|wide)\b|\bwhat (?:percent|proportion|"
                r"number|amount|price|size|temperature|fraction)|\bcosts?\b|多少|多久|多长|多大|多高|多重|多远|多快|几[个次天年种位名部张家集岁小款]|第几"), _NUMBER),
    (re.compile(r"\bwhen\b|\b(?:what|which|whose) (?:\w+ )?(?:years?|dates?|days?|months?|century|decade|time)\b|什么时候|何时|哪一?年|"
                r"哪一?[天月日]|几[月日点号]|什么时间|何年|时间是"), _TIME),
    (re.compile(r"\bwho(?:se|m)?\b|\b(?:which|what) (?:person|people|company|group|organi[sz]ation)|谁|哪位|何人|哪个人|什么人"), _PERSON),
    (re.compile(r"\bwhere\b|\b(?:which|what) (?:country|city|state|place|town|region|river|continent)|哪里|哪儿|何处|何地|什么地方|"
                r"哪个?(?:国家|城市|省|市|县|地区)|位于哪"), _PLACE_NAME),
    (re.compile(r"\bwhy\b|\bwhat (?:caused|is the reason)|为什么|为何|原因|为啥"), _REASON),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Focus:
    """A sentence's place, its features, and its share (0 … 1) of the chance to be the one that answers."""

    place: Place
    features: Mapping[str, float]
    share: float


def focus(query: Query, hits: Sequence[Hit]) -> list[Focus]:
    """Every sentence of the hits, in their order. Shares sum to 1."""
    asked = f"{query.history[-1]} {query.text}" if query.leans else query.text
    terms = frozenset(content_tokens(tokens(asked)))
    said = [[tokens(hit.chunk.quote(at)) for at in range(len(hit.chunk.sentences))] for hit in hits]
    weights = _rarity(terms, [words for each in said for words in each])
    features = [
        ((number, at), _features(hit, at, hits, said[number], asked, weights))
        for number, hit in enumerate(hits)
        for at in range(len(said[number]))
    ]
    values = [sum(WEIGHTS[query.language].get(name, 0.0) * value for name, value in each.items()) for _, each in features]
    top = max(values, default=0.0)
    raised = [math.exp(value - top) for value in values]
    return [Focus(place, each, one / sum(raised)) for (place, each), one in zip(features, raised, strict=True)]


def _rarity(terms: frozenset[str], sentences: Sequence[Sequence[str]]) -> dict[str, float]:
    """Term → share of what is asked, by how few of the found sentences have it; a term that none has counts for none."""
    frequency = Counter(term for words in sentences for term in terms.intersection(words))
    weights = {term: math.log(1 + (len(sentences) - n + 0.5) / (n + 0.5)) for term, n in frequency.items()}
    total = sum(weights.values()) or 1.0
    return {term: weight / total for term, weight in weights.items()}


def _features(
    hit: Hit, at: int, hits: Sequence[Hit], said: Sequence[Sequence[str]], asked: str, weights: Mapping[str, float]
) -> dict[str, float]:
    best = max((max(each.sentence_scores, default=0.0) for each in hits), default=0.0) or 1.0
    around = {word for words in said[max(0, at - 1) : at + 2] for word in words}.union(tokens(hit.chunk.label))
    return {
        "score": hit.sentence_scores[at] / best,
        "passage": hit.score / (hits[0].score or 1.0),
        "covered": sum(weights[term] for term in weights.keys() & set(said[at])),
        "around": sum(weights[term] for term in weights.keys() & around),
        "kind": _kind(asked, hit.chunk.quote(at)),
    }


def _kind(asked: str, text: str) -> float:
    """1 where the sentence holds something of the kind asked for that the question does not give, −1 where it lacks it."""
    lower = folded(asked).lower()
    for question, answer in _KINDS:
        if question.search(lower):
            found = (match.group().lower() for match in answer.finditer(folded(text)))
            return 1.0 if any(each not in lower for each in found) else -1.0
    return 0.0
