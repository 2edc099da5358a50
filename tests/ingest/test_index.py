"""Damage to any file of Chroma's, at any place: noticed, made anew, and questions are answered meanwhile."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from backends import build
from backends.database import open_database
from ingest.knowledge import Knowledge
from ingest.seal import Seal
from ingest.store import Store
from ingest.vectors import unpack
from rag.config import ROOT, Paths, Settings
from rag.errors import StoreError
from rag.ports import VectorIndex
from rag.types import Access
from tests.doubles.embedder import HashEmbedder
from tests.doubles.shelf import Shelf, asked

WORDS = "valve hose lid pump filter brush tank cable hinge seal".split()
ROWS = 120  # from 100 on Chroma keeps its graph in files of its own
FILES = [
    "chroma.sqlite3",
    "data_level0.bin",
    "header.bin",
    "index_metadata.pickle",
    "length.bin",
    "link_lists.bin",
]


def flipped(raw: bytes, at: int) -> bytes:
    return raw[:at] + bytes([raw[at] ^ 0xFF]) + raw[at + 1 :]


DAMAGE: dict[str, Callable[[bytes], bytes | None]] = {
    "cut to nothing": lambda raw: b"",
    "cut to half": lambda raw: raw[: len(raw) // 2],
    "first byte": lambda raw: flipped(raw, 0),
    "middle byte": lambda raw: flipped(raw, len(raw) // 2),
    "last byte": lambda raw: flipped(raw, len(raw) - 1),
    "deleted": lambda raw: None,
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in which nothing is wrong."""
    shelf = Shelf(tmp_path_factory.mktemp("whole"))
    rows = [f"What about the {WORDS[n % 10]} of model {n}?,Model {n} has the code alpha{n}." for n in range(ROWS)]
    shelf.write("models.csv", "question,answer\n" + "\n".join(rows))
    shelf.sync()
    shelf.close()
    with opened(shelf.data) as store:
        store.index.wait()
    return shelf.data


@pytest.fixture
def data(whole: Path, tmp_path: Path) -> Path:
    return shutil.copytree(whole, tmp_path / "data")


def opened(data: Path, said: list[str] | None = None, open_index: Callable[[], VectorIndex] | None = None) -> Store:
    chroma, wipe, folder = build.vector_index(Settings(paths=Paths(data=data)))
    heard = [] if said is None else said
    return Store(open_database(data), HashEmbedder(), data, open_index or chroma, wipe, folder, heard.append)


def answers(store: Store, number: int) -> bool:
    """Whether a question brings up the passage that answers it."""
    question = f"the {WORDS[number % 10]} of model alpha{number}"
    knowledge = Knowledge(store.engine, store.index, store.embedder.dimensions, 60, 40)
    found, _ = knowledge.candidates(asked(question), store.embedder.embed_texts([question]), Access())
    return any(f"alpha{number}." in each.chunk.text for each in found)


def same_vectors(store: Store, data: Path) -> bool:
    """Whether both of Chroma's collections hold the ledger's vectors, to the bit."""
    import chromadb

    expected = {
        str(number): unpack(raw, store.embedder.dimensions)
        for batch in store.ledger.vectors(store.ledger.live_ids())
        for number, raw in batch
    }
    client = chromadb.PersistentClient(str(data / "chroma"))
    sound = len(expected) == ROWS
    for name in ("passage", "label"):
        got = client.get_collection(f"{name}s", embedding_function=None).get(include=["embeddings"])
        sound &= set(got["ids"]) == set(expected)
        pairs = zip(got["ids"], got["embeddings"], strict=True)
        sound &= all(np.allclose(vector, getattr(expected[number], name), atol=1e-6) for number, vector in pairs)
    client.close()
    return sound


def test_a_sound_index_is_opened_as_it_is(data: Path) -> None:
    said: list[str] = []
    with opened(data, said) as store:
        assert store.index.ids() == store.ledger.live_ids()
        assert same_vectors(store, data)
    assert said == []


@pytest.mark.parametrize("how", DAMAGE)
@pytest.mark.parametrize("file", FILES)
def test_damage_is_noticed_and_put_right_while_keywords_answer(data: Path, file: str, how: str) -> None:
    damaged = list((data / "chroma").rglob(file))
    assert damaged
    for path in damaged:
        left = DAMAGE[how](path.read_bytes())
        path.unlink() if left is None else path.write_bytes(left)
    said: list[str] = []
    with opened(data, said) as store:
        assert len(said) == 1
        assert answers(store, 7)
        store.index.wait()
        assert store.index.ids() == store.ledger.live_ids()
        assert same_vectors(store, data)
        assert answers(store, 8)
    with opened(data, said) as store:
        assert len(said) == 1, "the second start finds it whole"


