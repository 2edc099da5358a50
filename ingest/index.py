"""The vector index as the ledger's follower: opened if it is sound, made anew if not, silent meanwhile.

Its files are opened only when they are the ones that were left there: a damaged one can end the whole process.
Otherwise they are thrown away and made anew from the ledger's vectors in a thread, and until that is done
nothing is near anything: questions are answered by keywords. An index in memory is filled before it is used.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from ingest.ledger import Ledger
from ingest.seal import Seal
from ingest.vectors import unpack
from rag.errors import StoreError
from rag.ports import VectorIndex
from rag.types import Vector, Vectors

OpenIndex = Callable[[], VectorIndex]
WipeIndex = Callable[[], None]
Say = Callable[[str], None]

BATCH = 500  # passages read from the ledger at once: longer reading would hold up its checkpoints
PROBES = 16  # passages looked for after opening
PROBED = 10  # among so many neighbours: texts that stand in several documents share their place


def silent(_text: str) -> None:
    """Say nothing."""


class LedgerIndex:
    """A VectorIndex that may not be there yet. Then it finds nothing, and what is written to it is read later on."""

    def __init__(
        self,
        ledger: Ledger,
        dimensions: int,
        open_index: OpenIndex,
        wipe: WipeIndex,
        folder: Path | None,
        say: Say = silent,
    ) -> None:
        """`folder`: where the index keeps its files; None for one in memory."""
        self._ledger, self._dimensions = ledger, dimensions
        self._open_index, self._wipe, self._say = open_index, wipe, say
        self._seal = Seal(folder) if folder else None
        self._index: VectorIndex | None = None
        self._changing = threading.RLock()
        self._stopping = threading.Event()
        self._maker: threading.Thread | None = None
        self._problem: Exception | None = None
        self._open()

    def upsert(self, ids: Sequence[int], passages: Vectors, labels: Vectors) -> None:
        with self._writing() as index:
            if index:
                index.upsert(ids, passages, labels)

    def delete(self, ids: Sequence[int]) -> None:
        with self._writing() as index:
            if index:
                index.delete(ids)

    def nearest(self, vector: Vector, limit: int) -> list[int]:
        index = self._index
        return index.nearest(vector, limit) if index else []

    def ids(self) -> set[int]:
        index = self._index
        return index.ids() if index else set()

    @contextmanager
    def following(self) -> Iterator[None]:
        """The ledger may change in here: the index is not declared to be in step with it before the end."""
        with self._changing:
            yield

    def add(self, ids: Iterable[int]) -> None:
        """Take these passages' vectors over from the ledger."""
        self._fill(self, ids)

    def wait(self) -> None:
        """Until it is whole. Raises what making it failed with."""
        if self._maker:
            self._maker.join()
        if self._problem:
            raise self._problem

    def seal(self) -> None:
        """Declare the files to be whole, if they are. From now on a kill does them no harm."""
        with self._changing:
            if self._seal and self._index and not self._problem and not self._seal.stands:
                self._seal.set()

    def remake(self) -> None:
        """Throw the index away and make it from the ledger's vectors, in a thread."""
        self._end()
        self._problem = None
        self._stopping.clear()
        self._make_in_thread(None)

    def close(self) -> None:
        """Stop making it, if it is being made; then the next start does that."""
        whole = self._end()
        if self._seal and whole and not self._seal.stands:
            self._seal.set()

    def _end(self) -> bool:
        """Close what is open; whether it was whole."""
        self._stopping.set()
        if self._maker:
            self._maker.join()
        with self._changing:
            index, self._index = self._index, None
            if index:
                _close(index)
            return index is not None and not self._problem

    # --- opening -------------------------------------------------------------------------------------------

    def _open(self) -> None:
        live = self._ledger.live_ids()
        index = self._as_it_was_left(live) if self._seal else None
        if self._seal is None or not live:
            self._make(index)
        elif index and index.ids() == live:
            self._index = index
            self.seal()
        else:
            self._say("The vector index is made anew from the ledger. Until it is whole, keywords alone find passages.")
            self._make_in_thread(index)

    def _as_it_was_left(self, live: set[int]) -> VectorIndex | None:
        """The index in the files, if they are undamaged and it finds what it holds."""
        assert self._seal
        if not self._seal.holds():
            return None
        self._seal.lift()
        try:
            index = self._open_index()
            if self._finds(index, sorted(live & index.ids())):
                return index
        except StoreError:
            return None  # it is of another embedder, or of another version of its library
        _close(index)
        return None

    def _finds(self, index: VectorIndex, held: list[int]) -> bool:
        """Whether most of a few passages are among the nearest to their own vectors."""
        probes = random.Random(len(held)).sample(held, min(PROBES, len(held)))
        found = 0
        for batch in self._ledger.vectors(probes):
            for number, raw in batch:
                found += number in index.nearest(unpack(raw, self._dimensions).passage, PROBED)
        return 2 * found >= len(probes)

    # --- making --------------------------------------------------------------------------------------------

    def _make_in_thread(self, index: VectorIndex | None) -> None:
        self._maker = threading.Thread(target=self._make_and_tell, args=[index], daemon=True, name="vector index")
        self._maker.start()

    def _make_and_tell(self, index: VectorIndex | None) -> None:
        try:
            self._make(index)
        except Exception as problem:  # noqa: BLE001 – kept for wait(); keywords go on answering
            self._problem = problem
            self._say(f"The vector index could not be made anew: {problem} Keywords alone find passages.")

    def _make(self, index: VectorIndex | None) -> None:
        """Bring `index`, or a new one, in step with the ledger, and use it from then on."""
        if index is None:
            if self._seal:
                self._seal.lift()
            self._wipe()
            index = self._open_index()
        self._bring_in_step(index)
        if self._stopping.is_set():
            return _close(index)
        with self._changing:
            self._bring_in_step(index)  # with what was published meanwhile
            self._index = index
            self.seal()
        return None

    def _bring_in_step(self, index: VectorIndex) -> None:
        live, present = self._ledger.live_ids(), index.ids()
        index.delete(sorted(present - live))
        self._fill(index, sorted(live - present))

    def _fill(self, index: VectorIndex, ids: Iterable[int]) -> None:
        wanted = list(ids)
        for at in range(0, len(wanted), BATCH):
            if self._stopping.is_set():
                return
            for batch in self._ledger.vectors(wanted[at : at + BATCH]):
                vectors = [unpack(raw, self._dimensions) for _, raw in batch]
                if vectors:
                    passages, labels = np.stack([v.passage for v in vectors]), np.stack([v.label for v in vectors])
                    index.upsert([number for number, _ in batch], passages, labels)

    @contextmanager
    def _writing(self) -> Iterator[VectorIndex | None]:
        with self._changing:
            if self._seal and self._index:
                self._seal.lift()
            try:
                yield self._index
            except Exception as problem:
                self._problem = problem  # half written: never to be sealed
                raise


def _close(index: VectorIndex) -> None:
    close = getattr(index, "close", None)
    if close:
        close()
