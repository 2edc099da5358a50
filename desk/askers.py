"""Who a visitor is to the company: the customer of the records, and what they may see.

A visitor is a random browser, or a customer who is signed in, whatever the browser. Both are one key, and whatever
belongs to a key is reached with that key only: so a customer sees their conversations from everywhere, and neither
a guest's nor another customer's of the same browser.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import date

from rag.config_customers import SegmentRule
from rag.errors import RecordsError
from rag.people import Customer
from rag.ports import CustomerDirectory
from rag.segments import Treatment, treatment
from rag.types import Access

_PREFIX = "customer:"  # no random key of a browser holds a colon
log = logging.getLogger(__name__)


def key_of(customer: str) -> str:
    """The key of a customer who is signed in."""
    return f"{_PREFIX}{customer}"


def customer_of(visitor: str) -> str | None:
    """The customer's id behind a key; None for a guest."""
    return visitor.removeprefix(_PREFIX) if visitor.startswith(_PREFIX) else None


class Askers:
    """Looks visitors up in the company's records, if there are any."""

    def __init__(self, directory: CustomerDirectory | None = None, rules: Sequence[SegmentRule] = ()) -> None:
        self._directory, self._rules = directory, rules

    def customer(self, visitor: str) -> Customer | None:
        """The customer as the records know them now; None for a guest, and where there are no records at all."""
        customer_id = customer_of(visitor)
        if customer_id is None or self._directory is None:
            return None
        try:
            return self._directory.customer(customer_id) or Customer(customer_id)
        except RecordsError as error:
            log.warning("A customer's record cannot be seen: %s", error)
            return Customer(customer_id, reachable=False)

    def access(self, customer: Customer | None) -> Access:
        """The documents that this customer, or a guest, may be answered from."""
        today = date.today()
        return Access(Access().audiences | treatment(customer, self._rules, today).audiences, today)

    def treatment(self, customer: Customer | None) -> Treatment:
        """How this customer, or a guest, is to be treated."""
        return treatment(customer, self._rules, date.today())
