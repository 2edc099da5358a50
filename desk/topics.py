"""What customers ask about: questions in groups, named by their words, and which of them rise. Pure.

Questions are near by their vectors where a model has some for their language, else by the words they share. A group is
a star: the question with the most others near it, and those. So nothing is near only by way of others, and the same
questions give the same groups.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rag.mask import mask
from rag.text import STOP_CHARACTERS, content_tokens, is_han, language_of, normalise, tokens
from rag.types import Language, Vectors

NEAR, SHARING = 0.6, 0.35  # least cosine of two questions' vectors, of their weighted words
ALONE = 0.5  # of the weight of a word that no other text has
TERMS = 3  # in a name
SIGNIFICANT = 0.01  # chance of such a rise if nothing had changed, below which a topic rises
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Question:
    """What a customer asked. `who`: the same for all questions of a visitor; `outcome`: of the assistant's reply;
    `answers`: what agents wrote in the conversation afterwards, where that was asked for; `message`: its number."""

    who: str
    text: str
    outcome: str
    conversation: str = ""
    answers: tuple[str, ...] = ()
    message: int = 0


@dataclass(frozen=True, slots=True)
class Topic:
    """A group of questions: its words, how many now and before, by how many visitors now, how many of now's were answered;
    `asked`: now's questions, as they were given."""

    name: tuple[str, ...]
    count: int
    before: int
    visitors: int
    answered: int
    rising: bool
    language: Language
    asked: tuple[Question, ...] = ()


def topics(now: Sequence[Question], before: Sequence[Question], vectors: Mapping[str, np.ndarray]) -> list[Topic]:
    """The groups with at least two questions now, the largest first. `vectors`: text → unit vector, for those that have
    one; `before`: of a period of the same length."""
    everything, ours = [*now, *before], len(now)
    weights = weights_of([each.text for each in everything])
    found = list[Topic]()
    for members in groups([each.text for each in everything], vectors):
        current = [now[each] for each in members if each < ours]
        if len(current) > 1:
            found.append(_topic(current, len(members) - len(current), weights))
    return sorted(found, key=lambda each: (-each.count, each.name))


def groups(texts: Sequence[str], vectors: Mapping[str, np.ndarray]) -> list[list[int]]:
    """The texts' places, group by group; every text is in one group."""
    with_vector = [place for place, text in enumerate(texts) if text in vectors]
    others = [place for place, text in enumerate(texts) if text not in vectors]
    found = list[list[int]]()
    if with_vector:
        rows = np.stack([vectors[texts[each]] for each in with_vector])
        found += [[with_vector[each] for each in star] for star in stars(rows, NEAR)]
    if others:
        rows = _bags([texts[each] for each in others])
        found += [[others[each] for each in star] for star in stars(rows, SHARING)]
    return found


def stars(rows: Vectors, least: float) -> list[list[int]]:
    """Rows [n, dimensions] of unit length in groups: again and again the row with the most free rows near it, and those."""
    near = (rows @ rows.T) >= least
    np.fill_diagonal(near, True)  # a text without words is near nothing, itself included
    free, found = np.ones(len(rows), dtype=bool), list[list[int]]()
    while free.any():
        centre = int(np.argmax(near[:, free].sum(axis=1) * free))
        members = near[centre] & free
        free &= ~members
        found.append([int(each) for each in np.flatnonzero(members)])
    return found


def rises(count: int, before: int) -> bool:
    """Whether so many after so few is no chance: the binomial tail of `count` among both, each period as likely."""
    both = count + before
    tail = sum(math.comb(both, each) for each in range(count, both + 1))
    return count > before and tail < SIGNIFICANT * 2**both


