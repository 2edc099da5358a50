"""The commands that change the store, as its owner carries them out: for itself, or for who asks it to.

Each is a plain function that checks its arguments, says what it does in lines and gives an exit code; COMMANDS has
them by name. Knows no process, no lock and no terminal.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from ingest import erasure, publishing
from ingest.chunk import CountTokens
from ingest.pipeline import Pipeline
from ingest.retry import retry as look_again
from ingest.run import begin, passed_over, sandbox_for, told
from ingest.store import Store
from rag.config import Settings
from rag.ports import Transcriber

EVERY = 500  # files between two lines of progress
# Yields lines, and empty ones where it can be stopped; gives the exit code.
Lines = Generator[str, None, int]
Arguments = Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Work:
    """What the commands work with."""

    store: Store
    settings: Settings
    pipeline: Pipeline


@contextmanager
def work_on(
    store: Store, settings: Settings, count: CountTokens, transcriber: Transcriber | None = None
) -> Iterator[Work]:
    """Work on an open store, with a sandbox that ends with it."""
    limits = settings.ingest
    with sandbox_for(limits) as sandbox:
        yield Work(store, settings, Pipeline(store, sandbox.parse, count, limits, transcriber))


def said(lines: Lines, say: Callable[[str], None]) -> int:
    """Carry a command out in this process; the exit code."""
    while True:
        try:
            line = next(lines)
        except StopIteration as end:
            return int(end.value)
        if line:
            say(line)


class _Arguments(BaseModel):
    """Of any command: nothing unknown."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class _Sync(_Arguments):
    folder: Path
    thorough: bool = False


class _Publish(_Arguments):
    sources: list[str] = []
    note: str = ""


class _Rollback(_Arguments):
    release: int


class _Sources(_Arguments):
    sources: list[str] = []


class _Compact(_Arguments):
    days: Annotated[int, Field(ge=0)]


def sync(work: Work, arguments: Arguments) -> Lines:
    """Bring a folder in, as `ingest sync` does."""
    asked = _Sync.model_validate(arguments)
    scan = begin(work.store.ledger, work.pipeline, asked.folder, thorough=asked.thorough)
    yield from passed_over(work.pipeline.seen, scan)
    total, running = work.pipeline.bring_in(scan)
    outcomes = []
    for outcome in running:
        outcomes.append(outcome)
        yield "" if len(outcomes) % EVERY else f"{len(outcomes)} of {total}"
    yield from told(outcomes)
    return 1 if any(each.result == "refused" for each in outcomes) else 0


def publish(work: Work, arguments: Arguments) -> Lines:
    """Publish what waits."""
    asked = _Publish.model_validate(arguments)
    yield from publishing.publish(work.store, asked.sources, asked.note)
    return 0


def rollback(work: Work, arguments: Arguments) -> Lines:
    """Return to a release."""
    yield from publishing.rollback(work.store, _Rollback.model_validate(arguments).release)
    return 0


def retry(work: Work, arguments: Arguments) -> Lines:
    """Look at refused files again."""
    for each in look_again(work.store, work.pipeline, _Sources.model_validate(arguments).sources):
        yield f"{each.result} {each.source} {each.detail}".rstrip()
    return 0


def erase(work: Work, arguments: Arguments) -> Lines:
    """Delete documents for good."""
    yield from erasure.erase(work.store, _Sources.model_validate(arguments).sources)
    work.pipeline.seen.forget()
    return 0


def compact(work: Work, arguments: Arguments) -> Lines:
    """Forget old versions."""
    yield from erasure.compact(work.store, _Compact.model_validate(arguments).days)
    return 0


def rebuild(work: Work, arguments: Arguments) -> Lines:
    """Make the vector index again."""
    _Arguments.model_validate(arguments)
    yield f"{work.store.rebuild()} passages in the vector index."
    return 0


COMMANDS: dict[str, Callable[[Work, Arguments], Lines]] = {
    each.__name__: each for each in (sync, publish, rollback, retry, erase, compact, rebuild)
}
