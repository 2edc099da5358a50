"""Sentences ranked over all passages, beside BM25 over the same sentences in the same run.

Questions must say where their answer stands ("answer": [start, end] in the text of the relevant document). Right is
a sentence in which the answer begins. Knows the data only in the BEIR layout.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from eval.beir import Benchmark, DataError, Entry, Question
from eval.bench.retrieval import plain_bm25
from eval.workbench import Workbench
from rag.text import sentence_spans
from rag.types import Access, Chunk, Hit, Turn
from rag.understand import understand

DEPTH = 10  # passages whose sentences are ranked
Place = tuple[str, int, int]  # document, start, end
Ranking = Callable[[Question], Sequence[Place]]


def run(bench: Workbench, data: Benchmark) -> dict[str, dict[str, float]]:
    """{"ours", "bm25": {p@1, recall@5, mrr@10}}. Raises DataError where no question has a place."""
    data = replace(data, questions=[each for each in data.questions if each.answer])
    if not data.questions:
        raise DataError('No question says where its answer stands. Give queries.jsonl "answer": [start, end].')
    with tempfile.TemporaryDirectory() as scratch:
        store, _, ids = bench.fill(Path(scratch), data.corpus)
        retriever, texts = bench.retriever(store), {each.id: each.text for each in data.corpus}

        def ours(question: Question) -> list[Place]:
            said = [*question.history, Turn("customer", question.text)]
            query = retriever.corrected(understand(said), Access())
            hits = retriever.retrieve(query, Access(), DEPTH)
            return [_place(hit.chunk, at, ids, texts) for hit, at in _ranked(hits)]

        figures = {"ours": _measure(ours, data), "bm25": _measure(_bm25(data.corpus), data)}
        store.close()
    return figures


def _ranked(hits: Sequence[Hit]) -> list[tuple[Hit, int]]:
    """Sentences by number, best first: by what the passage scored and what they say themselves."""
    scored = [(hit.score + score, hit, at) for hit in hits for at, score in enumerate(hit.sentence_scores)]
    return [(hit, at) for _, hit, at in sorted(scored, key=lambda each: -each[0])]


def _place(chunk: Chunk, sentence: int, ids: Mapping[str, str], texts: Mapping[str, str]) -> Place:
    document, quote = ids[chunk.source], chunk.quote(sentence)
    start = texts[document].find(quote)
    return document, start, start + len(quote)


def _bm25(corpus: Sequence[Entry]) -> Ranking:
    places = [(each.id, start, end) for each in corpus for start, end in sentence_spans(each.text)]
    texts = {each.id: each.text for each in corpus}
    search = plain_bm25([Entry(str(at), "", texts[place[0]][place[1] : place[2]]) for at, place in enumerate(places)])
    return lambda question: [places[int(found)] for found in search(question)]


def _measure(ranking: Ranking, data: Benchmark) -> dict[str, float]:
    sums = {"p@1": 0.0, "recall@5": 0.0, "mrr@10": 0.0}
    for question in data.questions:
        right = ["right" if _holds(place, question, data) else "" for place in ranking(question)]
        first = right.index("right") + 1 if "right" in right else 0
        sums["p@1"] += first == 1
        sums["recall@5"] += 1 <= first <= 5
        sums["mrr@10"] += 1 / first if 1 <= first <= 10 else 0
    return {name: value / len(data.questions) for name, value in sums.items()}


def _holds(place: Place, question: Question, data: Benchmark) -> bool:
    document, start, end = place
    return document in data.relevant[question.id] and question.answer is not None and start <= question.answer[0] < end
