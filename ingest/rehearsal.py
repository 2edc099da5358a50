"""A store over a copy of the ledger, to carry a change out on and throw away.

Reads the ledger only, so it works beside the process that owns the store. The copy lies in the data folder, because it
holds whatever else the database holds, and is deleted at the end. Vectors are compared in memory; which index and which
database that means is passed in. What is asked of it goes through the same code as live.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sqlalchemy import Engine

from ingest import publishing
from ingest.index import OpenIndex
from ingest.store import Store, check_embedder
from rag.errors import SetupError
from rag.ports import Embedder

PREFIX = ".rehearsal-"
LEFT = 24 * 3600  # seconds after which a copy belongs to a process that was killed
DATABASE = "vouch.db"
State = Literal["live", "staged"] | int  # as it is, with all that waits published, or right after release N
OpenDatabase = Callable[[Path], Engine]


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to one document: ids of the version before and after; None where it does not answer."""

    source: str
    before: int | None
    after: int | None

    @property
    def kind(self) -> Literal["new", "changed", "withdrawn"]:
        return "new" if self.before is None else "withdrawn" if self.after is None else "changed"


@contextmanager
def rehearsal(
    data: Path, open_database: OpenDatabase, embedder: Embedder, open_index: OpenIndex, state: State = "live"
) -> Iterator[Store]:
    """A store as the one in `data` is at this moment, brought into `state`, to be changed at will.

    Raises StoreError for another embedder or a release that cannot be had, SetupError without room on the disk.
    """
    data.mkdir(parents=True, exist_ok=True)
    _sweep(data)
    with tempfile.TemporaryDirectory(prefix=PREFIX, dir=data) as folder:
        _copy(data, Path(folder), open_database)
        engine = open_database(Path(folder))
        with closing(Store(engine, embedder, Path(folder), open_index, lambda: None)) as store:
            check_embedder(store.ledger, embedder)
            bring(store, state)
            yield store


def bring(store: Store, state: State, sources: Sequence[str] = ()) -> None:
    """Carry out on a rehearsed store what would bring the live one into `state`; `sources`: of what is staged."""
    if state == "staged":
        publishing.publish(store, sources)
    elif state != "live":
        publishing.rollback(store, state)


def changes(before: Mapping[str, int], after: Mapping[str, int]) -> list[Change]:
    """What happened between two states of a ledger (source → live version), by source."""
    return [
        Change(source, before.get(source), after.get(source))
        for source in sorted({*before, *after})
        if before.get(source) != after.get(source)
    ]


def _copy(data: Path, folder: Path, open_database: OpenDatabase) -> None:
    live = open_database(data)
    try:
        with closing(sqlite3.connect(folder / DATABASE)) as target, closing(live.raw_connection()) as source:
            source.driver_connection.backup(target)  # type: ignore[union-attr]
    except sqlite3.OperationalError as error:
        raise SetupError(
            f"The ledger cannot be copied for the preview: {error}. It needs as much room in {data} as the store has."
        ) from error
    finally:
        live.dispose()


def _sweep(data: Path) -> None:
    """Copies that a killed process left behind."""
    for each in data.glob(f"{PREFIX}*"):
        if time.time() - each.stat().st_mtime > LEFT:
            shutil.rmtree(each, ignore_errors=True)
