"""What to do with a message: answer, ask back, decline, hand off or small talk. Pure, with reasons.

How sure it may be is told by `confidence.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rag.confidence import confidence_of
from rag.subject import subject
from rag.types import Decision, Hit, Query

# An incomplete question fits its passages less well, and being asked costs less than a wrong answer.
ASKED_BACK = 0.7  # share of the confidence for an answer from which the assistant asks back
SMALL_TALK = ("greeting", "thanks", "identity", "chat", "empty")
FOR_A_PERSON = (
    "order",
    "complaint",
    "others",
    "off_topic",
)  # declined in words of their own, with the offer of a person


def decide(query: Query, hits: Sequence[Hit], answer_above: float, options: tuple[str, ...] = ()) -> Decision:
    """The decision on a query and what was found for it. `options`: its readings, where there are several."""
    if query.wish == "person":
        return Decision("hand_off", 1.0, ("the customer asked for a person",), rule="asked_for_person")
    if query.wish in SMALL_TALK:
        return Decision("small_talk", 1.0, (f"the message is {query.wish}",))
    if query.wish in FOR_A_PERSON:
        return Decision("decline", 1.0, (f"the message is {query.wish}",))
    return replace(_on_question(query, hits, answer_above, options), about=subject(query, hits))


def _on_question(query: Query, hits: Sequence[Hit], answer_above: float, options: tuple[str, ...]) -> Decision:
    if not hits:
        return Decision("decline", 0.0, ("nothing was found",))
    confidence = confidence_of(query, hits)
    if query.asked_back:
        answer_above *= ASKED_BACK  # who asks back must not decline the answer to it
    # A word that no document has makes a question not incomplete, but one that the documents do not answer.
    enough = answer_above if hits[0].signals.get("unknown") else ASKED_BACK * answer_above
    if hits[0].signals.get("code_said"):
        enough = 0.0  # a code that stands under several products can but be asked about
    if options and confidence >= enough:
        return Decision("clarify", confidence, ("equally good passages answer for different cases",), options)
    if query.asked_back:
        answer_above *= ASKED_BACK  # "both" adds nothing to what was sure enough to ask back about
    if confidence < answer_above:
        return Decision("decline", confidence, (f"confidence {confidence:.2f} is below {answer_above:.2f}",))
    return Decision("answer", confidence, (f"confidence {confidence:.2f}",))


def silent(decision: Decision, reason: str = "no sentence of an answer passed the check") -> Decision:
    """The decision once a writer found nothing in the passages that it could prove."""
    return replace(decision, outcome="decline", reasons=(*decision.reasons, reason))
