"""Times and names the steps of one reply; what they tell is masked, since traces are kept and shown."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Mapping
from typing import TypeVar

from rag.mask import mask
from rag.types import Event, Step

T = TypeVar("T")


class Trace:
    """Collects steps as they are done."""

    def __init__(self) -> None:
        self.steps: list[Step] = []

    def run(
        self, name: str, work: Callable[[], T], describe: Callable[[T], Mapping[str, object]]
    ) -> Generator[Event, None, T]:
        """Do `work` and yield its Step; the generator's value is the work's."""
        began = time.perf_counter()
        result = work()
        yield self.add(name, (time.perf_counter() - began) * 1000, describe(result))
        return result

    def add(self, name: str, milliseconds: float, detail: Mapping[str, object]) -> Step:
        """Record a step that is done."""
        self.steps.append(Step(name, milliseconds, {key: masked(value) for key, value in detail.items()}))
        return self.steps[-1]


def masked(value: object) -> object:
    """Plain values without the numbers and addresses of persons, however deep they stand."""
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, Mapping):
        return {key: masked(each) for key, each in value.items()}
    return [masked(each) for each in value] if isinstance(value, (list, tuple)) else value
