"""What was erased or compacted away is nowhere below the data folder, byte for byte."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from backends import build
from backends.database import open_database
from ingest.erasure import compact, erase
from ingest.pipeline import Pipeline
from ingest.publishing import publish, releases_of, rollback
from ingest.store import Store
from rag.config import Ingest, Paths, Settings
from rag.errors import StoreError
from rag.types import Block, Document
from tests.doubles.shelf import Shelf, count_words, parse

CANARY = "quokkazebu"
KEPT = "Parcels arrive in two days."


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    """With Chroma on disk, as its owner opens it, one document to be kept, and its folder remembered."""
    made = Shelf(tmp_path)
    made.store.close()
    chosen = Settings(paths=Paths(data=made.data))
    made.store = Store(open_database(made.data), made.hashing, made.data, *build.vector_index(chosen))
    made.write("kept.txt", KEPT)
    made.sync()
    made.store.ledger.record("knowledge", str(made.folder))
    yield made
    made.close()


def traces(shelf: Shelf, word: str = CANARY) -> list[str]:
    """Files below the data folder that hold the word, in their bytes or their names."""
    files = [each for each in shelf.data.rglob("*") if each.is_file()]
    assert len(files) > 4
    return [each.name for each in files if word.encode() in each.read_bytes().lower() or word in str(each).lower()]


def illustrated(path: Path, name: str) -> Document:
    """The last line becomes a picture with these words beside it."""
    made = parse(path, name)
    if CANARY not in name:
        return made
    content = b"PNG of " + made.title.encode()
    drawn = Block("picture", f"Drawing of a {CANARY}", picture=hashlib.sha256(content).hexdigest())
    return replace(made, blocks=(*made.blocks, drawn), pictures={drawn.picture: content})


def a_document_full_of_it(shelf: Shelf) -> list[Path]:
    """The word in source, title, heading, text, metadata, in a picture and its words; three versions of two documents."""
    word = CANARY
    for number in range(3):
        text = f"---\ntitle: The {word}\nowner: {word}\n---\n# On {word}\n\nVersion {number} of {word}."
        paths = [
            shelf.write(f"{word}.md", text),
            shelf.write(f"deep/{word}.html", f"<h1>A {word}</h1><p>No. {number}."),
        ]
        pipeline = Pipeline(shelf.store, illustrated, count_words, Ingest(publish=shelf.mode))
        assert {each.result for each in pipeline.sync(shelf.folder)[1]} <= {"published", "staged", "unchanged"}
    assert list((shelf.data / "pictures").glob("*/*"))
    return paths


SOURCES = [f"{CANARY}.md", f"deep/{CANARY}.html"]


def test_what_is_erased_is_nowhere_any_more(shelf: Shelf) -> None:
    files = a_document_full_of_it(shelf)
    refused = shelf.write(f"bad {CANARY}.txt.meta.yaml", f"{CANARY}: 1")
    shelf.write(f"bad {CANARY}.txt", "Some text.")
    shelf.sync()
    assert shelf.status(f"bad {CANARY}.txt").refusal
    assert traces(shelf)
    for each in (*files, refused, refused.with_name(f"bad {CANARY}.txt")):
        each.unlink()
    (shelf.data / "originals" / "ab").mkdir(exist_ok=True)
    (shelf.data / "originals" / "ab" / "tmp1.part").write_text(CANARY)
    lines = erase(shelf.store, [*SOURCES, f"bad {CANARY}.txt"])
    assert f"erased {CANARY}.md" in lines
    assert traces(shelf) == []
    assert list((shelf.data / "pictures").glob("*/*")) == []
    assert shelf.texts("parcels arrive") == {KEPT}
    assert [each.source for each in shelf.store.ledger.status()] == ["kept.txt"]
    assert shelf.sync() == {"kept.txt": "unchanged"}


def test_after_compaction_old_and_withdrawn_versions_are_nowhere(shelf: Shelf) -> None:
    files = a_document_full_of_it(shelf)
    for each in files:
        each.unlink()
    shelf.write("kept.txt", f"{KEPT} By {CANARY}.")
    shelf.sync()
    shelf.write("kept.txt", KEPT)
    shelf.sync()
    assert shelf.sync() == {"kept.txt": "unchanged"}
    assert traces(shelf)
    compact(shelf.store, 0)
    assert traces(shelf) == []
    assert shelf.texts("parcels arrive") == {KEPT}
    shelf.store.close()
    assert traces(shelf) == []


def test_compaction_keeps_what_is_live_what_waits_and_what_is_young(shelf: Shelf) -> None:
    for text in ("Parcels are free.", "Parcels cost a pound."):
        shelf.write("a.txt", text)
        shelf.sync()
    shelf.mode = "review"
    shelf.write("a.txt", "Parcels cost two pounds.")
    shelf.sync()
    compact(shelf.store, 1)
    assert {"free", "pound", "pounds"} <= stored_words(shelf)
    compact(shelf.store, 0)
    assert "free" not in stored_words(shelf)
    publish(shelf.store)
    assert "Parcels cost two pounds." in shelf.texts("parcels")


def stored_words(shelf: Shelf) -> set[str]:
    with shelf.store.engine.connect() as connection:
        texts = connection.scalars(sa.text("SELECT text FROM chunks")).all()
    return {word.strip(".") for text in texts for word in text.split()}


def test_content_that_another_document_shares_stays(shelf: Shelf) -> None:
    shelf.write("copy.txt", KEPT).unlink()
    shelf.write("copy.txt", KEPT)
    shelf.sync()
    (shelf.folder / "copy.txt").unlink()
    erase(shelf.store, ["copy.txt"])
    assert len(list((shelf.data / "originals").glob("*/*"))) == 1
    assert shelf.texts("parcels arrive") == {KEPT}


def test_a_document_whose_file_is_there_is_not_erased(shelf: Shelf) -> None:
    a_document_full_of_it(shelf)[0].unlink()
    with pytest.raises(StoreError, match=r"the next sync would bring it back\. Nothing was erased"):
        erase(shelf.store, SOURCES)
    assert {each.source for each in shelf.store.ledger.status()} == {"kept.txt", *SOURCES}


def test_an_erased_document_that_comes_back_counts_its_versions_anew(shelf: Shelf) -> None:
    """The reader keeps passages in memory under their ids, which are the same again."""
    for text in ("Parcels are free.", "Parcels cost a pound."):
        file = shelf.write("a.txt", text)
        shelf.sync()
    knowledge = shelf.knowledge()

    def version() -> int:
        found, _ = knowledge.candidates(*shelf.asking("parcels cost a pound"))
        return next(each.chunk.version for each in found if each.chunk.source == "a.txt")

    assert version() == 2
    file.unlink()
    erase(shelf.store, ["a.txt"])
    shelf.write("a.txt", "Parcels cost a pound.")
    shelf.sync()
    assert version() == 1


def test_a_release_whose_versions_were_compacted_away_cannot_be_returned_to(shelf: Shelf) -> None:
    for text in ("Parcels are free.", "Parcels cost a pound.", "Parcels cost two pounds."):
        shelf.write("a.txt", text)
        shelf.sync()
    compact(shelf.store, 0)
    assert [each.lost for each in releases_of(shelf.store.engine)] == [False, True, True, False]
    with pytest.raises(StoreError, match="no longer kept"):
        rollback(shelf.store, 2)
    rollback(shelf.store, 1)
    assert shelf.texts("parcels") == {KEPT}


def test_what_was_erased_stays_away_in_a_rollback(shelf: Shelf) -> None:
    file = shelf.write("a.txt", "Parcels are free.")
    shelf.sync()
    shelf.write("b.txt", "Parcels cost a pound.")
    shelf.sync()
    file.unlink()
    erase(shelf.store, ["a.txt"])
    rollback(shelf.store, 2)
    assert shelf.texts("parcels") == {KEPT}


def test_notes_that_name_an_erased_document_are_emptied(shelf: Shelf) -> None:
    shelf.mode = "review"
    files = a_document_full_of_it(shelf)
    publish(shelf.store, [SOURCES[0]], f"About the {CANARY}")
    publish(shelf.store, [SOURCES[1]], "Something else")
    shelf.mode = "auto"
    for each in files:
        each.unlink()
    erase(shelf.store, SOURCES)
    assert traces(shelf) == []
    notes = [each.note for each in releases_of(shelf.store.engine)]
    assert notes[:3] == ["erased", "Something else", ""]
    assert notes[3].startswith("sync ")


def test_a_reader_that_hinders_the_sweep_is_told(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backends.database.BUSY_MS", 50)
    shelf.store.engine.dispose()
    reader = open_database(shelf.data)
    with reader.connect() as connection:
        connection.execute(sa.text("SELECT count(*) FROM chunks")).all()
        lines = compact(shelf.store, 0)
    reader.dispose()
    assert any("another process is reading" in each for each in lines)
    assert not any("another process is reading" in each for each in compact(shelf.store, 0))
