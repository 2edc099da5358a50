"""Review, publishing, rollback, holds: what answers, what waits, and what editors are told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
import sqlalchemy as sa

from ingest.pipeline import Pipeline
from ingest.publishing import changes_of, publish, releases_of, rollback
from ingest.reembed import embed_anew
from ingest.retry import retry
from ingest.rows import Status
from ingest.show import show
from ingest.status import due
from rag.config import Ingest
from rag.errors import StoreError
from rag.types import Access
from tests.doubles.embedder import HashEmbedder
from tests.doubles.shelf import Shelf, count_words, parse

QUESTION = "When do parcels arrive?"
TWO, FIVE, NINE = (f"Parcels arrive in {each} days." for each in ("two", "five", "nine"))


def answers(shelf: Shelf) -> set[str]:
    return shelf.texts(QUESTION)


def says(shelf: Shelf, source: str) -> str:
    return shelf.status(source).summary


@pytest.fixture
def two(shelf: Shelf) -> Shelf:
    """a.txt live with two days, then five days staged; b.txt live."""
    shelf.write("a.txt", TWO)
    shelf.write("b.txt", "Something else entirely.")
    shelf.sync()
    shelf.mode = "review"
    shelf.write("a.txt", FIVE)
    assert shelf.sync() == {"a.txt": "staged", "b.txt": "unchanged"}
    return shelf


# --- review ------------------------------------------------------------------------------------------------


def test_in_review_a_change_waits_until_it_is_published(two: Shelf) -> None:
    assert TWO in answers(two)
    assert FIVE not in answers(two)
    assert says(two, "a.txt") == "live, staged v2"
    assert publish(two.store, ["a.txt"], "longer") == ["published a.txt"]
    assert FIVE in answers(two)
    assert TWO not in answers(two)
    assert says(two, "a.txt") == "live"
    assert releases_of(two.store.engine)[0].note == "longer"


def test_in_review_a_new_document_is_silent_until_it_is_published(two: Shelf) -> None:
    two.write("c.txt", NINE)
    two.sync()
    assert NINE not in answers(two)
    assert says(two, "c.txt") == "staged v1"
    assert publish(two.store) == ["published a.txt", "published c.txt"]
    assert {FIVE, NINE} <= answers(two)
    assert len(releases_of(two.store.engine)) == 2


def test_in_review_a_removed_file_answers_until_its_withdrawal_is_published(two: Shelf) -> None:
    (two.folder / "a.txt").unlink()
    assert two.sync() == {"a.txt": "withdrawal staged", "b.txt": "unchanged"}
    assert TWO in answers(two)
    assert says(two, "a.txt") == "live, withdrawal staged"
    assert two.sync() == {"a.txt": "withdrawal staged", "b.txt": "unchanged"}
    assert publish(two.store) == ["withdrawn a.txt"]
    assert not {TWO, FIVE} & answers(two)
    assert says(two, "a.txt") == "withdrawn"
    assert two.sync() == {"b.txt": "unchanged"}


def test_a_staged_document_whose_file_goes_is_dropped(two: Shelf) -> None:
    file = two.write("c.txt", NINE)
    two.sync()
    file.unlink()
    assert two.sync()["c.txt"] == "withdrawn"
    publish(two.store)
    assert NINE not in answers(two)


def test_a_staged_version_is_replaced_by_the_next(two: Shelf) -> None:
    two.write("a.txt", NINE)
    two.sync()
    assert says(two, "a.txt") == "live, staged v3"
    publish(two.store)
    assert NINE in answers(two)


def test_content_that_returns_to_what_is_live_is_no_longer_staged(two: Shelf) -> None:
    two.write("a.txt", TWO)
    assert two.sync()["a.txt"] == "unchanged"
    assert says(two, "a.txt") == "live"
    assert publish(two.store) == ["Nothing is staged."]


def test_a_file_that_comes_back_is_not_withdrawn(two: Shelf) -> None:
    file = two.folder / "a.txt"
    file.unlink()
    two.sync()
    file.write_text(TWO)
    two.sync()
    assert says(two, "a.txt") == "live"


def test_a_file_that_comes_back_broken_is_not_withdrawn_either(two: Shelf) -> None:
    file = two.folder / "a.txt"
    file.unlink()
    two.sync()
    file.write_text("")
    two.sync()
    assert says(two, "a.txt") == "live"
    assert two.status("a.txt").refusal.startswith("EMPTY")


def test_publishing_what_was_staged_before_keeps_the_refusal_of_what_is_there_now(two: Shelf) -> None:
    two.write("a.txt", "")
    assert two.sync()["a.txt"] == "refused"
    publish(two.store)
    assert FIVE in answers(two)
    assert two.status("a.txt").refusal.startswith("EMPTY")


def test_staging_twice_costs_nothing(two: Shelf) -> None:
    embedded, stored = len(two.hashing.embedded), two.store.ledger.stored()
    assert two.sync()["a.txt"] == "staged"
    assert (len(two.hashing.embedded), two.store.ledger.stored()) == (embedded, stored)


def test_back_in_auto_the_next_sync_publishes_what_waits(two: Shelf) -> None:
    two.write("c.txt", NINE)
    two.sync()
    two.write("c.txt", "")  # what was accepted under review is published though the file is refused by now
    (two.folder / "b.txt").unlink()
    two.sync()
    two.mode = "auto"
    assert two.sync() == {"a.txt": "published", "b.txt": "withdrawn", "c.txt": "published"}
    assert two.store.ledger.pending() == {}
    assert {FIVE, NINE} == answers(two)


def test_an_unknown_name_or_one_with_nothing_staged_publishes_nothing(two: Shelf) -> None:
    with pytest.raises(StoreError, match=r"Did you mean 'a\.txt'"):
        publish(two.store, ["a.txt", "a.tx"])
    with pytest.raises(StoreError, match=r"Nothing is staged for b\.txt"):
        publish(two.store, ["a.txt", "b.txt"])
    assert says(two, "a.txt") == "live, staged v2"


@contextmanager
def failing_at(shelf: Shelf, statement: str) -> Iterator[None]:
    def fail(_connection: object, _cursor: object, said: str, *_: object) -> None:
        if said.startswith(statement):
            raise StoreError("The disk is full.")

    sa.event.listen(shelf.store.engine, "before_cursor_execute", fail)
    with pytest.raises(StoreError, match="disk is full"):
        yield
    sa.event.remove(shelf.store.engine, "before_cursor_execute", fail)


@pytest.mark.parametrize(
    "statement", ["INSERT INTO releases", "UPDATE documents", "DELETE FROM keywords", "DELETE FROM facts"]
)
def test_a_failure_between_the_vectors_and_the_commit_leaves_the_old_serving(two: Shelf, statement: str) -> None:
    (two.folder / "b.txt").unlink()
    two.sync()
    with failing_at(two, statement):
        publish(two.store)
    assert TWO in answers(two)
    assert two.store.index.ids() >= two.store.ledger.live_ids()
    assert [says(two, each) for each in ("a.txt", "b.txt")] == ["live, staged v2", "live, withdrawal staged"]
    two.reopen()
    assert two.store.index.ids() == two.store.ledger.live_ids()
    publish(two.store)
    assert answers(two) == {FIVE}


# --- rollback ----------------------------------------------------------------------------------------------


@pytest.fixture
def three(shelf: Shelf) -> Shelf:
    """Release 1: a.txt with two days, b.txt; 2: a.txt with five days; 3: c.txt too; 4: without b.txt."""
    shelf.write("a.txt", TWO)
    shelf.write("b.txt", "Parcels are free.")
    shelf.sync()
    shelf.write("a.txt", FIVE)
    shelf.sync()
    shelf.write("c.txt", "Parcels have no smell.")
    shelf.sync()
    (shelf.folder / "b.txt").unlink()
    shelf.sync()
    return shelf


def test_a_rollback_is_a_new_release_with_what_answered_then(three: Shelf) -> None:
    assert rollback(three.store, 1) == ["live again as of then: a.txt", "live again as of then: b.txt", "silent: c.txt"]
    assert answers(three) == {TWO, "Parcels are free."}
    newest = releases_of(three.store.engine)[0]
    assert (newest.number, newest.note) == (5, "rolled back to release 1")
    assert changes_of(newest) == "published a.txt v1, published b.txt v1, withdrew c.txt"
    rollback(three.store, 4)
    assert answers(three) == {FIVE, "Parcels have no smell."}


def test_a_sync_leaves_alone_what_was_rolled_back(three: Shelf) -> None:
    rollback(three.store, 1)
    assert three.sync() == {"a.txt": "held", "c.txt": "held"}
    assert answers(three) == {TWO, "Parcels are free."}
    assert says(three, "a.txt") == "live, held at v1: rolled back; `publish` lets it go on"


def test_a_held_document_goes_on_when_its_file_changes(three: Shelf) -> None:
    rollback(three.store, 1)
    three.write("a.txt", NINE)
    three.write("b.txt", "Parcels cost a pound.")
    (three.folder / "c.txt").unlink()
    three.sync()
    assert answers(three) == {NINE, "Parcels cost a pound."}
    assert three.store.ledger.holds() == {}


def test_publish_lets_a_held_document_go_on(three: Shelf) -> None:
    rollback(three.store, 1)
    assert publish(three.store, []) == ["Nothing is staged."]
    assert publish(three.store, ["a.txt", "b.txt"]) == ["published a.txt", "withdrawn b.txt"]
    assert answers(three) == {FIVE}
    assert set(three.store.ledger.holds()) == {"c.txt"}


def test_a_file_put_back_to_what_was_rolled_back_to_is_no_longer_held(three: Shelf) -> None:
    rollback(three.store, 1)
    three.write("a.txt", TWO)
    assert three.sync()["a.txt"] == "unchanged"
    assert "a.txt" not in three.store.ledger.holds()


def test_rolled_back_twice_a_file_is_still_held_as_it_lies_there(three: Shelf) -> None:
    three.write("a.txt", NINE)
    three.sync()
    rollback(three.store, 1)
    rollback(three.store, 2)
    assert FIVE in answers(three)
    assert three.sync()["a.txt"] == "held"
    rollback(three.store, 5)
    assert "a.txt" not in three.store.ledger.holds()
    assert three.sync()["a.txt"] == "unchanged"


def test_what_waited_still_waits_after_a_rollback(three: Shelf) -> None:
    three.mode = "review"
    three.write("a.txt", NINE)
    three.sync()
    rollback(three.store, 1)
    assert TWO in answers(three)
    three.sync()
    publish(three.store)
    assert NINE in answers(three)


def test_a_release_that_is_not_there_is_refused(three: Shelf) -> None:
    with pytest.raises(StoreError, match="There is no release 9"):
        rollback(three.store, 9)
    assert len(releases_of(three.store.engine)) == 4


def test_a_rollback_across_a_change_of_embedder_is_refused_in_words(three: Shelf) -> None:
    other = HashEmbedder("hash/2")
    embed_anew(three.store.ledger, other)
    three.reopen(other)
    with pytest.raises(StoreError, match=r"a\.txt, b\.txt were embedded by another embedder than hash/2"):
        rollback(three.store, 1)
    assert answers(three) == {FIVE, "Parcels have no smell."}
    # The same content made anew by the new embedder serves as well.
    assert rollback(three.store, 4) == ["Nothing has changed since release 4."]


def test_versions_at_a_release(three: Shelf) -> None:
    numbers = {each.id: key[1] for key, each in three.store.ledger.stored().items()}
    then = [three.store.ledger.versions_at(number) for number in range(5)]
    assert [sorted(each) for each in then] == [
        [],
        ["a.txt", "b.txt"],
        ["a.txt", "b.txt"],
        ["a.txt", "b.txt", "c.txt"],
        ["a.txt", "c.txt"],
    ]
    assert numbers[then[1]["a.txt"]] != numbers[then[2]["a.txt"]]
    assert three.store.ledger.live() == then[4]


# --- supersession ------------------------------------------------------------------------------------------


def superseding(shelf: Shelf, source: str, other: str, text: str, more: str = "") -> None:
    shelf.write(source, text)
    shelf.write(f"{source}.meta.yaml", f"supersedes: {other}\n{more}")


def test_a_superseded_document_does_not_answer(shelf: Shelf) -> None:
    shelf.write("old.txt", TWO)
    shelf.sync()
    chunk = shelf.knowledge().candidates(*shelf.asking(QUESTION))[0][0].chunk
    superseding(shelf, "new.txt", "old.txt", FIVE)
    shelf.sync()
    assert answers(shelf) == {FIVE}
    assert shelf.knowledge().chunk(chunk.id, Access()) is None
    assert shelf.knowledge().neighbours(chunk, Access()) == []
    assert shelf.knowledge().original_of(chunk.id, Access()) is None
    assert says(shelf, "old.txt") == "live, superseded by new.txt"
    (shelf.folder / "new.txt").unlink()
    shelf.sync()
    assert answers(shelf) == {TWO}


def test_only_a_document_that_is_valid_supersedes(shelf: Shelf) -> None:
    shelf.write("old.txt", TWO)
    superseding(shelf, "sale.txt", "old.txt", FIVE, "valid_from: 2026-06-01\nvalid_until: 2026-06-30")
    shelf.sync()
    days = [date(2026, 5, 31), date(2026, 6, 1), date(2026, 6, 30), date(2026, 7, 1)]
    assert [shelf.texts(QUESTION, Access(today=day)) for day in days] == [{TWO}, {FIVE}, {FIVE}, {TWO}]


def test_a_staged_document_supersedes_nothing_yet(shelf: Shelf) -> None:
    shelf.write("old.txt", TWO)
    shelf.sync()
    shelf.mode = "review"
    superseding(shelf, "new.txt", "old.txt", FIVE)
    shelf.sync()
    assert answers(shelf) == {TWO}
    publish(shelf.store)
    assert answers(shelf) == {FIVE}


def test_superseding_is_direct_and_may_name_several(shelf: Shelf) -> None:
    shelf.write("one.txt", "Parcels arrive early.")
    superseding(shelf, "two.txt", "one.txt", TWO)
    superseding(shelf, "three.txt", "two.txt, nowhere.txt", FIVE)
    shelf.sync()
    assert answers(shelf) == {FIVE}  # one.txt stays superseded by two.txt, which is live though silent
    assert shelf.status("three.txt").warnings == ("It supersedes nowhere.txt, which is not in the store.",)


@pytest.mark.parametrize("circle", [["a.txt"], ["a.txt", "b.txt"], ["a.txt", "b.txt", "c.txt"]])
def test_a_circle_silences_nothing_and_is_named(shelf: Shelf, circle: list[str]) -> None:
    texts = [TWO, FIVE, NINE][: len(circle)]
    for number, (source, text) in enumerate(zip(circle, texts, strict=True)):
        superseding(shelf, source, circle[(number + 1) % len(circle)], text)
    shelf.sync()
    assert answers(shelf) == set(texts)
    for source in circle:
        assert (
            "supersede each other" in shelf.status(source).warnings[0] or "itself" in shelf.status(source).warnings[0]
        )


# --- looking at it -----------------------------------------------------------------------------------------


def test_show_tells_versions_releases_and_sentences_as_cited(three: Shelf) -> None:
    lines = list(show(three.store.engine, "a.txt", passages=True))
    assert lines[0] == "a.txt: live"
    assert "published in release 1" in lines[1]
    assert ", live, published in release 2" in lines[2]
    assert lines[-1].strip() == f"“{FIVE}” (characters 0–{len(FIVE)})"
    assert TWO in "\n".join(show(three.store.engine, "a.txt", 1, passages=True))
    with pytest.raises(StoreError, match=r"no version 7\. There are: v1, v2\."):
        list(show(three.store.engine, "a.txt", 7))


def test_show_speaks_of_a_refused_file_too(shelf: Shelf) -> None:
    shelf.write("a.txt", "")
    shelf.sync()
    assert list(show(shelf.store.engine, "a.txt"))[1].startswith("refused: EMPTY")


def test_what_is_due_by_date_with_its_owner() -> None:
    def row(source: str, state: str = "live", **dates: date) -> Status:
        return Status(source, state, 1, source, "en", "public", 1, "", (), owner="Ann", **dates)  # type: ignore[arg-type]

    today = date(2026, 6, 1)
    rows = [
        row("late", review_by=date(2026, 1, 1)),
        row("soon", review_by=date(2026, 7, 1)),
        row("far", review_by=date(2026, 7, 2), valid_until=date(2027, 1, 1), valid_from=date(2026, 1, 1)),
        row("over", valid_until=date(2026, 5, 31)),
        row("early", valid_from=date(2026, 12, 24)),
        row("gone", "withdrawn", review_by=date(2026, 1, 1)),
    ]
    found = [(each.on.isoformat(), each.what, each.source, each.owner) for each in due(rows, today, 30)]
    assert found == [
        ("2026-01-01", "review_by", "late", "Ann"),
        ("2026-05-31", "valid_until", "over", "Ann"),
        ("2026-07-01", "review_by", "soon", "Ann"),
        ("2026-12-24", "valid_from", "early", "Ann"),
    ]


# --- retry -------------------------------------------------------------------------------------------------


def test_a_refused_file_is_looked_at_again(shelf: Shelf) -> None:
    shelf.write("a.txt", TWO)
    shelf.write("b.txt", FIVE)
    shelf.store.ledger.record("knowledge", str(shelf.folder))
    tight = Pipeline(shelf.store, parse, count_words, Ingest(max_file_mb=1))
    large = shelf.write("large.txt", "Parcels are large. " * 60_000)
    assert {each.result for each in tight.sync(shelf.folder)[1]} == {"published", "refused"}
    wide = Pipeline(shelf.store, parse, count_words, Ingest())
    large.write_text("Parcels are large.")
    before = len(shelf.hashing.embedded)
    assert [(each.source, each.result) for each in retry(shelf.store, wide)] == [("large.txt", "published")]
    assert len(shelf.hashing.embedded) == before + 1
    with pytest.raises(StoreError, match=r"a\.txt was not refused"):
        list(retry(shelf.store, wide, ["a.txt"]))


def test_status_of_many_documents_takes_a_fixed_number_of_statements(shelf: Shelf) -> None:
    counts, seen = [], list[str]()
    for number in (3, 30):
        for each in range(number):
            superseding(shelf, f"{each}.txt", f"{each + 1}.txt", f"Document {each}.")
        shelf.sync()
        seen.clear()
        with watched(shelf, seen):
            shelf.store.ledger.status()
        counts.append(len(seen))
    assert counts[0] == counts[1]


@contextmanager
def watched(shelf: Shelf, seen: list[str]) -> Iterator[None]:
    """Every statement goes into `seen`."""

    def note(_connection: object, _cursor: object, said: str, *_: object) -> None:
        seen.append(said)

    sa.event.listen(shelf.store.engine, "before_cursor_execute", note)
    yield
    sa.event.remove(shelf.store.engine, "before_cursor_execute", note)


def test_a_sync_in_many_commits_is_one_release_to_go_back_to(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.pipeline.BATCH", 1)
    for name, text in (("a.txt", TWO), ("b.txt", FIVE), ("c.txt", NINE)):
        shelf.write(name, text)
    shelf.sync()
    (first,) = releases_of(shelf.store.engine)
    shelf.write("a.txt", "Parcels arrive at once.")
    (shelf.folder / "b.txt").unlink()
    shelf.sync()
    assert len(releases_of(shelf.store.engine)) == 2
    rollback(shelf.store, first.number)
    assert answers(shelf) == {TWO, FIVE, NINE}
