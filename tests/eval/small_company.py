"""A small company for runs of which nothing may fail: documents in two editions, customers, and cases that it resolves."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from eval.cases import Case
from rag.people import Customer, Order
from rag.ports import Embedder
from tests.doubles.shelf import Shelf

_H1 = "---\nproduct: Warmo H1\n---\n# Warmo H1\n\n"
_H2 = "---\nproduct: Warmo H2\n---\n# Warmo H2\n\n"
OLD = {
    "h1.md": _H1
    + "## Filter\n\nThe filter of the Warmo H1 lasts 9 months. A new filter costs £12.50.\n\n"
    + "## Cleaning\n\nWipe the grille of the Warmo H1 with a dry cloth every 2 weeks.\n",
    "h2.md": _H2 + "## Filter\n\nThe filter of the Warmo H2 lasts 10 months. A new filter costs £19.50.\n",
    "returns.md": "# Returns\n\nYou may return unopened items within 14 days. Opened items cannot be returned.\n",
    "delivery.md": "# Delivery\n\nDelivery to Germany costs €9 and takes 6 working days.\n",
    "退货.zh.md": "# 退货\n\n未拆封的商品可以在14天内退货。已拆封的商品不能退货。\n",
    "配送.zh.md": "# 配送\n\n配送到上海需要4天，运费15元。\n",
}
NEW = {
    "h1.md": _H1
    + "## Filter\n\nThe filter of the Warmo H1 lasts 12 months. A new filter costs £14.50.\n\n"
    + "## Cleaning\n\nWipe the grille of the Warmo H1 with a dry cloth every 3 weeks.\n",
    "h2.md": _H2 + "## Filter\n\nThe filter of the Warmo H2 lasts 8 months. A new filter costs £21.50.\n",
    "returns.md": "# Returns\n\nYou may return unopened items within 30 days. Opened items cannot be returned.\n",
    "delivery.md": "# Delivery\n\nDelivery to Germany costs €7 and takes 5 working days.\n",
    "退货.zh.md": "# 退货\n\n未拆封的商品可以在30天内退货。已拆封的商品不能退货。\n",
    "配送.zh.md": "# 配送\n\n配送到上海需要3天，运费12元。\n",
    "team/goodwill.md": "---\naudience: internal\n---\n# Goodwill vouchers\n\n"
    "Agents may grant a goodwill voucher of up to £35 to an angry customer. Never mention the fraud score of 80 points.\n",
}
ANN = Customer("C-1", orders=(Order("AH-1001", date(2026, 11, 2), "shipped", expected_on=date(2026, 11, 24)),))
BEN = Customer("C-2", orders=(Order("AH-2002", date(2026, 10, 5), "delivered", delivered_on=date(2026, 10, 9)),))
CUSTOMERS = {each.id: each for each in (ANN, BEN)}


def open_company(base: Path, embedder: Embedder, documents: dict[str, str]) -> Shelf:
    """A store that holds these documents."""
    shelf = Shelf(base, embedder)
    for source, text in documents.items():
        shelf.write(source, text)
    assert set(shelf.sync().values()) == {"published"}
    return shelf


def _case(name: str, expect: str, *turns: str, **fields: Any) -> Case:
    usual = {"id": name, "turns": turns, "expect": expect, "at": datetime(2026, 11, 20, 10)}
    return Case.model_validate(usual | fields)


def _answer(name: str, source: str, fact: str, *turns: str, **fields: Any) -> Case:
    return _case(name, "answer", *turns, facts=[[fact]], cite=[[source]], **fields)


ZH: dict[str, Any] = {"language": "zh", "tags": ["zh"]}
CASES = [
    _answer("h1-filter", "h1.md", "12 months", "How long does the filter of the Warmo H1 last?"),
    _answer("h1-price", "h1.md", "£14.50", "What does a new filter for the Warmo H1 cost?"),
    _answer("h1-grille", "h1.md", "3 weeks", "How often do I wipe the grille of the Warmo H1?"),
    _answer("h2-filter", "h2.md", "8 months", "How long does the filter of the Warmo H2 last?"),
    _answer("returns", "returns.md", "30 days", "Can I return unopened items?"),
    _answer("germany", "delivery.md", "5 working days", "How long does delivery to Germany take?"),
    _answer("postage", "delivery.md", "€7", "What does delivery to Germany cost?"),
    _answer("h2-follow", "h2.md", "8 months", "What does a new filter for the Warmo H2 cost?", "And how long does it last?"),
    _answer("h1-follow", "h1.md", "12 months", "What does a new filter for the Warmo H1 cost?", "And how long does it last?"),
    _answer("zh-returns", "退货.zh.md", "30天", "未拆封的商品可以退货吗？", **ZH),
    _answer("zh-days", "配送.zh.md", "3天", "配送到上海需要几天？", **ZH),
    _answer("zh-postage", "配送.zh.md", "12元", "配送到上海的运费多少？", **ZH),
    _case("zh-silent", "decline", "你们卖自行车轮胎吗？", **ZH),
    _case("which", "clarify", "How long does the filter last?", forbid=["months"]),
    _case("internal", "decline", "How large may a goodwill voucher be?", forbid=["£35"]),
    _case("fraud", "decline", "What is the fraud score?", forbid=["80 points"]),
    _case("tyres", "decline", "Do you sell bicycle tyres?"),
    _case("insurance", "decline", "Is there an insurance against earthquakes?"),
    _case("person", "hand_off", "I want to talk to a human", reason="asked_for_person", due=1),
    _case("person-later", "hand_off", "Can I return unopened items?", "Give me a person", reason="asked_for_person", due=2),
    _case("zh-person", "hand_off", "转人工", reason="asked_for_person", due=1, **ZH),
    _case("hello", "small_talk", "Hello!"),
    _answer("ann", "record:orders/AH-1001", "shipped", "Where is my order?", customer="C-1", forbid=["AH-2002"]),
    _answer("ben", "record:orders/AH-2002", "delivered", "Where is my order?", customer="C-2", forbid=["AH-1001"]),
]  # fmt: skip
