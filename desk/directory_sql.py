"""Customers' records in our own database: read for one customer at a time, written as a whole import or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy import Connection, Engine, Row, Table
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import SQLAlchemyError

from desk.directory_schema import TABLES, complaints, customers, orders, visits
from rag.errors import RecordsError, StoreError
from rag.people import Complaint, Customer, Order, Visit

Rows = Mapping[str, Sequence[Mapping[str, object]]]  # by table name, by column name


class SQLDirectory:
    """A CustomerDirectory over the desk's database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def customer(self, customer_id: str) -> Customer | None:
        """The customer with all that belongs to them, newest orders, complaints and visits first."""
        try:
            with self._engine.connect() as connection:
                row = connection.execute(sa.select(customers).where(customers.c.id == customer_id)).first()
                return _customer(connection, row) if row else None
        except (StoreError, SQLAlchemyError, ValueError, TypeError) as error:
            raise RecordsError(f"The records cannot be read: {error}") from error

    def empty(self) -> bool:
        """Whether no customer was ever imported."""
        with self._engine.connect() as connection:
            return connection.scalar(sa.select(customers.c.id).limit(1)) is None

    def known(self, ids: Sequence[str]) -> set[str]:
        """Those of these ids that there are."""
        with self._engine.connect() as connection:
            batches = (ids[at : at + 500] for at in range(0, len(ids), 500))
            found = (sa.select(customers.c.id).where(customers.c.id.in_(batch)) for batch in batches)
            return {each for query in found for each in connection.scalars(query)}

    def write(self, rows: Rows) -> None:
        """Add these rows, in place of those with the same key, in one transaction."""
        with self._engine.execution_options(writes=True).begin() as connection:
            for table in TABLES:
                for row in rows.get(table.name, ()):
                    connection.execute(_put(table, row))


def _put(table: Table, row: Mapping[str, object]) -> sa.Insert:
    keys = [column.name for column in table.primary_key]
    rest = {name: value for name, value in row.items() if name not in keys}
    made = insert(table).values(**row)
    return made.on_conflict_do_update(index_elements=keys, set_=rest) if rest else made.on_conflict_do_nothing()


def _customer(connection: Connection, row: Row[tuple[object, ...]]) -> Customer:
    def theirs(table: Table, newest: sa.Column[object]) -> Sequence[Row[tuple[object, ...]]]:
        keys = [column for column in table.primary_key if column is not newest]
        query = sa.select(table).where(table.c.customer == row.id).order_by(newest.desc(), *keys)
        return connection.execute(query).all()

    ordered = tuple(
        Order(
            each.number, each.placed_on, each.status, tuple(each.items), each.total, each.carrier, each.tracking,
            each.expected_on, each.delivered_on,
        )
        for each in theirs(orders, orders.c.placed_on)
    )  # fmt: skip
    complained = tuple(
        Complaint(each.number, each.opened_on, each.subject, each.open)
        for each in theirs(complaints, complaints.c.opened_on)
    )
    visited = tuple(Visit(each.on, each.what) for each in theirs(visits, visits.c.on))
    fields = (row.id, row.name, row.email, row.phone, row.language, row.region, row.tier, row.since)
    return Customer(*fields, orders=ordered, complaints=complained, visits=visited)
