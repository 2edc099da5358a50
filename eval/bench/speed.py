"""From question to first sentence, through the whole answer path; and opening the store. With the extractive writer,
or with a model that answers at once, which leaves what is our own of the time.

The store holds generated documents, a fifth of them Chinese; questions are made of their own words, each asked
once, every fifth as a follow-up. Above EMBEDDED passages the documents' vectors are drawn at random, and the
figures say so: what is found then means nothing, but costs the same. Questions are always embedded for real.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from eval import generate
from eval.bench.model_server import Notes, Serving
from eval.metrics import percentile
from eval.workbench import Workbench
from ingest.loaders import load
from ingest.pipeline import Pipeline
from ingest.store import Store
from rag.assistant import Assistant
from rag.ports import Candidate, ChatModel, Corpus, Embedder, KnowledgeReader
from rag.types import Access, Chunk, Document, Done, Language, PassageVectors, Query, Said, Step, Turn, Vectors

EMBEDDED = 20_000
CHINESE = 0.2
FOLLOW_UPS = 0.2
FRAMES = {
    "en": ("How do I {}?", "What happens with {}?", "Is {} included?", "Why does my {}?", "{} – how long?", "{}"),
    "zh": ("{}怎么办？", "请问{}吗？", "为什么{}？", "{}"),
}
Times = dict[str, list[float]]


@dataclass(slots=True)
class _Clock:
    """Milliseconds spent in each part, over all questions."""

    times: Times = field(default_factory=dict)

    def add(self, name: str, began: float) -> None:
        self.times.setdefault(name, []).append((time.perf_counter() - began) * 1000)


@dataclass(frozen=True, slots=True)
class _TimedEmbedder:
    inner: Embedder
    clock: _Clock

    @property
    def fingerprint(self) -> str:
        return self.inner.fingerprint

    @property
    def dimensions(self) -> int:
        return self.inner.dimensions

    @property
    def languages(self) -> frozenset[str]:
        return self.inner.languages

    def embed_passages(self, passages: Sequence[tuple[str, Sequence[str]]]) -> list[PassageVectors]:
        return self.inner.embed_passages(passages)

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        began = time.perf_counter()
        found = self.inner.embed_texts(texts)
        self.clock.add("· embedding", began)
        return found

    def knows(self, word: str) -> bool:
        return self.inner.knows(word)


@dataclass(frozen=True, slots=True)
class _TimedKnowledge:
    inner: KnowledgeReader
    clock: _Clock

    def candidates(self, query: Query, vectors: Vectors, access: Access) -> tuple[list[Candidate], Corpus]:
        began = time.perf_counter()
        found = self.inner.candidates(query, vectors, access)
        self.clock.add("· candidates", began)
        return found

    def frequency(self, terms: Sequence[str], access: Access) -> Mapping[str, int]:
        began = time.perf_counter()
        found = self.inner.frequency(terms, access)
        self.clock.add("· spelling", began)
        return found

    def chunk(self, chunk_id: int, access: Access) -> Chunk | None:
        return self.inner.chunk(chunk_id, access)

    def products(self, access: Access) -> frozenset[str]:
        """Those of the knowledge."""
        return self.inner.products(access)

    def neighbours(self, chunk: Chunk, access: Access) -> list[Chunk]:
        began = time.perf_counter()
        found = self.inner.neighbours(chunk, access)
        self.clock.add("· neighbours", began)
        return found


class RandomPassages:
    """The real embedder for questions, random directions for passages."""

    def __init__(self, real: Embedder) -> None:
        self.fingerprint, self.dimensions, self.languages = "random", real.dimensions, real.languages
        self.embed_texts, self.knows = real.embed_texts, real.knows
        self._chance = np.random.default_rng(0)

    def embed_passages(self, passages: Sequence[tuple[str, Sequence[str]]]) -> list[PassageVectors]:
        return [PassageVectors(self._rows(1)[0], self._rows(1)[0], self._rows(len(some))) for _, some in passages]

    def _rows(self, count: int) -> Vectors:
        rows = self._chance.standard_normal((count, self.dimensions), np.float32)
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def run(
    bench: Workbench,
    scratch: Path,
    chunks: int,
    questions: int,
    model: tuple[ChatModel, Serving] | None = None,
    ingesting: bool = False,
) -> dict[str, dict[str, float]]:
    """step → {p50, p95, mean} in ms, "first sentence" among them; and "store": what it held and took to open.

    With a model also "until the model is asked", and "token to display": from when the last token of a sentence left
    the model to when the sentence may be shown. `ingesting`: the same questions again, beside them, while as many
    documents again go in.
    """
    if chunks > EMBEDDED:
        bench = replace(bench, embedder=RandomPassages(bench.embedder))
    passages = _fill(bench, scratch, chunks)
    began = time.perf_counter()
    with bench.open_store(scratch / "store") as store:
        opening = time.perf_counter() - began
        times, answered = _measure(bench, store, questions, model)
        if ingesting:
            with _growing(bench, store, scratch / "documents", chunks):
                busy, _ = _measure(bench, store, questions, model)
            times |= {f"{name}, ingesting": busy[name] for name in ("first sentence", "whole reply") if name in busy}
    about = {"passages": float(passages), "random_vectors": float(chunks > EMBEDDED), "open_ms": opening * 1000}
    return {"store": {**about, "questions": float(questions), "answered": answered}, **_summary(times)}


def _fill(bench: Workbench, scratch: Path, chunks: int) -> int:
    generate.write_corpus(scratch / "documents", chunks, CHINESE)
    with bench.open_store(scratch / "store") as store:
        pipeline = Pipeline(store, _parse, bench.count, bench.settings.ingest)
        return sum(each.passages for each in pipeline.sync(scratch / "documents")[1])


@contextmanager
def _growing(bench: Workbench, store: Store, documents: Path, chunks: int) -> Iterator[None]:
    """While as many documents again are taken in, by a thread of this process as in the app."""
    generate.write_corpus(documents / "more", chunks, CHINESE, first=chunks)
    running, stop = Pipeline(store, _parse, bench.count, bench.settings.ingest).sync(documents)[1], threading.Event()

    def work() -> None:
        for _ in running:
            if stop.is_set():
                return

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _parse(path: Path, name: str) -> Document:
    return load(path.read_bytes(), name)


def _measure(
    bench: Workbench, store: Store, questions: int, model: tuple[ChatModel, Serving] | None
) -> tuple[Times, float]:
    """(ms of each step, share of questions that got an answer)."""
    clock, answered = _Clock(), 0
    knowledge, embedder = _TimedKnowledge(bench.knowledge(store), clock), _TimedEmbedder(bench.embedder, clock)
    assistant = Assistant(knowledge, embedder, [model[0]] if model else [], bench.count, bench.settings)
    for turns in _conversations(questions):
        began, said = time.perf_counter(), list[float]()
        for event in assistant.reply(turns):
            if isinstance(event, Said):
                said.append(time.perf_counter())
                if len(said) == 1:
                    clock.add("first sentence", began)
            elif isinstance(event, Step):
                clock.times.setdefault(event.name, []).append(event.milliseconds)
            elif isinstance(event, Done):
                clock.add("whole reply", began)
                answered += event.reply.decision.outcome == "answer"
        if model:
            _note(clock, began, said, model[1])
    return clock.times, answered / questions


def _note(clock: _Clock, began: float, said: Sequence[float], server: Serving) -> None:
    """Of one question. A follow-up asks twice, for a question of its own first: the answer is the last."""
    notes = list[Notes]()
    while server.notes.poll():
        notes.append(server.notes.recv())
    if not notes:
        return
    answer = notes[-1]
    clock.times.setdefault("until the model is asked", []).append((answer.asked - began) * 1000)
    if len(said) == len(answer.ended):  # else the check dropped one, and which is which is not known
        shown = [(at - end) * 1000 for at, end in zip(said, answer.ended, strict=True)]
        clock.times.setdefault("token to display", []).extend(shown)


def _conversations(count: int) -> Iterator[list[Turn]]:
    chance, asked = random.Random(0), list[str]()
    for number in range(count):
        asked.append(_question(chance, "zh" if number % round(1 / CHINESE) == 0 else "en"))
        before = asked[-2:-1] if chance.random() < FOLLOW_UPS else []
        yield [Turn("customer", each) for each in (*before, asked[-1])]


def _question(chance: random.Random, language: Language) -> str:
    """A piece of a sentence as the documents have it, in the form of a question."""
    said = generate.sentence(chance, language).rstrip(".。!?！？")
    if language == "zh":
        piece = chance.choice(said.split("，"))[:20]
    else:
        words = said.split()
        first = chance.randrange(max(1, len(words) - 7))
        piece = " ".join(words[first : first + chance.randint(3, 8)])
    return chance.choice(FRAMES[language]).format(piece)


def _summary(times: Times) -> dict[str, dict[str, float]]:
    return {
        name: {"p50": percentile(some, 0.5), "p95": percentile(some, 0.95), "mean": sum(some) / len(some)}
        for name, some in times.items()
    }
