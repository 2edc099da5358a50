"""What of a question a text says in other words: expressions of one group stand for each other, several at a time.

Where a text holds an expression that means the same as one of the question's, the question's index terms are put
behind it, and whoever compares terms finds them said. Knows groups of expressions and index terms; no index.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import chain

from rag.expressions import OtherWords
from rag.ports import Candidate, Corpus
from rag.synonyms import GAP, Groups
from rag.text import content_tokens, is_han, normalise, tokens

REACH = 3  # words that may stand in a gap
Terms = tuple[str, ...]
_Found = tuple[int, int, Terms, int]  # place of the first word or character, of the one behind the last; terms; group


def other_words(text: str, groups: Groups) -> tuple[OtherWords, ...]:
    """For each expression of the text that stands in a group: what else says it. Of two, one within the other, the longer."""
    plain = normalise(text)
    found = [*_longest(_in_words(tokens(plain), groups)), *_longest(_in_characters(plain, groups))]
    return tuple(each for _, _, terms, at in found for each in _others(terms, at, groups, plain))


def terms_of(others: Sequence[OtherWords]) -> Terms:
    """All index terms of the other expressions, once each."""
    return tuple(dict.fromkeys(chain.from_iterable(content_tokens(each.said) for each in others)))


def retold(words: Sequence[str], others: Sequence[OtherWords]) -> Sequence[str]:
    """A text's index terms, those of the question behind each expression that means the same."""
    return _told(words, _by_first(tuple(others)))


def in_other_words(candidates: Sequence[Candidate], others: Sequence[OtherWords]) -> list[Candidate]:
    """The candidates as `retold`; one in which nothing is said otherwise is the same object."""
    known = _by_first(tuple(others))
    return [_candidate(each, known) for each in candidates]


def _candidate(candidate: Candidate, known: Mapping[str, tuple[OtherWords, ...]]) -> Candidate:
    label, said = _told(candidate.label_tokens, known), [_told(words, known) for words in candidate.tokens]
    same = label is candidate.label_tokens and all(
        one is other for one, other in zip(said, candidate.tokens, strict=True)
    )
    return candidate if same else replace(candidate, label_tokens=tuple(label), tokens=tuple(map(tuple, said)))


def as_known(corpus: Corpus, others: Sequence[OtherWords]) -> Corpus:
    """The corpus, in which a term of the question is as frequent as the expression that stands for it."""
    frequency = dict(corpus.frequency)
    for each in others:
        shared = min((corpus.frequency.get(word, 0) for word in content_tokens(each.said)), default=0)
        for term in each.terms:
            frequency[term] = max(frequency.get(term, 0), shared)
    return replace(corpus, frequency=frequency)


@lru_cache(maxsize=64)
def _by_first(others: tuple[OtherWords, ...]) -> Mapping[str, tuple[OtherWords, ...]]:
    found: dict[str, tuple[OtherWords, ...]] = {}
    for each in others:
        found[each.said[0]] = (*found.get(each.said[0], ()), each)
    return found


def _told(words: Sequence[str], known: Mapping[str, tuple[OtherWords, ...]]) -> Sequence[str]:
    if known.keys().isdisjoint(words):
        return words
    told = list[str]()
    for at, word in enumerate(words):
        told.append(word)
        for each in known.get(word, ()):
            if tuple(words[at : at + len(each.said)]) == each.said:
                told.extend(each.terms)
    return told if len(told) > len(words) else words


# --- expressions in a text -----------------------------------------------------------------------------------


@lru_cache(maxsize=4)
def _index(
    groups: Groups,
) -> tuple[Mapping[str, list[tuple[tuple[Terms, ...], int]]], list[tuple[re.Pattern[str], int]]]:
    """Expressions of words by their first stem, each as its parts between gaps; those of Chinese as patterns."""
    words: dict[str, list[tuple[tuple[Terms, ...], int]]] = {}
    characters = list[tuple[re.Pattern[str], int]]()
    for at, group in enumerate(groups):
        for each in group:
            if any(map(is_han, each)):
                gap = rf"\w{{0,{REACH}}}"
                characters.append((re.compile(gap.join(re.escape(part.strip()) for part in each.split(GAP))), at))
            elif parts := tuple(part for piece in each.split(GAP) if (part := tokens(piece))):
                words.setdefault(parts[0][0], []).append((parts, at))
    return words, characters


def _in_words(words: Terms, groups: Groups) -> Iterator[_Found]:
    index, _ = _index(groups)
    for start, word in enumerate(words):
        for parts, group in index.get(word, ()):
            end = _end_of(words, start, parts)
            if end:
                terms = content_tokens((*chain.from_iterable(parts), "x"))[:-1]
                if terms:
                    yield start, end, terms, group


def _end_of(words: Terms, start: int, parts: Sequence[Terms]) -> int:
    """The place behind an expression that begins at `start`; 0 where it does not."""
    first, *others = parts
    end = start + len(first)
    if words[start:end] != first:
        return 0
    for part in others:
        places = range(end + 1, end + REACH + 1)
        end = next((at + len(part) for at in places if words[at : at + len(part)] == part), 0)
        if not end:
            return 0
    return end


def _in_characters(plain: str, groups: Groups) -> Iterator[_Found]:
    for pattern, group in _index(groups)[1]:
        for match in pattern.finditer(plain):
            yield match.start(), match.end(), _characters(plain, match.start(), match.end()), group


def _characters(plain: str, start: int, end: int) -> Terms:
    """Index terms of a piece of Chinese, with the pairs that reach over its ends: they say nothing of their own."""
    pairs = (plain[at : at + 2] for at in range(max(0, start - 1), end))
    inside = tokens(plain[start:end])
    return tuple(dict.fromkeys((*inside, *(pair for pair in pairs if len(pair) == 2 and all(map(is_han, pair))))))


def _longest(found: Iterator[_Found]) -> list[_Found]:
    kept = list[_Found]()
    for each in sorted(found, key=lambda one: (one[0] - one[1], one[0])):
        start, end = each[:2]
        # The same place in another group stays: an editor's group and ours may share an expression.
        if not any(first <= start and end <= last and (first, last) != (start, end) for first, last, _, _ in kept):
            kept.append(each)
    return kept


def _others(terms: Terms, group: int, groups: Groups, plain: str) -> Iterator[OtherWords]:
    for each in groups[group]:
        said = _sequence(each) if GAP not in each else ()
        if said and not set(said) <= set(terms):
            yield OtherWords(terms, said)
        elif said and each in plain and is_han(said[0]):
            # Said in the same words: what is left are the pairs over its ends.
            over = tuple(term for term in terms if len(term) > 1 and term not in said)
            if over:
                yield OtherWords(over, said)


@lru_cache(maxsize=8192)
def _sequence(expression: str) -> Terms:
    """Index terms of an expression as they follow one another in a text: of Chinese the pairs."""
    found = tokens(expression)
    return tuple(term for term in found if len(term) > 1 or not is_han(term)) or found
