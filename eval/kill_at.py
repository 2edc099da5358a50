"""A sync that ends itself by SIGKILL just before or after the n-th call of one function: how phases are hit exactly.

`python -m eval.kill_at MODULE:NAME before|after N …` runs `python -m ingest …` in this process, with that one
function wrapped from outside; the product knows nothing of it.
"""

from __future__ import annotations

import functools
import importlib
import itertools
import os
import runpy
import signal
import sys
from typing import Any

# From the first write of a run to its last; each is killed at its first call and at its second.
PHASES = (
    ("ingest.pipeline:take", "after"),
    ("pathlib:Path.replace", "before"),  # bytes to be kept are written, under another name
    ("ingest.pipeline:draft_document", "after"),
    ("ingest.pipeline:Pipeline._embedded", "after"),
    ("ingest.ledger:Ledger.stage", "before"),
    ("ingest.ledger:Ledger.stage", "after"),
    ("chromadb.api.models.Collection:Collection.upsert", "after"),  # one of the index's two halves is written
    ("ingest.index:LedgerIndex.add", "after"),
    ("ingest.ledger:Ledger.publish", "after"),
    ("ingest.ledger:Ledger.withdraw", "after"),
    ("chromadb.api.models.Collection:Collection.delete", "after"),
    ("ingest.index:LedgerIndex.delete", "after"),
    ("ingest.seal:Seal.lift", "after"),
    ("ingest.seal:Seal.set", "before"),
    ("ingest.seal:Seal.set", "after"),
    ("ingest.seen:Seen.save", "before"),
    ("ingest.seen:Seen.save", "after"),
)


def _wrap(place: str, when: str, number: int) -> None:
    module, _, path = place.partition(":")
    *outer, name = path.split(".")
    holder = functools.reduce(getattr, outer, importlib.import_module(module))
    inner = getattr(holder, name)
    calls = itertools.count(1)

    @functools.wraps(inner)
    def wrapped(*arguments: Any, **named: Any) -> Any:
        due = next(calls) == number
        if due and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = inner(*arguments, **named)
        if due:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(holder, name, wrapped)


if __name__ == "__main__":
    _wrap(sys.argv[1], sys.argv[2], int(sys.argv[3]))
    sys.argv = ["ingest", *sys.argv[4:]]
    runpy.run_module("ingest", run_name="__main__")
