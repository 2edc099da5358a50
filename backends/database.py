"""The one SQL engine: opens it, sets it up for durability, and brings its schema up to date.

Knows URLs, pragmas and alembic; knows no table. Tables live with their owners (`ingest/ledger.py`,
`desk/store.py`); `backends/migrations/` creates and alters them.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event, inspect, text
from sqlalchemy.exc import DatabaseError, OperationalError

from rag.errors import StoreError

HEAD = "0007"  # the newest migration; a test holds it to the folder
BUSY_MS = 10_000


def open_database(data: Path) -> Engine:
    """Engine on `data`/vouch.db, created or migrated as needed. Raises StoreError if it cannot be used.

    Reads every page to find damage: .2 s for 50,000 passages.
    """
    try:
        data.mkdir(parents=True, exist_ok=True)
        if problem := _gone(data):
            raise _damaged(data, problem)
        engine = create_engine(f"sqlite:///{data / 'vouch.db'}")
        event.listen(engine, "connect", _set_up)
        event.listen(engine, "begin", _begin)
        if problem := _damage(engine):
            engine.dispose()
            raise _damaged(data, problem)
        event.listen(engine, "handle_error", _explain)
        if _revision(engine) != HEAD:
            _migrate(engine)
    except (OSError, DatabaseError) as error:
        reason = getattr(error, "orig", None) or error
        raise StoreError(
            f"The store {data} cannot be opened: {reason}. Check that the disk has room and the folder can be written, "
            "or name another with --data."
        ) from error
    return engine


def _gone(data: Path) -> str:
    """How the database is missing although documents were ingested here; nothing if it is there, or never was.

    SQLite would take an empty file for a new database, and the next sync everything in it for new.
    """
    file = data / "vouch.db"
    if any(data.glob("originals/*")) and not (file.exists() and file.stat().st_size):
        return "it is empty" if file.exists() else "it is gone, and what was ingested with it is still there"
    return ""


def _damage(engine: Engine) -> str:
    """What is wrong with the database's pages; nothing if they are sound."""
    try:
        with engine.connect() as connection:
            said = str(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar())
    except DatabaseError as error:
        if isinstance(error, OperationalError):
            raise
        return str(error.orig)
    return "" if said == "ok" else " ".join(said.split())


def _damaged(data: Path, problem: str) -> StoreError:
    return StoreError(
        f"The database {data / 'vouch.db'} is damaged: {problem}. Restore it from a backup. Without one, move the folder "
        f"{data} away and run 'python -m ingest sync': it makes another from the documents, but without the conversations."
    )


def _set_up(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # BEGIN is ours, so that a reading transaction is one snapshot
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_MS}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    # A writer takes its lock at once: one that began by reading could fail half-way, when another wrote meanwhile.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _explain(context: ExceptionContext) -> None:
    if type(context.original_exception) is sqlite3.DatabaseError:
        raise StoreError(
            f"The database is damaged: {context.original_exception}. Stop what uses it and start again: that looks at all "
            "of it and says what to do."
        ) from context.original_exception
    if isinstance(context.original_exception, sqlite3.OperationalError):
        raise StoreError(
            f"The database could not do its work: {context.original_exception}. "
            "Check that the disk has room and the data folder can be written; nothing that was confirmed is lost."
        ) from context.original_exception


def _revision(engine: Engine) -> str:
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return ""
        return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")


def _migrate(engine: Engine) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
