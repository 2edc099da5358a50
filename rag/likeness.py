"""How nearly the words of a passage are those of a question, and how near each other they stand. Pure.

Beside BM25, which counts equal terms only and weighs their repetition: here a term counts once, by the word most
like it, so that related forms the stemmer keeps apart ("install", "installation") and misspelt words still count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

from rag.text import is_han

GRAM = 4  # letters in a piece of a word; its two ends count as letters
ALIKE = 0.34  # likeness below which two words have nothing to do with each other
NEAR = 3  # places between two words up to which they stand together

Pairs = Mapping[tuple[str, str], float]  # two terms → their idf together


@lru_cache(maxsize=30_000)
def grams(word: str) -> frozenset[str]:
    """Pieces of GRAM letters of the word with its ends marked; the whole where it is shorter."""
    marked = f"^{word}$"
    return frozenset(marked[at : at + GRAM] for at in range(max(1, len(marked) - GRAM + 1)))


class Likeness:
    """Of passages to one question. Remembers each word it has compared."""

    def __init__(self, terms: Mapping[str, float]) -> None:
        """`terms`: term → idf."""
        self._terms, self._total = terms, sum(terms.values()) or 1.0
        # Codes and numbers are names: another one is another thing, however alike. Chinese has no letters.
        self._sizes = {term: len(grams(term)) for term in terms if term.isalpha() and not is_han(term)}
        self._holding: dict[str, list[str]] = {}
        for term in self._sizes:
            for piece in grams(term):
                self._holding.setdefault(piece, []).append(term)
        self._known: dict[str, tuple[tuple[str, float], ...]] = {}

    def of(self, texts: Iterable[Sequence[str]]) -> float:
        """Σ idf · likeness of the word most like the term, as a share of Σ idf; 0 … 1."""
        return self.share(*map(self.best, texts))

    def best(self, words: Sequence[str]) -> Mapping[str, float]:
        """Term → likeness of the word most like it, without those that none is like."""
        best: dict[str, float] = {}
        for word in words:
            found = self._known.get(word)
            if found is None:
                found = self._known[word] = tuple(self._compared(word))
            for term, likeness in found:
                if likeness > best.get(term, 0.0):
                    best[term] = likeness
        return best

    def share(self, *found: Mapping[str, float]) -> float:
        """Of several texts together, given what is best in each."""
        if len(found) == 1:
            return sum(self._terms[term] * likeness for term, likeness in found[0].items()) / self._total
        best: dict[str, float] = {}
        for each in found:
            for term, likeness in each.items():
                if likeness > best.get(term, 0.0):
                    best[term] = likeness
        return self.share(best)

    def _compared(self, word: str) -> Iterable[tuple[str, float]]:
        """The terms this word is like, each with 2 |A ∩ B| / (|A| + |B|) of their pieces (Dice 1945)."""
        if word in self._terms:
            yield word, 1.0
        if not word.isalpha():
            return
        mine = grams(word)
        common = [term for piece in mine for term in self._holding.get(piece, ())]
        for term in dict.fromkeys(common):
            likeness = 2 * common.count(term) / (len(mine) + self._sizes[term])
            if term != word and likeness > ALIKE:
                yield term, likeness


def neighbouring(tokens: Sequence[str], terms: Mapping[str, float]) -> dict[tuple[str, str], float]:
    """Terms that follow one another in a question, other words between them left out, with their idf together.

    Not of Chinese, whose terms are pairs of characters already.
    """
    kept = [token for token in tokens if token in terms and not is_han(token)]
    return {(one, other): terms[one] + terms[other] for one, other in pairwise(kept)}


def proximity(pairs: Pairs, texts: Iterable[Sequence[str]]) -> float:
    """The largest share of `pairs`, by idf, that stand together in one of the texts; 0 without pairs."""
    if not pairs:
        return 0.0
    asked = {term for pair in pairs for term in pair}
    return max((_together(pairs, asked, words) for words in texts), default=0.0) / sum(pairs.values())


def _together(pairs: Pairs, asked: set[str], words: Sequence[str]) -> float:
    places: dict[str, list[int]] = {}
    for place, word in enumerate(words):
        if word in asked:
            places.setdefault(word, []).append(place)
    return sum(
        weight
        for (one, other), weight in pairs.items()
        if any(0 < abs(a - b) <= NEAR for a in places.get(one, ()) for b in places.get(other, ()))
    )
