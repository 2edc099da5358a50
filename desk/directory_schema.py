"""The tables of customers' records, as `backends/migrations` creates them. Empty text and NULL: the records do not say."""

from __future__ import annotations

import sqlalchemy as sa

from desk.schema import metadata

customers = sa.Table(
    "customers",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    *(sa.Column(name, sa.Text, nullable=False) for name in ("name", "email", "phone", "language", "region", "tier")),
    sa.Column("since", sa.Date),
)
orders = sa.Table(
    "orders",
    metadata,
    sa.Column("number", sa.Text, primary_key=True),
    sa.Column("customer", sa.Text, sa.ForeignKey("customers.id"), nullable=False),
    sa.Column("placed_on", sa.Date, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("items", sa.JSON, nullable=False),  # a list of texts
    *(sa.Column(name, sa.Text, nullable=False) for name in ("total", "carrier", "tracking")),
    sa.Column("expected_on", sa.Date),
    sa.Column("delivered_on", sa.Date),
)
sa.Index("orders_customer", orders.c.customer, orders.c.placed_on)
complaints = sa.Table(
    "complaints",
    metadata,
    sa.Column("number", sa.Text, primary_key=True),
    sa.Column("customer", sa.Text, sa.ForeignKey("customers.id"), nullable=False),
    sa.Column("opened_on", sa.Date, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("open", sa.Boolean, nullable=False),
)
sa.Index("complaints_customer", complaints.c.customer)
visits = sa.Table(
    "visits",
    metadata,
    sa.Column("customer", sa.Text, sa.ForeignKey("customers.id"), primary_key=True),
    sa.Column("on", sa.Date, primary_key=True),
    sa.Column("what", sa.Text, primary_key=True),
)
TABLES = (customers, orders, complaints, visits)  # parents first
