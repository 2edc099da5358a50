"""A stream read with patience: the reader never waits longer than it said it would, whatever the other end does.

A timeout of the socket counts from byte to byte: a server that sends a comment now and then, or its headers one by
one, holds a reader for ever. So the stream is read in a thread of its own and handed over through a queue.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Generic, TypeVar

T = TypeVar("T")


class OutOfPatience(Exception):
    """Nothing came in time."""


class Reading(Generic[T]):
    """Items of `open_stream()`, each awaited until a moment of the monotonic clock. Close it when done."""

    def __init__(self, open_stream: Callable[[], Iterator[T]]) -> None:
        self._items: queue.Queue[T | BaseException | None] = queue.Queue()
        self._open, self._closed = open_stream, threading.Event()
        self._stream: Iterator[T] | None = None
        threading.Thread(target=self._read, name="model stream", daemon=True).start()

    def next(self, until: float) -> T | None:
        """The next item; None at the end. Raises OutOfPatience, or whatever the stream raised."""
        try:
            item = self._items.get(timeout=max(0.0, until - time.monotonic()))
        except queue.Empty:
            raise OutOfPatience from None
        if isinstance(item, BaseException):
            raise item
        return item

    def close(self) -> None:
        """Stop reading; the thread ends with its next byte, or at once where nothing is under way."""
        self._closed.set()
        self._close_stream()

    def _read(self) -> None:
        try:
            self._stream = stream = self._open()
            for item in stream:
                if self._closed.is_set():
                    break
                self._items.put(item)
            self._items.put(None)
        except Exception as error:  # noqa: BLE001 – handed to the reader, who raises it
            self._items.put(error)
        finally:
            self._close_stream()

    def _close_stream(self) -> None:
        close = getattr(self._stream, "close", None)
        if close:
            with suppress(Exception):  # both threads may close it, one of them in the middle of a read
                close()
