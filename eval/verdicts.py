"""What a result came to, in one word and one reason: the same in every report. Pure."""

from __future__ import annotations

import re
from typing import Literal

from eval.results import Result

RESOLUTION = "resolution"
State = Literal["resolved", "failed", "unscored"]
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # in XML 1.0, however escaped


def value(result: Result, name: str) -> float | None:
    """The score's value; None where it does not apply, its scorer failed, or the assistant did."""
    score = result.scores.get(name)
    return score.value if score and not result.error and not score.failed else None


def state(result: Result) -> State:
    """Resolved, not, or unscored."""
    resolved = value(result, RESOLUTION)
    if resolved is None:
        return "unscored"
    return "resolved" if resolved == 1 else "failed"


def reason(result: Result) -> str:
    """Why it is what it is."""
    score = result.scores.get(RESOLUTION)
    return result.error or (score.why if score else "no scorer judged it") or state(result)


def questions(result: Result) -> str:
    """What the customer said, a line a turn."""
    return "\n".join(f"› {turn}" for turn in result.case.turns)


def printable(text: str) -> str:
    """Without control characters, which no page and no XML may hold: each is replaced."""
    return _ILLEGAL.sub("\ufffd", text)
