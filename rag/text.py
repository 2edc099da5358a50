"""Text as retrieval sees it: normal form, tokens, sentences, language. Pure functions, English and Chinese.

English words are stemmed (Snowball). Chinese is folded to Simplified (OpenCC) and cut into characters and
overlapping pairs of characters, so that no dictionary has to know a word. Every token is plain letters and
digits, which lets SQLite's and PostgreSQL's simplest tokenizers index them as they are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

import opencc
import Stemmer

from rag.types import Language

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_HAN_RUN = re.compile(f"[{HAN}]+")
_WORD = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+(?:['’][^\W\d_{HAN}]+)?")
_stemmer = Stemmer.Stemmer("english")
_simplify = opencc.OpenCC("t2s")

STOPWORDS = frozenset(
    "a about am an and any are as at be been but by can could d did do does doing for from get had has have he her "
    "his how i if in into is it its just ll m may me might my no not of on or our please s shall she should so some "
    "t than that the their them then there these they this to us ve was we were what when where which who why will "
    "with would you your".split()
)
STOP_CHARACTERS = frozenset("的了吗呢吧啊是我你您他她它们这那在和与或就都也把被给请问么呀哦嗯")

# A full stop after one of these does not end a sentence.
_ABBREVIATIONS = frozenset(
    "e.g i.e etc vs mr mrs ms dr prof st approx incl excl fig figs vol min max tel ext dept inc ltd co corp "
    "jan feb mar apr jun jul aug sep sept oct nov dec a.m p.m u.s u.k cf p pp".split()
)
_END = re.compile(rf"[.!?]+[\"'”’)\]]*(?=\s|[{HAN}]|$)|[。！？!?；…]+[”’」』）)]*|\n+")


def folded(text: str) -> str:
    """One form for what reads the same in another width or in Traditional characters; capitals stay."""
    plain = unicodedata.normalize("NFKC", text)
    return str(_simplify.convert(plain)) if _HAN_RUN.search(plain) else plain


@lru_cache(maxsize=8192)
def normalise(text: str) -> str:
    """One form for what reads the same: width, case, Traditional or Simplified."""
    return folded(text).lower()


def tokens(text: str) -> tuple[str, ...]:
    """Index terms in order. Chinese gives each character and each pair: 退货 → 退 货 退货."""
    return tuple(_tokens(normalise(text)))


def _tokens(text: str) -> Iterator[str]:
    for match in _WORD.finditer(text):
        word = match.group()
        if _HAN_RUN.match(word):
            yield from word
            yield from (word[at : at + 2] for at in range(len(word) - 1))
        else:
            yield _stem(word.split("'")[0].split("’")[0])


@lru_cache(maxsize=100_000)
def _stem(word: str) -> str:
    # "300s" and "r2" are names, not plurals: only words of letters are stemmed.
    return str(_stemmer.stemWord(word)) if word.isalpha() else word


_STOP_STEMS = frozenset(_stem(word) for word in STOPWORDS)


def content_tokens(terms: tuple[str, ...]) -> tuple[str, ...]:
    """Without the words that every text has; all of them again if nothing else is there."""
    kept = tuple(term for term in terms if term not in _STOP_STEMS and not STOP_CHARACTERS.issuperset(term))
    return kept or terms


def is_han(token: str) -> bool:
    """Whether an index term is Chinese."""
    return bool(_HAN_RUN.match(token))


def well_formed(text: str) -> str:
    """Text that any store and tokenizer takes: half of a character, as broken clients send it, becomes "?"."""
    return text.encode("utf-8", "replace").decode("utf-8")


def language_of(text: str) -> Language:
    """Chinese as soon as Chinese characters weigh as much as the Latin words: "Wi-Fi 连不上" is Chinese."""
    han = sum(len(run) for run in _HAN_RUN.findall(text))
    latin = len(re.findall(r"[A-Za-z]+", text))
    return "zh" if han and han >= latin else "en"


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Offsets of the sentences, trimmed, in order; together they cover everything but white space."""
    spans, start = [], 0
    for match in _END.finditer(text):
        if _ends_sentence(text, start, match):
            spans.append((start, match.end()))
            start = match.end()
    spans.append((start, len(text)))
    return [trimmed for span in spans if (trimmed := _trimmed(text, *span))]


def _ends_sentence(text: str, start: int, match: re.Match[str]) -> bool:
    if match.group()[0] != ".":
        return True
    said = text[start : match.start()]
    before = (said.split() or [""])[-1].lower().lstrip("([\"'“")
    if before in ("no", "nos"):
        return not text[match.end() :].lstrip()[:1].isdigit()  # "No. 5", but "Is it safe? No."
    if before in _ABBREVIATIONS or (len(before) == 1 and before.isalpha()):
        return False
    if said.strip().isdigit():
        return False  # "1. Open the lid": a number opening the sentence is its marker
    return not text[match.end() :].lstrip()[:1].islower()


def _trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    end = start + len(piece.strip())
    return (start, end) if end > start else None
