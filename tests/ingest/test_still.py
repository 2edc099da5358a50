"""A file that is written while it is read: its content before or after, never some of both."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from ingest import still
from ingest.still import read_still
from rag.errors import Refused


def test_a_file_that_lies_still_is_read(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(b"whole")
    assert read_still(file) == b"whole"


def test_what_is_written_to_all_the_while_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(still, "PATIENCE", 5)
    file, done = tmp_path / "a.txt", threading.Event()
    file.write_bytes(b"a")

    def write() -> None:
        while not done.is_set():
            file.write_bytes(b"a" * 100_000)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        with pytest.raises(Refused, match="CHANGING"):
            read_still(file)
    finally:
        done.set()
        writer.join()
