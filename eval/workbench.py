"""A temporary store filled through the real pipeline, for benchmarks that bring their own documents."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.beir import Entry
from ingest.chunk import CountTokens
from ingest.knowledge import Knowledge
from ingest.loaders import text
from ingest.pipeline import Outcome, Pipeline
from ingest.store import Store
from rag.config import Settings
from rag.ports import Embedder
from rag.retrieve import Retriever
from rag.types import Block, Document


@dataclass(frozen=True, slots=True)
class Workbench:
    """The parts a benchmark is made of, put together by `eval/__main__.py`."""

    settings: Settings
    embedder: Embedder
    count: CountTokens
    owned: Callable[[Path, Embedder], Store]  # how to open the store in a data folder as its owner
    beside: Callable[[Path, Embedder], Store]  # and as a reader beside its owner

    def open_store(self, data: Path) -> Store:
        """The store in `data`, as its owner opens it."""
        return self.owned(data, self.embedder)

    def open_beside(self, data: Path) -> Store:
        """The store in `data`, as a reader beside its owner opens it."""
        return self.beside(data, self.embedder)

    def fill(self, data: Path, entries: Sequence[Entry]) -> tuple[Store, list[Outcome], dict[str, str]]:
        """(store, what became of each entry, source → entry id). Scans, hashes, cuts, embeds and publishes files."""
        folder, by_source = data / "documents", dict[str, Entry]()
        folder.mkdir(parents=True)
        for number, entry in enumerate(entries):
            source = f"{number:07}.txt"
            by_source[source] = entry
            (folder / source).write_text(f"{entry.title}\n{entry.text}", encoding="utf-8")

        def parse(_path: Path, name: str) -> Document:
            entry = by_source[name]
            if not entry.title:  # as any text file: a short line alone at its top is its title
                return text.load(entry.text.encode(), name)
            return Document(entry.title, text.text_blocks(entry.text) or (Block("text", entry.title),))

        store = self.open_store(data / "store")
        _, running = Pipeline(store, parse, self.count, self.settings.ingest).sync(folder)
        return store, list(running), {source: entry.id for source, entry in by_source.items()}

    def knowledge(self, store: Store) -> Knowledge:
        """The live knowledge of `store`, as configured."""
        chosen = self.settings.retrieval
        return Knowledge(
            store.engine, store.index, self.embedder.dimensions, chosen.keyword_candidates, chosen.vector_candidates
        )

    def retriever(self, store: Store) -> Retriever:
        """A retriever over the live knowledge of `store`, as configured."""
        return Retriever(self.knowledge(store), self.embedder, self.settings.retrieval.history_share)
