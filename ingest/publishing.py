"""What editors decide about versions that are in the ledger: publish what waits, return to a former release.

Plain functions over an open store; each says what it did in lines, and does it in one commit or not at all.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Engine

from ingest.ledger import Ledger
from ingest.rows import embedder_of
from ingest.schema import documents, refusals, release_items, releases, versions
from ingest.store import Store
from rag.errors import StoreError

SHOWN = 5  # changes of a release that its line names


@dataclass(frozen=True, slots=True)
class Release:
    """One publishing commit. `published`: (source, version number); `withdrawn`: sources."""

    number: int
    at: datetime  # UTC
    note: str
    lost: bool  # one cannot return to it: a version that answered then is no longer kept
    published: tuple[tuple[str, int], ...]
    withdrawn: tuple[str, ...]


def publish(store: Store, sources: Sequence[str] = (), note: str = "") -> list[str]:
    """Publish what waits for these documents, or for all when none are named; held ones among those named go on.

    Raises StoreError, and does nothing, where a name is unknown or nothing waits for it.
    """
    ledger = store.ledger
    require_known(ledger, sources)
    waiting, held = ledger.pending(), ledger.holds()
    chosen = {each: waiting[each] for each in sources or waiting if each in waiting}
    lifted = {each: held[each] for each in sources if each in held and each not in chosen}
    if idle := [each for each in sources if each not in chosen and each not in lifted]:
        raise StoreError(f"Nothing is staged for {_names(idle)}. Nothing was published; see 'python -m ingest status'.")
    wanted = _fitting(store, {source: version for source, version in chosen.items() if version is not None})
    wanted |= _of_content(store, lifted)
    silent = [source for source, version in chosen.items() if version is None]
    silent += [source for source, input_hash in lifted.items() if not input_hash]
    store.publish(list(wanted.values()), silent, note)
    forgotten = lifted.keys() - wanted.keys() - set(silent)
    ledger.settle(sorted(forgotten))
    lines = [(source, "published") for source in wanted] + [(source, "withdrawn") for source in silent]
    lines += [(source, "no longer held, the next sync takes its file in:") for source in forgotten]
    return [f"{what} {source}" for source, what in sorted(lines)] or ["Nothing is staged."]


def rollback(store: Store, number: int) -> list[str]:
    """Let exactly that answer which answered right after this release, as a new release; changed documents are held.

    Raises StoreError, and changes nothing, where that cannot be had in full.
    """
    ledger = store.ledger
    if _lost(ledger.engine, number):
        raise StoreError(
            f"Release {number} cannot be returned to: versions that answered then are no longer kept. "
            "Choose a later one, see 'python -m ingest releases'."
        )
    before, live = ledger.versions_at(number), ledger.live()
    wanted = _fitting(store, {source: each for source, each in before.items() if live.get(source) != each})
    changed = {source: each for source, each in wanted.items() if live.get(source) != each}
    silent = sorted(live.keys() - before.keys())
    store.publish(list(changed.values()), silent, f"rolled back to release {number}", held=True)
    lines = [f"live again as of then: {each}" for each in sorted(changed)] + [f"silent: {each}" for each in silent]
    return lines or [f"Nothing has changed since release {number}."]


def releases_of(engine: Engine) -> list[Release]:
    """Every release, the newest first, with what changed in it."""
    query = (
        sa.select(release_items.c.release, documents.c.source, versions.c.number)
        .join(documents, documents.c.id == release_items.c.document)
        .outerjoin(versions, versions.c.id == release_items.c.version)
        .order_by(documents.c.source)
    )
    published, withdrawn = dict[int, list[tuple[str, int]]](), dict[int, list[str]]()
    with engine.connect() as connection:
        heads = connection.execute(sa.select(releases).order_by(releases.c.id.desc())).all()
        for number, source, version in connection.execute(query):
            if version is None:
                withdrawn.setdefault(number, []).append(source)
            else:
                published.setdefault(number, []).append((source, version))
    return [
        Release(row.id, row.at, row.note, row.lost, tuple(published.get(row.id, ())), tuple(withdrawn.get(row.id, ())))
        for row in heads
    ]


def changes_of(release: Release) -> str:
    """What changed in a release, in a line: "published a.md v2, withdrew b.md"."""
    said = [f"published {source} v{version}" for source, version in release.published]
    said += [f"withdrew {source}" for source in release.withdrawn]
    more = f", and {len(said) - SHOWN} more" if len(said) > SHOWN else ""
    return ", ".join(said[:SHOWN]) + more


def require_known(ledger: Ledger, sources: Iterable[str]) -> None:
    """Raises StoreError, with the nearest name, where a source stands for no document and no refused file."""
    with ledger.engine.connect() as connection:
        known = {*connection.scalars(sa.select(documents.c.source)), *connection.scalars(sa.select(refusals.c.source))}
    for each in sources:
        if each not in known:
            close = difflib.get_close_matches(each, known, n=1)
            hint = f"Did you mean {close[0]!r}?" if close else "See 'python -m ingest status' for those there are."
            raise StoreError(f"There is no document {each!r} in the store. {hint}")


def _fitting(store: Store, wanted: Mapping[str, int]) -> dict[str, int]:
    """Source → the version wanted, or the same content embedded by today's embedder. Raises StoreError without one."""
    contents = {each.id: key for key, each in store.ledger.stored().items()} if wanted else {}
    today = _of_content(store, {source: contents[version][1] for source, version in wanted.items()})
    fitting = {
        source: version if _by_today(store, contents[version][2]) else today.get(source)
        for source, version in wanted.items()
    }
    if foreign := sorted(source for source, version in fitting.items() if version is None):
        raise StoreError(
            f"Versions of {_names(foreign)} were embedded by another embedder than {store.embedder.fingerprint} and "
            "cannot be compared with the others. Nothing was changed. Put the former files back and sync instead."
        )
    return {source: version for source, version in fitting.items() if version is not None}


def _of_content(store: Store, wanted: Mapping[str, str]) -> dict[str, int]:
    """Source → its newest version of the content with this input hash, where today's embedder made one."""
    found: dict[str, int] = {}
    for (source, input_hash, recipe), each in store.ledger.stored().items() if wanted else ():
        if wanted.get(source) == input_hash and _by_today(store, recipe):
            found[source] = max(each.id, found.get(source, 0))
    return found


def _by_today(store: Store, recipe: str) -> bool:
    return embedder_of(recipe) == store.embedder.fingerprint


def _lost(engine: Engine, number: int) -> bool:
    with engine.connect() as connection:
        lost = connection.scalar(sa.select(releases.c.lost).where(releases.c.id == number))
    if lost is None:
        raise StoreError(f"There is no release {number}. See 'python -m ingest releases' for those there are.")
    return bool(lost)


def _names(sources: Sequence[str]) -> str:
    more = f" and {len(sources) - SHOWN} more" if len(sources) > SHOWN else ""
    return ", ".join(sources[:SHOWN]) + more
