"""What models may take and have taken for one reply: seconds, tokens, money."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from rag.types import Usage


@dataclass(slots=True)
class Budget:
    """One reply's, for all models together: until when on the monotonic clock, and what each attempt was paid."""

    deadline: float
    spent: list[Usage] = field(default_factory=list)

    def left(self) -> float:
        """Seconds."""
        return self.deadline - time.monotonic()


def total(attempts: Iterable[Usage]) -> Usage:
    """All attempts together; estimated as soon as one of them is."""
    each = list(attempts)
    return Usage(
        ", ".join(dict.fromkeys(one.model for one in each if one.model)),
        sum(one.tokens_in for one in each),
        sum(one.tokens_out for one in each),
        sum(one.cost for one in each),
        any(one.estimated for one in each),
    )
