"""A file that is written while it is read: its content before or after, never some of both."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ingest import still
from ingest.still import read_still
from rag.errors import Refused


def test_a_file_that_lies_still_is_read(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(b"whole")
    assert read_still(file) == b"whole"


def test_what_is_written_to_all_the_while_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Written to before each look at it: how threads take turns decides nothing here."""
    monkeypatch.setattr(still, "PATIENCE", 5)
    file = tmp_path / "a.txt"

    class Busy(type(file)):  # type: ignore[misc]  # pathlib chooses the class by platform
        def open(self, *args: Any, **kwargs: Any) -> Any:
            file.write_bytes(b"a" * 100_000)
            return super().open(*args, **kwargs)

    with pytest.raises(Refused, match="CHANGING"):
        read_still(Busy(file))
