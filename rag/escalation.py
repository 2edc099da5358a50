"""Whether a person takes over, by the rules of config.yaml. Pure: no model is asked, and no document.

A rule that fires makes the decision a hand-off under its name; its reason is the first of the decision's reasons, in
the customer's language. Rules are tried in the order in which `rag/config_escalation.py` names them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.config_escalation import Escalation, Rules
from rag.mood import messages
from rag.mood_feelings import insists
from rag.people import Customer, Mood
from rag.topics import topic_of
from rag.types import Decision, Query, Turn

FRUSTRATED = 0.4  # frustration that must show beside a high risk: what was learned from microblogs alone is not enough
NO_MATTER = ("greeting", "thanks", "identity", "chat", "off_topic", "empty")
ASKED = ("question", "complaint")  # what a decline leaves open; an order that is not theirs stays a decline


@dataclass(frozen=True, slots=True)
class Situation:
    """All that the rules look at."""

    query: Query
    turns: Sequence[Turn]
    mood: Mood
    decision: Decision
    customer: Customer | None


def escalate(
    query: Query, turns: Sequence[Turn], mood: Mood, decision: Decision, customer: Customer | None, settings: Escalation
) -> Decision:
    """The decision, or a hand-off in its place. `turns` ends with the message that `query` is about."""
    situation = Situation(query, turns, mood, decision, customer)
    for name, fires in _FIRES.items():
        rule = getattr(settings.rules, name)
        if rule.enabled and fires(situation, settings.rules):
            reasons = (rule.reason.get(query.language) or rule.reason["en"], *mood.signs)
            return Decision("hand_off", decision.confidence, reasons, rule=name)
    return decision


def _topic(name: str) -> Callable[[Situation, Rules], bool]:
    return lambda at, _rules: topic_of(at.query.text) == name


def _repeated(at: Situation, rules: Rules) -> bool:
    """The same again, or "that did not help", so often on end; or so many questions on end declined."""
    if at.query.wish in NO_MATTER:
        return False
    declined = at.decision.outcome == "decline" and _declined(at.turns) + 1 >= rules.repeated.declines
    return insists(messages(_since_asked_back(at.turns))) >= rules.repeated.times or declined


def _since_asked_back(turns: Sequence[Turn]) -> Sequence[Turn]:
    """What follows the assistant's last question back: its answer repeats the question, and should."""
    places = [at for at, turn in enumerate(turns) if turn.options or turn.outcome == "clarify"]
    return turns[places[-1] + 1 :] if places else turns


def _declined(turns: Sequence[Turn]) -> int:
    """How many of the assistant's turns before the newest message were declines, one after the other."""
    outcomes = [turn.outcome for turn in turns if turn.role == "assistant"]
    return next((place for place, each in enumerate(reversed(outcomes)) if each != "decline"), len(outcomes))


def _angry(at: Situation, rules: Rules) -> bool:
    enough = rules.anger.declined_above if _unanswered(at) else rules.anger.above
    risky = at.mood.risk >= rules.anger.risk_above and at.mood.frustration >= FRUSTRATED
    return at.query.wish not in ("thanks", "greeting") and (at.mood.anger >= enough or risky)


def _vip(at: Situation, rules: Rules) -> bool:
    tier = at.customer.tier.casefold() if at.customer else ""
    return _unanswered(at) and tier in {each.casefold() for each in rules.vip.tiers}


def _complaining(at: Situation, _rules: Rules) -> bool:
    return _unanswered(at) and at.customer is not None and any(each.open for each in at.customer.complaints)


def _unsure(at: Situation, rules: Rules) -> bool:
    return _unanswered(at) and at.decision.confidence < rules.low_confidence.below


def _unanswered(at: Situation) -> bool:
    return at.decision.outcome == "decline" and at.query.wish in ASKED


_FIRES: dict[str, Callable[[Situation, Rules], bool]] = {
    "asked_for_person": lambda at, _rules: at.query.wish == "person",
    "safety": _topic("safety"),
    "legal": _topic("legal"),
    "payment_dispute": _topic("payment_dispute"),
    "cancellation": _topic("cancellation"),
    "repeated": _repeated,
    "anger": _angry,
    "vip": _vip,
    "open_complaint": _complaining,
    "low_confidence": _unsure,
}
