"""Passages to try the check on: cut from the demo documents and, where paths are given, from public data sets.

Knows the layouts in which those are published; copies nothing of them. Knows nothing of sentences or their labels.
"""

from __future__ import annotations

import gzip
import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path

from ingest.chunk import passages
from ingest.loaders import LOADERS, load
from ingest.loaders.text import text_blocks
from ingest.meta import SIDE_FILE, combine, companions
from rag.config import ROOT
from rag.errors import ConfigError
from rag.text import content_tokens, language_of, tokens
from rag.types import Block, Chunk, Document, DocumentMeta

LIMIT = 160  # tokens of a passage, as `rag/text.py` counts them
AROUND = 6  # passages that a writer is given
PARAGRAPHS = 120  # taken of each public data set, evenly


def demo_passages() -> list[Chunk]:
    """The passages of `knowledge/` without what newer documents supersede, numbered from 1."""
    root, found = ROOT / "knowledge", dict[str, tuple[Document, DocumentMeta]]()
    for path in sorted(root.rglob("*")):
        source = path.relative_to(root).as_posix()
        if path.suffix in LOADERS and not source.endswith(SIDE_FILE) and "_build" not in path.parts:
            document = load(path.read_bytes(), path.name)
            said = [(each.name, each.read_bytes()) for each in companions(path, root)]
            found[source] = document, combine(said, document.fields)
    old = {name.strip() for _, meta in found.values() for name in meta.supersedes.split(",")}
    return _cut({source: each for source, each in found.items() if source not in old}, 1)


def public_passages(folder: Path, first: int) -> list[Chunk]:
    """Passages of a data set in SQuAD's layout or StackFAQ's, numbered from `first`. Raises ConfigError."""
    found = {
        f"{folder.name}/{number}": (Document(title, text_blocks(text)), DocumentMeta(title=title))
        for number, (title, text) in enumerate(_evenly(list(_texts(folder))))
    }
    return _cut(found, first)


def _texts(folder: Path) -> Iterator[tuple[str, str]]:
    """(title, text) of each paragraph."""
    if (faqs := folder / "faqs.jsonl").exists():
        for line in faqs.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            yield row["question"], "\n\n".join(row["answers"])
        return
    files = sorted(folder.glob("*.json.gz"))
    if not files:
        raise ConfigError(f"{folder} holds neither faqs.jsonl nor *.json.gz in SQuAD's layout. Give another folder.")
    for article in json.loads(gzip.decompress(files[0].read_bytes()))["data"]:
        for paragraph in article["paragraphs"]:
            yield article.get("title", ""), paragraph["context"]


def _evenly(texts: Sequence[tuple[str, str]]) -> Sequence[tuple[str, str]]:
    return texts[:: max(1, len(texts) // PARAGRAPHS)][:PARAGRAPHS]


def _cut(found: dict[str, tuple[Document, DocumentMeta]], first: int) -> list[Chunk]:
    chunks = list[Chunk]()
    for source, (document, meta) in found.items():
        blocks: Iterable[Block] = document.blocks
        for ordinal, each in enumerate(passages(Document(document.title, tuple(blocks)), _count, LIMIT)):
            place = each.heading, each.question, each.text, each.sentences
            title, number = meta.title or document.title, first + len(chunks)
            chunks.append(Chunk(number, source, 1, ordinal, title, *place, language_of(each.text), meta))
    return chunks


def _count(text: str) -> int:
    """Chinese says each character twice, alone and in a pair, and has room for more of them."""
    return len(tokens(text)) // (3 if language_of(text) == "zh" else 1)


class Shelf:
    """Passages with, for each, those that a search would find beside it."""

    def __init__(self, chunks: Sequence[Chunk]) -> None:
        self._chunks = chunks
        self._words = [frozenset(content_tokens(tokens(f"{each.label} {each.text}"))) for each in chunks]
        held = Counter(word for words in self._words for word in words)
        self._weight = {word: math.log(1 + len(chunks) / number) for word, number in held.items()}
        self._place = {each.id: place for place, each in enumerate(chunks)}

    def around(self, chunk: Chunk) -> tuple[Chunk, ...]:
        """The passage and those of its language that share most with it, weighted by how rare the words are."""
        mine = self._words[self._place[chunk.id]]
        scores = [
            (sum(self._weight[word] for word in mine & words) / math.sqrt(len(words)), -place)
            for place, (each, words) in enumerate(zip(self._chunks, self._words, strict=True))
            if each.language == chunk.language and each.id != chunk.id
        ]
        best = sorted(scores, reverse=True)[: AROUND - 1]
        return chunk, *(self._chunks[-place] for _, place in best)


def for_tuning(chunk: Chunk) -> bool:
    """Which half a passage belongs to, by its document; a document and its translation belong together."""
    return sha256(chunk.source.split(".")[0].encode()).digest()[0] % 2 == 0
