"""The demo company's records: whole, typed, and nobody's order or complaint without a customer."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

DEMO = Path(__file__).resolve().parents[2] / "desk" / "demo"
COLUMNS = {
    "customers": ["id", "name", "email", "phone", "language", "region", "tier", "since"],
    "orders": "number customer placed_on status items total carrier tracking expected_on delivered_on".split(),
    "complaints": ["number", "customer", "opened_on", "subject", "open"],
    "visits": ["customer", "on", "what"],
}
DATES = {
    "customers": ["since"],
    "orders": ["placed_on", "expected_on", "delivered_on"],
    "complaints": ["opened_on"],
    "visits": ["on"],
}


def rows(name: str) -> list[dict[str, str]]:
    with (DEMO / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", COLUMNS)
def test_each_file_has_its_columns_full_rows_and_dates(name: str) -> None:
    found = rows(name)
    assert list(found[0]) == COLUMNS[name]
    for row in found:
        assert None not in row
        assert None not in row.values()
        for field in DATES[name]:
            assert not row[field] or date.fromisoformat(row[field]) <= date(2026, 12, 1)


@pytest.mark.parametrize(("name", "key"), [("customers", "id"), ("orders", "number"), ("complaints", "number")])
def test_numbers_are_given_once(name: str, key: str) -> None:
    numbers = [row[key] for row in rows(name)]
    assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize("name", ["orders", "complaints", "visits"])
def test_everything_belongs_to_a_customer(name: str) -> None:
    known = {row["id"] for row in rows("customers")}
    assert {row["customer"] for row in rows(name)} <= known


def test_what_is_delivered_has_its_day_and_what_is_under_way_its_parcel() -> None:
    for row in rows("orders"):
        arrived = row["status"] in ("delivered", "returned", "已签收", "已退货", "已送達")
        under_way = row["status"] in ("shipped", "已发货", "已出貨")
        assert bool(row["delivered_on"]) == arrived, row
        assert bool(row["tracking"]) == (arrived or under_way), row


def test_there_are_customers_of_every_kind() -> None:
    customers, orders = rows("customers"), [row["customer"] for row in rows("orders")]
    assert {row["region"] for row in customers} == {"UK", "EU", "CN", "HK", "TW"}
    assert sum(row["tier"] == "vip" for row in customers) >= 4
    assert any(row["since"] >= "2026-11-01" for row in customers)
    assert {row["id"] for row in customers} - set(orders)
    assert any(orders.count(each) >= 3 for each in orders)
    assert any(row["open"] == "true" for row in rows("complaints"))
