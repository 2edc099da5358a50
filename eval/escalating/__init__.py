"""Customers who all want a person, served by the real desk in a process that may be killed at any moment.

Each writes so and presses the button at the same time; a page that finds its message unanswered resumes it, as the
chat page does. What a customer was told is printed at once: `eval/escalations.py` holds the desk to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Engine

from desk.moves import Rules
from desk.service import Desk
from desk.store import Conversations
from rag.people import Customer
from rag.types import Access, AnswerSentence, Decision, Done, Event, Reply, Said, Turn

AT_ONCE = 4  # customers served at the same time
TOLD = re.compile(r"its number is (\d+)")
RULES = Rules(channels={"webhook": frozenset(["opened"])})


class Escalating:
    """An assistant that hands over whatever it is told."""

    def reply(
        self,
        turns: Sequence[Turn],  # noqa: ARG002 - as the desk asks
        access: Access | None = None,  # noqa: ARG002
        customer: Customer | None = None,  # noqa: ARG002
    ) -> Iterator[Event]:
        """As the assistant does: its words first, then the whole."""
        said = AnswerSentence("You would like to talk to a person.")
        yield Said(said)
        decision = Decision("hand_off", 1.0, ("the customer asked for a person",), rule="asked_for_person")
        yield Done(Reply(decision, (said,), "en", "fixed"))


def visitors(number: int) -> list[str]:
    """So many, always the same."""
    return [f"visitor-{each:05}" for each in range(number)]


def serve(engine: Engine, number: int, say: Callable[[str], None]) -> None:
    """Serve them all; "ready" when the work begins, then "VISITOR NUMBER" for each ticket that somebody was told of."""
    desk = Desk(Conversations(engine, RULES), Escalating())
    left = [each for each in visitors(number) if not _served(desk, each)]
    say("ready")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for _ in pool.map(lambda visitor: _serve(desk, visitor, say), left):
            pass


def _served(desk: Desk, visitor: str) -> bool:
    conversation = desk.latest(visitor)
    known = desk.view(conversation, visitor) if conversation else None
    return known is not None and known.ticket is not None and known.messages[-1].role != "customer"


def _serve(desk: Desk, visitor: str, say: Callable[[str], None]) -> None:
    conversation = desk.latest(visitor) or desk.begin(visitor, "en")
    known = desk.view(conversation, visitor)
    with ThreadPoolExecutor(1) as pool:
        pressed = pool.submit(desk.request_person, conversation, visitor, "en")
        asked = bool(known.messages) and any(each.role == "customer" for each in known.messages)
        events = (
            desk.resume(conversation, visitor)
            if asked
            else desk.handle_message(conversation, visitor, "A person please!")
        )
        told = {found[1] for each in events if isinstance(each, Said) and (found := TOLD.search(each.sentence.text))}
        told.add(str(pressed.result().number))
    say(" ".join((visitor, *sorted(told))))
