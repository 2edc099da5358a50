"""All that the desk's tables keep of somebody: their conversations and what hangs on them, and their record.

Found by the tables' foreign keys, so that a table that is added later is not forgotten.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Table

from desk.askers import customer_of, key_of
from desk.directory_schema import customers
from desk.schema import conversations, messages, metadata

Rows = Mapping[Table, Sequence[Mapping[str, Any]]]
BATCH = 500  # values in one statement


def of(connection: Connection, who: str) -> Rows:
    """The rows kept of a customer, by id, or of a visitor, by key; nothing of others."""
    customer = customer_of(who) or who
    mine = sa.or_(conversations.c.customer == customer, conversations.c.visitor.in_((who, key_of(customer))))
    found = {
        customers: _rows(connection, sa.select(customers).where(customers.c.id == customer)),
        conversations: _rows(connection, sa.select(conversations).where(mine)),
    }
    return _hanging(connection, found)


def silent_since(connection: Connection, moment: datetime) -> Rows:
    """Conversations in which nothing was said since then (UTC), with what hangs on them."""
    said = sa.select(messages.c.conversation).where(messages.c.created_at >= moment)
    old = sa.and_(conversations.c.created_at < moment, conversations.c.id.not_in(said))
    return _hanging(connection, {conversations: _rows(connection, sa.select(conversations).where(old))})


def delete(connection: Connection, kept: Rows) -> None:
    """Let these rows go, those that hang on others first."""
    for table in reversed([each for each in metadata.sorted_tables if each in kept]):
        keys = [column.name for column in table.primary_key]
        wanted = sa.and_(*(table.c[name] == sa.bindparam(f"of_{name}") for name in keys))
        rows = [{f"of_{name}": row[name] for name in keys} for row in kept[table]]
        if rows:
            connection.execute(table.delete().where(wanted), rows)


def _hanging(connection: Connection, found: dict[Table, list[Mapping[str, Any]]]) -> Rows:
    """With the rows of all tables that refer to these, or to such as do."""
    for table in metadata.sorted_tables:  # what is referred to comes first
        if table in found:
            continue
        rows = dict[tuple[object, ...], Mapping[str, Any]]()
        for key in table.foreign_keys:
            values = [row[key.column.name] for row in found.get(key.column.table, ())]
            for at in range(0, len(values), BATCH):
                batch = sa.select(table).where(key.parent.in_(values[at : at + BATCH]))
                rows |= {tuple(row[each.name] for each in table.primary_key): row for row in _rows(connection, batch)}
        if rows:
            found[table] = list(rows.values())
    return found


def _rows(connection: Connection, query: sa.Select[Any]) -> list[Mapping[str, Any]]:
    return [dict(row) for row in connection.execute(query).mappings()]
