"""What is said of an order, sentence by sentence, and how its record reads beside it. In English and Chinese; pure."""

from __future__ import annotations

from datetime import date

from rag.people import Order
from rag.types import Language

_MONTHS = "January February March April May June July August September October November December".split()
_SAID: dict[str, dict[Language, str]] = {
    "state": {
        "en": "Your order {number}, placed on {placed}, has the status “{status}”.",
        "zh": "您于{placed}下的订单 {number}，当前状态为“{status}”。",
    },
    "delivered": {"en": "It was delivered on {delivered}.", "zh": "该订单已于{delivered}送达。"},
    "expected": {"en": "It is expected to arrive on {expected}.", "zh": "预计于{expected}送达。"},
    "late": {
        "en": "It was expected on {expected}; our records show no delivery yet.",
        "zh": "原预计于{expected}送达，目前记录中还没有送达信息。",
    },
    "no date": {
        "en": "Our records do not say yet when it will arrive.",
        "zh": "目前记录中还没有预计送达日期。",
    },
    "sent by": {
        "en": "{carrier} delivers it, with the tracking number {tracking}.",
        "zh": "由{carrier}配送，运单号为 {tracking}。",
    },
    "carrier": {"en": "{carrier} delivers it.", "zh": "由{carrier}配送。"},
    "tracking": {"en": "Its tracking number is {tracking}.", "zh": "运单号为 {tracking}。"},
    "no tracking": {
        "en": "Our records hold no tracking number for it yet.",
        "zh": "目前记录中还没有运单号。",
    },
    "items": {"en": "It contains: {items}.", "zh": "包含商品：{items}。"},
    "no items": {"en": "Our records do not list what it contains.", "zh": "记录中没有列出商品明细。"},
    "total": {"en": "Its total is {total}.", "zh": "订单总额为 {total}。"},
    "no total": {"en": "Our records do not hold its total.", "zh": "记录中没有订单总额。"},
    "row": {"en": "{number} of {placed}: {status}", "zh": "{number}（{placed}下单）：{status}"},
    "row delivered": {"en": ", delivered on {delivered}", "zh": "，{delivered}送达"},
    "row expected": {"en": ", expected on {expected}", "zh": "，预计{expected}送达"},
    "row tracking": {"en": ", {carrier} {tracking}", "zh": "，{carrier} {tracking}"},
    "row total": {"en": ", {total}", "zh": "，{total}"},
    "row items": {"en": " ({items})", "zh": "（{items}）"},
    "title": {"en": "Your order {number}", "zh": "您的订单 {number}"},
}
_FIELDS: dict[Language, tuple[str, ...]] = {
    "en": (
        "Order",
        "Placed on",
        "Status",
        "Items",
        "Total",
        "Carrier",
        "Tracking number",
        "Expected on",
        "Delivered on",
    ),
    "zh": ("订单号", "下单日期", "状态", "商品", "总额", "承运商", "运单号", "预计送达", "送达日期"),
}
_LIST: dict[Language, str] = {"en": "; ", "zh": "；"}


def say(name: str, order: Order, language: Language) -> str:
    """A sentence, or a piece of one, about an order; what it names must be in the record."""
    return _SAID[name][language].format(
        number=order.number,
        status=order.status,
        placed=day(order.placed_on, language),
        delivered=day(order.delivered_on, language),
        expected=day(order.expected_on, language),
        carrier=order.carrier,
        tracking=order.tracking,
        total=order.total,
        items=_LIST[language].join(order.items),
    )


def quoted(order: Order, language: Language) -> str:
    """The record, a field a line; empty fields are left out."""
    dates = [each.isoformat() if each else "" for each in (order.placed_on, order.expected_on, order.delivered_on)]
    items = _LIST[language].join(order.items)
    values = (order.number, dates[0], order.status, items, order.total, order.carrier, order.tracking, *dates[1:])
    return "\n".join(
        f"{name}: {' '.join(value.split())}" for name, value in zip(_FIELDS[language], values, strict=True) if value
    )


def day(on: date | None, language: Language) -> str:
    """ "3 May 2026"; empty without a date."""
    if on is None:
        return ""
    return f"{on.year}年{on.month}月{on.day}日" if language == "zh" else f"{on.day} {_MONTHS[on.month - 1]} {on.year}"
