"""The publishing commit: what falls silent and what speaks up, at once, with the keyword index in step."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from backends.database import open_database
from ingest.ledger import Ledger
from ingest.rows import ChunkRow, Staged
from rag.errors import Refused
from rag.types import DocumentMeta


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = open_database(tmp_path)
    yield made
    made.dispose()


@pytest.fixture
def ledger(engine: Engine) -> Ledger:
    return Ledger(engine)


def version(source: str, content: str, first_id: int, texts: list[str]) -> Staged:
    rows = tuple(
        ChunkRow(
            id=first_id + number,
            ordinal=number,
            heading=("Heading",),
            question="",
            text=text,
            sentences=[(0, len(text), "text", None)],
            label_tokens="label",
            tokens=text,
            token_count=len(text.split()) + 1,
            text_hash=text,
            vectors=b"",
        )
        for number, text in enumerate(texts)
    )
    return Staged(source, content, content, "recipe", "en", DocumentMeta(title=source), (), rows)


def keywords(engine: Engine) -> set[int]:
    with engine.connect() as connection:
        return set(connection.scalars(sa.text("SELECT rowid FROM keywords")))


def counts(ledger: Ledger) -> tuple[str, str]:
    return ledger.fact("live_passages"), ledger.fact("live_tokens")


def test_a_staged_version_is_out_of_sight(ledger: Ledger, engine: Engine) -> None:
    ledger.stage([version("a", "1", 10, ["one two", "three"])])
    assert ledger.live_ids() == set()
    assert keywords(engine) == set()
    assert ledger.status()[0].state == "unpublished"


def test_publishing_makes_a_version_live_with_its_keywords_and_counts(ledger: Ledger, engine: Engine) -> None:
    assert ledger.publish(ledger.stage([version("a", "1", 10, ["one two", "three"])])) == []
    assert ledger.live_ids() == keywords(engine) == {10, 11}
    assert counts(ledger) == ("2", "5")


def test_the_old_version_falls_silent_as_the_new_one_goes_live(ledger: Ledger, engine: Engine) -> None:
    ledger.publish(ledger.stage([version("a", "1", 10, ["one two", "three"])]))
    silent = ledger.publish(ledger.stage([version("a", "2", 20, ["four"])]))
    assert sorted(silent) == [10, 11]
    assert ledger.live_ids() == keywords(engine) == {20}
    assert counts(ledger) == ("1", "2")
    assert ledger.status()[0].version == 2


def test_a_reader_sees_all_of_a_publication_or_nothing(ledger: Ledger, engine: Engine, tmp_path: Path) -> None:
    """Looked at through a connection of its own, after every statement of the publishing transaction."""
    ledger.publish(ledger.stage([version("a", "1", 10, ["one"]), version("b", "1", 15, ["one"])]))
    ids = ledger.stage([version("a", "2", 20, ["two"]), version("b", "2", 25, ["two"])])
    reader = Ledger(open_database(tmp_path))
    seen = []

    def look(*_: object) -> None:
        seen.append((reader.live_ids(), keywords(reader.engine), counts(reader)))

    sa.event.listen(engine, "after_cursor_execute", look)
    ledger.publish(ids)
    sa.event.remove(engine, "after_cursor_execute", look)
    look()
    reader.engine.dispose()
    assert len(seen) > 5
    assert seen[:-1] == [({10, 15}, {10, 15}, ("2", "4"))] * (len(seen) - 1)
    assert seen[-1] == ({20, 25}, {20, 25}, ("2", "4"))


def test_a_failed_publish_changes_nothing(ledger: Ledger, engine: Engine) -> None:
    ledger.publish(ledger.stage([version("a", "1", 10, ["one"])]))
    second = ledger.stage([version("a", "2", 20, ["two"])])
    with engine.begin() as connection:  # a keyword row is in the way, so that the last step of the commit fails
        connection.execute(sa.text("INSERT INTO keywords (rowid, body) VALUES (20, 'in the way')"))
    with pytest.raises(sa.exc.DatabaseError):
        ledger.publish(second)
    assert ledger.live_ids() == {10}
    assert keywords(engine) == {10, 20}
    assert counts(ledger) == ("1", "2")


def test_a_refusal_is_kept_while_the_old_version_serves(ledger: Ledger) -> None:
    ledger.publish(ledger.stage([version("a", "1", 10, ["one"])]))
    ledger.refuse("a", "2", "recipe", Refused("BROKEN", "It is broken.", "Mend it."))
    (status,) = ledger.status()
    assert (status.state, status.version, status.refusal) == ("live", 1, "BROKEN: It is broken. Mend it.")
    assert ledger.live_ids() == {10}


def test_a_refusal_is_forgotten_when_a_version_goes_live(ledger: Ledger) -> None:
    ledger.refuse("a", "1", "recipe", Refused("BROKEN", "It is broken.", "Mend it."))
    assert ledger.status()[0].state == "refused"
    ledger.publish(ledger.stage([version("a", "2", 10, ["one"])]))
    assert ledger.status()[0].refusal == ""


def test_withdrawing_silences_a_document_and_forgets_its_refusal(ledger: Ledger, engine: Engine) -> None:
    ledger.publish(ledger.stage([version("a", "1", 10, ["one"]), version("b", "1", 20, ["two three"])]))
    ledger.refuse("a", "2", "recipe", Refused("BROKEN", "It is broken.", "Mend it."))
    assert ledger.withdraw(["a"]) == [10]
    assert ledger.live_ids() == keywords(engine) == {20}
    assert counts(ledger) == ("1", "3")
    assert [(each.source, each.state, each.refusal) for each in ledger.status()] == [
        ("a", "withdrawn", ""),
        ("b", "live", ""),
    ]


def test_publishing_what_is_live_already_changes_nothing(ledger: Ledger, engine: Engine) -> None:
    ids = ledger.stage([version("a", "1", 10, ["one two"])])
    ledger.publish(ids)
    assert ledger.publish(ids) == []
    assert ledger.live_ids() == keywords(engine) == {10}
    assert counts(ledger) == ("1", "3")


def test_vectors_are_found_again_by_their_text(ledger: Ledger) -> None:
    staged = version("a", "1", 10, ["one", "two"])
    ledger.stage([staged])
    assert set(ledger.known_vectors(["one", "unknown"])) == {"one"}


def test_more_documents_than_fit_into_one_statement(ledger: Ledger, engine: Engine) -> None:
    """SQLite takes a limited number of values in one statement; a folder has no such limit."""
    many = [version(f"doc{number}", "1", number + 1, ["word"]) for number in range(1200)]
    ledger.publish(ledger.stage(many))
    assert len(keywords(engine)) == 1200
    assert len(ledger.withdraw([each.source for each in many])) == 1200
    assert keywords(engine) == set()
    assert counts(ledger) == ("0", "0")


def test_what_was_staged_comes_back_as_it_was(ledger: Ledger) -> None:
    staged = version("a", "1", 10, ["one", "two"])
    ledger.publish(ledger.stage([staged]))
    assert [each.chunks[0].text for each in ledger.live_versions()] == ["one"]
    assert next(iter(ledger.live_versions())).meta == DocumentMeta(title="a")
