"""What a customer's messages show on their face: counts of signs and of marks, and n-grams hashed to numbers. Pure.

Training (`eval/train_mood.py`) and inference (`rag/mood.py`) both see a conversation through this file and only
through the customer's own messages. N-grams are kept as bucket numbers, so no text of a training set is stored.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from rag.mood_words import GROUPS
from rag.text import normalise
from rag.types import Language

Array = NDArray[np.float64]
BUCKETS = 1 << 15  # of hashed n-grams, for each of two blocks: all messages, and the newest of several
LONGEST = 2_000  # characters of a conversation that are looked at, its newest
MARKS = ("exclaims", "asks", "shouts", "length", "capitals", "numbers", "mentions", "dots", "silent", "tags")
NAMES = (*GROUPS, *MARKS)
FACE = 3 * len(NAMES) + 3  # numbers that `face` gives
_CAPITALS, _LENGTH = NAMES.index("capitals"), NAMES.index("length")
_SHOUT, _NUMBER = re.compile(r"[!?]{2,}"), re.compile(r"\d+")
_WORD = re.compile(r"\w[\w'’]*|[^\w\s]")


@lru_cache(maxsize=4096)
def counts(text: str) -> tuple[int, ...]:
    """How often each group of words is found in a message, in the order of GROUPS."""
    plain = normalise(text).replace("’", "'")
    return tuple(len(pattern.findall(plain)) for pattern in GROUPS.values())


@lru_cache(maxsize=4096)
def _raw(text: str) -> tuple[int, ...]:
    """How often each of NAMES is there."""
    plain = normalise(text)
    marks = (
        plain.count("!"),
        plain.count("?"),
        len(_SHOUT.findall(plain)),
        len(plain),
        sum(map(str.isupper, text)),
        len(_NUMBER.findall(plain)),
        plain.count("@"),
        plain.count("…") + plain.count(".."),
        int(not plain.strip()),
        plain.count("#"),
    )
    return (*counts(text), *marks)


def _signs(raw: NDArray[np.int64]) -> Array:
    """log(1 + count) of each of NAMES; of capitals the share instead."""
    signs: Array = np.log1p(raw.astype(float))
    signs[_CAPITALS] = raw[_CAPITALS] / (raw[_LENGTH] + 1)
    return signs


def face(said: Sequence[str]) -> Array:
    """[FACE] signs of all messages together, of the newest (0 where there is one only), of the first; how many."""
    raw = np.array([_raw(text) for text in said])
    last = _signs(raw[-1]) if len(said) > 1 else np.zeros(len(NAMES))
    many = [len(said) == 1, len(said) == 2, len(said) > 2]
    return np.concatenate([_signs(raw.sum(axis=0)), last, _signs(raw[0]), many])


def hashed(said: Sequence[str], language: Language) -> tuple[NDArray[np.int64], Array]:
    """(buckets, values): n-grams of all messages, then of the newest of several, each block of unit length."""
    blocks = ["\n".join(said), said[-1] if len(said) > 1 else ""]
    buckets, values = [], []
    for number, text in enumerate(blocks):
        found = Counter(zlib.crc32(gram.encode()) % BUCKETS for gram in _grams(text[-LONGEST:], language))
        if found:
            weights = 1 + np.log(np.fromiter(found.values(), float, len(found)))
            buckets.append(np.fromiter(found, np.int64, len(found)) + number * BUCKETS)
            values.append(weights / np.linalg.norm(weights))
    if not buckets:
        return np.zeros(0, np.int64), np.zeros(0)
    return np.concatenate(buckets), np.concatenate(values)


def _grams(text: str, language: Language) -> Iterator[str]:
    """Chinese: runs of 1 to 3 characters. English: words, pairs of words, and beginnings of long words."""
    plain = " ".join(normalise(text).replace("’", "'").split())
    if language == "zh":
        for size in (1, 2, 3):
            yield from (plain[at : at + size] for at in range(len(plain) - size + 1))
        return
    words = _WORD.findall(plain)
    yield from words
    yield from (f"{one} {two}" for one, two in pairwise(words))
