"""A sync: what it costs, what it publishes, and what goes on answering meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from rich.console import Console

from ingest.run import run_sync
from ingest.scan import scan
from rag.config import Ingest
from rag.errors import StoreError
from rag.types import PassageVectors
from tests.doubles.shelf import Shelf, count_words

QUESTION = "When do parcels arrive?"


def test_new_files_are_published_and_answer(shelf: Shelf) -> None:
    shelf.write("delivery.md", "# Delivery\n\nParcels arrive in two days.")
    shelf.write("faq/returns.txt", "You may return anything within thirty days.")
    assert shelf.sync() == {"delivery.md": "published", "faq/returns.txt": "published"}
    assert "Parcels arrive in two days." in shelf.texts(QUESTION)


def test_an_unchanged_folder_costs_nothing(shelf: Shelf) -> None:
    shelf.write("a.md", "# Delivery\n\nParcels arrive in two days.")
    shelf.sync()
    before, versions = list(shelf.hashing.embedded), shelf.store.ledger.stored()
    assert shelf.sync() == {"a.md": "unchanged"}
    assert shelf.hashing.embedded == before
    assert shelf.store.ledger.stored() == versions


def test_a_changed_file_gets_version_2_and_the_old_one_serves_until_then(shelf: Shelf) -> None:
    shelf.write("a.md", "# Delivery\n\nParcels arrive in two days.")
    shelf.sync()
    shelf.write("a.md", "# Delivery\n\nParcels arrive in five days.")
    meanwhile = []
    shelf.hashing.before_each = lambda: meanwhile.append(shelf.texts(QUESTION))
    assert shelf.sync() == {"a.md": "published"}
    assert meanwhile == [{"Parcels arrive in two days."}]
    assert shelf.texts(QUESTION) == {"Parcels arrive in five days."}
    assert shelf.status("a.md").version == 2


def test_a_failing_embedder_leaves_the_old_version_serving(shelf: Shelf) -> None:
    shelf.write("a.md", "# Delivery\n\nParcels arrive in two days.")
    shelf.sync()
    shelf.write("a.md", "# Delivery\n\nParcels arrive in five days.")

    def fail() -> None:
        raise StoreError("The endpoint is away.")

    shelf.hashing.before_each = fail
    with pytest.raises(StoreError):
        shelf.sync()
    assert shelf.texts(QUESTION) == {"Parcels arrive in two days."}


def test_back_to_the_former_content_is_the_former_version(shelf: Shelf) -> None:
    first, second = "# Delivery\n\nParcels arrive in two days.", "# Delivery\n\nParcels arrive in five days."
    for text in (first, second):
        shelf.write("a.md", text)
        shelf.sync()
    embedded = len(shelf.hashing.embedded)
    shelf.write("a.md", first)
    assert shelf.sync() == {"a.md": "published"}
    assert shelf.status("a.md").version == 1
    assert shelf.texts(QUESTION) == {"Parcels arrive in two days."}
    assert len(shelf.hashing.embedded) == embedded


def test_a_removed_file_is_withdrawn_and_can_come_back(shelf: Shelf) -> None:
    path = shelf.write("a.md", "# Delivery\n\nParcels arrive in two days.")
    shelf.write("b.md", "# Other\n\nSomething else entirely.")
    shelf.sync()
    path.unlink()
    assert shelf.sync() == {"a.md": "withdrawn", "b.md": "unchanged"}
    assert "Parcels arrive in two days." not in shelf.texts(QUESTION)
    assert shelf.status("a.md").state == "withdrawn"
    path.write_text("# Delivery\n\nParcels arrive in two days.")
    assert shelf.sync() == {"a.md": "published", "b.md": "unchanged"}
    assert shelf.status("a.md").version == 1
    assert "Parcels arrive in two days." in shelf.texts(QUESTION)


def test_a_refused_file_costs_only_itself_and_its_old_version_serves(shelf: Shelf) -> None:
    shelf.write("a.txt", "Parcels arrive in two days.")
    shelf.sync()
    shelf.write("a.txt", b"")
    shelf.write("b.txt", "Something else entirely.")
    outcomes = {each.source: each for each in shelf.outcomes()}
    assert outcomes["a.txt"].result == "refused"
    assert outcomes["a.txt"].detail.startswith("EMPTY: ")
    assert outcomes["b.txt"].result == "published"
    assert "Parcels arrive in two days." in shelf.texts(QUESTION)
    assert shelf.status("a.txt").refusal.startswith("EMPTY: ")


def test_a_refused_file_that_is_put_right_goes_in(shelf: Shelf) -> None:
    shelf.write("a.txt", "Parcels arrive in two days.")
    shelf.sync()
    shelf.write("a.txt", b"")
    assert shelf.sync() == {"a.txt": "refused"}
    assert shelf.sync() == {"a.txt": "refused"}
    shelf.write("a.txt", "Parcels arrive in two days.")
    assert shelf.sync() == {"a.txt": "unchanged"}
    assert shelf.status("a.txt").refusal == ""


def test_a_refused_file_that_is_removed_is_forgotten(shelf: Shelf) -> None:
    shelf.write("keep.txt", "Something else entirely.")
    path = shelf.write("a.txt", b"")
    shelf.sync()
    path.unlink()
    assert shelf.sync()["a.txt"] == "withdrawn"
    assert [each.source for each in shelf.store.ledger.status()] == ["keep.txt"]


@pytest.mark.parametrize("companion", ["a.txt.meta.yaml", "_folder.yaml"])
def test_what_is_said_about_a_file_makes_a_new_version(shelf: Shelf, companion: str) -> None:
    shelf.write("a.txt", "Parcels arrive in two days.")
    shelf.sync()
    shelf.write(companion, "audience: internal")
    assert shelf.sync() == {"a.txt": "published"}
    assert (shelf.status("a.txt").version, shelf.status("a.txt").audience) == (2, "internal")
    assert shelf.texts(QUESTION) == set()


def test_the_side_file_is_stronger_than_the_folder(shelf: Shelf) -> None:
    shelf.write("sub/_folder.yaml", "audience: internal\nowner: sales")
    shelf.write("sub/a.txt.meta.yaml", "audience: partner")
    shelf.write("sub/a.txt", "Parcels arrive in two days.")
    shelf.sync()
    assert shelf.status("sub/a.txt").audience == "partner"


def test_a_mistyped_field_is_refused_with_the_nearest_name(shelf: Shelf) -> None:
    shelf.write("a.txt", "The secret limits.")
    shelf.write("a.txt.meta.yaml", "audiense: internal")
    (outcome,) = shelf.outcomes()
    assert outcome.result == "refused"
    assert "Did you mean 'audience'?" in outcome.detail
    assert shelf.texts("secret limits") == set()


def test_an_empty_folder_does_not_withdraw_everything(shelf: Shelf) -> None:
    path = shelf.write("a.txt", "Parcels arrive in two days.")
    shelf.sync()
    path.unlink()
    with pytest.raises(StoreError, match="Nothing was withdrawn"):
        shelf.sync()
    assert shelf.texts(QUESTION) == {"Parcels arrive in two days."}


def test_syncing_a_subfolder_leaves_the_rest_alone(shelf: Shelf) -> None:
    shelf.write("a.txt", "Parcels arrive in two days.")
    gone = shelf.write("faq/b.txt", "Something else entirely.")
    shelf.write("faq/c.txt", "A third thing.")
    shelf.sync()
    shelf.write("a.txt", "Parcels arrive in five days.")
    gone.unlink()
    assert shelf.sync("faq") == {"faq/b.txt": "withdrawn", "faq/c.txt": "unchanged"}
    assert shelf.texts(QUESTION) >= {"Parcels arrive in two days."}


def test_a_folder_whose_name_begins_alike_is_not_its_subfolder(shelf: Shelf) -> None:
    shelf.write("faq-old/a.txt", "Parcels arrive in two days.")
    shelf.write("faq/b.txt", "Something else entirely.")
    shelf.sync()
    assert shelf.sync("faq") == {"faq/b.txt": "unchanged"}
    assert shelf.status("faq-old/a.txt").state == "live"


def test_a_foreign_folder_is_refused(shelf: Shelf, tmp_path: Path) -> None:
    shelf.write("a.txt", "Parcels arrive in two days.")
    other = tmp_path / "other"
    other.mkdir()
    (other / "b.txt").write_text("Something else entirely.")
    quiet = Console(quiet=True)
    run_sync(shelf.store, Ingest(workers=1), count_words, shelf.folder, quiet)
    with pytest.raises(StoreError, match="This store holds the documents of"):
        run_sync(shelf.store, Ingest(workers=1), count_words, other, quiet)
    assert shelf.status("a.txt").state == "live"


def test_a_moved_folder_keeps_its_versions(shelf: Shelf, tmp_path: Path) -> None:
    shelf.write("a.txt", "Parcels arrive in two days.")
    quiet = Console(quiet=True)
    run_sync(shelf.store, Ingest(workers=1), count_words, shelf.folder, quiet)
    moved = shelf.folder.rename(tmp_path / "moved")
    (outcome,) = run_sync(shelf.store, Ingest(workers=1), count_words, moved, quiet)
    assert outcome.result == "unchanged"


def test_the_same_text_is_embedded_once(shelf: Shelf) -> None:
    text = "# Delivery\n\nParcels arrive in two days."
    shelf.write("a.md", text)
    shelf.write("b.md", text)
    shelf.sync()
    shelf.write("c.md", text)
    shelf.sync()
    assert shelf.hashing.embedded == ["Delivery"]
    assert len(shelf.store.ledger.live_ids()) == 3


def test_one_changed_section_embeds_one_passage(shelf: Shelf) -> None:
    shelf.write("a.md", "# Guide\n\n## Delivery\n\nTwo days.\n\n## Returns\n\nThirty days.")
    shelf.sync()
    shelf.hashing.embedded.clear()
    shelf.write("a.md", "# Guide\n\n## Delivery\n\nTwo days.\n\n## Returns\n\nSixty days.")
    shelf.sync()
    assert shelf.hashing.embedded == ["Guide › Returns"]


def test_many_files_go_in_by_several_commits(shelf: Shelf) -> None:
    for number in range(300):
        shelf.write(f"{number:03}.txt", f"Document {number} speaks of thing{number}.")
    assert set(shelf.sync().values()) == {"published"}
    assert len(shelf.store.ledger.live_ids()) == len(shelf.store.index.ids()) == 300


def test_what_was_staged_before_a_crash_is_published_and_the_batches_stay_the_same(
    shelf: Shelf, tmp_path: Path
) -> None:
    """int8 vectors depend a little on what is embedded beside them: a crash must not shift the batches."""
    undisturbed = Shelf(tmp_path / "other")
    for number in range(400):
        for each in (shelf, undisturbed):
            each.write(f"{number:03}.txt", f"Document {number} speaks of thing{number}.")
    undisturbed.sync()
    undisturbed.close()
    with _failing_at("INSERT INTO releases", shelf), pytest.raises(StoreError):
        shelf.sync()
    assert shelf.store.ledger.live_ids() == set()
    assert set(shelf.sync().values()) == {"published"}
    # One may be embedded twice, of which the crash cost the first.
    assert set(shelf.hashing.batches) == set(undisturbed.hashing.batches)
    assert len(shelf.hashing.batches) > 2


@contextmanager
def _failing_at(statement: str, shelf: Shelf) -> Iterator[None]:
    """The database gives up at the first statement that begins so."""

    def fail(_connection: object, _cursor: object, said: str, *_: object) -> None:
        if said.startswith(statement):
            raise StoreError("The disk is full.")

    sa.event.listen(shelf.store.engine, "before_cursor_execute", fail)
    yield
    sa.event.remove(shelf.store.engine, "before_cursor_execute", fail)


def test_hidden_and_half_written_files_are_passed_over(shelf: Shelf) -> None:
    for name in (".hidden.txt", "_draft.txt", "~$word.docx", "a.txt.part", "b.tmp", "_build/c.txt", ".git/d.txt"):
        shelf.write(name, "Not a document.")
    shelf.write("real.txt", "A document.")
    assert shelf.sync() == {"real.txt": "published"}


def test_a_side_file_without_its_document_is_named(shelf: Shelf) -> None:
    shelf.write("a.txt", "Parcels arrive in two days.")
    shelf.write("a.md.meta.yaml", "audience: internal")
    shelf.write("a.txt.meta.yaml", "owner: sales")
    assert scan(shelf.folder).passed_over == {"a.md.meta.yaml": "says something about a file that is not beside it"}


def test_what_a_browser_puts_beside_a_saved_page_is_no_document(shelf: Shelf) -> None:
    shelf.write("Returns.htm", "<p>Within 30 days.</p>")
    for name in ("Returns_files/frame.html", "Returns_files/style.css", "more_files/a.txt"):
        shelf.write(name, "<p>An advert.</p>")
    assert shelf.sync() == {"Returns.htm": "published", "more_files/a.txt": "published"}


def test_the_language_of_a_document_that_is_all_tables(shelf: Shelf) -> None:
    shelf.write("a.csv", "型号,价格\n咖啡机一号,三百元\n")
    shelf.sync()
    assert shelf.status("a.csv").language == "zh"


def test_a_file_renamed_also_in_case_alone_answers_under_its_new_name_and_is_not_embedded_again(shelf: Shelf) -> None:
    embedded = list[object]()
    embed = shelf.store.embedder.embed_passages

    def counted(passages: Sequence[tuple[str, Sequence[str]]]) -> list[PassageVectors]:
        embedded.extend(passages)
        return embed(passages)

    shelf.store.embedder.embed_passages = counted  # type: ignore[method-assign]
    shelf.write("Returns.md", "# Returns\n\nParcels come back within 30 days.")
    shelf.sync()
    (shelf.folder / "Returns.md").rename(shelf.folder / "returns.md")
    assert shelf.sync() == {"Returns.md": "withdrawn", "returns.md": "published"}
    shelf.write("copy/returns.md", "# Returns\n\nParcels come back within 30 days.")
    assert shelf.sync()["copy/returns.md"] == "published"
    assert len(embedded) == 1
