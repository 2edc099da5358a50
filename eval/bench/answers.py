"""Does an extractive answer hold what was asked for? Questions with known answer spans, over all paragraphs at once.

A span counts as held when it stands, normalised, in the first 1, 2 or 3 sentences shown. Beside the extractive
writer, in the same run: the three sentences of the same passages that score best by themselves (cosine where the
embedder knows the language, else BM25), and the whole assistant, which may decline. Even paragraphs are for tuning,
odd ones for reporting.
"""

from __future__ import annotations

import gzip
import json
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Literal

from eval.beir import Entry
from eval.metrics import percentile
from eval.workbench import Workbench
from rag.answer import extract
from rag.assistant import Assistant, final
from rag.errors import ConfigError
from rag.fuse import bm25, idf
from rag.ports import Candidate, Corpus, KnowledgeReader
from rag.readings import meant
from rag.text import content_tokens, language_of, normalise
from rag.types import Access, Hit, Query, Turn, Vectors
from rag.understand import understand

FILES = {"squad2": "dev-v2.0.reconstructed.json.gz", "cmrc2018": "cmrc2018_dev.squadstyle.json.gz"}
DEPTHS = (1, 2, 3)
Half = Literal["tuning", "reporting", "both"]
Figures = dict[str, dict[str, float]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the spans that answer it, any of which will do, and the number of its paragraph."""

    text: str
    golds: tuple[str, ...]
    paragraph: int


@dataclass(slots=True)
class _Tally:
    """Sums over the questions that one writer answered."""

    shown: int = 0
    sums: Counter[str] = field(default_factory=Counter)

    def add(self, sentences: Sequence[str], golds: Sequence[str]) -> None:
        self.shown += 1
        self.sums["sentences"] += len(sentences)
        self.sums["words"] += sum(map(length, sentences))
        for depth in DEPTHS:
            self.sums[f"in {depth}"] += holds(" ".join(sentences[:depth]), golds)
        self.sums["in all"] += holds(" ".join(sentences), golds)

    def means(self) -> dict[str, float]:
        names = (*(f"in {depth}" for depth in DEPTHS), "in all", "sentences", "words")
        return {name: self.sums[name] / max(1, self.shown) for name in names}


def run(bench: Workbench, name: str, source: Path, half: Half, every: int) -> Figures:
    """writer → {in 1, in 2, in 3, in all, sentences, words}; "questions" → {asked, answered}, "ms" → {p50, p95}."""
    entries, asked = read(name, source)
    chosen = [each for each in asked if half == "both" or each.paragraph % 2 == (half == "reporting")][::every]
    tallies, times = {writer: _Tally() for writer in ("extractive", "plain", "assistant")}, list[float]()
    with tempfile.TemporaryDirectory() as scratch:
        store, _, _ = bench.fill(Path(scratch), entries)
        knowledge, retriever = bench.knowledge(store), bench.retriever(store)
        products = knowledge.products(Access())
        assistant = Assistant(knowledge, bench.embedder, [], bench.count, bench.settings)
        for each in chosen:
            query = understand([Turn("customer", each.text)], products)
            hits = meant(retriever.retrieve(query, Access(), bench.settings.retrieval.passages))
            began = time.perf_counter()
            tallies["extractive"].add(_extracted(query, hits, knowledge, bench.settings.writer.sentences), each.golds)
            times.append((time.perf_counter() - began) * 1000)
            tallies["plain"].add(_plain(query, hits, knowledge, bench), each.golds)
            reply = final(assistant.reply([Turn("customer", each.text)]))
            if reply.decision.outcome == "answer":
                tallies["assistant"].add([sentence.text for sentence in reply.sentences], each.golds)
        store.close()
    counts = {"asked": float(len(chosen)), "answered": tallies["assistant"].shown / max(1, len(chosen))}
    spent = {"p50": percentile(times, 0.5), "p95": percentile(times, 0.95)}
    return {**{writer: tally.means() for writer, tally in tallies.items()}, "questions": counts, "ms": spent}


def read(name: str, source: Path) -> tuple[list[Entry], list[Asked]]:
    """All paragraphs of a data set in SQuAD's layout, and its questions that have an answer. Raises ConfigError."""
    if name not in FILES:
        raise ConfigError(f"There is no data set {name!r}. Known: {', '.join(FILES)}.")
    if not (source / FILES[name]).is_file():
        raise ConfigError(f"{source / FILES[name]} is not there. Name the folder that holds the published file.")
    articles = json.loads(gzip.decompress((source / FILES[name]).read_bytes()))["data"]
    entries, asked = list[Entry](), list[Asked]()
    for paragraph in (paragraph for article in articles for paragraph in article["paragraphs"]):
        for each in paragraph["qas"]:
            if golds := tuple(dict.fromkeys(answer["text"] for answer in each["answers"])):
                asked.append(Asked(each["question"], golds, len(entries)))
        entries.append(Entry(f"p{len(entries)}", "", paragraph["context"]))
    return entries, asked


def holds(text: str, golds: Sequence[str]) -> bool:
    """Whether one of the spans stands in the text: whole words, in Chinese characters, without case and punctuation."""
    join = _glued if language_of(text) == "zh" else _spaced
    return any(join(gold).strip() and join(gold) in join(text) for gold in golds)


def length(text: str) -> int:
    """Words, or characters where it is Chinese."""
    return len(_glued(text)) if language_of(text) == "zh" else len(text.split())


def words(text: str) -> list[str]:
    """Words without case, width and punctuation; Chinese as it is written."""
    return "".join(mark if mark.isalnum() else " " for mark in normalise(text)).split()


def _glued(text: str) -> str:
    return "".join(words(text))


def _spaced(text: str) -> str:
    return f" {' '.join(words(text))} "


def _extracted(query: Query, hits: Sequence[Hit], knowledge: KnowledgeReader, limit: int) -> list[str]:
    neighbours = partial(knowledge.neighbours, access=Access())
    return [draft.text for draft in extract(query, hits, limit, neighbours)] if hits else []


def _plain(query: Query, hits: Sequence[Hit], knowledge: KnowledgeReader, bench: Workbench) -> list[str]:
    """The three sentences of these passages that score best, each by itself."""
    embeds = query.language in bench.embedder.languages
    vectors = bench.embedder.embed_texts([query.text] if embeds else [])
    found, corpus = knowledge.candidates(query, vectors, Access())
    kept = {hit.chunk.id for hit in hits}
    ranked = sorted(
        (-score, each.chunk.quote(at))
        for each in found
        if each.chunk.id in kept
        for at, score in enumerate(_scores(query, vectors, each, corpus))
    )
    return [text for _, text in ranked[: max(DEPTHS)]]


def _scores(query: Query, vectors: Vectors, candidate: Candidate, corpus: Corpus) -> list[float]:
    if len(vectors):
        return [float(value) for value in candidate.vectors.sentences @ vectors[0]]
    terms = {term: idf(corpus.passages, corpus.frequency.get(term, 0)) for term in content_tokens(query.tokens)}
    mean = corpus.mean_length / max(1, len(candidate.tokens))
    return [
        bm25(terms, Counter(word for word in words if word in terms), len(words), mean) for words in candidate.tokens
    ]
