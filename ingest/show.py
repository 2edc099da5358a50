"""One document as editors look it over: what is said about it, its versions, and its passages as they are cited."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from sqlalchemy import Connection, Engine, RowMapping

from ingest.ledger import Ledger
from ingest.publishing import require_known
from ingest.rows import Status, sentence_of
from ingest.schema import chunks, documents, release_items, releases, versions
from rag.errors import StoreError
from rag.types import Sentence, label_of


def show(engine: Engine, source: str, number: int | None = None, passages: bool = False) -> Iterator[str]:
    """Lines about a document and one of its versions: by default the live one, else the newest.

    `passages` adds them, sentence by sentence. Raises StoreError for an unknown name or version.
    """
    ledger = Ledger(engine)
    require_known(ledger, [source])
    (line,) = (each for each in ledger.status() if each.source == source)
    yield from _head(line)
    with engine.connect() as connection:
        rows = _versions(connection, source)
        marks = _marks(connection, source)
        wanted = line.version if number is None else number
        chosen = next((row for row in rows if row["number"] == wanted), None)
        if number is not None and chosen is None:
            there = ", ".join(f"v{row['number']}" for row in rows) or "none"
            raise StoreError(f"{source} has no version {number}. There are: {there}.")
        yield from (_version(row, line, marks.get(row["id"], [])) for row in rows)
        if chosen is not None:
            yield f"v{chosen['number']}:"
            yield from (f"  {name}: {value}" for name, value in chosen["meta"].items())
            yield from (f"  warning: {each}" for each in chosen["warnings"])
            yield from _passages(connection, chosen) if passages else ()


def _head(line: Status) -> Iterator[str]:
    yield f"{line.source}: {line.summary}"
    if line.refusal:
        yield f"refused: {line.refusal}"


def _versions(connection: Connection, source: str) -> Sequence[RowMapping]:
    query = (
        sa.select(versions)
        .join(documents, documents.c.id == versions.c.document)
        .where(documents.c.source == source)
        .order_by(versions.c.number)
    )
    return connection.execute(query).mappings().all()


def _marks(connection: Connection, source: str) -> dict[int, list[RowMapping]]:
    """Version → the releases that made it live."""
    query = (
        sa.select(release_items.c.version, releases.c.id, releases.c.at)
        .join(releases, releases.c.id == release_items.c.release)
        .join(documents, documents.c.id == release_items.c.document)
        .where(documents.c.source == source, release_items.c.version.is_not(None))
        .order_by(releases.c.id)
    )
    found: dict[int, list[RowMapping]] = {}
    for row in connection.execute(query).mappings():
        found.setdefault(row["version"], []).append(row)
    return found


def _version(row: RowMapping, line: Status, marks: list[RowMapping]) -> str:
    said = ["live"] if line.state == "live" and row["number"] == line.version else []
    said += ["staged"] if line.waiting == f"staged v{row['number']}" else []
    said += [f"published in release {each['id']} ({each['at']:%Y-%m-%d %H:%M} UTC)" for each in marks]
    made = f"v{row['number']}  made {row['created_at']:%Y-%m-%d %H:%M} UTC, {row['passages']} passages"
    return ", ".join([made, *said])


def _passages(connection: Connection, version: RowMapping) -> Iterator[str]:
    query = sa.select(chunks).where(chunks.c.version == version["id"]).order_by(chunks.c.ordinal)
    for row in connection.execute(query).mappings():
        yield f"[{row['ordinal'] + 1}] {label_of(version['title'], tuple(row['heading']), row['question'])}"
        yield from (f"    {_cited(sentence_of(each), row['text'])}" for each in row["sentences"])


def _cited(sentence: Sentence, text: str) -> str:
    """As a citation names it: the words, then their place."""
    place = [f"page {sentence.page}"] if sentence.page else []
    place += [f"at {int(sentence.second) // 60}:{int(sentence.second) % 60:02}"] if sentence.second is not None else []
    place += [f"characters {sentence.start}–{sentence.end}"]
    place += [f"{len(sentence.pictures)} pictures"] if sentence.pictures else []
    return f"“{text[sentence.start : sentence.end]}” ({', '.join(place)})"
