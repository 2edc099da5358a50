"""A CRM's answers to a Customer, by configured names of fields. Pure; knows no HTTP.

A name is a path: "shipping.carrier", "lines.0.title". An answer that names another customer is no record of this one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from rag.config import CRM
from rag.people import Complaint, Customer, Order, Visit

LONGEST = 2_000  # characters of one field
MOST = 1_000  # entries of one list


class NotARecord(ValueError):
    """What the CRM said is not the record of the customer it was asked for. The message holds nothing of the record."""


class _Fields:
    """The fields of one object, by our names."""

    def __init__(self, raw: object, names: Mapping[str, str], kind: str) -> None:
        if not isinstance(raw, dict):
            raise NotARecord(f"{kind}: an object was expected")
        self._raw, self._names, self._kind = raw, names, kind

    def value(self, name: str) -> object:
        return at(self._raw, self._names.get(name, name))

    def text(self, name: str) -> str:
        found = self.value(name)
        if found is None:
            return ""
        if isinstance(found, bool) or not isinstance(found, (str, int, float)) or len(str(found)) > LONGEST:
            raise NotARecord(f"{self._kind}: {name} is no text")
        return " ".join(str(found).split())

    def needed(self, name: str) -> str:
        if not (found := self.text(name)):
            raise NotARecord(f"{self._kind}: {name} is missing")
        return found

    def day(self, name: str) -> date | None:
        found = self.text(name)
        try:
            return date.fromisoformat(found[:10]) if found else None
        except ValueError:
            raise NotARecord(f"{self._kind}: {name} is no date") from None

    def day_needed(self, name: str) -> date:
        if (found := self.day(name)) is None:
            raise NotARecord(f"{self._kind}: {name} is missing")
        return found

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts, or of objects with a title at `item`; or one text with semicolons."""
        found = self.value(name)
        if found is None or isinstance(found, str):
            return tuple(each.strip() for each in (found or "").split(";") if each.strip())
        if not isinstance(found, list) or len(found) > MOST:
            raise NotARecord(f"{self._kind}: {name} is no list")
        path = self._names.get("item", "name")
        entries = [{"item": at(each, path) if isinstance(each, dict) else each} for each in found]
        return tuple(text for each in entries if (text := _Fields(each, {}, self._kind).text("item")))

    def boolean(self, name: str) -> bool:
        found = self.value(name)
        if not isinstance(found, bool):
            raise NotARecord(f"{self._kind}: {name} is neither true nor false")
        return found

    def belongs_to(self, customer_id: str, name: str) -> None:
        """Raises NotARecord where another customer is named."""
        if self.text(name) not in ("", customer_id):
            raise NotARecord(f"{self._kind}: it belongs to another customer")


def customer_of(customer_id: str, answer: object, lists: Mapping[str, object], settings: CRM) -> Customer:
    """The customer. `lists`: the answers of the routes that were asked, by kind. Raises NotARecord."""
    names = {kind: settings.fields.get(kind, {}) for kind in ("customer", "orders", "complaints", "visits")}
    who = _Fields(answer, names["customer"], "customer")
    if names["customer"].get("id", "id") and who.needed("id") != customer_id:
        raise NotARecord("customer: it is another customer")

    def entries(kind: str) -> list[_Fields]:
        path = settings.lists.get(kind, "") if kind in lists else settings.lists.get(kind)  # type: ignore[call-overload]
        raw = None if path is None else at(lists.get(kind, answer), path)
        if raw is not None and (not isinstance(raw, list) or len(raw) > MOST):
            raise NotARecord(f"{kind}: a list of at most {MOST} was expected")
        found = [_Fields(each, names[kind], kind) for each in raw or ()]
        for each in found:
            each.belongs_to(customer_id, "customer")
        return found

    visited = [Visit(each.day_needed("on"), each.needed("what")) for each in entries("visits")]
    return Customer(
        customer_id,
        **{name: who.text(name) for name in ("name", "email", "phone", "language", "region", "tier")},  # type: ignore[arg-type]
        since=who.day("since"),
        orders=tuple(sorted(map(_order, entries("orders")), key=lambda each: each.placed_on, reverse=True)),
        complaints=tuple(sorted(map(_complaint, entries("complaints")), key=lambda each: each.opened_on, reverse=True)),
        visits=tuple(sorted(visited, key=lambda each: each.on, reverse=True)),
    )


def at(raw: object, path: str) -> object:
    """What stands at a path of an answer; the whole for an empty one, None where there is nothing."""
    for part in path.split(".") if path else ():
        if isinstance(raw, dict):
            raw = raw.get(part)
        elif isinstance(raw, list) and part.isdecimal() and int(part) < len(raw):
            raw = raw[int(part)]
        else:
            return None
    return raw


def _order(each: _Fields) -> Order:
    return Order(
        each.needed("number"),
        each.day_needed("placed_on"),
        each.needed("status"),
        each.texts("items"),
        each.text("total"),
        each.text("carrier"),
        each.text("tracking"),
        each.day("expected_on"),
        each.day("delivered_on"),
    )


def _complaint(each: _Fields) -> Complaint:
    return Complaint(each.needed("number"), each.day_needed("opened_on"), each.text("subject"), each.boolean("open"))
