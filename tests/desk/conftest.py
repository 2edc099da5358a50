"""A real SQLite store in a folder of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from backends.database import open_database
from desk.store import Conversations


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    opened = open_database(tmp_path)
    yield opened
    opened.dispose()


@pytest.fixture
def store(engine: Engine) -> Conversations:
    return Conversations(engine)
