"""Forgetting people for good: no byte of them stays in the database, its log, recordings of runs or log files.

Rows go in one commit; then what the database file keeps of deleted rows, then the words in files beside it. If that
is interrupted, erasing again finishes it.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from desk.directory_schema import complaints, customers, orders
from desk.kept import Rows, delete, of
from desk.schema import conversations, messages
from rag.errors import StoreError
from rag.mask import mask

FOLDERS = ("runs", "logs", "drafts")  # below the data folder: files of text in which somebody may be named
ERASED = "[erased]"
SHORTEST = 4  # characters of a word that is looked for in those files; shorter ones stand for anybody
# What names somebody, by table; the rest is gone with its row.
_NAMING = {
    customers: ("id", "name", "email", "phone"),
    orders: ("number", "tracking"),
    complaints: ("number", "subject"),
    conversations: ("id", "visitor", "customer"),
}


def erase(engine: Engine, data: Path, who: str, beside: Iterable[Path] = ()) -> list[str]:
    """Let all go that is kept of a customer, by id, or of a visitor, by key; what was done, a line each.

    `beside`: further files of text that may hold their words, where they are there.
    """
    with engine.execution_options(writes=True).begin() as connection:
        kept = of(connection, who)
        delete(connection, kept)
    told = [f"{table.name}: {len(rows)} erased" for table, rows in kept.items() if rows]
    every = (*files(data), *(each for each in beside if each.is_file()))
    cleaned = sum(_without(file, _words(kept, who)) for file in every)
    return [*(told or [f"nothing was kept of {who}"]), *squeeze(engine), f"files: {cleaned} cleaned"]


def squeeze(engine: Engine) -> list[str]:
    """Leave nothing of deleted rows in the database's file and its log. Raises StoreError."""
    raw = engine.raw_connection()  # VACUUM cannot run inside a transaction, and SQLAlchemy always begins one
    try:
        cursor = raw.cursor()
        cursor.execute("PRAGMA secure_delete=ON")
        cursor.execute("VACUUM")
        busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        cursor.close()
    except sqlite3.OperationalError as error:
        raise StoreError(
            f"The database could not be made smaller: {error}. What was to go is out of use, but traces of it may be on "
            "the disk. See that there is room for a second copy of it, and run 'python -m desk tidy'."
        ) from error
    finally:
        raw.close()
    again = "another process is reading the database: run 'python -m desk tidy' when it has stopped"
    return [again] if busy else []


def files(data: Path) -> Iterator[Path]:
    """Files of text beside the database in which people may be named."""
    for folder in FOLDERS:
        yield from (each for each in (data / folder).rglob("*") if each.is_file() and not each.is_symlink())


def _words(kept: Rows, who: str) -> set[str]:
    """What names the person, and each message they wrote, as it may stand in a file."""
    named = [str(row[name] or "") for table, names in _NAMING.items() for row in kept.get(table, ()) for name in names]
    wrote = [text for row in kept.get(messages, ()) if row["role"] == "customer" for text in _forms(str(row["text"]))]
    contacts = [text for table, rows in kept.items() for row in rows if (text := _contact(row)) and table.name]
    return {each for each in (who, *named, *wrote, *contacts) if len(each) >= SHORTEST}


def _forms(text: str) -> tuple[str, str, str]:
    """As it was written, and as drafts of cases and logs have it."""
    return text, mask(text), " ".join(mask(text).split())


def _contact(row: Mapping[str, Any]) -> str:
    return str(row.get("contact") or "")


def _without(file: Path, words: Iterable[str]) -> bool:
    """Whether the file named them; it does not any more. Where every line stands for itself, lines that did are gone."""
    found = content = file.read_bytes()
    for word in sorted(words, key=len, reverse=True):
        plain, escaped = word, json.dumps(word)[1:-1]  # files of JSON may hold either
        for form in {plain, escaped, json.dumps(word, ensure_ascii=False)[1:-1]}:
            content = content.replace(form.encode(), ERASED.encode())
    if content == found:
        return False
    if file.suffix != ".json":
        content = b"".join(line for line in content.splitlines(keepends=True) if ERASED.encode() not in line)
    draft = file.with_name(f".{file.name}.erasing")
    with draft.open("wb") as written:
        written.write(content)
        written.flush()
        os.fsync(written.fileno())
    draft.replace(file)
    return True
