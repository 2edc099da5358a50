"""From files to live versions: what changed → load → cut → embed → stage → publish.

`sync` is the whole of it. The former version of a document serves until the commit that replaces it; a file
that cannot go in costs only itself. Work done before a crash is found again by its hashes and not repeated.
"""

from __future__ import annotations

import secrets
import time
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ingest.chunk import CountTokens
from ingest.deposit import keep, keep_file, original, picture
from ingest.draft import Draft, Parse, draft_document, staged
from ingest.recordings import is_recording
from ingest.release import SYNC
from ingest.rows import Staged, Stored
from ingest.scan import Found, Scan, Taken, scan, stamps, take
from ingest.seen import Seen
from ingest.spoken import PASSING, Spoken
from ingest.store import Store
from ingest.vectors import pack
from rag.config import Ingest
from rag.errors import Refused, StoreError, VouchError
from rag.ports import Transcriber
from rag.types import Document

CUT = "blocks/6"  # raise it when loaders or the cutting change what they make of the same file
BATCH = 256  # passages embedded and committed together


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file."""

    source: str
    result: Literal["unchanged", "published", "refused", "withdrawn", "staged", "withdrawal staged", "held"]
    passages: int = 0
    detail: str = ""


Outcomes = Generator[Outcome, None, None]


@dataclass(frozen=True, slots=True)
class _Kept:
    """A file whose version is in the ledger already but not live: staged before a crash, or an earlier content."""

    source: str
    version: int
    size: int


class _Known:
    """What the ledger held when a run began."""

    def __init__(self, store: Store) -> None:
        self.versions = store.ledger.stored()
        self.refused = store.ledger.refused()
        self.refused_sources = {source for source, _, _ in self.refused}
        self.pending = store.ledger.pending()
        self.holds = store.ledger.holds()

    def live(self) -> set[str]:
        """Documents that answer."""
        return {source for (source, _, _), version in self.versions.items() if version.live}

    def outcome(self, key: tuple[str, str, str]) -> Outcome | None:
        """What becomes of a file with this (source, input hash, recipe), if nothing is left to do for it."""
        source, version = key[0], self.versions.get(key)
        if source in self.holds or source in self.pending:
            return None  # rare, and not worth a shortcut
        if version is None:
            return Outcome(source, "refused", detail=self.refused[key]) if key in self.refused else None
        return Outcome(source, "unchanged") if version.live and source not in self.refused_sources else None


class Pipeline:
    """Brings the ledger in step with a folder."""

    def __init__(
        self,
        store: Store,
        parse: Parse,
        count: CountTokens,
        settings: Ingest,
        transcriber: Transcriber | None = None,
    ) -> None:
        self._store, self._parse, self._count, self._settings = store, parse, count, settings
        self._spoken = Spoken(store.data, parse, transcriber)
        # Vectors of the batch that is being written: the ledger may not have them yet.
        self._fresh: dict[str, bytes] = {}
        self._review, self._note = settings.publish == "review", ""
        self.seen = Seen(store.data / "seen.json")
        comments = "/comments" if settings.comments else ""
        self._recipe = f"{CUT}/{settings.ocr_pages}{comments}|{settings.passage_tokens}|{store.embedder.fingerprint}"

    def sync(self, root: Path, scopes: Iterable[Path] = ()) -> tuple[int, Outcomes]:
        """`bring_in` for what lies at or below `scopes`, by default all of `root`."""
        return self.bring_in(scan(root, scopes))

    def bring_in(self, scan: Scan) -> tuple[int, Outcomes]:
        """(how many files there are, their outcomes as they happen). Nothing happens until these are drawn."""
        return len(scan.found), self._bring_in(scan)

    def _bring_in(self, scan: Scan) -> Outcomes:
        known = self._begin()
        yield from self._withdraw(scan, known)
        yield from self._look_at(scan.root, scan.found, known)
        if not self._review:
            yield from self._publish_pending(scan)
        if scan.whole:
            self.seen.save({each.source for each in scan.found}, scan.passed_over.keys())

    def look(self, root: Path, found: Sequence[Found]) -> Iterator[Outcome]:
        """Take in these files and nothing else. Nothing happens until the outcomes are drawn."""
        yield from self._look_at(root, found, self._begin())

    def _begin(self) -> _Known:
        self._note = SYNC + secrets.token_hex(3)
        return _Known(self._store)

    def _look_at(self, root: Path, found: Sequence[Found], known: _Known) -> Iterator[Outcome]:
        with ThreadPoolExecutor(self._settings.workers) as pool, ThreadPoolExecutor(1) as writer:
            writing: Future[list[Outcome]] | None = None
            for each in _grouped(self._ahead(pool, root, found, known)):
                if isinstance(each, Outcome):
                    yield each
                    continue
                ready = self._embedded([one for one in each if isinstance(one, Draft)])  # while the last are written
                if writing:
                    yield from writing.result()
                writing = writer.submit(self._publish, each, ready)
            if writing:
                yield from writing.result()
        self._store.index.seal()

    def _withdraw(self, scan: Scan, known: _Known) -> Iterator[Outcome]:
        live, others = self._store.ledger.gone({each.source for each in scan.found}, scan.covers)
        if (live or others) and not scan.found and set(live) == known.live():
            raise StoreError(
                f"The folder holds no documents, but {len(live) + len(others)} are in the store. Nothing was withdrawn. "
                "If this is meant, start a new store with --data."
            )
        if self._review and live:
            self._store.ledger.propose([], live)
            yield from (Outcome(source, "withdrawal staged") for source in live)
            live = []
        if live or others:
            self._store.withdraw([*live, *others], self._note)
        yield from (Outcome(source, "withdrawn") for source in sorted([*live, *others]))

    def _publish_pending(self, scan: Scan) -> Iterator[Outcome]:
        """What waited from a time of review, and was not looked at again because its file is refused by now."""
        waiting = {source: each for source, each in self._store.ledger.pending().items() if scan.covers(source)}
        if waiting:
            self._store.publish([each for each in waiting.values() if each is not None], note=self._note)
            yield from (Outcome(source, "published") for source in sorted(waiting))

    def _ahead(
        self, pool: ThreadPoolExecutor, root: Path, found: Iterable[Found], known: _Known
    ) -> Iterator[Draft | _Kept | Outcome]:
        """What each file came to, in order but for the unchanged ones, while the pool parses the next few."""
        running: deque[Future[Draft | _Kept | Outcome]] = deque()
        for each in found:
            if outcome := self._glance(root, each, known):
                yield outcome
                continue
            running.append(pool.submit(self._look, root, each, known))
            if len(running) > 4 * self._settings.workers:
                yield running.popleft().result()
        while running:
            yield running.popleft().result()

    def _glance(self, root: Path, found: Found, known: _Known) -> Outcome | None:
        """What becomes of a file that stands as it stood when it was last read, without reading it."""
        try:
            input_hash = self.seen.input_hash(found.source, stamps(found, root))
        except OSError:
            return None
        return known.outcome((found.source, input_hash, self._recipe)) if input_hash else None

    def _look(self, root: Path, found: Found, known: _Known) -> Draft | _Kept | Outcome:
        taken: Taken | None = None
        try:
            taken = self._taken(found, root)
            key = (found.source, taken.input_hash, self._recipe)
            if known.holds.get(found.source) == taken.input_hash:
                if found.source in known.pending:
                    self._store.ledger.unstage([found.source])
                return Outcome(found.source, "held")
            if key in known.versions:
                return self._stored(found.source, known.versions[key], known)
            if key in known.refused:
                return Outcome(found.source, "refused", detail=known.refused[key])
            made = draft_document(taken, self._read(taken), self._count, self._settings.passage_tokens)
            for name, content in made.pictures.items():
                keep(picture(self._store.data, name), content)
            return made
        except Refused as reason:
            return self._refused(found, taken, reason, known)
        except (VouchError, OSError):
            raise
        except Exception as problem:  # noqa: BLE001 – recorded; a fault that no check foresaw costs this file only
            said = " ".join(f"{type(problem).__name__}: {problem}".split())[:300]
            advice = "Save it again in another format, and report this message."
            broken = Refused("BROKEN", f"Cutting it into passages failed: {said}.", advice)
            return self._refused(found, taken, broken, known)

    def _refused(self, found: Found, taken: Taken | None, reason: Refused, known: _Known) -> Outcome:
        key = (found.source, taken.input_hash if taken and reason.code not in PASSING else "", self._recipe)
        if known.refused.get(key) != str(reason):
            self._store.ledger.refuse(*key, reason)
        return Outcome(found.source, "refused", detail=str(reason))

    def _taken(self, found: Found, root: Path) -> Taken:
        at = time.time_ns()
        try:
            stood = stamps(found, root)
        except OSError:
            stood = ()  # take() says what is wrong
        taken = take(found, root, self._settings)
        if stood:
            self.seen.remember(found.source, stood, taken.input_hash, at)
        return taken

    def _stored(self, source: str, version: Stored, known: _Known) -> _Kept | Outcome:
        """What becomes of a file whose version is in the ledger already."""
        if source in known.refused_sources:
            self._store.ledger.accept([source])
        if version.live:
            if source in known.pending or source in known.holds:
                self._store.ledger.settle([source])
            return Outcome(source, "unchanged")
        if self._review and known.pending.get(source) == version.id and source not in known.holds:
            return Outcome(source, "staged", version.passages)
        return _Kept(source, version.id, version.passages)

    def _read(self, taken: Taken) -> Document:
        """What was taken, kept and parsed."""
        where = original(self._store.data, taken.content_hash)
        if is_recording(taken.found.source):
            keep_file(where, taken.found.path, taken.content_hash)
            return self._spoken.document(taken)
        keep(where, taken.raw)
        return self._parse(where, taken.found.source)

    def _publish(self, batch: Sequence[Draft | _Kept], ready: Sequence[Staged]) -> list[Outcome]:
        """Stage what is ready, and make the whole batch live or let it wait for `publish`."""
        versions = [each.version for each in batch if isinstance(each, _Kept)]
        versions += self._store.ledger.stage(ready)
        if self._review:
            self._store.ledger.propose(versions)
            return [Outcome(each.source, "staged", each.size) for each in batch]
        self._store.publish(versions, note=self._note)
        return [Outcome(each.source, "published", each.size) for each in batch]

    def _embedded(self, drafts: Sequence[Draft]) -> list[Staged]:
        """Ready for staging. A text that there are vectors for, in whatever document, is not embedded again."""
        hashes = [each.text_hashes(self._store.embedder.fingerprint) for each in drafts]
        wanted = {one for some in hashes for one in some}
        vectors = self._fresh | self._store.ledger.known_vectors(wanted)
        new = {
            one: passage
            for each, some in zip(drafts, hashes, strict=True)
            for one, passage in zip(some, each.to_embed(), strict=True)
            if one not in vectors
        }
        made = self._store.embedder.embed_passages(list(new.values()))
        self._fresh = {one: pack(each) for one, each in zip(new, made, strict=True)}
        vectors |= self._fresh
        return [
            staged(each, self._recipe, some, [vectors[one] for one in some])
            for each, some in zip(drafts, hashes, strict=True)
        ]


def _grouped(items: Iterable[Draft | _Kept | Outcome]) -> Iterator[Outcome | list[Draft | _Kept]]:
    """Outcomes as they come, and the rest in batches."""
    batch, size = list[Draft | _Kept](), 0
    for each in items:
        if isinstance(each, Outcome):
            yield each
            continue
        # Kept versions count in full: a run after a crash embeds the same batches as one without would have,
        # and int8 vectors depend a little on what is embedded beside them.
        batch.append(each)
        size += each.size + 1
        if size >= BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
