"""Misspelt English words brought to words the knowledge holds. Pure but for the two lookups it is given.

A word is corrected only if neither the knowledge nor the language model has it, and one edit leads to a word of the
knowledge. So what customers may search for is the only dictionary, and new product names are in it at once. Words
with digits are names and stay. Chinese has no spelling; what sounds alike, and chat shorthand, is in `shorthand.py`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from string import ascii_lowercase

from rag.shorthand import sounded_out, spelled_out
from rag.text import STOPWORDS, tokens

SHORTEST = 4  # letters; of shorter words too many are one edit apart
LIKELY, USUAL, FIRST = 0.7, 1.0, 0.5  # cost of a slip of the hand, of another edit, and more at the first letter
COMMON = 0.15  # what e times as many passages outweigh of it

# Written without their apostrophe, as many write them, these are no slips.
_SHORT_FORMS = frozenset(
    "arent cant couldnt didnt doesnt dont hadnt hasnt havent heres isnt shouldnt thats theres theyre wasnt werent "
    "whats wheres wont wouldnt youll youre youve".split()
)
Frequency = Callable[[Sequence[str]], Mapping[str, int]]  # index terms → passages that hold them, if any
_WORD = re.compile(r"(?<![\w'’-])[A-Za-z]+(?![\w'’-])")
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_BESIDE = {pair for row in _ROWS for one, other in pairwise(row) for pair in (one + other, other + one)}


def corrected(text: str, frequency: Frequency, knows: Callable[[str], bool]) -> str:
    """`text` with shorthand, misheard and misspelt words corrected; empty when there is nothing to correct."""
    full = sounded_out(spelled_out(text), lambda terms: frequency(terms).keys())
    return _spelled(full, frequency, knows) or ("" if full == text else full)


def _spelled(text: str, frequency: Frequency, knows: Callable[[str], bool]) -> str:
    """The text with misspelt English words corrected; empty when there are none."""
    words = {word for word in map(str.lower, _WORD.findall(text)) if len(word) >= SHORTEST}
    doubtful = [word for word in sorted(words - STOPWORDS - _SHORT_FORMS) if not knows(word)]
    if not doubtful:
        return ""
    held = frequency([tokens(word)[0] for word in doubtful])
    better = {word: found for word in doubtful if tokens(word)[0] not in held and (found := _nearest(word, frequency))}
    if not better:
        return ""
    return _WORD.sub(lambda match: better.get(match.group().lower(), match.group()), text)


def _nearest(word: str, frequency: Frequency) -> str:
    """The likeliest word of the knowledge one edit away, or nothing."""
    costs = edits(word)
    stems = {each: tokens(each)[0] for each in costs}
    held = frequency(sorted(set(stems.values())))
    known = [each for each in costs if stems[each] in held]
    return min(known, key=lambda each: (costs[each] - COMMON * math.log(held[stems[each]]), each), default="")


def edits(word: str) -> dict[str, float]:
    """Every word one swap, loss, gain or change of a letter away (Damerau 1964), with what the edit costs."""
    found: dict[str, float] = {}

    def add(other: str, at: int, likely: bool) -> None:
        cost = (LIKELY if likely else USUAL) + (FIRST if at == 0 else 0.0)
        if other != word:
            found[other] = min(cost, found.get(other, cost))

    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        if len(tail) > 1:
            add(head + tail[1] + tail[0] + tail[2:], at, True)
        if tail:
            add(head + tail[1:], at, head[-1:] == tail[0])
        for letter in ascii_lowercase:
            add(head + letter + tail, at, letter in (head[-1:], tail[:1]))
            if tail:
                add(head + letter + tail[1:], at, letter + tail[0] in _BESIDE)
    return found
