"""What a question could mean, where passages equally near answer it differently for each product, region or case.

A pure function over hits. A statement is a sentence with the product or region it is about: the one it names, else
the one its passage was declared to be about. Readings split a question when statements that say the same words of
it are about different products, the answers differ, and the customer has named none of them. A question too many
annoys more than an answer for both: where one passage answers for all, there is nothing to ask.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from rag.catalogue import family, named, specific
from rag.frames import subject_matter
from rag.names import codes
from rag.regions import declared, regions_in, shown
from rag.text import content_tokens, is_han, normalise, tokens
from rag.types import Chunk, Hit, Query

NEAR_BEST = 0.7  # passages count from this share of the best one's score
LEADS = 0.9  # share of the best score that the passage has which says most of the question
LISTED, NEAR_LIST = 3, 0.8  # products from which a passage is a list of them; share of the best score it must have
OFFERED = 3  # readings named when there are many; with one more, all are named

TOPIC, TOPIC_HAN = 2, 4  # content words, Chinese characters, of a message that names but a topic
_WANTED = frozenset(
    tokens("want need would like get help question problem issue regarding 我要 想要 我想 问题 要 想 咨询 关于 办理")
)
# What customers call a product without saying which.
_ANY_PRODUCT = frozenset(tokens("machine appliance device unit product model 机器 设备 产品 电器 型号"))
_NUMBERED = re.compile(r"^(?:\d+(?:\.\d+)*[.)、]?|[一二三四五六七八九十]+、)\s*(?=\D)")
_QUESTION = re.compile(
    r"[?？]|\b(?:how|what|where|when|which|why|who|can|could|do|does|did|is|are|will|would|may)\b"
    r"|吗|呢|怎|如何|哪|多|几|什么|谁|能|可以|为"
)

About = Callable[[Chunk, str], tuple[str, ...]]  # what a sentence of a passage is about


@dataclass(frozen=True, slots=True)
class _Statement:
    chunk: Chunk
    text: str
    about: tuple[str, ...]
    says: frozenset[str]  # words of the question found in it and in the label above it
    score: float


def readings(query: Query, hits: Sequence[Hit], products: Collection[str]) -> tuple[str, ...]:
    """Two or more short texts, each of which makes the question complete; none where it is clear enough."""
    topic = _is_topic(query)
    if query.asked_back or not hits or (not topic and _is_its_question(query, hits[0].chunk)):
        return ()
    if not query.named:
        known = specific(products)
        split = _split(query, hits, lambda chunk, text: _products_of(chunk, text, known))
        if split := split or _listed(query, hits, known):
            return _offered(split)
    named_region = regions_in(" ".join((*query.history, query.text)))
    if not named_region and (split := _split(query, hits, _regions_of)):
        return tuple(shown(region, query.language) for region in _offered(split))
    return _offered(_cases(query, hits)) if topic else ()


def meant(hits: Sequence[Hit]) -> list[Hit]:
    """Without passages about another product than the one in question, where the best passage is about that."""
    other = [hit.signals.get("other_product", 0.0) for hit in hits]
    return [hit for hit, differs in zip(hits, other, strict=True) if not differs or other[0]]


def _offered(split: tuple[str, ...]) -> tuple[str, ...]:
    return split if len(split) <= OFFERED + 1 else split[:OFFERED]


def _split(query: Query, hits: Sequence[Hit], about: About) -> tuple[str, ...]:
    """What the question's best statements are about, best first, where they are about different things."""
    found = _statements(query, hits, about)
    most = max((len(each.says) for each in found), default=0)
    best = next((each for each in found if len(each.says) == most), None)
    if best is None or not most or len(best.about) != 1 or best.score < LEADS * hits[0].score:
        return ()  # nothing fits, or the best passage answers for all
    answers = {best.about[0]: best}
    for each in found:
        if len(each.about) == 1 and (each.says == best.says or _of_a_sibling(each, best)):
            answers.setdefault(each.about[0], each)
    bodies = {frozenset(_body(each)) for each in answers.values()}
    return tuple(answers) if len(bodies) > 1 else ()


def _of_a_sibling(statement: _Statement, best: _Statement) -> bool:
    """Whether it is about a product of the same family and says about as much: siblings are described in other words."""
    return family(statement.about[0]) == family(best.about[0]) and len(statement.says) >= max(1, len(best.says) - 1)


