"""The vector index in Chroma: embedded, owned by one process. Ids and vectors only, no texts, no filters.

Texts and rights stay in the ledger, which can fill this again at any time; so whatever Chroma cannot open or
answer is thrown away and made anew, never repaired.
"""

from __future__ import annotations

import ctypes
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from backends.exact import interleaved
from rag.errors import StoreError
from rag.types import Vector, Vectors

# Chroma applies what it has not yet synced to its own files a second time, at the first write after a query, and
# slowly: with 3,000 passages unsynced that write took 24 s of processor time, with 100 it takes .04 s, and filling
# is no slower. A kill in the middle of a sync may break the files; the store then makes them anew.
HNSW: dict[str, object] = {"space": "cosine", "sync_threshold": 100, "batch_size": 100}
BATCH = 5_000  # Chroma refuses more than 5,461 in one call


M_PERTURB = -6  # of mallopt(3)


def _from_blank_memory() -> None:
    """Let memory be blank when it is handed out, and overwritten when it is given back.

    Chroma writes whole blocks to disk, also what it has not filled of them: that would be what the process had there
    before, texts of erased documents among it. Embedding and parsing take no measurably longer for it.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # of glibc
    if mallopt:
        mallopt(M_PERTURB, 0xFF)  # blocks are filled with its complement


class ChromaIndex:
    """Two collections with the same ids: the passages' vectors and their labels'.

    Every method raises StoreError when Chroma fails, whatever it failed with.
    """

    def __init__(self, folder: Path) -> None:
        os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
        _from_blank_memory()
        with _failing_as_store_error(folder):
            import chromadb
            from chromadb.config import Settings

            folder.mkdir(parents=True, exist_ok=True)
            self._folder = folder
            self._client = chromadb.PersistentClient(str(folder), Settings(anonymized_telemetry=False))
            self._passages, self._labels = (self._collection(name) for name in ("passages", "labels"))

    def _collection(self, name: str) -> Any:
        # embedding_function=None: the default one would download a model.
        return self._client.get_or_create_collection(name, embedding_function=None, configuration={"hnsw": HNSW})

    def upsert(self, ids: Sequence[int], passages: Vectors, labels: Vectors) -> None:
        with _failing_as_store_error(self._folder):
            for some, names in _batches(ids):
                self._passages.upsert(names, embeddings=passages[some])
                self._labels.upsert(names, embeddings=labels[some])

    def delete(self, ids: Sequence[int]) -> None:
        with _failing_as_store_error(self._folder):
            for _, names in _batches(ids):
                self._passages.delete(names)
                self._labels.delete(names)

    def nearest(self, vector: Vector, limit: int) -> list[int]:
        lists = []
        with _failing_as_store_error(self._folder):
            for collection in (self._passages, self._labels):
                answer = collection.query(query_embeddings=[vector], n_results=limit, include=[])
                lists.append([int(each) for each in answer["ids"][0]])
        return interleaved(lists, limit)

    def ids(self) -> set[int]:
        """Ids that both collections hold. Raises StoreError where they disagree: a write reached only one of them."""
        with _failing_as_store_error(self._folder):
            one, other = (set(collection.get(include=[])["ids"]) for collection in (self._passages, self._labels))
            if one != other:
                raise ValueError(f"its two collections differ by {len(one ^ other)} entries")
        return {int(each) for each in one}

    def close(self) -> None:
        self._client.close()


def wipe(folder: Path) -> None:
    """Throw the whole index away, also one that failed to open and is still half in memory. Raises StoreError."""
    from chromadb.api.shared_system_client import SharedSystemClient

    SharedSystemClient.clear_system_cache()
    try:
        if folder.is_dir() and not folder.is_symlink():
            shutil.rmtree(folder)
        else:
            folder.unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(
            f"The vector index {folder} cannot be removed: {error}. Check the rights of the folder."
        ) from error


def _batches(ids: Sequence[int]) -> Iterator[tuple[slice, list[str]]]:
    for at in range(0, len(ids), BATCH):
        some = slice(at, at + BATCH)
        yield some, [str(each) for each in ids[some]]


@contextmanager
def _failing_as_store_error(folder: Path) -> Iterator[None]:
    try:
        yield
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:  # its native part panics with a BaseException of its own
        raise StoreError(
            f"The vector index {folder} failed: {error}. Run 'python -m ingest rebuild': it loses nothing."
        ) from error
