"""A knowledge folder with a store over it, as tests fill and read them: real ledger, real loaders, cheap vectors."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from backends import build
from backends.database import open_database
from ingest.knowledge import Knowledge
from ingest.loaders import load_file
from ingest.pipeline import Outcome, Pipeline
from ingest.rows import Status
from ingest.store import Store
from rag.config import Ingest
from rag.ports import Embedder
from rag.types import Access, Document, Query, Turn, Vectors
from rag.understand import understand
from tests.doubles.embedder import HashEmbedder

EVERYBODY = Access()


def parse(path: Path, name: str) -> Document:
    """Without the sandbox: its cost is that of a process, and it has tests of its own."""
    return load_file(path, name)


def count_words(text: str, /) -> int:
    """A token counter that can be checked by hand."""
    return len(text.split())


class Shelf:
    """`write`, `sync`, then ask."""

    def __init__(self, base: Path, embedder: Embedder | None = None) -> None:
        self.folder, self.data = base / "knowledge", base / "data"
        self.mode: Literal["auto", "review"] = "auto"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.hashing = HashEmbedder()
        self.store = self._opened(embedder or self.hashing)

    def write(self, source: str, text: str | bytes) -> Path:
        path = self.folder / source
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def sync(self, scope: str = "") -> dict[str, str]:
        """source → what became of it."""
        return {each.source: each.result for each in self.outcomes(scope)}

    def outcomes(self, scope: str = "") -> list[Outcome]:
        pipeline = Pipeline(self.store, parse, count_words, Ingest(publish=self.mode))
        return list(pipeline.sync(self.folder, [self.folder / scope] if scope else [])[1])

    def status(self, source: str) -> Status:
        return next(each for each in self.store.ledger.status() if each.source == source)

    def knowledge(self) -> Knowledge:
        return Knowledge(self.store.engine, self.store.index, self.store.embedder.dimensions, 60, 40)

    def texts(self, question: str, access: Access = EVERYBODY) -> set[str]:
        """Texts of all passages that come up for `question`."""
        return {each.chunk.text for each in self.knowledge().candidates(*self.asking(question, access))[0]}

    def asking(self, question: str, access: Access = EVERYBODY) -> tuple[Query, Vectors, Access]:
        """What a KnowledgeReader takes."""
        return asked(question), self.store.embedder.embed_texts([question]), access

    def reopen(self, embedder: Embedder | None = None) -> None:
        """As a new process would."""
        chosen = embedder or self.store.embedder
        self.store.close()
        self.store = self._opened(chosen)

    def _opened(self, embedder: Embedder) -> Store:
        return Store(open_database(self.data), embedder, self.data, *build.memory_index())

    def close(self) -> None:
        self.store.close()


def asked(question: str) -> Query:
    """A question out of the blue."""
    return understand([Turn("customer", question)])