def alike(texts: Sequence[str], others: Sequence[str], vectors: Mapping[str, np.ndarray]) -> list[bool]:
    """Whether each of the texts is near one of the others. `vectors`: text → unit vector, for those that have one."""
    found = [False] * len(texts)
    for known, least in ((True, NEAR), (False, SHARING)):
        places = [place for place, text in enumerate(texts) if (text in vectors) == known]
        mine, theirs = [texts[each] for each in places], [each for each in others if (each in vectors) == known]
        if mine and theirs:
            rows = np.stack([vectors[each] for each in (*mine, *theirs)]) if known else _bags([*mine, *theirs])
            near = (rows[: len(mine)] @ rows[len(mine) :].T).max(axis=1) >= least
            for place, yes in zip(places, near, strict=True):
                found[place] = bool(yes)
    return found


def common_words(topic: Topic, fewest: int) -> tuple[str, ...]:
    """Of the topic's name the words that at least so many visitors used: those that point to nobody."""
    return tuple(each for each in topic.name if mask(each) == each and _users(topic.asked, each) >= fewest)


def _users(asked: Sequence[Question], word: str) -> int:
    wanted = set(tokens(word))
    return len({each.who for each in asked if wanted <= set(tokens(each.text))})


def _topic(now: Sequence[Question], before: int, weights: Mapping[str, float]) -> Topic:
    languages = Counter(language_of(each.text) for each in now)
    return Topic(
        name=name_of([each.text for each in now], weights),
        count=len(now),
        before=before,
        visitors=len({each.who for each in now}),
        answered=sum(each.outcome == "answer" for each in now),
        rising=rises(len(now), before),
        language=languages.most_common(1)[0][0],
        asked=tuple(now),
    )


def _terms(text: str) -> list[str]:
    """The words of a text as they are compared, each once; of Chinese the pairs of characters that may be words."""
    found = content_tokens(tokens(text))
    pairs = [each for each in found if not is_han(each) or (len(each) > 1 and STOP_CHARACTERS.isdisjoint(each))]
    return list(dict.fromkeys(pairs or found))


def weights_of(texts: Sequence[str]) -> dict[str, float]:
    """Inverse document frequency of each term: rare words say more. What stands in one text alone joins it to no other,
    and only half separates it: with Chinese pairs, most of it is no word."""
    held = Counter(term for text in texts for term in _terms(text))
    return {term: math.log(1 + len(texts) / count) * (ALONE if count == 1 else 1) for term, count in held.items()}


def _bags(texts: Sequence[str]) -> Vectors:
    """Each text as its weighted words, of unit length."""
    weights = weights_of(texts)
    places = {term: place for place, term in enumerate(weights)}
    rows = np.zeros((len(texts), max(len(places), 1)), dtype=np.float32)
    for row, text in zip(rows, texts, strict=True):
        for term in _terms(text):
            row[places[term]] = weights[term]
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(lengths > 0, lengths, 1), dtype=np.float32)


def name_of(texts: Sequence[str], weights: Mapping[str, float]) -> tuple[str, ...]:
    """The weightiest words that at least two of the questions share, as they were written most."""
    held = Counter(term for text in texts for term in _terms(text))
    said = {term: count for term, count in held.items() if len(term) > 1 and not term.isdecimal()} or held
    shared = {term: count for term, count in said.items() if count > 1} or said
    best = _joined(sorted(shared, key=lambda term: (-shared[term] * weights[term], term))[: TERMS + 1], texts)[:TERMS]
    written = defaultdict[str, Counter[str]](Counter)
    for text in texts:
        for word in _WORD.findall(normalise(text)):
            if not is_han(word):
                written[tokens(word)[0]][word] += 1
    return tuple(written[term].most_common(1)[0][0] if term in written else term for term in best)


def _joined(terms: Sequence[str], texts: Sequence[str]) -> list[str]:
    """Pairs of characters that overlap put together, where several texts have them so: 保修, 修期 → 保修期."""
    written, found = [normalise(each) for each in texts], list(terms)
    for one in terms:
        for other in terms:
            whole = one + other[1:]
            joins = one != other and is_han(one) and len(other) > 1 and one[-1] == other[0]
            if joins and one in found and other in found and sum(whole in each for each in written) > 1:
                found[found.index(one)] = whole
                found.remove(other)
    return found