def _listed(query: Query, hits: Sequence[Hit], products: Collection[str]) -> tuple[str, ...]:
    """The products of a list or table near the best that has an entry for each of several, where nothing tells which."""
    words = _words(query)
    if hits[0].chunk.meta.product in products:
        return ()
    lists: dict[tuple[str, ...], dict[str, str]] = {}
    for hit in hits:
        place, label = hit.chunk, frozenset(tokens(f"{hit.chunk.title} {hit.chunk.label}"))
        if hit.score < NEAR_LIST * hits[0].score:
            break
        if label.isdisjoint(words) or _kind_told(words - label, hits, products):
            continue
        entries = lists.setdefault((place.source, *place.heading, place.question), {})
        for text in map(place.quote, range(len(place.sentences))):
            if len(found := named(text, products, exact=True)) == 1:
                entries.setdefault(found[0], text)
    entries = next((each for each in lists.values() if len(each) >= LISTED), {})
    told = any(not words.isdisjoint(tokens(product)) for product in entries)
    return () if told else tuple(entries)


def _kind_told(words: frozenset[str], hits: Sequence[Hit], products: Collection[str]) -> bool:
    """Whether one of the words stands in the title of a product's own document: "coffee machine", "咖啡机"."""
    own = (hit.chunk.title for hit in hits if hit.chunk.meta.product in products)
    return any(not words.isdisjoint(tokens(title)) for title in own)


def _statements(query: Query, hits: Sequence[Hit], about: About) -> list[_Statement]:
    """Of the passages near the best, sentence by sentence, the best first."""
    words = _words(query)
    found = []
    for hit in hits:
        if hit.score < NEAR_BEST * hits[0].score:
            break
        labelled = words & set(tokens(f"{hit.chunk.title} {hit.chunk.label}"))
        order = sorted(range(len(hit.sentence_scores)), key=lambda at: -hit.sentence_scores[at])
        for text in map(hit.chunk.quote, order):
            says = labelled | (words & set(tokens(text)))
            found.append(_Statement(hit.chunk, text, about(hit.chunk, text), says, hit.score))
    return found


def _is_its_question(query: Query, chunk: Chunk) -> bool:
    """Whether the passage's author asked just this: then the answer is whole as it was written, for all cases."""
    return bool(chunk.question) and _words(query) <= set(tokens(chunk.question))


def _is_topic(query: Query) -> bool:
    """Whether the message is but a word or two ("returns", "我要退货"): no question, nor the end of an earlier one."""
    words = content_tokens(tuple(word for word in query.tokens if word not in _WANTED))
    size = sum(1 if is_han(word) else TOPIC_HAN // TOPIC for word in words if len(word) == 1 or not is_han(word))
    return 0 < size <= TOPIC_HAN and not query.leans and not query.named and not _QUESTION.search(normalise(query.text))


def _cases(query: Query, hits: Sequence[Hit]) -> tuple[str, ...]:
    """Headings near the best that say the topic and more; none where one says just the topic."""
    words = _words(query) - _WANTED
    found: dict[str, None] = {}
    for hit in hits:
        label = hit.chunk.question or _NUMBERED.sub("", next(reversed(hit.chunk.heading), hit.chunk.title))
        said = {word for word in content_tokens(tokens(label)) if len(word) > 1 or not is_han(word)}
        if hit.score >= NEAR_BEST * hits[0].score and words <= said and hit.chunk.language == query.language:
            if said == words:
                return ()
            found.setdefault(label)
    return tuple(found) if len(found) > 1 else ()


def _words(query: Query) -> frozenset[str]:
    # Around a code only the frame is taken away: "the display shows E2" asks about E2.
    said = tokens(subject_matter(query.corrected or query.text)) if codes(query.tokens) else query.tokens
    asked = (*tokens(query.history[-1]), *said) if query.leans else said
    words = tuple(word for word in content_tokens(asked) if word not in _ANY_PRODUCT) or content_tokens(asked)
    pairs = [word for word in words if len(word) > 1]  # of Chinese, single characters say nothing by themselves
    return frozenset(pairs or words)


def _products_of(chunk: Chunk, text: str, products: Collection[str]) -> tuple[str, ...]:
    """Those the sentence names; else what its heading, then its passage, is about."""
    declared_for = chunk.meta.product
    siblings = frozenset(each for each in products if not declared_for or family(each) == family(declared_for))
    for place in (text, chunk.label):
        if found := named(place, siblings, exact=True):
            return found
    return (declared_for,) if declared_for in products else ()


def _regions_of(chunk: Chunk, text: str) -> tuple[str, ...]:
    return regions_in(text) or declared(chunk.meta.region)


def _body(statement: _Statement) -> Iterable[str]:
    """What a statement says besides naming what it is about."""
    names = set(tokens(" ".join(statement.about)))
    return (word for word in tokens(statement.text) if word not in names)
