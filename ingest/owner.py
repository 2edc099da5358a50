"""What the store's owner does while it runs: it carries out what others ask for, and follows the folder.

The commands are plain functions, listed by name in COMMANDS. One thread does it all, so nothing is published twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from ingest.chunk import CountTokens
from ingest.pipeline import Pipeline
from ingest.requests import Inbox, Request, Said, folder_of, hand_over
from ingest.run import begin, passed_over, remember_root, root_and_scope, told
from ingest.sandbox import Sandbox
from ingest.scan import check_folder
from ingest.store import Ownership, Store
from ingest.watch import Follower, Say, changes
from rag.config import Settings
from rag.errors import VouchError

EVERY = 500  # files between two lines of progress
# Yields lines for the requester, and empty ones where it can be stopped; gives the exit code.
Lines = Generator[str, None, int]
Arguments = Mapping[str, JsonValue]
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Work:
    """What the commands work with."""

    store: Store
    settings: Settings
    pipeline: Pipeline


class SyncArguments(BaseModel):
    """Of `sync`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    folder: Path
    thorough: bool = False


def sync(work: Work, arguments: Arguments) -> Lines:
    """Bring a folder in, as `ingest sync` does."""
    asked = SyncArguments.model_validate(arguments)
    scan = begin(work.store.ledger, work.pipeline, asked.folder, thorough=asked.thorough)
    yield from passed_over(work.pipeline.seen, scan)
    total, running = work.pipeline.bring_in(scan)
    outcomes = []
    for outcome in running:
        outcomes.append(outcome)
        yield "" if len(outcomes) % EVERY else f"{len(outcomes)} of {total}"
    yield from told(outcomes)
    return 1 if any(each.result == "refused" for each in outcomes) else 0


COMMANDS: dict[str, Callable[[Work, Arguments], Lines]] = {"sync": sync}


def follow(store: Store, settings: Settings, count: CountTokens, folder: Path | None, stop: Event, say: Say) -> None:
    """Own the store until `stop` is set: follow `folder`, if one is given, and carry out requests."""
    limits = settings.ingest
    with Sandbox(limits.workers, limits.parse_seconds, limits.parse_memory_mb) as sandbox:
        work = Work(store, settings, Pipeline(store, sandbox.parse, count, limits))
        follower = None
        if folder:
            root, scope = root_and_scope(store.ledger, folder)
            check_folder(scope)
            remember_root(store.ledger, root)
            follower = Follower(work.pipeline, root, scope, limits, say)
            say(f"Following {scope}.")
        keep_in_step(work, follower, stop, say)


def keep_in_step(work: Work, follower: Follower | None, stop: Event, say: Say) -> None:
    """Carry out requests, and follow the folder if there is a follower, until `stop` is set."""
    inbox = Inbox(work.store.data)
    places = [folder_of(work.store.data)] + ([follower.scope] if follower else [])
    for changed in changes(places, stop, say):
        for request in inbox.waiting():
            say(f"asked for: {request.command}")
            try:
                inbox.answer(request, _carried_out(work, request, stop))
            except OSError as error:
                say(f"The answer to {request.command!r} could not be written: {error}.")
        if follower:
            follower.noticed(changed)
            follower.turn(stop)


def owned_or_handed_over(
    ownership: Ownership, data: Path, purpose: str, command: str, arguments: dict[str, JsonValue], say: Say
) -> int | None:
    """None once this process owns the store; else the exit code of the owner that did the work meanwhile.

    Raises StoreError if there is an owner that does not listen.
    """
    while not ownership.try_take(purpose):
        owner = ownership.owner()
        if owner and not owner.listens:
            ownership.take(purpose)
            return None
        say(f"The store is in use by {owner or 'another process'}, which was asked to do it.")
        code = hand_over(data, command, arguments, say, lambda: ownership.try_take(purpose))
        if code is not None:
            return code
        say("It ended before the work was done.")
    return None


def _carried_out(work: Work, request: Request, stop: Event) -> Iterator[Said]:
    try:
        if request.command not in COMMANDS:
            raise VouchError(f"The owner knows no command {request.command!r}. Start it anew: it may be older.")
        code = yield from _lines(COMMANDS[request.command](work, request.arguments), stop)
    except ValidationError as error:
        yield from _failure(f"The arguments of {request.command!r} are not valid: {error.errors()[0]['msg']}.")
    except (VouchError, OSError) as error:
        yield from _failure(str(error))
    except Exception as error:
        log.exception("%s failed", request.command)  # the owner goes on: it also serves customers
        yield from _failure(f"{request.command} failed: {error!r}. The owner's log says more.")
    else:
        yield Said(exit=code)


def _lines(running: Lines, stop: Event) -> Generator[Said, None, int | None]:
    """The lines said; the exit code, or None if it was stopped."""
    while not stop.is_set():
        try:
            line = next(running)
        except StopIteration as end:
            return int(end.value)
        if line:
            yield Said(line=line)
    running.close()
    return None


def _failure(why: str) -> Iterator[Said]:
    yield from (Said(line=why), Said(exit=2))
