"""The one SQL engine: opens it, sets it up for durability, and brings its schema up to date.

Knows URLs, pragmas and alembic; knows no table. Tables live with their owners (`ingest/ledger.py`,
`desk/store.py`); `backends/migrations/` creates and alters them.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event, inspect, text
from sqlalchemy.exc import DatabaseError

from rag.errors import StoreError

HEAD = "0002"  # the newest migration; a test holds it to the folder
BUSY_MS = 10_000


def open_database(data: Path) -> Engine:
    """Engine on `data`/vouch.db, created or migrated as needed. Raises StoreError if it cannot be used."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        engine = create_engine(f"sqlite:///{data / 'vouch.db'}")
        event.listen(engine, "connect", _set_up)
        event.listen(engine, "begin", _begin)
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
