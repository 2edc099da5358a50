"""Ingestion beside LlamaIndex's: the same files, the same model, each system in a process of its own, by turns.

Ours is the whole of it: files on disk, the parse sandbox, the ledger with its keyword index, passage, label
and sentence vectors, two Chroma collections. Theirs is IngestionPipeline with SentenceSplitter, an embedding
and ChromaVectorStore: one vector a chunk, no ledger, no keywords. Reading files, and everything after it, is
within the clock; imports and loading the model are not.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from eval import generate
from eval.bench.retrieval import peak_rss_mb
from eval.workbench import Workbench
from ingest.pipeline import Pipeline
from ingest.sandbox import Sandbox
from rag.config import ROOT
from rag.errors import VouchError
from rag.ports import Embedder

CHUNK_TOKENS = 108  # theirs; gives as many chunks of these files as ours, whose limit is 120
EMBED_BATCH = 256  # theirs is 10 by default, which is far slower
INSERT = 4_000  # nodes given to Chroma at once; it refuses more than 5,461
SYSTEMS = ("ours", "llama_index")

Figures = dict[str, float]


def run(folder: Path, scratch: Path, rounds: int, precision: str, say: Callable[[str], None]) -> dict[str, Figures]:
    """Medians of each system over `rounds`, and ours as a multiple of theirs."""
    measured: dict[str, list[Figures]] = {name: [] for name in SYSTEMS}
    for number in range(rounds):
        for name in SYSTEMS if number % 2 == 0 else SYSTEMS[::-1]:
            measured[name].append(_apart(name, folder, scratch / f"{name}{number}", precision))
            say(f"{name}: {measured[name][-1]['chunks_per_s']:.0f} chunks/s")
    result = {name: {key: median(each[key] for each in some) for key in some[0]} for name, some in measured.items()}
    ours, theirs = (result[name] for name in SYSTEMS)
    ratios = {
        "chunks_per_s": ours["chunks_per_s"] / theirs["chunks_per_s"],
        "time": theirs["seconds"] / ours["seconds"],
    }
    return {**result, "ratio": ratios}


def _apart(name: str, folder: Path, data: Path, precision: str) -> Figures:
    """One run in a process of its own, which prints its figures as JSON."""
    command = [sys.executable, "-m", "eval", "bench", "ingest-one", name, str(folder), str(data)]
    done = subprocess.run([*command, "--precision", precision], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise VouchError(f"The run of {name} failed: {done.stderr.strip()}. Run it by hand: {' '.join(command)}.")
    figures: Figures = json.loads(done.stdout.splitlines()[-1])  # what stands before is progress
    return figures


def curve(scratch: Path, sizes: Sequence[int], embedded: int, step: Callable[[str], None]) -> list[Figures]:
    """Ours alone at growing sizes. Above `embedded` passages the vectors are drawn at random, and the figures say so."""
    found = []
    for size in sorted(sizes):
        folder, system = scratch / f"documents{size}", "ours" if size <= embedded else "ours_drawn"
        generate.write_corpus(folder, size)
        figures = _apart(system, folder, scratch / f"curve{size}", "int8")
        found.append({**figures, "random_vectors": float(size > embedded)})
        step(f"{figures['chunks']:,.0f} chunks: {figures['seconds']:.0f} s")
    return found


def ours(bench: Workbench, folder: Path, data: Path) -> Figures:
    """One run of our pipeline, parse sandbox included."""
    import llama_index.core.node_parser  # noqa: F401 – 2 s that cutting an overlong sentence would cost within the clock

    chosen = bench.settings.ingest
    with bench.open_store(data) as store:
        began = time.perf_counter()
        with Sandbox(chosen.workers, chosen.parse_seconds, chosen.parse_memory_mb) as sandbox:
            outcomes = list(Pipeline(store, sandbox.parse, bench.count, chosen).sync(folder)[1])
        seconds = time.perf_counter() - began
    return _figures(sum(each.passages for each in outcomes), seconds)


def llama_index(embedder: Embedder, folder: Path, data: Path) -> Figures:
    """One run of the baseline."""
    import chromadb
    from llama_index.core import Document
    from llama_index.core.ingestion import IngestionPipeline
    from llama_index.core.node_parser import SentenceSplitter
    from llama_index.vector_stores.chroma import ChromaVectorStore

    client = chromadb.PersistentClient(str(data))
    collection = client.create_collection("chunks", embedding_function=None)
    pipeline = IngestionPipeline(
        transformations=[
            SentenceSplitter(chunk_size=CHUNK_TOKENS, chunk_overlap=0, include_metadata=False),
            _embedding(embedder),
        ],
        vector_store=ChromaVectorStore(chroma_collection=collection),
        disable_cache=True,
    )
    began, chunks = time.perf_counter(), 0
    for paths in _groups(sorted(folder.iterdir())):
        documents = [Document(text=each.read_text(encoding="utf-8"), id_=each.name) for each in paths]
        chunks += len(pipeline.run(documents=documents))
    seconds = time.perf_counter() - began
    assert collection.count() == chunks
    client.close()
    return _figures(chunks, seconds)


def _groups(paths: Sequence[Path]) -> Iterator[Sequence[Path]]:
    """So many files at a time that their chunks can be inserted at once."""
    size = INSERT // 12
    return (paths[at : at + size] for at in range(0, len(paths), size))


def _embedding(embedder: Embedder) -> Any:
    """The same weights as LlamaIndex takes them: one vector a text."""
    from llama_index.core.base.embeddings.base import BaseEmbedding

    class Wrapped(BaseEmbedding):  # type: ignore[misc]
        def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
            found: list[list[float]] = embedder.embed_texts(texts).tolist()
            return found

        def _get_text_embedding(self, text: str) -> list[float]:
            return self._get_text_embeddings([text])[0]

        def _get_query_embedding(self, query: str) -> list[float]:
            return self._get_text_embedding(query)

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._get_text_embedding(query)

    return Wrapped(embed_batch_size=EMBED_BATCH)


def _figures(chunks: int, seconds: float) -> Figures:
    """Memory is this process's own; our parse workers, each limited by config.yaml, come on top of it."""
    rates = {"chunks": float(chunks), "seconds": seconds, "chunks_per_s": chunks / seconds}
    return {**rates, "peak_rss_mb": peak_rss_mb()}
