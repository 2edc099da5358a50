"""Whatever editors do in whatever order: what answers is what a model of a dozen lines says."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from ingest.erasure import compact, erase
from ingest.publishing import publish, releases_of, rollback
from rag.errors import StoreError
from rag.types import Access
from tests.doubles.shelf import Shelf

SOURCES = ("a.txt", "b.txt", "c.txt")
TEXTS = tuple(f"Parcels arrive in {each} days." for each in ("two", "five", "nine"))
Live = dict[str, str]  # source → text


@dataclass
class Model:
    """What editors expect, in their words."""

    files: Live = field(default_factory=dict)
    live: Live = field(default_factory=dict)
    staged: dict[str, str | None] = field(default_factory=dict)
    held: dict[str, str | None] = field(default_factory=dict)  # source → the file a sync leaves alone
    releases: list[Live | None] = field(default_factory=list)  # None: one cannot return to it

    def sync(self, review: bool) -> None:
        for source in SOURCES:
            text = self.files.get(source)
            if source in self.held and self.held[source] == text:
                self.staged.pop(source, None)
                continue
            self.held.pop(source, None)
            self.staged.pop(source, None)
            if text != self.live.get(source):
                self.staged[source] = text
        if not review:
            self.publish(list(self.staged))

    def publish(self, sources: list[str]) -> None:
        after = dict(self.live)
        for source in sources:
            text = self.staged[source] if source in self.staged else self.held[source]
            self.staged.pop(source, None)
            self.held.pop(source, None)
            after[source] = text or ""
        self.release({source: text for source, text in after.items() if text})

    def rollback(self, number: int) -> None:
        then = self.releases[number - 1]
        assert then is not None
        for source in SOURCES:
            text = then.get(source)
            if text == self.live.get(source):
                continue
            away = self.held.pop(source) if source in self.held else self.live.get(source)
            if away != text:
                self.held[source] = away
            if source in self.staged and self.staged[source] == text:
                del self.staged[source]
        self.release(dict(then))

    def erase(self, source: str) -> None:
        if source in self.live:
            self.release({each: text for each, text in self.live.items() if each != source})
        for each in self.releases:
            if each:
                each.pop(source, None)
        self.staged.pop(source, None)
        self.held.pop(source, None)

    def compact(self) -> None:
        kept = {*self.live.items(), *self.staged.items()}
        self.releases = [each if each is not None and each.items() <= kept else None for each in self.releases]

    def release(self, after: Live) -> None:
        if after != self.live:
            self.live = after
            self.releases.append(dict(after))


class Editors(RuleBasedStateMachine):
    """Editors at work on three files."""

    @initialize()
    def begin(self) -> None:
        self.base = Path(tempfile.mkdtemp())
        self.shelf = Shelf(self.base)
        self.shelf.write("always.txt", "Something else entirely.")  # so that the folder is never empty
        self.shelf.sync()
        self.shelf.store.ledger.record("knowledge", str(self.shelf.folder))
        self.model = Model(releases=[{}])
        self.compacted: set[tuple[str, str]] = set()

    def teardown(self) -> None:
        if hasattr(self, "shelf"):
            self.shelf.close()
            shutil.rmtree(self.base)

    @rule(source=st.sampled_from(SOURCES), text=st.sampled_from(TEXTS))
    def edit(self, source: str, text: str) -> None:
        """Or restore."""
        self.shelf.write(source, text)
        self.model.files[source] = text

    @rule(source=st.sampled_from(SOURCES))
    def remove(self, source: str) -> None:
        (self.shelf.folder / source).unlink(missing_ok=True)
        self.model.files.pop(source, None)

    @rule(review=st.booleans())
    def sync(self, review: bool) -> None:
        before = len(releases_of(self.shelf.store.engine))
        self.shelf.mode = "review" if review else "auto"
        self.shelf.sync()
        # A sync may take several commits to get there; the model has one.
        made = len(releases_of(self.shelf.store.engine)) - before
        self.model.sync(review)
        self.same_number(made)

    def same_number(self, made: int) -> None:
        extra = len(releases_of(self.shelf.store.engine)) - len(self.model.releases)
        assert 0 <= extra <= made
        for _ in range(extra):  # on the way there: withdrawals first
            self.model.releases.insert(-1, None)

    @rule()
    def publish_all(self) -> None:
        publish(self.shelf.store)
        self.model.publish(list(self.model.staged))

    @rule(source=st.sampled_from(SOURCES))
    def publish_one(self, source: str) -> None:
        model = self.model
        if source not in model.staged and source not in model.held:
            _refused(lambda: publish(self.shelf.store, [source]))
        elif source not in model.staged and self._is_gone(source, model.held[source]):
            publish(self.shelf.store, [source])
            del model.held[source]
        else:
            publish(self.shelf.store, [source])
            model.publish([source])

    def _is_gone(self, source: str, text: str | None) -> bool:
        """The version that was rolled away from was compacted away since."""
        return bool(text) and (source, text) in self.compacted and not self._stored(source, text or "")

    def _stored(self, source: str, text: str) -> bool:
        query = sa.text(
            "SELECT count(*) FROM chunks JOIN versions ON versions.id = chunks.version "
            "JOIN documents ON documents.id = versions.document WHERE source = :source AND text = :text"
        )
        with self.shelf.store.engine.connect() as connection:
            return bool(connection.scalar(query, {"source": source, "text": text}))

    @rule(data=st.data())
    def roll_back(self, data: st.DataObject) -> None:
        number = data.draw(st.integers(1, len(self.model.releases)))
        if self.model.releases[number - 1] is None and releases_of(self.shelf.store.engine)[-number].lost:
            _refused(lambda: rollback(self.shelf.store, number))
        elif self.model.releases[number - 1] is not None:
            rollback(self.shelf.store, number)
            self.model.rollback(number)

    @rule(source=st.sampled_from(SOURCES))
    def erase(self, source: str) -> None:
        known = any(each.source == source for each in self.shelf.store.ledger.status())
        if source in self.model.files or not known:
            _refused(lambda: erase(self.shelf.store, [source]))
        else:
            erase(self.shelf.store, [source])
            self.model.erase(source)

    @rule()
    def compact(self) -> None:
        self.compacted |= {(source, text) for source in SOURCES for text in TEXTS}
        compact(self.shelf.store, 0)
        self.model.compact()

    @rule()
    def reopen(self) -> None:
        self.shelf.reopen()

    @invariant()
    @precondition(lambda self: hasattr(self, "shelf"))
    def what_answers_is_what_the_model_says(self) -> None:
        found, _ = self.shelf.knowledge().candidates(*self.shelf.asking("When do parcels arrive?", Access()))
        shown = sorted((each.chunk.source, each.chunk.text) for each in found if each.chunk.source != "always.txt")
        assert shown == sorted(self.model.live.items())

    @invariant()
    @precondition(lambda self: hasattr(self, "shelf"))
    def the_indexes_and_what_waits_agree(self) -> None:
        ledger = self.shelf.store.ledger
        with self.shelf.store.engine.connect() as connection:
            keywords = set(connection.scalars(sa.text("SELECT rowid FROM keywords")))
            vocabulary = connection.scalar(sa.text("SELECT doc FROM keywords_vocabulary WHERE term = 'parcel'")) or 0
        assert keywords == ledger.live_ids() == self.shelf.store.index.ids()
        assert vocabulary == len(self.model.live)
        assert ledger.fact("live_passages") == str(len(self.model.live) + 1)
        assert set(ledger.pending()) == set(self.model.staged)
        assert set(ledger.holds()) == set(self.model.held)


def _refused(work: object) -> None:
    try:
        work()  # type: ignore[operator]
    except StoreError:
        return
    raise AssertionError("It was not refused.")


# Without shrinking: each step writes to a disk, and the steps of a failure are few enough to be read.
Editors.TestCase.settings = settings(
    max_examples=15,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
TestEditors = Editors.TestCase
