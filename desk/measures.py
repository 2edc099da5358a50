"""How well customers were served, as figures. Pure: from conversations as values to counts that anybody can add up again.

Everything is a count or a whole number of milliseconds or millionths, so that another computation over the same rows
(`eval/insights.sql`) can be held to it to the unit. What each figure means stands in `ui/insights_texts.py`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Literal

Dimension = Literal["all", "day", "segment", "topic", "language"]
DIMENSIONS: tuple[Dimension, ...] = ("all", "day", "segment", "topic", "language")
LASTING = timedelta(hours=72)
PAUSE = timedelta(hours=1)  # a question after a longer one is the customer coming back
SATISFIED = 4  # the least score of a satisfied customer


@dataclass(frozen=True, slots=True)
class Line:
    """A message of the customer, the assistant or an agent. The rest is the assistant's alone: what became of the
    question; whether every sentence of the answer is cited; the title cited first; the customer's rating; its price in
    millionths of the currency."""

    role: str
    at: datetime
    outcome: str = ""
    cited: bool = False
    topic: str = ""
    rating: int = 0
    cost: int = 0

    @property
    def substantial(self) -> bool:
        """Whether it deals with a question."""
        return self.role == "assistant" and self.outcome != "small_talk"


@dataclass(frozen=True, slots=True)
class Wait:
    """A ticket: from when to when the customer waited first, by a claim or by withdrawing, and what was promised."""

    opened_at: datetime
    claimed_at: datetime | None = None
    withdrawn_at: datetime | None = None
    promised_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation, oldest line first. `who`: the same for all conversations of a customer; `score`: of the survey;
    `conversation`: its id."""

    who: str
    segment: str
    language: str
    begun_at: datetime
    lines: tuple[Line, ...]
    waits: tuple[Wait, ...] = ()
    score: int | None = None
    conversation: str = ""

    @property
    def topic(self) -> str:
        """The title cited first in the last answer that cites one; empty where there is none."""
        return next((each.topic for each in reversed(self.lines) if each.topic), "")

    @property
    def asking(self) -> bool:
        """Whether the customer wanted something: a greeting alone asks for nothing."""
        return bool(self.waits) or self.unanswered_last or any(each.substantial for each in self.lines)

    @property
    def unanswered_last(self) -> bool:
        """Whether nobody has answered what the customer wrote last."""
        return self.lines[-1].role == "customer"

    @property
    def verified(self) -> bool:
        """Whether the assistant alone resolved it, by an answer that is cited throughout and was not rated down."""
        last = next((each for each in reversed(self.lines) if each.substantial), None)
        answered = last is not None and last.outcome == "answer" and last.cited and last.rating >= 0
        return answered and not self.waits and not self.unanswered_last


@dataclass(frozen=True, slots=True)
class Figures:
    """Of a set of conversations. Times are milliseconds: the median and the 95th percentile, by nearest rank."""

    conversations: int = 0
    asking: int = 0
    verified: int = 0
    lasting_known: int = 0
    lasting: int = 0
    transferred: int = 0
    answered: int = 0
    unanswered: int = 0
    responses: int = 0
    response_median: int | None = None
    response_p95: int | None = None
    waits: int = 0
    wait_median: int | None = None
    wait_p95: int | None = None
    promises: int = 0
    promises_kept: int = 0
    surveys: int = 0
    satisfied: int = 0
    score_sum: int = 0
    cost: int = 0


def share(part: int, whole: int) -> float | None:
    """Part of a whole, 0 … 1; None of nothing."""
    return part / whole if whole else None


def figures(talks: Sequence[Talk], later: Mapping[str, Sequence[Talk]], now: datetime) -> Figures:
    """Of these conversations. `later`: all conversations of a customer up to `now`, by `who`."""
    asking = [each for each in talks if each.asking]
    verified = [each for each in asking if each.verified]
    known = [each for each in verified if now - each.lines[-1].at >= LASTING]
    lines = [line for each in talks for line in each.lines]
    responses = [time for each in talks for time in response_times(each.lines)]
    waits = [wait for each in talks for wait in each.waits]
    waited = [_ms(each.claimed_at - each.opened_at) for each in waits if each.claimed_at]
    promises = [kept for each in waits if (kept := promise_kept(each, now)) is not None]
    scores = [each.score for each in talks if each.score is not None]
    return Figures(
        conversations=len(talks),
        asking=len(asking),
        verified=len(verified),
        lasting_known=len(known),
        lasting=sum(lasts(each, later.get(each.who, ())) for each in known),
        transferred=sum(bool(each.waits) for each in talks),
        answered=sum(each.outcome == "answer" for each in lines),
        unanswered=sum(each.outcome == "decline" for each in lines),
        responses=len(responses),
        response_median=nearest_rank(responses, 50),
        response_p95=nearest_rank(responses, 95),
        waits=len(waited),
        wait_median=nearest_rank(waited, 50),
        wait_p95=nearest_rank(waited, 95),
        promises=len(promises),
        promises_kept=sum(promises),
        surveys=len(scores),
        satisfied=sum(each >= SATISFIED for each in scores),
        score_sum=sum(scores),
        cost=sum(each.cost for each in lines),
    )


def by(talks: Iterable[Talk], dimension: Dimension) -> dict[str, list[Talk]]:
    """The conversations by day (UTC, when they began), segment, topic or language; "all": in one group named ""."""
    groups = dict[str, list[Talk]]()
    for each in talks:
        groups.setdefault(_value(each, dimension), []).append(each)
    return dict(sorted(groups.items()))


def lasts(talk: Talk, theirs: Sequence[Talk]) -> bool:
    """Whether the customer of a resolved conversation did not come back on the matter within 72 hours: neither in
    another conversation nor, after a pause, in this one. Where a question found no topic, it counts as the same."""
    until = talk.lines[-1].at + LASTING
    again = (
        talk.begun_at < each.begun_at <= until and each.asking and each.topic in ("", talk.topic) for each in theirs
    )
    return not any(again) and not _came_back(talk.lines)


def _came_back(lines: Sequence[Line]) -> bool:
    replies = [each for each in lines if each.substantial]
    return any(
        PAUSE < later.at - earlier.at <= LASTING and later.topic in ("", earlier.topic)
        for earlier, later in pairwise(replies)
    )


def response_times(lines: Sequence[Line]) -> list[int]:
    """For each message of the customer that the assistant was the first to respond to: milliseconds until then."""
    found = list[int]()
    for place, line in enumerate(lines):
        if line.role == "customer":
            first = next((each for each in lines[place:] if each.role != "customer"), None)
            if first is not None and first.role == "assistant":
                found.append(_ms(first.at - line.at))
    return found


def promise_kept(wait: Wait, now: datetime) -> bool | None:
    """Whether a person came by the time that was promised; None where nothing was, or it is not decided."""
    if wait.promised_at is None:
        return None
    if wait.claimed_at is not None:
        return wait.claimed_at <= wait.promised_at
    return False if (wait.withdrawn_at or now) > wait.promised_at else None


def nearest_rank(values: Sequence[int], percent: int) -> int | None:
    """The percentile by nearest rank: the least value that so many percent of the values do not exceed."""
    return sorted(values)[max(math.ceil(len(values) * percent / 100), 1) - 1] if values else None


def _value(talk: Talk, dimension: Dimension) -> str:
    match dimension:
        case "all":
            return ""
        case "day":
            return talk.begun_at.date().isoformat()
        case "segment":
            return talk.segment
        case "topic":
            return talk.topic
        case "language":
            return talk.language


def _ms(time: timedelta) -> int:
    return time // timedelta(milliseconds=1)
