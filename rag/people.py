"""Who asks: what is known of a customer, and the mood their messages show. Values only; knows no store and no model."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Mood:
    """Of a conversation at its newest message, each 0 … 1."""

    satisfaction: float = 0.5
    anger: float = 0.0
    urgency: float = 0.0
    frustration: float = 0.0  # repeats, failed answers
    risk: float = 0.0  # that the customer leaves dissatisfied; what escalation goes by
    signs: tuple[str, ...] = ()  # what speaks for it most, in words an agent can read


@dataclass(frozen=True, slots=True)
class Order:
    """An order as the company's records have it. An empty string or None means they do not say."""

    number: str
    placed_on: date
    status: str  # as customers may read it: "shipped", "已发货"
    items: tuple[str, ...] = ()
    total: str = ""  # with its currency
    carrier: str = ""
    tracking: str = ""
    expected_on: date | None = None
    delivered_on: date | None = None


@dataclass(frozen=True, slots=True)
class Complaint:
    """A complaint on record."""

    number: str
    opened_on: date
    subject: str
    open: bool


@dataclass(frozen=True, slots=True)
class Visit:
    """A page or a branch the customer visited."""

    on: date
    what: str


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer whom the company knows; a guest is None instead."""

    id: str
    name: str = ""
    email: str = ""
    phone: str = ""
    language: str = ""
    region: str = ""
    tier: str = ""  # the company's word, e.g. vip
    since: date | None = None
    orders: tuple[Order, ...] = ()  # newest first
    complaints: tuple[Complaint, ...] = ()
    visits: tuple[Visit, ...] = ()
    reachable: bool = True  # False: the records cannot be seen now, so what is empty here is not known
