"""The vector index follows the ledger, whatever happened to it; one owner; one embedder."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from backends import build
from backends.database import open_database
from ingest.ledger import Ledger
from ingest.reembed import embed_anew
from ingest.store import Ownership, Store, check_embedder
from rag.config import ROOT, Paths, Settings
from rag.errors import StoreError
from rag.types import Access
from tests.doubles.embedder import HashEmbedder
from tests.doubles.shelf import Shelf, asked


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder that holds two documents, and Chroma."""
    shelf = Shelf(tmp_path)
    shelf.write("a.txt", "Parcels arrive in two days.")
    shelf.write("b.txt", "You may return anything within thirty days.")
    shelf.sync()
    shelf.close()
    with opened(shelf.data) as store:
        store.index.wait()
    return shelf.data


def opened(data: Path, embedder: HashEmbedder | None = None) -> Store:
    """The store with Chroma, as its owner opens it."""
    chosen = Settings(paths=Paths(data=data))
    return Store(open_database(data), embedder or HashEmbedder(), data, *build.vector_index(chosen))


def in_step(data: Path) -> bool:
    """Whether Chroma, as opened, holds the live passages and finds one by its vector."""
    with opened(data) as store:
        store.index.wait()
        (found,) = [each for each in store.ledger.live_versions() if each.source == "a.txt"]
        nearest = store.index.nearest(store.embedder.embed_texts(["Parcels arrive in two days."])[0], 1)
        return store.index.ids() == store.ledger.live_ids() and nearest == [found.chunks[0].id]


def test_a_second_start_finds_the_index_as_it_was(data: Path) -> None:
    with opened(data) as store:
        assert store.index.ids() == store.ledger.live_ids()  # without waiting
    assert (data / ".chroma-seal.json").exists()


def test_an_index_that_is_gone_is_made_again(data: Path) -> None:
    shutil.rmtree(data / "chroma")
    assert in_step(data)


def test_a_truncated_database_of_chroma_is_made_again(data: Path) -> None:
    file = data / "chroma" / "chroma.sqlite3"
    file.write_bytes(file.read_bytes()[:5000])
    assert in_step(data)


def test_a_chroma_full_of_rubbish_is_made_again(data: Path) -> None:
    for file in (data / "chroma").rglob("*"):
        if file.is_file():
            file.write_bytes(b"rubbish" * 100)
    assert in_step(data)


def test_missing_and_surplus_entries_are_put_right(data: Path) -> None:
    with opened(data) as store:
        live = sorted(store.ledger.live_ids())
        vectors = store.embedder.embed_texts(["surplus"])
        store.index.delete(live[:1])
        store.index.upsert([7], vectors, vectors)
    assert in_step(data)


def test_collections_that_disagree_are_made_again(data: Path) -> None:
    """A write that reached one of Chroma's two collections only."""
    import chromadb

    with opened(data):
        pass
    client = chromadb.PersistentClient(str(data / "chroma"))
    client.get_collection("labels", embedding_function=None).upsert(["7"], embeddings=[[0.1] * 48])
    client.close()
    assert in_step(data)
    client = chromadb.PersistentClient(str(data / "chroma"))
    assert client.get_collection("labels", embedding_function=None).count() == 2
    client.close()


def test_an_index_that_was_being_written_is_not_trusted(data: Path) -> None:
    """A kill in the middle of a write leaves no seal."""
    (data / ".chroma-seal.json").unlink()
    (data / "chroma" / "of the former index").touch()
    assert in_step(data)
    assert not (data / "chroma" / "of the former index").exists()
    assert (data / ".chroma-seal.json").exists()


def test_a_reader_beside_the_owner_leaves_the_owners_seal_alone(data: Path) -> None:
    seal = data / ".chroma-seal.json"
    before = seal.read_bytes()
    with Store(open_database(data), HashEmbedder(), data, *build.memory_index()) as beside:
        assert beside.index.ids() == beside.ledger.live_ids()
    assert seal.read_bytes() == before