@pytest.mark.parametrize("name", ["chroma.sqlite3-journal", "chroma.sqlite3-wal", "stray"])
def test_a_file_that_was_not_there_is_noticed(data: Path, name: str) -> None:
    (data / "chroma" / name).write_bytes(b"\xd9\xd5\x05\xf9" * 256)
    with opened(data) as store:
        store.index.wait()
        assert same_vectors(store, data)


def test_a_file_where_the_folder_should_be_is_put_right(data: Path) -> None:
    shutil.rmtree(data / "chroma")
    (data / "chroma").write_text("rubbish")
    with opened(data) as store:
        store.index.wait()
        assert same_vectors(store, data)


def test_a_seal_of_another_index_is_not_believed(data: Path) -> None:
    (data / ".chroma-seal.json").write_text('{"chroma.sqlite3": "00"}')
    said: list[str] = []
    with opened(data, said) as store:
        store.index.wait()
        assert same_vectors(store, data)
    assert len(said) == 1


class Gate:
    """An index that is opened only when the test lets it."""

    def __init__(self, open_index: Callable[[], VectorIndex]) -> None:
        self.free = threading.Event()
        self._open = open_index

    def __call__(self) -> VectorIndex:
        assert self.free.wait(30)
        return self._open()


@pytest.fixture
def gate(data: Path) -> Gate:
    shutil.rmtree(data / "chroma")
    return Gate(build.vector_index(Settings(paths=Paths(data=data)))[0])


def test_what_is_withdrawn_and_published_meanwhile_is_in_step_at_the_end(data: Path, gate: Gate) -> None:
    with opened(data, open_index=gate) as store:
        assert store.index.nearest(store.embedder.embed_texts(["hose"])[0], 5) == []
        (version,) = {each.id for each in store.ledger.stored().values()}
        store.withdraw(["models.csv"])
        assert not answers(store, 7)
        store.publish([version])
        assert answers(store, 7)
        gate.free.set()
        store.index.wait()
        assert store.index.ids() == store.ledger.live_ids()
        assert same_vectors(store, data)


def test_a_start_cut_short_leaves_no_seal(data: Path, gate: Gate) -> None:
    store = opened(data, open_index=gate)
    closing = threading.Thread(target=store.close)
    closing.start()
    gate.free.set()
    closing.join(30)
    with opened(data) as again:
        again.index.wait()
        assert same_vectors(again, data)


def test_an_index_that_cannot_be_made_leaves_keywords_and_says_so(data: Path) -> None:
    def no_room() -> VectorIndex:
        raise StoreError("No space left on device.")

    shutil.rmtree(data / "chroma")
    said: list[str] = []
    with opened(data, said, no_room) as store:
        with pytest.raises(StoreError, match="No space"):
            store.index.wait()
        assert answers(store, 7)
    assert "No space left" in said[-1]
    assert not (data / ".chroma-seal.json").exists()


KILLED = """
import os, sys
from pathlib import Path
from tests.ingest.test_index import answers, opened
store = opened(Path(sys.argv[1]))
store.index.wait()
assert answers(store, 7)
if sys.argv[2] == "write":
    store.index.delete(sorted(store.ledger.live_ids())[:1])
os.kill(os.getpid(), 9)
"""


@pytest.mark.parametrize(("deed", "anew"), [("read", 0), ("write", 1)])
def test_a_kill_costs_the_index_only_where_something_was_written(data: Path, deed: str, anew: int) -> None:
    ended = subprocess.run([sys.executable, "-c", KILLED, str(data), deed], cwd=ROOT, check=False)
    assert ended.returncode == -9
    said: list[str] = []
    with opened(data, said) as store:
        store.index.wait()
        assert same_vectors(store, data)
    assert len(said) == anew


def test_a_seal_sees_any_change(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "a").write_bytes(b"one")
    seal = Seal(folder)
    assert not seal.holds()
    seal.set()
    assert seal.holds()
    (folder / "a").write_bytes(b"two")
    assert not seal.holds()
