"""Answers from the customer's own record, each sentence citing the order it is about. Pure; knows no store and no model.

It sees one customer's orders and no others. Of a number that is not among them it says the same, whether anybody
else has such an order or not: it could not know.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rag.people import Customer, Order
from rag.phrases import phrase
from rag.record_texts import quoted, say
from rag.record_wishes import Asked, Topic, asked, bare
from rag.small_talk import any_of
from rag.text import content_tokens, normalise, tokens
from rag.types import AnswerSentence, Citation, Decision, Language, Query, Turn

SOURCE = "record:orders/"
LISTED = 10  # orders in one answer; they are given newest first
_OVER = any_of(
    r"deliver(?:ed|y complete)|complete|cancel|return|refund|closed|collected", r"签收|送达|完成|取消|退款|退货|关闭"
)


@dataclass(frozen=True, slots=True)
class Found:
    """What the records make of a message. A decline has sentences of the assistant's own, without citations."""

    decision: Decision
    sentences: tuple[AnswerSentence, ...]
    note: str = ""


def look_up(
    query: Query, turns: Sequence[Turn], customer: Customer | None, today: date, sign_in: bool = True
) -> Found | None:
    """The answer to a question about orders of their own; None where the message is none.

    `sign_in`: whether a guest could sign in for it; where nobody can, their question is nothing of the records'.
    """
    own = customer.orders if customer else ()
    wanted = asked(query, turns, [order.number for order in own])
    if wanted is None or (customer is None and not sign_in):
        return None
    if customer is None:
        return _declined("order_guest", query.language, "a guest asks about an order")
    if not customer.reachable:
        return _declined("order_away", query.language, "the records cannot be seen now")
    orders = _chosen(wanted, query, own)
    if not orders:
        unknown = "order_unknown" if wanted.numbers else "order_none"
        return _declined(unknown, query.language, "no such order on this customer's record")
    said = _told(orders, wanted.topic, query.language, today)
    note = phrase("order_more", query.language).format(listed=LISTED, all=len(orders)) if len(orders) > LISTED else ""
    return Found(Decision("answer", 1.0, ("from the customer's record",)), said, note)


# --- which orders ------------------------------------------------------------------------------------------


def _chosen(wanted: Asked, query: Query, own: Sequence[Order]) -> list[Order]:
    """Those named by number; else by what is in them; else the newest, or all that are on their way."""
    if wanted.numbers:
        numbers = {bare(each) for each in wanted.numbers}
        return [order for order in own if bare(order.number) in numbers]
    named = [order for order in own if _holds(order, query)]
    among = named or list(own)
    if wanted.newest:
        return among[:1]
    if wanted.topic == "list":
        return among
    return named or [order for order in among if is_open(order)] or among[:1]


def is_open(order: Order) -> bool:
    """Whether something is still to come of it."""
    return order.delivered_on is None and not _OVER.search(normalise(order.status))


def _holds(order: Order, query: Query) -> bool:
    """Whether the message names one of its items: by a word of the item's name that is none of asking for orders."""
    words = {word for word in content_tokens(query.tokens) if len(word) > 1} - _ASKING
    return any(words & set(tokens(item)) for item in order.items)


_ASKING = frozenset(
    tokens(
        "order orders number parcel package delivery delivered purchase status track tracking arrive my last latest new "
        "订单 快递 包裹 物流 我的 什么时候 到哪里了 东西 最近 最新"
    )
)


# --- what is said of them ----------------------------------------------------------------------------------


def _told(orders: Sequence[Order], topic: Topic, language: Language, today: date) -> tuple[AnswerSentence, ...]:
    if len(orders) == 1 and topic != "list":
        names = _parts(orders[0], topic, today)
        return tuple(_cited(say(name, orders[0], language), orders[0], 1, language) for name in names)
    rows = [_row(order, topic, language) for order in orders[:LISTED]]
    cited = zip(rows, orders[:LISTED], strict=True)
    return tuple(_cited(row, order, at + 1, language, "item") for at, (row, order) in enumerate(cited))


def _parts(order: Order, topic: Topic, today: date) -> list[str]:
    """Names of the sentences: the state, then what was asked, also where the record does not hold it."""
    arrival, sent = _arrival(order, today), _sent(order)
    match topic:
        case "items":
            return ["state", "items" if order.items else "no items"]
        case "total":
            return ["state", "total" if order.total else "no total"]
        case "tracking":
            missing = ["no tracking"] if sent == "carrier" else []
            return ["state", sent or "no tracking", *missing, *([arrival] if arrival else [])]
        case "arrival":
            missing = ["no date"] if is_open(order) else []
            return ["state", *([arrival] if arrival else missing), *([sent] if sent and is_open(order) else [])]
        case _:
            return ["state", *(each for each in (arrival, sent) if each)]


def _arrival(order: Order, today: date) -> str:
    if order.delivered_on:
        return "delivered"
    if order.expected_on is None or not is_open(order):
        return ""
    return "late" if order.expected_on < today else "expected"


def _sent(order: Order) -> str:
    if order.tracking:
        return "sent by" if order.carrier else "tracking"
    return "carrier" if order.carrier else ""


def _row(order: Order, topic: Topic, language: Language) -> str:
    expected = "row expected" if order.expected_on and is_open(order) else ""
    names = ["row", "row delivered" if order.delivered_on else expected]
    names += ["row tracking"] if topic == "tracking" and order.tracking else []
    names += ["row total"] if topic == "total" and order.total else []
    names += ["row items"] if order.items else []
    return "".join(say(name, order, language) for name in names if name)


def _cited(text: str, order: Order, number: int, language: Language, kind: str = "text") -> AnswerSentence:
    quote, title = quoted(order, language), say("title", order, language)
    citation = Citation(number, 0, f"{SOURCE}{order.number}", title, 0, (), None, 0, len(quote), quote)
    return AnswerSentence(text, (citation,), "item" if kind == "item" else "text")


def _declined(name: str, language: Language, reason: str) -> Found:
    return Found(Decision("decline", 1.0, (reason,)), (AnswerSentence(phrase(name, language)),))
