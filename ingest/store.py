"""Opens the store under the data folder: lock, ledger, vector index; changes ledger and index together.

One process owns the store (writes, and uses Chroma); others read the ledger beside it. The ledger is the
truth; how the vector index follows it is said in `ingest/index.py`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType

from filelock import FileLock, Timeout
from sqlalchemy import Engine

from ingest.deposit import remove_half_written
from ingest.index import LedgerIndex, OpenIndex, Say, WipeIndex, silent
from ingest.ledger import Ledger
from rag.errors import StoreError
from rag.ports import Embedder

# Lock objects give their lock back when they are collected; a right that was taken is kept until it is given back.
_held: set[Ownership] = set()


@dataclass(frozen=True, slots=True)
class Owner:
    """Who owns the store. `listens`: carries out what others ask for (ingest/requests.py)."""

    pid: int
    purpose: str
    listens: bool = False

    def __str__(self) -> str:
        return f"'{self.purpose}' (process {self.pid})"


class Ownership:
    """The right to write, held by one process at a time and given back by the system when that process dies."""

    def __init__(self, data: Path) -> None:
        data.mkdir(parents=True, exist_ok=True)
        self._lock = FileLock(data / ".owner.lock")
        self._note = data / ".owner.json"

    def take(self, purpose: str, *, listens: bool = False) -> None:
        """Own the store until release() or the end of this process. Raises StoreError, naming the owner there is."""
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            owner = self.owner() or "another process"
            raise StoreError(
                f"The store is in use by {owner}. Wait for it or stop it; or name another store with --data."
            ) from None
        _held.add(self)
        self._note.write_text(json.dumps(asdict(Owner(os.getpid(), purpose, listens))))

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

    def owner(self) -> Owner | None:
        """Who took it last; None if there is no saying."""
        try:
            return Owner(**json.loads(self._note.read_text()))
        except (OSError, ValueError, TypeError):  # being written at this moment
            return None


class Store:
    """The ledger with a vector index that follows it."""

    def __init__(
        self,
        engine: Engine,
        embedder: Embedder,
        data: Path,
        open_index: OpenIndex,
        wipe: WipeIndex,
        folder: Path | None = None,
        say: Say = silent,
    ) -> None:
        """`folder`: where the index keeps its files; None for one in memory, beside the owner. `say` hears when the
        index has to be made anew, which begins at once and goes on beside questions."""
        self.engine, self.embedder, self.data = engine, embedder, data
        self.ledger = Ledger(engine)
        if folder:
            remove_half_written(data)
        self.index = LedgerIndex(self.ledger, embedder.dimensions, open_index, wipe, folder, say)

    def publish(
        self, version_ids: Sequence[int], withdraw: Sequence[str] = (), note: str = "", held: bool = False
    ) -> None:
        """Make staged versions live and let documents fall silent, in one commit; `held`: see `ingest/release.py`.

        The versions' vectors go first: until the commit, nobody reads them.
        """
        with self.index.following():
            self.index.add(self.ledger.version_chunks(version_ids))
            self.index.delete(self.ledger.publish(version_ids, withdraw, note, held))

    def withdraw(self, sources: Sequence[str], note: str = "") -> None:
        """Let documents whose files are gone fall silent."""
        with self.index.following():
            self.index.delete(self.ledger.withdraw(sources, note))

    def forget(self, sources: Sequence[str]) -> None:
        """Let everything the ledger holds of these documents go; see `ingest/erasure.py` for what they leave behind."""
        with self.index.following():
            self.index.delete(self.ledger.forget(sources))

    def rebuild(self) -> int:
        """Make the index again from the ledger's vectors, without embedding; how many passages it holds."""
        self.index.remake()
        self.index.wait()
        return len(self.index.ids())

    def close(self) -> None:
        self.index.close()
        self.engine.dispose()

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
