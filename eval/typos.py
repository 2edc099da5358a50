"""Typing errors put into questions, seeded: what a hurried customer writes.

One edit in every third content word. English: two letters swapped, one dropped, doubled or hit beside its key;
Chinese: in every third pair of characters, the two swapped, one dropped or one replaced by the next in Unicode, since
no table of homophones is at hand. Codes with digits stay as they are.
"""

from __future__ import annotations

import random
import re
from dataclasses import replace

from eval.beir import Benchmark
from rag.text import HAN, STOP_CHARACTERS, STOPWORDS

EVERY = 3  # content words, or pairs of characters, for one error
SHORTEST = 4  # letters of a word that gets one
_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_UNIT = re.compile(rf"[{HAN}]{{2}}|[A-Za-z]{{{SHORTEST},}}(?![\w'’])")


def with_typos(data: Benchmark, seed: int = 0) -> Benchmark:
    """The same benchmark with errors in its questions; the same seed makes the same ones."""
    chance = random.Random(seed)
    return replace(data, questions=[replace(each, text=misspelt(each.text, chance)) for each in data.questions])


def misspelt(text: str, chance: random.Random) -> str:
    """The text with an error in every third content word, counted from one of the first three."""
    count = chance.randrange(EVERY)

    def edited(match: re.Match[str]) -> str:
        nonlocal count
        word = match.group()
        if word.lower() in STOPWORDS or STOP_CHARACTERS.intersection(word):
            return word
        count += 1
        if count % EVERY:
            return word
        return _latin(word, chance) if word.isascii() else _chinese(word, chance)

    return _UNIT.sub(edited, text)


def _latin(word: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(word) - 1)  # the first letter is rarely missed
    edits = (
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        word[:at] + word[at + 1 :],
        word[:at] + word[at] + word[at:],
        word[:at] + _beside(word[at], chance) + word[at + 1 :],
    )
    return chance.choice([each for each in edits if each != word])


def _beside(letter: str, chance: random.Random) -> str:
    row = next((row for row in _KEYS if letter.lower() in row), "aa")
    at = row.find(letter.lower())
    return chance.choice(row[max(0, at - 1) : at] + row[at + 1 : at + 2])


def _chinese(pair: str, chance: random.Random) -> str:
    one, other = pair[0], pair[1]
    edits = (other + one, one, other, one + chr(ord(other) + 1), chr(ord(one) + 1) + other)
    return chance.choice([each for each in edits if each != pair])
