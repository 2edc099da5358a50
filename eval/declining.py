"""Questions with and without their answer: what retrieval finds when the answer is there, and when it is not.

Every question is asked twice of the same store, once as it is and once with all its relevant documents hidden, so
that nothing but the answer differs. Where a set says itself what cannot be answered, each question is asked once.
Knows no weights: `eval/calibrate.py` fits them on these examples, `eval/bench/decline.py` measures them.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from eval.beir import Benchmark, Question
from eval.cases import read_cases
from eval.datasets import load
from eval.workbench import Workbench
from ingest.pipeline import Pipeline
from ingest.sandbox import Sandbox
from ingest.store import Store
from rag.config import ROOT
from rag.ports import Candidate, Corpus, KnowledgeReader
from rag.retrieve import Retriever
from rag.types import Access, Chunk, Language, Query, Turn, Vectors
from rag.understand import understand

CASES = Path(__file__).with_name("cases") / "declining.jsonl"
DEMO_CASES = "*.cases.jsonl"  # in the same folder
KNOWLEDGE, ELSEWHERE = "knowledge", "elsewhere"
ASKED_ON = date(2026, 11, 2)  # a day on which the documents that the cases were written from are all valid


@dataclass(frozen=True, slots=True)
class Example:
    """One question as it was asked, and what decides whether to answer it."""

    set: str  # and language, where a set has both
    group: str  # a relevant document: what is fitted and what is reported have none in common
    language: Language
    answerable: bool
    signals: Mapping[str, float]  # of the best hit
    plain: float  # the highest cosine of any passage; in Chinese the best keyword score

    @property
    def held(self) -> bool:
        """Whether it is kept aside from fitting: half of the groups are, by their hash."""
        return hashlib.sha256(f"{self.set}/{self.group}".encode()).digest()[0] % 2 == 1


class Hiding:
    """A KnowledgeReader that keeps silent about some documents and remembers what it gave."""

    def __init__(self, inner: KnowledgeReader) -> None:
        self._inner = inner
        self.hidden: frozenset[str] = frozenset()
        self.given: list[Candidate] = []

    def candidates(self, query: Query, vectors: Vectors, access: Access) -> tuple[list[Candidate], Corpus]:
        found, corpus = self._inner.candidates(query, vectors, access)
        self.given = [each for each in found if each.chunk.source not in self.hidden]
        return self.given, corpus

    def frequency(self, terms: Sequence[str], access: Access) -> Mapping[str, int]:
        return self._inner.frequency(terms, access)

    def chunk(self, chunk_id: int, access: Access) -> Chunk | None:
        found = self._inner.chunk(chunk_id, access)
        return None if found is None or found.source in self.hidden else found

    def products(self, access: Access) -> frozenset[str]:
        return self._inner.products(access)

    def neighbours(self, chunk: Chunk, access: Access) -> list[Chunk]:
        return [] if chunk.source in self.hidden else self._inner.neighbours(chunk, access)


def collect(bench: Workbench, sets: Mapping[str, Path], every: int = 1) -> list[Example]:
    """Examples of each `every`-th question of the named public sets, and of all cases of the demo knowledge."""
    found = [*_of_knowledge(bench), *_of_cases(bench)]
    for name, source in sets.items():
        data = load(name, source)
        with tempfile.TemporaryDirectory() as scratch:
            store, _, ids = bench.fill(Path(scratch), data.corpus)
            sources = {entry: source for source, entry in ids.items()}
            hide = {asked: [sources[each] for each in gold] for asked, gold in data.relevant.items()}
            mine = list(_asked(bench, store, name, data.questions[::every], hide, _twice(data)))
            language = Counter(each.language for each in mine).most_common(1)[0][0]
            # The odd question of foreign names alone is read as another language, and would be a set of its own.
            found += [each for each in mine if each.language == language]
            found += _elsewhere(bench, store, language)
            store.close()
    return found


def cases() -> Benchmark:
    """The questions written for the demo knowledge, with every document that answers each."""
    rows = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]
    questions = [Question(row["id"], row["question"]) for row in rows]
    return Benchmark([], questions, {row["id"]: dict.fromkeys(row["gold"], 1.0) for row in rows})


def _twice(data: Benchmark) -> bool:
    return all(each.answerable for each in data.questions)


def _of_knowledge(bench: Workbench) -> Iterator[Example]:
    data, limits = cases(), bench.settings.ingest
    with tempfile.TemporaryDirectory() as scratch, Sandbox(limits.workers, ocr_pages=limits.ocr_pages) as sandbox:
        store = bench.open_store(Path(scratch))
        list(Pipeline(store, sandbox.parse, bench.count, limits).sync(ROOT / "knowledge")[1])
        hide = {asked: list(gold) for asked, gold in data.relevant.items()}
        yield from _asked(bench, store, KNOWLEDGE, data.questions, hide, twice=True)
        store.close()


def _of_cases(bench: Workbench) -> Iterator[Example]:
    """The cases about the demo knowledge that the assistant may be improved on, asked once each."""
    limits = bench.settings.ingest
    with tempfile.TemporaryDirectory() as scratch, Sandbox(limits.workers, ocr_pages=limits.ocr_pages) as sandbox:
        store = bench.open_store(Path(scratch))
        list(Pipeline(store, sandbox.parse, bench.count, limits).sync(ROOT / "knowledge")[1])
        reader = Hiding(bench.knowledge(store))
        retriever = Retriever(reader, bench.embedder, bench.settings.retrieval.history_share)
        for case in read_cases(sorted(CASES.parent.glob(DEMO_CASES))):
            if case.split == "dev" and case.expect in ("answer", "clarify", "decline") and not case.customer:
                access = Access(today=case.at.date())
                query = understand([Turn("customer", each) for each in case.turns], reader.products(access))
                if query.wish != "question":
                    continue  # nothing is looked up for it
                hits = retriever.retrieve(query, access, bench.settings.retrieval.passages)
                signals = dict(hits[0].signals) if hits else {}
                group = case.cite[0][0] if case.cite else case.id
                plain = _plain(bench, query, reader.given, signals)
                yield Example(
                    f"cases {query.language}", group, query.language, case.expect != "decline", signals, plain
                )
        store.close()


def _elsewhere(bench: Workbench, store: Store, language: Language) -> list[Example]:
    """The demo's questions asked of quite another store: what has nothing to do with it is not to be answered."""
    data = cases()
    mine = [each for each in data.questions if understand([Turn("customer", each.text)]).language == language]
    hide = {asked: list(gold) for asked, gold in data.relevant.items()}
    found = _asked(bench, store, ELSEWHERE, mine, hide, twice=False)
    return [replace(each, answerable=False, set=f"{ELSEWHERE} {language}") for each in found]


