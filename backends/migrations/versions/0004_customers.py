"""Whose a conversation is, where its visitor was signed in; and the company's records of its customers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the tables; the conversations there are were guests'."""
    op.add_column("conversations", sa.Column("customer", sa.Text))
    op.create_index("conversations_customer", "conversations", ["customer"])
    op.create_table(
        "customers",
        sa.Column("id", sa.Text, primary_key=True),
        *(
            sa.Column(name, sa.Text, nullable=False)
            for name in ("name", "email", "phone", "language", "region", "tier")
        ),
        sa.Column("since", sa.Date),
    )
    op.create_table(
        "orders",
        sa.Column("number", sa.Text, primary_key=True),
        sa.Column("customer", sa.Text, sa.ForeignKey("customers.id"), nullable=False),
        sa.Column("placed_on", sa.Date, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("items", sa.JSON, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("total", "carrier", "tracking")),
        sa.Column("expected_on", sa.Date),
        sa.Column("delivered_on", sa.Date),
    )
    op.create_index("orders_customer", "orders", ["customer", "placed_on"])
    op.create_table(
        "complaints",
        sa.Column("number", sa.Text, primary_key=True),
        sa.Column("customer", sa.Text, sa.ForeignKey("customers.id"), nullable=False),
        sa.Column("opened_on", sa.Date, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("open", sa.Boolean, nullable=False),
    )
    op.create_index("complaints_customer", "complaints", ["customer"])
    op.create_table(
        "visits",
        sa.Column("customer", sa.Text, sa.ForeignKey("customers.id"), primary_key=True),
        sa.Column("on", sa.Date, primary_key=True),
        sa.Column("what", sa.Text, primary_key=True),
    )
