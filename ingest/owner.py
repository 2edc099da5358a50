"""What the store's owner does while it runs: it carries out what others ask for, and follows the folder.

One thread does it all, so nothing is published twice. The commands stand in `ingest/work.py`.
"""

from __future__ import annotations

import logging
from collections.abc import Generator, Iterator
from pathlib import Path
from threading import Event

from pydantic import JsonValue, ValidationError

from ingest.chunk import CountTokens
from ingest.requests import Inbox, Request, Said, folder_of, hand_over
from ingest.run import remember_root, root_and_scope
from ingest.scan import check_folder
from ingest.store import Ownership, Store
from ingest.watch import Follower, Say, changes
from ingest.work import COMMANDS, Lines, Work, work_on
from rag.config import Settings
from rag.errors import VouchError
from rag.ports import Transcriber

log = logging.getLogger(__name__)


def follow(
    store: Store,
    settings: Settings,
    count: CountTokens,
    folder: Path | None,
    stop: Event,
    say: Say,
    transcriber: Transcriber | None = None,
) -> None:
    """Own the store until `stop` is set: follow `folder`, if one is given, and carry out requests."""
    with work_on(store, settings, count, transcriber) as work:
        follower = None
        if folder:
            root, scope = root_and_scope(store.ledger, folder)
            check_folder(scope)
            remember_root(store.ledger, root)
            follower = Follower(work.pipeline, root, scope, settings.ingest, say)
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
