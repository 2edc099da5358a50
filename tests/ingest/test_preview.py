"""A preview says what publishing would do, and does none of it."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from rich.console import Console

from backends import build
from backends.database import open_database
from ingest.asked import ask, read_questions
from ingest.knowledge import Knowledge
from ingest.ledger import Ledger
from ingest.pipeline import Pipeline
from ingest.preview import Preview, preview
from ingest.preview_report import plain, show, summary
from ingest.publishing import publish
from ingest.rehearsal import PREFIX, State, rehearsal
from ingest.store import Store
from rag.assistant import Assistant
from rag.config import Ingest, Settings
from rag.errors import ConfigError, StoreError
from rag.types import Turn
from tests.doubles.shelf import Shelf, count_words, parse

TODAY = date(2026, 6, 1)
RETURNS = "# Returns\n\nYou may return an item within {days} days of delivery.\n\nThe customer pays for the parcel.\n"


@pytest.fixture
def shop(shelf: Shelf) -> Shelf:
    """Three documents live; of them one changed, one gone, and a new one, all waiting."""
    shelf.write("returns.md", RETURNS.format(days=14))
    shelf.write("gift.md", "# Gift cards\n\nA gift card from our shop is valid for 24 months.\n")
    shelf.write("gone.md", "# Trade-in\n\nWe take old appliances back.\n")
    shelf.sync()
    shelf.write("returns.md", RETURNS.format(days=30))
    shelf.write("new.md", "# Questions\n\nA gift card from our shop is valid for 12 months.\n")
    (shelf.folder / "gone.md").unlink()
    list(Pipeline(shelf.store, parse, count_words, Ingest(publish="review")).sync(shelf.folder)[1])
    return shelf


@contextmanager
def copy(shelf: Shelf, state: State = "live") -> Iterator[Store]:
    with rehearsal(shelf.data, open_database, shelf.hashing, build.memory_index()[0], state) as store:
        yield store


def assistant(store: Store) -> Assistant:
    knowledge = Knowledge(store.engine, store.index, store.embedder.dimensions, 60, 40)
    return Assistant(knowledge, store.embedder, [], count_words, Settings())


def seen(shelf: Shelf, sources: Sequence[str] = (), questions: Sequence[str] = ()) -> Preview:
    with copy(shelf) as store:
        return preview(store, sources, [(Turn("customer", each),) for each in questions], assistant, TODAY)


def printed(found: Preview, full: bool = False) -> str:
    console = Console(file=io.StringIO(), width=300)
    show(found, console, full)
    return console.file.getvalue()  # type: ignore[attr-defined,no-any-return]


def test_it_says_what_becomes_of_each_document(shop: Shelf) -> None:
    found = seen(shop)
    assert [(each.change.kind, each.change.source, each.before, each.after) for each in found.documents] == [
        ("withdrawn", "gone.md", 1, None),
        ("new", "new.md", None, 1),
        ("changed", "returns.md", 1, 2),
    ]
    assert summary(found) == "Documents: 1 changed, 1 new, 1 withdrawn; passages +1 ~1 -1"
    (changed,) = found.documents[2].differences.passages
    assert [(each.before, each.after) for each in changed.sentences] == [
        ("You may return an item within 14 days of delivery.", "You may return an item within 30 days of delivery.")
    ]


def test_nothing_of_it_happens(shop: Shelf) -> None:
    before = shop.store.ledger.live(), shop.store.ledger.pending(), shop.texts("Can I return an item?")
    seen(shop, questions=["Can I return an item?"])
    assert (shop.store.ledger.live(), shop.store.ledger.pending(), shop.texts("Can I return an item?")) == before
    assert list(shop.data.glob(f"{PREFIX}*")) == []


def test_a_copy_that_fails_is_deleted_too(shop: Shelf) -> None:
    with pytest.raises(StoreError, match=r"Nothing is staged for gift\.md"):
        seen(shop, ["gift.md"])
    assert list(shop.data.glob(f"{PREFIX}*")) == []


def test_a_contradiction_with_a_live_document_is_named(shop: Shelf) -> None:
    (overlap,) = seen(shop).overlaps
    assert (overlap.here.source, overlap.there.source, overlap.reason) == ("new.md", "gift.md", "12 month ≠ 24 month")


def test_two_staged_documents_that_contradict_each_other_are_named_once(shop: Shelf) -> None:
    shop.write("other.md", "# Returns\n\nYou may return an item within 60 days of delivery.\n")
    list(Pipeline(shop.store, parse, count_words, Ingest(publish="review")).sync(shop.folder)[1])
    pairs = [{each.here.source, each.there.source} for each in seen(shop).overlaps]
    assert sorted(map(sorted, pairs)) == [["gift.md", "new.md"], ["other.md", "returns.md"]]


def test_one_document_can_be_chosen_and_the_others_stay_as_they_are(shop: Shelf) -> None:
    found = seen(shop, ["returns.md"])
    assert [each.change.source for each in found.documents] == ["returns.md"]
    assert found.overlaps == ()


def test_answers_that_change_are_shown_from_and_to_and_the_others_counted(shop: Shelf) -> None:
    within, postage = "Within how many days of delivery may I return an item?", "How long is a gift card valid?"
    found = seen(shop, ["returns.md"], [within, postage])
    (change,) = found.answers
    assert change.question == within
    assert "14 days" in change.before.text
    assert "30 days" in change.after.text
    assert change.after.cited == ("returns.md",)
    assert "Answers: 1 change, 1 stay as they are" in printed(found)
    publish(shop.store, ["returns.md"])
    assert ask(assistant(shop.store), [(Turn("customer", within),)]) == [change.after]


def test_nothing_staged_says_so(shelf: Shelf) -> None:
    shelf.write("returns.md", RETURNS.format(days=14))
    shelf.sync()
    assert printed(seen(shelf)) == "Nothing is staged.\n"


def test_an_unknown_document_is_named_with_the_nearest(shop: Shelf) -> None:
    with pytest.raises(StoreError, match=r"'retruns.md'.*Did you mean 'returns.md'"):
        seen(shop, ["retruns.md"])


def test_the_report_quotes_both_places_and_shortens_what_is_long(shop: Shelf) -> None:
    lines = "\n\n".join(f"Rule number {number} holds for the shop in town." for number in range(40))
    shop.write("returns.md", f"# Returns\n\n{lines}\n")
    list(Pipeline(shop.store, parse, count_words, Ingest(publish="review")).sync(shop.folder)[1])
    text = printed(seen(shop))
    assert "“A gift card from our shop is valid for 12 months.” (Questions, version 1)" in text
    assert "“A gift card from our shop is valid for 24 months.” (Gift cards, version 1)" in text
    assert "Rule number 39" not in text
    assert "--full" in text
    assert "Rule number 39" in printed(seen(shop), full=True)


def test_all_of_it_is_there_as_json(shop: Shelf) -> None:
    found = json.loads(json.dumps(plain(seen(shop, questions=["Within how many days may I return an item?"]))))
    assert [each["kind"] for each in found["documents"]] == ["withdrawn", "new", "changed"]
    assert found["overlaps"][0]["pairs"][0]["there"]["text"] == "A gift card from our shop is valid for 24 months."
    assert found["answers"]["asked"] == 1


def test_a_rehearsed_store_can_be_any_state(shop: Shelf) -> None:
    """Live, with all that waits, or right after a release: for evaluation."""
    shop.store.publish(list(filter(None, shop.store.ledger.pending().values())))
    with copy(shop, 1) as store:
        assert sorted(store.ledger.live()) == ["gift.md", "gone.md", "returns.md"]
        assert store.ledger.live()["returns.md"] != shop.store.ledger.live()["returns.md"]
    with copy(shop, "staged") as store:
        assert "gone.md" not in store.ledger.live()
    with copy(shop) as store:
        assert store.ledger.live() == shop.store.ledger.live()
    with pytest.raises(StoreError, match="no release 99"), copy(shop, 99):
        pass


def test_a_read_only_look_at_a_store_in_use(shop: Shelf) -> None:
    """Another connection is in the middle of writing: what it has not committed is not seen, and nobody waits."""
    with shop.store.engine.execution_options(writes=True).begin() as connection:
        connection.exec_driver_sql("UPDATE documents SET live_version = NULL")
        with rehearsal(shop.data, open_database, shop.hashing, build.memory_index()[0]) as store:
            assert sorted(store.ledger.live()) == ["gift.md", "gone.md", "returns.md"]
        connection.rollback()
    assert len(Ledger(shop.store.engine).live()) == 3


def test_questions_come_a_line_each_or_as_json(tmp_path: Path) -> None:
    file = tmp_path / "questions.txt"
    turns = [{"role": "user", "text": "a"}, {"role": "assistant", "text": "b"}, {"role": "user", "text": "c"}]
    lines = ["How long?", "", '{"text": "多久？"}', json.dumps({"turns": turns})]
    file.write_text("\n".join(lines), encoding="utf-8")
    assert [[turn.text for turn in each] for each in read_questions(file)] == [
        ["How long?"],
        ["多久？"],
        ["a", "b", "c"],
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "holds no questions"),
        (b"\xff\xfe\x00", "cannot be read"),
        (b'ok\n{"turns": []}', "line 2"),
        (b'{"text": }', "line 1"),
        (b'{"turns": [{"role": "assistant", "text": "b"}]}', "line 1"),
        (b'{"turns": [{"role": "robot", "text": "b"}]}', "line 1"),
        (b'{"turns": ["a"]}', "line 1"),
    ],
)
def test_bad_questions_are_named(tmp_path: Path, content: bytes, words: str) -> None:
    file = tmp_path / "questions.txt"
    file.write_bytes(content)
    with pytest.raises(ConfigError, match=words):
        read_questions(file)
    with pytest.raises(ConfigError, match="cannot be read"):
        read_questions(tmp_path / "missing.txt")
