"""Text for benchmarks in any amount, made from the demo documents' own sentences. The same arguments give the same text.

A sentence is taken as it stands and some of its words (in Chinese: some of its clauses) are exchanged for
others of the same documents, so that lengths and vocabulary are real and hardly two passages alike.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ingest.loaders import load
from rag.config import ROOT
from rag.text import language_of, sentence_spans
from rag.types import Language

SENTENCES = 6  # in a passage: about 120 tokens
SECTIONS = 8  # passages in a file
EXCHANGED = 0.4
_WORD = re.compile(r"[A-Za-z]{5,}")


@dataclass(frozen=True, slots=True)
class Source:
    """What there is to draw from in one language."""

    sentences: tuple[str, ...]
    words: tuple[str, ...]  # in Chinese: clauses


@cache
def source(language: Language) -> Source:
    """The demo documents' sentences and words."""
    read = [
        block.text
        for path in sorted((ROOT / "knowledge").rglob("*"))
        if path.suffix in (".md", ".txt", ".html") and "_build" not in path.parts
        for block in load(path.read_bytes(), path.name).blocks
        if block.kind == "text" and language_of(block.text) == language
    ]
    spans = [text[start:end] for text in read for start, end in sentence_spans(text)]
    sentences = tuple(sorted({each for each in spans if _fits(each, language)}))
    found = {word for each in sentences for word in _WORD.findall(each)} if language == "en" else _clauses(sentences)
    return Source(sentences, tuple(sorted(found)))


def _fits(sentence: str, language: Language) -> bool:
    return 40 <= len(sentence) <= 160 if language == "en" else 15 <= len(sentence) <= 80


def _clauses(sentences: tuple[str, ...]) -> set[str]:
    return {clause for each in sentences for clause in each.rstrip("。！？").split("，")}


def sentence(chance: random.Random, language: Language) -> str:
    """One sentence."""
    drawn = source(language)
    said = chance.choice(drawn.sentences)
    if language == "zh":
        clauses = said.rstrip("。！？").split("，")
        return "，".join(_exchanged(each, chance, drawn) for each in clauses) + "。"
    return _WORD.sub(lambda match: _exchanged(match.group(), chance, drawn), said)


def _exchanged(word: str, chance: random.Random, drawn: Source) -> str:
    return chance.choice(drawn.words) if chance.random() < EXCHANGED else word


def heading(chance: random.Random, language: Language) -> str:
    """What stands above a passage."""
    drawn = source(language).words
    return " ".join(chance.sample(drawn, 3)).title() if language == "en" else chance.choice(drawn)


def document(number: int, language: Language) -> str:
    """A Markdown file of SECTIONS passages."""
    chance = random.Random(f"{number}/{language}")
    lines = [f"# {heading(chance, language)} {number}"]
    for _ in range(SECTIONS):
        body = (" " if language == "en" else "").join(sentence(chance, language) for _ in range(SENTENCES))
        lines += [f"## {heading(chance, language)}", body]
    return "\n\n".join(lines) + "\n"


def write_corpus(folder: Path, chunks: int, chinese: float = 0.0, first: int = 0) -> int:
    """Files with about `chunks` passages in `folder`, a share of them Chinese; how many files. Other numbers from
    `first` on give other text."""
    folder.mkdir(parents=True, exist_ok=True)
    count = max(1, round(chunks / SECTIONS))
    for number in range(count):
        language: Language = "zh" if number < count * chinese else "en"
        (folder / f"{first + number:06}.md").write_text(document(first + number, language), encoding="utf-8")
    return count
