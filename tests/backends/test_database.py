"""The database: migrations give the tables the code expects, reading is a snapshot, errors say what to do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from backends import database
from backends.database import HEAD, open_database
from ingest import schema
from rag.errors import StoreError

MIGRATIONS = Path(database.__file__).parent / "migrations"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = open_database(tmp_path)
    yield made
    made.dispose()


def test_migrations_give_exactly_the_tables_of_ingest(engine: Engine) -> None:
    def ours(_thing: object, name: str | None, kind: str, *_: object) -> bool:
        return kind != "table" or name in schema.metadata.tables

    with engine.connect() as connection:
        options = {"include_object": ours, "compare_type": True, "compare_server_default": True}
        found = compare_metadata(MigrationContext.configure(connection, opts=options), schema.metadata)
    assert found == []


def test_head_is_the_newest_migration(engine: Engine) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]
    with engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT version_num FROM alembic_version")) == HEAD


def test_opening_again_changes_nothing(engine: Engine, tmp_path: Path) -> None:
    with engine.begin() as connection:
        connection.execute(schema.facts.insert().values(name="kept", value="yes"))
    again = open_database(tmp_path)
    with again.connect() as connection:
        assert connection.scalar(sa.select(schema.facts.c.value)) == "yes"
    again.dispose()


def test_a_reading_transaction_is_one_moment(engine: Engine) -> None:
    count = sa.select(sa.func.count()).select_from(schema.facts)
    with engine.connect() as reader:
        assert reader.scalar(count) == 0
        with engine.execution_options(writes=True).begin() as writer:
            writer.execute(schema.facts.insert().values(name="new", value="1"))
        assert reader.scalar(count) == 0
    with engine.connect() as reader:
        assert reader.scalar(count) == 1


def test_what_is_committed_is_on_disk_before_the_answer(engine: Engine) -> None:
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2  # FULL
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_two_writers_wait_for_each_other(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_MS", 50)
    impatient = open_database(tmp_path)
    with engine.execution_options(writes=True).begin():
        with impatient.connect() as reader:  # readers do not wait
            assert reader.scalar(sa.select(sa.func.count()).select_from(schema.facts)) == 0
        with pytest.raises(StoreError, match="database is locked"), impatient.execution_options(writes=True).begin():
            pass
    with impatient.execution_options(writes=True).begin() as writer:
        writer.execute(schema.facts.insert().values(name="new", value="1"))
    impatient.dispose()


def test_a_file_that_is_no_database_is_named_with_advice(tmp_path: Path) -> None:
    (tmp_path / "vouch.db").write_bytes(b"rubbish" * 1000)
    with pytest.raises(StoreError, match=r"cannot be opened.*--data"):
        open_database(tmp_path)


def test_a_folder_that_cannot_be_made_is_named_with_advice(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="cannot be opened"):
        open_database(tmp_path / "file" / "data")
