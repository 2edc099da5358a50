"""Rules by customer fields: which apply, and what counts of those that do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from rag.config_customers import SegmentRule
from rag.people import Complaint, Customer, Order
from rag.segments import applies, treatment

TODAY = date(2026, 11, 20)
ORDER = Order("AH-1", date(2026, 1, 1), "delivered")
ANNA = Customer("C-1", "Anna", tier="VIP", region="UK", language="en", since=date(2026, 11, 1), orders=(ORDER,))
UPSET = replace(ANNA, tier="", complaints=(Complaint("P-1", date(2026, 11, 2), "late", True),))
OLD = replace(ANNA, tier="standard", since=date(2020, 1, 1), complaints=(replace(UPSET.complaints[0], open=False),))


def rule(name: str = "r", **fields: object) -> SegmentRule:
    return SegmentRule.model_validate({"name": name, **fields})


@pytest.mark.parametrize(
    ("when", "fitting"),
    [
        ({}, {"anna", "upset", "old", "guest"}),
        ({"signed_in": True}, {"anna", "upset", "old"}),
        ({"signed_in": False}, {"guest"}),
        ({"tier": ["gold", "vip"]}, {"anna"}),
        ({"region": ["uk"], "language": ["EN"]}, {"anna", "upset", "old"}),
        ({"open_complaint": True}, {"upset"}),
        ({"open_complaint": False, "signed_in": True}, {"anna", "old"}),
        ({"new_days": 30}, {"anna", "upset"}),
        ({"new_days": 10}, set()),
        ({"orders_at_least": 1}, {"anna", "upset", "old"}),
        ({"orders_at_least": 2}, set()),
        ({"tier": ["vip"], "region": ["de"]}, set()),
    ],
)
def test_all_that_a_rule_asks_for_must_hold(when: dict[str, object], fitting: set[str]) -> None:
    customers = {"anna": ANNA, "upset": UPSET, "old": OLD, "guest": None}
    parsed = rule(when=when).when
    assert {name for name, each in customers.items() if applies(parsed, each, TODAY)} == fitting


def test_the_first_rule_that_says_something_counts_and_audiences_add_up() -> None:
    rules = [
        rule("other", when={"tier": ["gold"]}, team="gold", answer_above=0.9),
        rule("vip", when={"tier": ["vip"]}, greeting={"en": "Dear {name}"}, priority=3, audiences=["vip"]),
        rule("uk", when={"region": ["uk"]}, team="london", priority=1, tone="dry", audiences=["uk"], answer_above=0),
    ]
    found = treatment(ANNA, rules, TODAY)
    assert (found.names, found.team, found.priority, found.tone) == (("vip", "uk"), "london", 3, "dry")
    assert found.audiences == {"vip", "uk"}
    assert found.answer_above == 0
    assert found.greets(ANNA, "en") == "Dear Anna"
    assert found.greets(replace(ANNA, name=""), "en") == ""
    assert found.greets(ANNA, "zh") == ""


def test_a_name_is_put_in_as_it_is() -> None:
    found = treatment(ANNA, [rule(greeting={"en": "Hi {name}, {"})], TODAY)
    assert found.greets(replace(ANNA, name="{name.__class__}"), "en") == "Hi {name.__class__}, {"