def test_what_a_kill_left_half_written_is_removed(data: Path) -> None:
    (whole,) = list((data / "originals").glob("*/*"))[:1]
    half = whole.with_name("tmp123.part")
    half.write_bytes(b"half")
    with Store(open_database(data), HashEmbedder(), data, *build.memory_index()):
        assert half.exists(), "a reader beside the owner may see it being written"
    opened(data).close()
    assert not half.exists()
    assert whole.exists()


def test_rebuild_makes_the_index_from_stored_vectors(data: Path) -> None:
    embedder = HashEmbedder()
    with opened(data, embedder) as store:
        assert store.rebuild() == 2
        assert store.index.ids() == store.ledger.live_ids()
    assert embedder.embedded == []
    assert in_step(data)


OWN = "from ingest.store import Ownership; Ownership(Path({!r})).take('ingest watch'); print('taken', flush=True); input()"


def test_a_second_owner_is_refused_and_told_who_the_first_is(tmp_path: Path) -> None:
    code = "from pathlib import Path; " + OWN.format(str(tmp_path))
    second = Ownership(tmp_path)
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdin=-1, stdout=-1, text=True) as first:
        try:
            assert first.stdout is not None
            assert first.stdout.readline() == "taken\n"
            with pytest.raises(StoreError, match=rf"in use by 'ingest watch' \(process {first.pid}\)"):
                second.take("ingest sync")
            assert not second.try_take("chat")
        finally:
            first.kill()
    assert second.try_take("chat")  # the dead give up what they held
    second.release()


def test_a_changed_embedder_is_refused_with_the_command(data: Path) -> None:
    ledger = Ledger(open_database(data))
    check_embedder(ledger, HashEmbedder())
    with pytest.raises(StoreError, match="python -m ingest rebuild --embed"):
        check_embedder(ledger, HashEmbedder("hash/2"))
    check_embedder(ledger, HashEmbedder())
    ledger.engine.dispose()


def test_embedding_anew_changes_the_vectors_and_nothing_else(data: Path) -> None:
    other = HashEmbedder("hash/2", dimensions=32)
    ledger = Ledger(open_database(data))
    check_embedder(ledger, HashEmbedder())
    texts = {each.source: [row.text for row in each.chunks] for each in ledger.live_versions()}
    assert embed_anew(ledger, other) == 2
    check_embedder(ledger, other)
    assert {each.source: [row.text for row in each.chunks] for each in ledger.live_versions()} == texts
    ledger.engine.dispose()
    with opened(data, other) as store:
        store.rebuild()
        nearest = store.index.nearest(other.embed_texts(["Parcels arrive in two days."])[0], 1)
        assert len(nearest) == 1
        assert set(nearest) <= store.ledger.live_ids()


def test_embedding_anew_may_be_run_again(data: Path) -> None:
    ledger, other = Ledger(open_database(data)), HashEmbedder("hash/2")
    embed_anew(ledger, other)
    count = len(other.embedded)
    assert embed_anew(ledger, other) == 2
    assert len(other.embedded) == count
    ledger.engine.dispose()


def test_after_embedding_anew_a_sync_finds_nothing_to_do(tmp_path: Path) -> None:
    first = Shelf(tmp_path)
    first.write("a.txt", "Parcels arrive in two days.")
    first.sync()
    other = HashEmbedder("hash/2")
    embed_anew(first.store.ledger, other)
    first.close()
    second = Shelf(tmp_path, other)
    other.embedded.clear()
    assert second.sync() == {"a.txt": "unchanged"}
    assert other.embedded == []
    second.close()


def test_what_fell_silent_leaves_the_index(data: Path) -> None:
    with opened(data) as store:
        store.withdraw(["a.txt"])
        assert store.index.ids() == store.ledger.live_ids()
        assert len(store.index.ids()) == 1
        assert shelf_texts(store, "parcels arrive") == {"You may return anything within thirty days."}


def shelf_texts(store: Store, question: str) -> set[str]:
    from ingest.knowledge import Knowledge

    knowledge = Knowledge(store.engine, store.index, store.embedder.dimensions, 60, 40)
    found, _ = knowledge.candidates(asked(question), store.embedder.embed_texts([question]), Access())
    return {each.chunk.text for each in found}
