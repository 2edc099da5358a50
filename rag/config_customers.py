"""The settings about customers: where their records are, how they are known, how they are treated, what is kept."""

from __future__ import annotations

from dataclasses import fields
from typing import Annotated, Literal

from pydantic import Field, field_validator

from rag.config_base import Count, Section, Share, nearest
from rag.people import Complaint, Customer, Order, Visit

Days = Annotated[int, Field(ge=1)]
Words = dict[Literal["en", "zh"], str]
# Our fields of each kind: those of rag/people.py; `item` is the name of a thing within an order's items.
_FIELDS = {
    kind: {each.name for each in fields(made)} | {"customer", "item"}
    for kind, made in (("customer", Customer), ("orders", Order), ("complaints", Complaint), ("visits", Visit))
}


class Routes(Section):
    """Where a CRM answers for one customer, below base_url. `customer` is asked always, the others where they are set."""

    customer: str = "/customers/{id}"
    orders: str = "/customers/{id}/orders"
    complaints: str = ""
    visits: str = ""

    @field_validator("customer", "orders", "complaints", "visits")
    @classmethod
    def _names_the_customer(cls, route: str) -> str:
        if route and (not route.startswith("/") or route.count("{id}") != 1 or "{" in route.replace("{id}", "")):
            raise ValueError(f"{route!r} is no route. Write it with {{id}} for the customer, such as /customers/{{id}}")
        return route


class CRM(Section):
    """A company's own system, asked over HTTP. `fields`: our name of a field → where it stands in an answer."""

    base_url: str = ""
    key_env: str = "VOUCH_CRM_KEY"
    routes: Routes = Routes()
    lists: dict[Literal["orders", "complaints", "visits"], str] = Field(default_factory=dict)
    fields: dict[Literal["customer", "orders", "complaints", "visits"], dict[str, str]] = Field(default_factory=dict)
    seconds: Annotated[float, Field(gt=0, le=10)] = 2.0
    cache_seconds: Annotated[float, Field(ge=0)] = 60
    max_kb: Count = 512

    @field_validator("fields")
    @classmethod
    def _known(cls, found: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
        for kind, names in found.items():
            if unknown := [name for name in names if name not in _FIELDS[kind]]:
                raise ValueError(f"{unknown[0]!r} is no field of ours.{nearest(unknown[0], _FIELDS[kind])}")
        return found


class Customers(Section):
    """Where records are, and how a customer proves to be one."""

    backend: Literal["none", "sql", "http"] = "sql"
    demo: bool = True
    crm: CRM = CRM()
    token_env: str = "VOUCH_TOKEN_SECRET"
    token_audience: str = "vouch-chat"
    token_minutes: Count = 10
    session_hours: Count = 12


class When(Section):
    """All that is set must hold; a list, for one of its words."""

    tier: tuple[str, ...] = ()
    region: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    signed_in: bool | None = None
    open_complaint: bool | None = None
    new_days: Days | None = None
    orders_at_least: Count | None = None


class SegmentRule(Section):
    """A kind of customer and how they are treated; what is left out is left to the rules below and to the rest."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
    when: When = When()
    greeting: Words = Field(default_factory=dict)
    suggestions: dict[Literal["en", "zh"], tuple[str, ...]] = Field(default_factory=dict)
    tone: str = ""
    audiences: tuple[str, ...] = ()
    answer_above: Share | None = None
    team: str = ""
    priority: Annotated[int, Field(ge=0, le=9)] | None = None


class Privacy(Section):
    """How long things are kept."""

    conversations_days: Days = 730
    logs_days: Days = 30
    runs_days: Days = 365
