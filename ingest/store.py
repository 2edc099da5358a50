"""Opens the store under the data folder: lock, ledger, vector index; and keeps the index in step with the ledger.

One process owns the store (writes, and uses Chroma); others read the ledger beside it. The ledger is the
truth: whatever the vector index lacks, holds too much of, or cannot say is made again from stored vectors.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import TracebackType

import numpy as np
from filelock import FileLock, Timeout
from sqlalchemy import Engine

from ingest.ledger import Ledger
from ingest.vectors import unpack
from rag.errors import StoreError
from rag.ports import Embedder, VectorIndex

OpenIndex = Callable[[], VectorIndex]
WipeIndex = Callable[[], None]


class Ownership:
    """The right to write, held by one process at a time and given back by the system when that process dies."""

    def __init__(self, data: Path) -> None:
        data.mkdir(parents=True, exist_ok=True)
        self._lock = FileLock(data / ".owner.lock")
        self._note = data / ".owner.json"

    def take(self, purpose: str) -> None:
        """Raises StoreError, naming the owner, when another process has it."""
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            raise StoreError(
                f"The store is in use by {self._owner()}. Wait for it or stop it; or name another store with --data."
            ) from None
        self._note.write_text(json.dumps({"pid": os.getpid(), "purpose": purpose}))

    def try_take(self, purpose: str) -> bool:
        """Whether this process is the owner now."""
        try:
            self.take(purpose)
        except StoreError:
            return False
        return True

    def release(self) -> None:
        self._lock.release()

    def _owner(self) -> str:
        try:
            note = json.loads(self._note.read_text())
        except (OSError, ValueError):  # being written at this moment
            return "another process"
        return f"'{note['purpose']}' (process {note['pid']})"


class Store:
    """The ledger with a vector index that follows it."""

    def __init__(
        self, engine: Engine, embedder: Embedder, data: Path, open_index: OpenIndex, wipe: WipeIndex, owner: bool = True
    ) -> None:
        """`owner`: whether this process holds the Ownership; another only reads, with an index of its own in memory."""
        self.engine, self.embedder, self.data = engine, embedder, data
        self.ledger = Ledger(engine)
        self._open_index, self._wipe = open_index, wipe
        # Stands while the index is being written or first looked at: found at start, the index is not to be trusted.
        self._unsure = data / ".index-unsure"
        self.index: VectorIndex = self._trusted() if owner else open_index()
        if not owner:
            self._fill(self.ledger.live_ids())

    def publish(self, version_ids: Sequence[int], note: str = "") -> None:
        """Make staged versions live. Their vectors go first: until the commit, nobody reads them."""
        self._unsure.touch()
        self._fill(self.ledger.version_chunks(version_ids))
        silent = self.ledger.publish(version_ids, note)
        self.index.delete(silent)
        self._unsure.unlink()

    def withdraw(self, sources: Sequence[str], note: str = "") -> None:
        """Let documents fall silent."""
        silent = self.ledger.withdraw(sources, note)
        self._unsure.touch()
        self.index.delete(silent)
        self._unsure.unlink()

    def rebuild(self) -> int:
        """Make the index again from the ledger's vectors, without embedding; how many passages it holds."""
        self._unsure.touch()
        self._close_index()
        self._wipe()
        self.index = self._open_index()
        live = self.ledger.live_ids()
        self._fill(live)
        self._unsure.unlink()
        return len(live)

    def close(self) -> None:
        self._close_index()
        self.engine.dispose()

    def _trusted(self) -> VectorIndex:
        """The index, in step with the ledger."""
        killed = self._unsure.exists()
        self._unsure.touch()
        if killed:
            self._wipe()
        try:
            index = self._open_index()
            present = index.ids()
        except StoreError:
            # Damaged on disk. Nothing is lost by starting over.
            self._wipe()
            index, present = self._open_index(), set()
        self.index = index
        live = self.ledger.live_ids()
        index.delete(sorted(present - live))
        self._fill(sorted(live - present))
        self._unsure.unlink()
        return index

    def _fill(self, ids: Iterable[int]) -> None:
        for batch in self.ledger.vectors(ids):
            vectors = [unpack(raw, self.embedder.dimensions) for _, raw in batch]
            if vectors:
                passages, labels = np.stack([v.passage for v in vectors]), np.stack([v.label for v in vectors])
                self.index.upsert([number for number, _ in batch], passages, labels)

    def _close_index(self) -> None:
        close = getattr(self.index, "close", None)
        if close:
            close()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def check_embedder(ledger: Ledger, embedder: Embedder) -> None:
    """Remember the embedder of an empty store; refuse another one later. Raises StoreError."""
    known = ledger.fact("embedder")
    if not known:
        ledger.record("embedder", embedder.fingerprint)
    elif known != embedder.fingerprint:
        raise StoreError(
            f"The store was embedded with {known}, but config.yaml says {embedder.fingerprint}. "
            "Run 'python -m ingest rebuild --embed' to embed everything anew, or restore the former setting."
        )
