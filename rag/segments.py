"""How a customer is treated, by the ordered rules of config.yaml. Pure.

Of every kind of treatment the first rule counts that applies and says something about it; audiences add up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from rag.config_customers import SegmentRule, When
from rag.people import Customer
from rag.types import Language


@dataclass(frozen=True, slots=True)
class Treatment:
    """What the rules say for one customer. Empty or None: nothing."""

    names: tuple[str, ...] = ()  # of the rules that apply
    greeting: Mapping[Language, str] = field(default_factory=dict)
    suggestions: Mapping[Language, tuple[str, ...]] = field(default_factory=dict)  # for an empty chat
    tone: str = ""  # for a model that writes
    audiences: frozenset[str] = frozenset()  # of documents they see beside the public ones
    answer_above: float | None = None
    team: str = ""
    priority: int | None = None

    def greets(self, customer: Customer | None, language: Language) -> str:
        """The greeting with the customer's name; empty where there is none, or it needs a name that is not known."""
        said, name = self.greeting.get(language, ""), customer.name if customer else ""
        return said.replace("{name}", name) if name or "{name}" not in said else ""


def treatment(customer: Customer | None, rules: Sequence[SegmentRule], today: date) -> Treatment:
    """How the customer, or a guest, is to be treated."""
    fitting = [rule for rule in rules if applies(rule.when, customer, today)]
    return Treatment(
        names=tuple(rule.name for rule in fitting),
        greeting=next((rule.greeting for rule in fitting if rule.greeting), {}),
        suggestions=next((rule.suggestions for rule in fitting if rule.suggestions), {}),
        tone=next((rule.tone for rule in fitting if rule.tone), ""),
        audiences=frozenset(each for rule in fitting for each in rule.audiences),
        answer_above=next((rule.answer_above for rule in fitting if rule.answer_above is not None), None),
        team=next((rule.team for rule in fitting if rule.team), ""),
        priority=next((rule.priority for rule in fitting if rule.priority is not None), None),
    )


def applies(when: When, customer: Customer | None, today: date) -> bool:
    """Whether everything that the rule asks for is known to hold."""
    if when.signed_in is not None and when.signed_in != (customer is not None):
        return False
    who = customer or Customer("")
    new = who.since is not None and who.since > today - timedelta(days=when.new_days or 0)
    return all(
        (
            _among(who.tier, when.tier),
            _among(who.region, when.region),
            _among(who.language, when.language),
            when.open_complaint is None or when.open_complaint == any(each.open for each in who.complaints),
            when.new_days is None or new,
            when.orders_at_least is None or len(who.orders) >= when.orders_at_least,
        )
    )


def _among(word: str, words: Iterable[str]) -> bool:
    wanted = {each.casefold() for each in words}
    return not wanted or word.casefold() in wanted
