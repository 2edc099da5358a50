"""Owns the store of a shelf and carries out requests, as a process to be talked to or killed.

Arguments: the shelf's folder, and how it behaves: "listening", "deaf" (owns, but never looks at requests) or
"stuck" (begins with a sync and never comes back).
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path

from ingest.owner import keep_in_step
from ingest.pipeline import Pipeline
from ingest.store import Ownership
from ingest.work import Work
from rag.config import Settings
from rag.types import Document
from tests.doubles.shelf import Shelf, count_words, parse


def _stuck(_path: Path, _name: str) -> Document:
    (base / "stuck").touch()
    threading.Event().wait()
    raise AssertionError


base, behaviour = Path(sys.argv[1]), sys.argv[2]
shelf = Shelf(base)
Ownership(shelf.data).take("owner in a test", listens=True)
print("owns", flush=True)
if behaviour == "deaf":
    threading.Event().wait()
pipeline = Pipeline(shelf.store, _stuck if behaviour == "stuck" else parse, count_words, Settings().ingest)
keep_in_step(Work(shelf.store, Settings(), pipeline), None, threading.Event(), lambda line: print(line, flush=True))
