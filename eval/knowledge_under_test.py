"""The knowledge a run is about: a state of the store, a folder of documents, or a corpus of somebody else's.

Folders and corpora go through the real pipeline into a temporary store. Nothing here changes the configured store.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from eval.beir import read_corpus
from eval.parts import Parts, console
from eval.workbench import Workbench
from ingest.publishing import releases_of
from ingest.rehearsal import State
from ingest.run import run_sync
from ingest.store import Store
from rag.config import Settings
from rag.errors import ConfigError


@dataclass(frozen=True, slots=True)
class UnderTest:
    """An open store, the workbench that fits it, and the names that cases use: source → name, where they differ."""

    bench: Workbench
    store: Store
    names: Mapping[str, str] = field(default_factory=dict)
    release: int | None = None

    @property
    def documents(self) -> set[str]:
        """Names of the live documents."""
        return {self.names.get(each, each) for each in self.store.ledger.live_sources()}

    @property
    def state(self) -> str:
        """A hash of the live documents: equal for equal knowledge."""
        live = sorted(key for key, version in self.store.ledger.stored().items() if version.live)
        return hashlib.sha256(repr(live).encode()).hexdigest()[:16]


@contextmanager
def under_test(parts: Parts, settings: Settings, knowledge: str, release: str) -> Iterator[UnderTest]:
    """The knowledge to play cases on: `knowledge`, a path, or the store in the state `release` names.

    Raises ConfigError where there is none, StoreError for a release that cannot be had.
    """
    if knowledge and not Path(knowledge).exists():
        raise ConfigError(f"{knowledge} is not there. Name a folder of documents or a corpus.jsonl.")
    if not knowledge:
        opened = _stored(parts, settings, release)
    elif Path(knowledge).is_dir():
        opened = _folder(parts, settings, Path(knowledge))
    else:
        opened = _corpus(parts, settings, Path(knowledge))
    with opened as found:
        if not found.documents:
            raise ConfigError(_empty(settings, knowledge))
        yield found


def _empty(settings: Settings, knowledge: str) -> str:
    if knowledge:
        return f"{knowledge} holds no document that could be taken in."
    return (
        f"The store {settings.paths.data} holds no documents. Run 'python -m ingest sync' first, or name documents "
        f"with --knowledge, such as --knowledge {settings.paths.knowledge}."
    )


@contextmanager
def _stored(parts: Parts, settings: Settings, release: str) -> Iterator[UnderTest]:
    state, bench = _state(release), parts.workbench(settings)
    with parts.rehearsal(bench, state) as store:
        last = max((each.number for each in releases_of(store.engine)), default=None)
        number = last if state == "live" else None if state == "staged" else state
        yield UnderTest(bench, store, release=number)


def _state(release: str) -> State:
    if release in ("live", "staged"):
        return "live" if release == "live" else "staged"
    if release.isdecimal():
        return int(release)
    raise ConfigError(f"--release {release}: not live, staged or a release's number. 'ingest releases' lists them.")


@contextmanager
def _folder(parts: Parts, settings: Settings, folder: Path) -> Iterator[UnderTest]:
    paths = settings.paths.model_copy(update={"knowledge": folder.resolve()})
    bench = parts.workbench(settings.model_copy(update={"paths": paths}))
    with tempfile.TemporaryDirectory() as scratch, closing(bench.open_beside(Path(scratch))) as store:
        taken = settings.ingest.model_copy(update={"publish": "auto"})
        run_sync(store, taken, bench.count, folder, console)
        yield UnderTest(bench, store)


@contextmanager
def _corpus(parts: Parts, settings: Settings, file: Path) -> Iterator[UnderTest]:
    entries = read_corpus(file)
    with tempfile.TemporaryDirectory() as scratch:
        paths = settings.paths.model_copy(update={"knowledge": Path(scratch, "documents")})
        bench = parts.workbench(settings.model_copy(update={"paths": paths}))
        with console.status(f"Taking in {len(entries)} documents"):
            store, _, names = replace(bench, owned=bench.beside).fill(Path(scratch), entries)
        with closing(store):
            yield UnderTest(bench, store, names)
