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
from rag.quantities import quantities, units
from rag.text import content_tokens, folded, tokens
from rag.types import Chunk, Hit, Language, Query

# Learned on half of the questions of two public data sets (`eval/LOG.md`), but for names, rows and references,
# which those hardly know: these are set by hand.
_BY_HAND = {"named": 2.0, "other": -1.5, "row": 2.0, "refers": -2.0, "measure": 1.5}
WEIGHTS: dict[Language, dict[str, float]] = {
    "en": {"score": 5.05, "passage": 4.0, "covered": 2.9, "around": 2.2, "kind": 0.88, **_BY_HAND},
    "zh": {"score": 0.34, "passage": 5.0, "covered": 5.05, "around": 2.9, "kind": 0.95, **_BY_HAND},
}
Place = tuple[int, int]  # number of the hit, number of the sentence within it

_NUMBER_WORDS = (
    r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|ninety|"
    r"half|third|quarter|dozen|hundred|thousand|million|billion|once|twice|several|none"
)
_HAN_DIGITS = "一二两三四五六七八九十百千万亿半"
_NUMBER = rf"\d[\d.,:]*|\b(?:{_NUMBER_WORDS})\b|[{_HAN_DIGITS}]+(?=[^{_HAN_DIGITS}是般])"
_TIME = (
    r"\b1\d{3}s?\b|\b20\d\ds?\b|\b\d{1,2}(?::\d\d| ?[ap]\.?m)|\b\d+(?:st|nd|rd|th)\b|\b(?:jan|feb|mar|apr|may|jun|jul|"
    r"aug|sep|oct|nov|dec)[a-z]*\b|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day|\bcentury\b|"
    r"\b(?:days?|weeks?|months?|years?|hours?|minutes?)\b|[\d一二三四五六七八九十〇零]+ ?个?[年月日天周点时小]|世纪|年代|期间"
)
_NAME = r"(?<=[a-z\d,;:)] )(?!I\b)[A-Z][\w'’-]+|^[A-Z][\w'’-]+ [A-Z][\w'’-]+"
_MONEY = frozenset(("gbp", "eur", "usd", "cny", "hkd", "twd"))
_DURATION = frozenset(("second", "minute", "hour", "working day", "day", "week", "month", "year"))
_WEIGHT, _LOUDNESS = frozenset(("kg", "g")), frozenset(("db",))


@dataclass(frozen=True, slots=True)
class _Kind:
    """What a form of question asks for: a pattern, or a quantity in one of these units."""

    asked: re.Pattern[str]  # in the folded question, in small letters
    answer: re.Pattern[str]
    units: frozenset[str] = frozenset()


def _kind_of(asked: str, answer: str, units: frozenset[str] = frozenset()) -> _Kind:
    return _Kind(re.compile(asked), re.compile(answer, 0 if answer.startswith(_NAME) else re.I), units)


