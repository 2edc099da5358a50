"""Conversations of a company's weeks, made up by a seed and put into the store's tables."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from desk.directory_schema import customers
from desk.schema import conversations, feedback, messages, surveys, tickets, transitions

BEGIN = datetime(2026, 3, 2)
TITLES = (
    "Warranty terms",
    "Delivery",
    "Returns",
    "Kettle care",
    "保修条款",
    "=HYPERLINK(1)",
    "<img src=x onerror=alert(1)>",
)
OUTCOMES = ("answer", "answer", "answer", "answer", "decline", "clarify", "small_talk", "hand_off")
SAID = (
    "How long is the warranty on the AirPure 300?", "How much is delivery to France?", "Can I return a kettle?",
    "Thanks", "保修期是多久？", "怎么退货？", "<b onclick=alert(2)>warranty</b> of the AirPure 300",
)  # fmt: skip
RULES = ("asked_for_person", "anger")
Row = dict[str, Any]


class Weeks:
    """Fills tables row by row; `fill` writes them all in one transaction."""

    def __init__(self, seed: int, days: int = 24, begin: datetime = BEGIN) -> None:
        self._random, self._days, self._begin = random.Random(seed), days, begin
        self.rows: dict[str, list[Row]] = {
            each: [] for each in ("conversations", "messages", "feedback", "surveys", "tickets", "transitions")
        }

    def conversation(self) -> None:
        """One more, with its messages, tickets, ratings and survey."""
        r, number = self._random, len(self.rows["conversations"])
        customer = r.choice((None, None, f"C-{r.randrange(40)}"))
        begun = self._begin + timedelta(microseconds=r.randrange(self._days * 86_400_000_000))
        self.rows["conversations"].append(
            {
                "id": f"c{number}", "visitor": f"customer:{customer}" if customer else f"v{r.randrange(400)}",
                "customer": customer, "language": r.choice(("en", "en", "zh")), "created_at": begun,
            }
        )  # fmt: skip
        at = begun
        for _ in range(r.choice((0, 1, 1, 2, 3, 5))):
            at = self._exchange(f"c{number}", at)
        if r.random() < 0.15:
            self._ticket(f"c{number}", at)
        if r.random() < 0.2:
            survey = {"conversation": f"c{number}", "score": r.randint(1, 5), "word": r.choice(("", "thanks"))}
            self.rows["surveys"].append(survey | {"at": at})

    def _exchange(self, conversation: str, at: datetime) -> datetime:
        r = self._random
        at += timedelta(microseconds=r.choice((r.randrange(9**9), r.randrange(10**11), 3_600_000_000)))
        self._message(conversation, "customer", at)
        if r.random() < 0.1:
            self._message(conversation, "customer", at + timedelta(seconds=1))
        role = r.choice(("assistant",) * 12 + ("agent", "notice", "nobody"))
        at += timedelta(microseconds=r.randrange(1, 4_000_000))
        if role != "nobody":
            self._message(conversation, role, at, self._reply() if role == "assistant" else None)
        return at

    def _message(self, conversation: str, role: str, at: datetime, reply: Row | None = None) -> None:
        number = len(self.rows["messages"]) + 1
        text = self._random.choice(SAID) if role == "customer" else "x"
        row = {"id": number, "conversation": conversation, "role": role, "text": text, "reply": reply, "author": ""}
        self.rows["messages"].append(row | {"created_at": at})
        if reply and self._random.random() < 0.2:
            value = self._random.choice((1, -1))
            self.rows["feedback"].append({"message": number, "value": value, "at": at})

    def _reply(self) -> Row:
        r, outcome = self._random, self._random.choice(OUTCOMES)
        sentences: list[Row] = [{"text": "x", "citations": []}]
        if outcome == "answer":
            sentences = [{"text": "x", "citations": self._citations()} for _ in range(r.randint(1, 3))]
            sentences += [{"text": "x", "citations": []}] if r.random() < 0.1 else []
        reply = {"decision": {"outcome": outcome}, "sentences": sentences}
        return reply | ({"usage": {"cost": r.random() / 300}} if r.random() < 0.7 else {})

    def _citations(self) -> list[Row]:
        r = self._random
        if r.random() < 0.1:
            return [{"source": f"record:orders/AH-{r.randrange(99)}", "title": "Order"}]
        return [{"source": "a.md", "title": r.choice(TITLES)} for _ in range(r.randint(1, 2))]

    def _ticket(self, conversation: str, at: datetime) -> None:
        r, number = self._random, len(self.rows["tickets"]) + 1
        promised = r.choice((None, at + timedelta(minutes=r.randrange(600)), at + timedelta(minutes=5)))
        self.rows["tickets"].append(
            {
                "number": number, "conversation": conversation, "state": "resolved", "agent": "", "team": "",
                "priority": 0, "raises": 0, "since": at, "version": 1, "rule": r.choice(RULES), "reason": "x",
                "language": "en", "skills": [], "contact": "", "opened_at": at, "promised_at": promised,
            }
        )  # fmt: skip
        for kind in r.choice((("claimed", "requeued", "claimed"), ("claimed",), ("withdrawn",), ())):
            at += timedelta(microseconds=r.choice((300_000_000, r.randrange(9**10))))
            step = {"ticket": number, "kind": kind, "before": "waiting", "after": "claimed", "actor": "desk", "at": at}
            self.rows["transitions"].append(step | {"key": f"k{len(self.rows['transitions'])}"})

    def fill(self, engine: Engine) -> None:
        """Write them, and some customers' records."""
        people = [
            {"id": f"C-{each}", "name": "", "email": "", "phone": "", "language": "", "region": "", "since": None}
            | {"tier": ("vip", "", "standard")[each % 3]}
            for each in range(0, 40, 2)
        ]
        tables = (conversations, messages, feedback, surveys, tickets, transitions)
        with engine.execution_options(writes=True).begin() as connection:
            connection.execute(customers.insert(), people)
            for table in tables:
                connection.execute(table.insert(), self.rows[table.name])
