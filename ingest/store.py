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


# Lock objects give their lock back when they are collected; a right that was taken is kept until it is given back.
_held: set[Ownership] = set()


class Ownership:
    """The right to write, held by one process at a time and given back by the system when that process dies."""

    def __init__(self, data: Path) -> None:
        data.mkdir(parents=True, exist_ok=True)
        self._lock = FileLock(data / ".owner.lock")
        self._note = data / ".owner.json"

    def take(self, purpose: str) -> None:
        """Own the store until release() or the end of this process. Raises StoreError, naming the owner there is."""
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            raise StoreError(
                f"The store is in use by {self._owner()}. Wait for it or stop it; or name another store with --data."
            ) from None
        _held.add(self)
        self._note.write_text(json.dumps({"pid": os.getpid(), "purpose": purpose}))

    def try_take(self, purpose: str) -> bool:
        """Whether this process is the owner now."""
        try:
            self.take(purpose)
        except StoreError:
            return False
        return True

    def release(self) -> None:
        """Give it back before the process ends."""
        self._lock.release()
        _held.discard(self)

    def _owner(self) -> str:
        try:
            note = json.loads(self._note.read_text())
        except (OSError, ValueError):  # being written at this moment
            return "another process"
        return f"'{note['purpose']}' (process {note['pid']})"


class Store:
    """The ledger with a vector index that follows it."""

    def __init__(
        self,
        engine: Engine,
        embedder: Embedder,
        data: Path,
        open_index: OpenIndex,
        wipe: WipeIndex,
        unsure: Path | None = None,
    ) -> None:
        """`unsure`: a file that stands while an index kept on disk is being written or first looked at. Found at
        start, that index is not to be trusted. An index in memory has none: it must not touch the owner's."""
        self.engine, self.embedder, self.data = engine, embedder, data
        self.ledger = Ledger(engine)
        self._open_index, self._wipe, self._unsure = open_index, wipe, unsure
        self.index: VectorIndex
        self._open_trusted()

    def publish(
        self, version_ids: Sequence[int], withdraw: Sequence[str] = (), note: str = "", held: bool = False
    ) -> None:
        """Make staged versions live and let documents fall silent, in one commit; `held`: see `ingest/release.py`.

        The versions' vectors go first: until the commit, nobody reads them.
        """
        self._mark()
        self._fill(self.ledger.version_chunks(version_ids))
        silent = self.ledger.publish(version_ids, withdraw, note, held)
        self.index.delete(silent)
        self._unmark()

    def withdraw(self, sources: Sequence[str], note: str = "") -> None:
        """Let documents whose files are gone fall silent."""
        silent = self.ledger.withdraw(sources, note)
        self._mark()
        self.index.delete(silent)
        self._unmark()

    def forget(self, sources: Sequence[str]) -> None:
        """Let everything the ledger holds of these documents go; see `ingest/erasure.py` for what they leave behind."""
        silent = self.ledger.forget(sources)
        self._mark()
        self.index.delete(silent)
        self._unmark()

    def rebuild(self) -> int:
        """Make the index again from the ledger's vectors, without embedding; how many passages it holds."""
        self._mark()
        self._close_index()
        self._wipe()
        self.index = self._open_index()
        live = self.ledger.live_ids()
        self._fill(live)
        self._unmark()
        return len(live)

    def close(self) -> None:
        self._close_index()
        self.engine.dispose()

    def _open_trusted(self) -> None:
        live = self.ledger.live_ids()
        killed = self._unsure is not None and self._unsure.exists()
        self._mark()
        if killed:
            self._wipe()
        try:
            self._open_in_step(live)
        except StoreError:
            # Damaged on disk, or of another embedder. Nothing is lost by starting over.
            self._wipe()
            self._open_in_step(live)
        self._unmark()

    def _open_in_step(self, live: set[int]) -> None:
        self.index = self._open_index()
        present = self.index.ids()
        self.index.delete(sorted(present - live))
        self._fill(sorted(live - present))

    def _mark(self) -> None:
        if self._unsure:
            self._unsure.touch()

    def _unmark(self) -> None:
        if self._unsure:
            self._unsure.unlink(missing_ok=True)

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
