"""What to do with a message: answer, decline, hand off or small talk. Pure, with reasons.

How sure it may be is told by `confidence.py`.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.confidence import confidence_of
from rag.types import Decision, Hit, Query


def decide(query: Query, hits: Sequence[Hit], answer_above: float) -> Decision:
    """The decision on a query and what was found for it."""
    if query.wish == "person":
        return Decision("hand_off", 1.0, ("the customer asked for a person",))
    if query.wish in ("greeting", "thanks", "empty"):
        return Decision("small_talk", 1.0, (f"the message is {query.wish}",))
    if not hits:
        return Decision("decline", 0.0, ("nothing was found",))
    confidence = confidence_of(query, hits)
    if confidence < answer_above:
        return Decision("decline", confidence, (f"confidence {confidence:.2f} is below {answer_above:.2f}",))
    return Decision("answer", confidence, (f"confidence {confidence:.2f}",))


def silent(decision: Decision) -> Decision:
    """The decision once a writer found nothing in the passages that it could prove."""
    return Decision("decline", decision.confidence, (*decision.reasons, "no sentence of an answer passed the check"))
