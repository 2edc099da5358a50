"""The demo company's customers, for as long as no company has imported its own.

They are never written beside real records: a real customer may have the id of a demo one, and must not get their orders.
"""

from __future__ import annotations

import csv
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.pool import StaticPool

from desk.directory_csv import import_files
from desk.directory_schema import TABLES
from desk.directory_sql import SQLDirectory
from desk.schema import metadata
from rag.people import Customer
from rag.ports import CustomerDirectory

DEMO = Path(__file__).parent / "demo"


def own_records(engine: Engine, demo: bool) -> CustomerDirectory:
    """The records in our own database; with `demo`, the demo company's while there are none."""
    directory = SQLDirectory(engine)
    return DemoDirectory(directory) if demo else directory


class DemoDirectory:
    """A CustomerDirectory: that of the database, or the demo's while it is empty."""

    def __init__(self, real: SQLDirectory) -> None:
        self._real, self._demo = real, demo_customers()

    def customer(self, customer_id: str) -> Customer | None:
        """As the database has them. Raises RecordsError."""
        found = self._real.customer(customer_id)
        return self._demo.get(customer_id) if found is None and self._real.empty() else found


def demo_customers() -> dict[str, Customer]:
    """The customers of `desk/demo`, by id."""
    engine = sa.create_engine("sqlite://", poolclass=StaticPool)
    metadata.create_all(engine, tables=list(TABLES))
    directory = SQLDirectory(engine)
    import_files([DEMO], directory)
    with (DEMO / "customers.csv").open(encoding="utf-8", newline="") as opened:
        ids = [row["id"] for row in csv.DictReader(opened)]
    found = {each: customer for each in ids if (customer := directory.customer(each))}
    engine.dispose()
    return found
