"""Parsing in limited processes: a hostile or broken file costs its own parse and nothing else.

The pool of processes. Knows no pipe and no format.
"""

from __future__ import annotations

import threading
from functools import partial
from pathlib import Path
from queue import Empty, LifoQueue
from types import TracebackType
from typing import Self

from ingest.sandbox_process import Worker
from rag.errors import Refused, SetupError
from rag.types import Document


class Sandbox:
    """A pool of worker processes. parse() may be called from any number of threads; close() ends the workers."""

    def __init__(
        self,
        workers: int,
        seconds: float = 60,
        memory_mb: int = 1024,
        output_mb: int = 64,
        ocr_pages: int = 40,  # of a file; each has `seconds` of its own
        comments: bool = False,  # of reviewers are taken in
        module: str = "ingest.sandbox_worker",  # what each process runs
    ) -> None:
        self._start = partial(Worker, module, seconds, memory_mb, output_mb, ocr_pages, comments)
        self._closed = False
        self._idle: LifoQueue[Worker | None] = LifoQueue()
        self._running: set[Worker] = set()
        self._lock = threading.Lock()
        for _ in range(workers):
            self._idle.put(None)  # a place; its worker is started when the first file needs it

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def parse(self, path: Path, name: str) -> Document:
        """The document in the file. Raises Refused; TIMEOUT, MEMORY, CRASHED, OUTPUT_TOO_LARGE come from here."""
        worker = self._idle.get()
        try:
            worker = self._asked(worker, path, name)
            return worker.answer()
        except Refused as refusal:
            if self._closed:
                raise _closed() from refusal
            raise
        finally:
            self._give_back(worker)

    def close(self) -> None:
        """Kill all workers; a parse under way ends with a SetupError."""
        with self._lock:
            self._closed = True
            for worker in self._running:
                worker.stop()  # the thread that waits for it frees its pipes
        for idle in self._drained():
            self._give_back(idle)

    def _drained(self) -> list[Worker | None]:
        """What waits in the pool; a worker that a thread has just taken is given back by that thread."""
        idle: list[Worker | None] = []
        while True:
            try:
                idle.append(self._idle.get_nowait())
            except Empty:
                return idle

    def _asked(self, worker: Worker | None, path: Path, name: str) -> Worker:
        """A worker that has begun with the file. One that died while it was idle is no fault of the file."""
        for _ in range(2):
            worker = self._ready(worker)
            if worker.ask(path, name):
                return worker
        raise (
            _closed()
            if self._closed
            else SetupError(
                "Parsing processes die as soon as they start. Check the memory of the machine and the installation."
            )
        )

    def _ready(self, worker: Worker | None) -> Worker:
        if worker is not None and worker.usable:
            return worker
        if worker is not None:
            self._forget(worker)
        with self._lock:
            if self._closed:
                raise _closed()
            worker = self._start()
            self._running.add(worker)
        try:
            worker.wait_until_ready()
        except SetupError:
            self._forget(worker)
            raise
        return worker

    def _give_back(self, worker: Worker | None) -> None:
        if worker is not None and (self._closed or not worker.usable):
            self._forget(worker)
            worker = None
        self._idle.put(worker)

    def _forget(self, worker: Worker) -> None:
        worker.kill()
        with self._lock:
            self._running.discard(worker)


def _closed() -> SetupError:
    return SetupError("The sandbox is closed. Open another one to read files.")