_KINDS = (
    _kind_of(r"\b(?:tele)?phone\b|\bhotline\b|电话|热线", r"\d{3,4}[ -]\d{3}[ -]\d{3,4}"),
    _kind_of(r"\be-?mail address\b|邮箱", "@"),
    _kind_of(r"\bhow heavy|\bweigh|多重|重量", _NUMBER, _WEIGHT),
    _kind_of(r"\bhow (?:loud|noisy)|噪[音声]", _NUMBER, _LOUDNESS),
    _kind_of(
        r"\bprice|\bcosts?\b|\bhow much (?:is|are|does|do|would|will)\b|\bfees?\b|\bdeduct|\bwhat (?:would|will|do) you charge\b"
        r"|多少钱|价格|售价|费用|收费|要钱|几块钱|运费",
        _NUMBER,
        _MONEY,
    ),
    _kind_of(
        r"\bhow long (?:do|does|did|will|is|can|must|should|have)\b|\bhow many (?:days|weeks|months|hours|minutes|years)\b"
        r"|多久|多长时间|多少[天个]?(?:天|小时|月|年)|几(?:天|个月|小时|分钟|年)",
        _NUMBER,
        _DURATION,
    ),
    _kind_of(
        r"\bhow (?:many|much|often|long|old|far|big|large|high|tall|fast|wide)\b|"
        r"\bwhat (?:percent|proportion|number|amount|size|temperature|fraction)|"
        r"多少|多久|多长|多大|多高|多远|多快|几[个次天年种位名部张家集岁小款]|第几",
        _NUMBER,
    ),
    _kind_of(
        r"\bwhen\b|\b(?:what|which) (?:\w+ )?(?:years?|dates?|days?|months?|century|decade|time|hours)\b|几点|"
        r"什么时候|何时|哪一?[年天月日]|几[月日点号]|什么时间|何年",
        _TIME,
    ),
    _kind_of(
        r"\bwho(?:se|m)?\b|\b(?:which|what) (?:person|people|company|group|organi[sz]ation)|谁|哪位|何人|哪个人|什么人",
        rf"{_NAME}|[·•]|先生|女士|教授|博士|公司|[由被][^，。]{{2,}}|者",
    ),
    _kind_of(
        r"\bwhere\b|\b(?:which|what) (?:country|city|state|place|town|region|river|continent)|"
        r"哪里|哪儿|何处|何地|什么地方|哪个?(?:国家|城市|省|市|县|地区)|位于哪",
        rf"{_NAME}|[省市县区镇村州国岛路街号]|位于|坐落|地址",
    ),
    _kind_of(
        r"\bwhy\b|\bwhat (?:caused|is the reason)|为什么|为何|原因|为啥",
        r"\bbecause\b|\bdue to\b|\bsince\b|\bso that\b|\bin order to\b|\bcaus|因|由于|所以|为了|导致|使",
    ),
)
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
    asked = f"{query.history[-1]} {query.text}" if query.leans else query.text
    terms = frozenset(content_tokens(tokens(subject_matter(asked))))
    said = [[tokens(hit.chunk.quote(at)) for at in range(len(hit.chunk.sentences))] for hit in hits]
    weights = _rarity(terms, [words for each in said for words in each])
    features = [
        ((number, at), _features(hit, at, hits, said[number], asked, weights))
        for number, hit in enumerate(hits)
        for at in range(len(said[number]))
    ]
    values = [
        sum(WEIGHTS[query.language].get(name, 0.0) * value for name, value in each.items()) for _, each in features
    ]
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
    chunk, text = hit.chunk, hit.chunk.quote(at)
    best = max(max(each.sentence_scores, default=0.0) for each in hits)
    label = tokens(f"{chunk.title} {chunk.label}")
    around = {word for words in said[max(0, at - 1) : at + 2] for word in words}.union(label)
    wanted, here = _models(asked), _models(text)
    named = wanted & (here | _models(f"{chunk.title} {chunk.label}"))
    kind, measure = _kind(asked, text)
    foreign = any(_CODE.search(code) for code, _ in here - wanted)
    return {
        "score": hit.sentence_scores[at] / (best if best > 0 else 1.0),
        "passage": hit.score / (hits[0].score if hits[0].score > 0 else 1.0),
        "covered": sum(weights[term] for term in weights.keys() & {*said[at], *label}),
        "around": sum(weights[term] for term in weights.keys() & around),
        "kind": kind,
        "measure": measure,
        "named": len(named) / max(1, len(wanted)),
        "other": float(bool(wanted) and foreign and not wanted & here),
        "refers": float(bool(_REFERS.match(text))),
        "row": float(chunk.sentences[at].kind == "row" and named == wanted and _is_the_row(chunk, at, asked)),
    }


@lru_cache(maxsize=8192)
def _models(text: str) -> frozenset[tuple[str, str]]:
    """Codes and numbers with what tells variants apart: "R2 Pro" → ("r2", "pro")."""
    return frozenset(_MODEL.findall(folded(text).lower()))


def _is_the_row(chunk: Chunk, at: int, asked: str) -> bool:
    """Whether the question names this row and no other one more fully: 电源线长度 is more of 电源线 than 电源 is."""
    rows = [chunk.quote(place) for place, each in enumerate(chunk.sentences) if each.kind == "row"]
    said = set(tokens(asked))
    most = max(len(said & _first_cell(row)) for row in rows)
    return names_row(chunk.quote(at), asked) and len(said & _first_cell(chunk.quote(at))) == most


@lru_cache(maxsize=8192)
def _first_cell(row: str) -> frozenset[str]:
    return frozenset(content_tokens(tokens(row.partition(";")[0].partition(":")[2])))


def names_row(text: str, asked: str) -> bool:
    """Whether a question names what a row is about, which its first cell says."""
    first = _first_cell(text)
    return bool(first) and first <= set(tokens(asked))


def _kind(asked: str, text: str) -> tuple[float, float]:
    """(kind, measure), of which the one is 0 that was not asked for: 1 where the sentence holds something of the kind
    asked for, or a quantity in its units, that the question does not give; −1 where it lacks it."""
    lower = folded(asked).lower()
    kind = next((each for each in _KINDS if each.asked.search(lower)), None)
    if kind is None:
        return 0.0, 0.0
    if kind.units and not kind.units & (units(text) | {unit for _, unit in quantities(text)}):
        return 0.0, -1.0
    found = (match.group().lower() for match in kind.answer.finditer(folded(text)))
    fits = 1.0 if any(each not in lower for each in found) else -1.0
    return (0.0, fits) if kind.units else (fits, 0.0)


def names(query: Query, chunk: Chunk) -> bool:
    """Whether a passage names every model and number that the question does."""
    return _models(query.text) <= _models(f"{chunk.title} {chunk.label} {chunk.text}")
