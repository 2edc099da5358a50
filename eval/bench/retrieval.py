"""Retrieval on a corpus in the BEIR layout, beside plain BM25 in the same run."""

from __future__ import annotations

import re
import resource
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from eval.beir import Benchmark, Entry, Question
from eval.metrics import ndcg_at, percentile, recall_at, reciprocal_rank_at
from eval.workbench import Workbench
from rag.text import HAN
from rag.types import Access, Turn
from rag.understand import understand

DEPTH = 200  # passages looked at to rank documents
Search = Callable[[Question], Sequence[str]]  # ids of documents, best first


def run(bench: Workbench, data: Benchmark) -> dict[str, dict[str, float]]:
    """{"ours", "bm25": {recall@1, …, query_ms_p95}, "ingest": {documents, chunks, chunks_per_s, peak_rss_mb}}"""
    with tempfile.TemporaryDirectory() as scratch:
        began = time.perf_counter()
        store, outcomes, ids = bench.fill(Path(scratch), data.corpus)
        seconds = time.perf_counter() - began
        chunks = sum(each.passages for each in outcomes)
        retriever = bench.retriever(store)

        def ours(question: Question) -> list[str]:
            said = [*question.history, Turn("customer", question.text)]
            query = retriever.corrected(understand(said), Access())
            hits = retriever.retrieve(query, Access(), DEPTH)
            return list(dict.fromkeys(ids[hit.chunk.source] for hit in hits))

        measured = {"ours": _measure(ours, data), "bm25": _measure(plain_bm25(data.corpus), data)}
        store.close()
    ingest = {"documents": float(len(data.corpus)), "chunks": float(chunks), "chunks_per_s": chunks / seconds}
    return {**measured, "ingest": {**ingest, "peak_rss_mb": peak_rss_mb()}}


def peak_rss_mb() -> float:
    """The most memory this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _measure(search: Search, data: Benchmark) -> dict[str, float]:
    sums: dict[str, float] = {}
    times = []
    for question in data.questions:
        began = time.perf_counter()
        ranked = search(question)
        times.append((time.perf_counter() - began) * 1000)
        for name, value in _scores(ranked, data.relevant[question.id]).items():
            sums[name] = sums.get(name, 0.0) + value
    means = {name: value / len(data.questions) for name, value in sums.items()}
    return {**means, "query_ms_p50": percentile(times, 0.5), "query_ms_p95": percentile(times, 0.95)}


def _scores(ranked: Sequence[str], relevant: dict[str, float]) -> dict[str, float]:
    recalls = {f"recall@{k}": recall_at(ranked, relevant, k) for k in (1, 5, 10)}
    return {**recalls, "mrr@10": reciprocal_rank_at(ranked, relevant, 10), "ndcg@10": ndcg_at(ranked, relevant, 10)}


def plain_bm25(corpus: Sequence[Entry]) -> Search:
    """bm25s with k1 1.2 and b 0.75 over title and text: English stemmed, Chinese as pairs of characters."""
    import bm25s
    import Stemmer

    stem = Stemmer.Stemmer("english").stemWords

    def terms(text: str) -> list[str]:
        words = re.findall(rf"[^\W_{HAN}]+", text.lower())
        runs = re.findall(f"[{HAN}]+", text)
        return [*stem(words), *(run[at : at + 2] for run in runs for at in range(max(1, len(run) - 1)))]

    index = bm25s.BM25(k1=1.2, b=0.75)
    index.index([terms(f"{each.title} {each.text}") for each in corpus], show_progress=False)
    ids, depth = [each.id for each in corpus], min(10, len(corpus))

    def search(question: Question) -> list[str]:
        asked = [term for term in terms(question.text) if term in index.vocab_dict]
        if not asked:
            return []
        found, _ = index.retrieve([asked], k=depth, show_progress=False)
        return [ids[row] for row in found[0]]

    return search