def _asked(
    bench: Workbench,
    store: Store,
    name: str,
    questions: Sequence[Question],
    hide: Mapping[str, Sequence[str]],
    twice: bool,
) -> Iterator[Example]:
    reader = Hiding(bench.knowledge(store))
    retriever = Retriever(reader, bench.embedder, bench.settings.retrieval.history_share)
    for question in questions:
        query = understand([*question.history, Turn("customer", question.text)])
        label = f"{name} {query.language}" if name == KNOWLEDGE else name
        gold = hide[question.id]
        for answerable in (True, False) if twice else (question.answerable,):
            reader.hidden = frozenset() if answerable or not twice else frozenset(gold)
            hits = retriever.retrieve(query, Access(today=ASKED_ON), bench.settings.retrieval.passages)
            signals = dict(hits[0].signals) if hits else {}
            plain = _plain(bench, query, reader.given, signals)
            yield Example(label, min(gold), query.language, answerable, signals, plain)


def _plain(bench: Workbench, query: Query, candidates: Sequence[Candidate], signals: Mapping[str, float]) -> float:
    """What most assistants go by: the similarity of whatever is nearest."""
    if query.language not in bench.embedder.languages:
        return signals.get("keyword", 0.0)
    vector = bench.embedder.embed_texts([query.text])[0]
    best = [
        max(float(v.passage @ vector), float(v.label @ vector), float((v.sentences @ vector).max(initial=-1.0)))
        for v in (each.vectors for each in candidates)
    ]
    return max(best, default=0.0)
