"""The database: migrations give the tables the code expects, reading is a snapshot, errors say what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from backends import database
from backends.database import HEAD, open_database
from desk import schema as desk_schema
from desk.handoff import Escalate
from desk.store import Conversations
from ingest import schema
from ingest.ledger import Ledger
from rag.errors import StoreError
from tests.doubles.shelf import Shelf

MIGRATIONS = Path(database.__file__).parent / "migrations"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = open_database(tmp_path)
    yield made
    made.dispose()


@pytest.mark.parametrize("metadata", [schema.metadata, desk_schema.metadata], ids=["ingest", "desk"])
def test_migrations_give_exactly_the_tables_of_the_code(engine: Engine, metadata: sa.MetaData) -> None:
    def ours(_thing: object, name: str | None, kind: str, *_: object) -> bool:
        return kind != "table" or name in metadata.tables

    with engine.connect() as connection:
        options = {"include_object": ours, "compare_type": True, "compare_server_default": True}
        found = compare_metadata(MigrationContext.configure(connection, opts=options), metadata)
    assert found == []


def test_head_is_the_newest_migration(engine: Engine) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]
    with engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT version_num FROM alembic_version")) == HEAD


def test_what_versions_supersede_is_read_out_of_an_older_database(tmp_path: Path) -> None:
    file = sa.create_engine(f"sqlite:///{tmp_path / 'vouch.db'}")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with file.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(sa.text("INSERT INTO documents (id, source) VALUES (1, 'new.md'), (2, 'old.md')"))
        for number, meta in enumerate(['{"title": "Old"}', '{"title": "New", "supersedes": "old.md, older.md"}'], 1):
            fields = {"id": number, "document": 3 - number, "meta": meta}
            connection.execute(
                sa.text(
                    "INSERT INTO versions VALUES "
                    "(:id, :document, 1, 'a', 'a', 'r', 't', 'en', 'public', NULL, NULL, :meta, '[]', 0, '2026-01-01')"
                ),
                fields,
            )
    file.dispose()
    again = open_database(tmp_path)
    with again.connect() as connection:
        found = connection.execute(sa.select(schema.supersedes).order_by(schema.supersedes.c.source)).all()
    again.dispose()
    assert [tuple(row) for row in found] == [(2, "old.md"), (2, "older.md")]


def test_requests_for_a_person_become_tickets_under_their_numbers(tmp_path: Path) -> None:
    file = sa.create_engine(f"sqlite:///{tmp_path / 'vouch.db'}")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with file.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        connection.execute(
            sa.text("INSERT INTO conversations VALUES ('c1', 'anna', 'zh', :at), ('c2', 'ben', 'en', :at)"),
            {"at": "2026-01-02 03:04:05"},
        )
        connection.execute(
            sa.text("INSERT INTO requests VALUES (7, 'c2', '', 'open', :at), (9, 'c1', 'a@b.example', 'open', :at)"),
            {"at": "2026-01-02 03:04:05.000006"},
        )
    file.dispose()
    again = open_database(tmp_path)
    store = Conversations(again)
    carried = store.ticket("c1", "anna")
    assert carried is not None
    assert (carried.number, carried.contact, carried.state, carried.language) == (9, "a@b.example", "waiting", "zh")
    assert carried.opened_at == datetime(2026, 1, 2, 3, 4, 5, 6)
    store.withdraw("c2", "ben")
    event = Escalate("asked_for_person", "again")
    assert store.hand_off("c2", "ben", event, "", lambda _: None)[0].number == 10
    again.dispose()


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
    with pytest.raises(StoreError, match=r"vouch.db is damaged: .*Restore it from a backup"):
        open_database(tmp_path)


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: raw[: len(raw) // 2],
        lambda raw: b"\0" * 100 + raw[100:],
        lambda raw: raw[:8192] + bytes(len(raw) // 2) + raw[8192 + len(raw) // 2 :],
        lambda raw: b"",
        None,
    ],
    ids=["half", "header", "pages", "empty", "gone"],
)
def test_a_damaged_database_is_named_and_left_as_it_is(tmp_path: Path, damage: Callable[[bytes], bytes] | None) -> None:
    shelf = Shelf(tmp_path)
    shelf.write("a.txt", "\n\n".join(f"Paragraph {number} says something else." for number in range(300)))
    shelf.sync()
    shelf.close()
    file = shelf.data / "vouch.db"
    left = damage(file.read_bytes()) if damage else b""
    file.write_bytes(left) if damage else file.unlink()
    with pytest.raises(StoreError, match=r"is damaged: .*Restore it from a backup"):
        open_database(shelf.data)
    assert (file.read_bytes() if damage else b"") == left


def test_damage_that_shows_while_it_is_used_is_named(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.write("a.txt", "\n\n".join(f"Paragraph {number} says something else." for number in range(300)))
    shelf.sync()
    shelf.close()
    engine = open_database(shelf.data)
    file = shelf.data / "vouch.db"
    raw = file.read_bytes()
    file.write_bytes(raw[:8192] + bytes(len(raw) - 8192))
    engine.dispose()  # what it has in memory hides the damage
    with pytest.raises(StoreError, match="database is damaged"):
        Ledger(engine).status()
    engine.dispose()


def test_a_folder_that_cannot_be_made_is_named_with_advice(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="cannot be opened"):
        open_database(tmp_path / "file" / "data")
