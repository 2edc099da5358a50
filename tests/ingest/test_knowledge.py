"""What leaves the store: only live passages that the asker may see today, all from one moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa

from ingest.release import SYNC, release
from ingest.schema import pending
from ingest.vectors import pack, unpack
from rag.types import Access, Chunk, PassageVectors
from tests.doubles.shelf import Shelf, asked

PUBLIC = Access(frozenset({"public"}), date(2026, 6, 1))
NO_VECTORS = np.zeros((0, 48), np.float32)
STAFF = Access(frozenset({"public", "internal"}), date(2026, 6, 1))


def chunk_of(shelf: Shelf, words: str, access: Access) -> Chunk:
    """The first passage that holds `words`."""
    found, _ = shelf.knowledge().candidates(asked(words), shelf.store.embedder.embed_texts([words]), access)
    return min((each.chunk for each in found if words in each.chunk.text), key=lambda chunk: chunk.ordinal)


def test_internal_documents_never_leave(shelf: Shelf) -> None:
    shelf.write("internal/_folder.yaml", "audience: internal")
    shelf.write("internal/limits.md", "# Limits\n\nGoodwill is limited to 50 pounds.\n\nAsk a manager beyond that.")
    shelf.sync()
    question = "What is the goodwill limit in pounds?"
    assert shelf.texts(question, PUBLIC) == set()
    chunk = chunk_of(shelf, "Goodwill", STAFF)
    knowledge = shelf.knowledge()
    assert knowledge.chunk(chunk.id, PUBLIC) is None
    assert knowledge.neighbours(chunk, PUBLIC) == []
    assert knowledge.chunk(chunk.id, STAFF) == chunk
    assert knowledge.neighbours(chunk, STAFF) == [chunk]


def test_words_of_internal_documents_are_unknown_to_customers(shelf: Shelf) -> None:
    """Spelling is corrected to these words, and the correction is shown."""
    shelf.write("limits.md", "---\naudience: internal\n---\n# Limits\n\nGoodwill is limited to 50 pounds.")
    shelf.write("price.md", "# Price\n\nIt costs 20 pounds.")
    shelf.sync()
    knowledge = shelf.knowledge()
    assert knowledge.frequency(["goodwil", "pound", "zeppelin"], STAFF) == {"goodwil": 1, "pound": 2}
    assert knowledge.frequency(["goodwil", "pound", "zeppelin"], PUBLIC) == {"pound": 2}
    assert knowledge.frequency([], STAFF) == {}


def test_products_are_those_of_documents_the_asker_may_see_today(shelf: Shelf) -> None:
    def document(product: str, more: str = "") -> str:
        return f"---\nproduct: {product}\n{more}---\n# About it\n\nIt works."

    shelf.write("lamp.md", document("Lamp L1"))
    shelf.write("secret.md", document("Lamp L2", "audience: internal\n"))
    shelf.write("old.md", document("Lamp L3", "valid_until: 2020-01-01\n"))
    shelf.write("none.md", "# Nothing\n\nNo product.")
    shelf.sync()
    knowledge = shelf.knowledge()
    assert knowledge.products(PUBLIC) == {"Lamp L1"}
    assert knowledge.products(STAFF) == {"Lamp L1", "Lamp L2"}
    shelf.write("lamp.md", document("Lamp L4"))
    shelf.sync()
    assert knowledge.products(PUBLIC) == {"Lamp L4"}
    (shelf.folder / "lamp.md").unlink()
    shelf.sync()
    assert knowledge.products(PUBLIC) == set()


def test_what_staff_have_read_stays_closed_to_customers(shelf: Shelf) -> None:
    """One reader serves both; what it keeps in memory for the one must not reach the other."""
    shelf.write("limits.md", "---\naudience: internal\n---\n# Limits\n\nGoodwill is limited to 50 pounds.")
    shelf.sync()
    knowledge, query = shelf.knowledge(), asked("goodwill pounds")
    vectors = shelf.store.embedder.embed_texts(["goodwill pounds"])
    assert len(knowledge.candidates(query, vectors, STAFF)[0]) == 1
    assert knowledge.candidates(query, vectors, PUBLIC)[0] == []


@pytest.mark.parametrize(
    ("fields", "today", "answers"),
    [
        ("valid_until: 2026-05-31", date(2026, 5, 31), True),
        ("valid_until: 2026-05-31", date(2026, 6, 1), False),
        ("valid_from: 2026-07-01", date(2026, 6, 30), False),
        ("valid_from: 2026-07-01", date(2026, 7, 1), True),
        ("valid_from: 2026-07-01\nvalid_until: 2026-07-01", date(2026, 7, 1), True),
    ],
)
def test_a_document_answers_only_while_it_is_valid(shelf: Shelf, fields: str, today: date, answers: bool) -> None:
    shelf.write("sale.txt", "The summer sale takes ten percent off.")
    shelf.write("sale.txt.meta.yaml", fields)
    shelf.sync()
    assert bool(shelf.texts("summer sale", Access(today=today))) == answers


def test_documents_one_may_not_see_do_not_crowd_out_those_one_may(shelf: Shelf) -> None:
    for number in range(100):
        shelf.write(f"internal/{number}.md", f"---\naudience: internal\n---\n# Refund\n\nRefund refund rule {number}.")
    shelf.write("public.md", "# Money\n\nA refund takes a week, counted from the day on which your parcel reaches us.")
    shelf.sync()
    assert len(shelf.texts("refund", PUBLIC)) == 1


def test_neighbours_are_the_passages_under_the_same_heading_in_order(shelf: Shelf) -> None:
    long = " ".join(f"Step {number} takes " + "very " * 20 + "long." for number in range(20))
    shelf.write("guide.md", f"# Guide\n\n## Setup\n\n{long}\n\n## Care\n\nWipe it with a cloth.")
    shelf.sync()
    chunk = chunk_of(shelf, "Step", PUBLIC)
    found = shelf.knowledge().neighbours(chunk, PUBLIC)
    assert len(found) > 2
    assert [each.ordinal for each in found] == list(range(len(found)))
    assert " ".join(each.text for each in found) == long


def test_neighbours_of_a_passage_that_fell_silent_are_none(shelf: Shelf) -> None:
    shelf.write("a.txt", "Parcels arrive in two days.")
    shelf.sync()
    chunk = chunk_of(shelf, "Parcels", PUBLIC)
    shelf.write("a.txt", "Parcels arrive in five days.")
    shelf.sync()
    assert shelf.knowledge().neighbours(chunk, PUBLIC) == []
    assert shelf.knowledge().chunk(chunk.id, PUBLIC) is None


def test_a_query_reads_one_moment(shelf: Shelf) -> None:
    """A publication lands while a query is under way: it answers from before, wholly."""
    shelf.write("a.txt", "Parcels arrive in two days.")
    shelf.sync()
    other = Shelf(shelf.folder.parent)  # another process's view of the same store
    other.write("a.txt", "Parcels arrive in five days.")
    done: list[dict[str, str]] = []

    def publish(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if "MATCH" in statement and not done:
            done.append(other.sync())

    sa.event.listen(shelf.store.engine, "after_cursor_execute", publish)
    knowledge, question = shelf.knowledge(), "When do parcels arrive?"
    candidates, corpus = knowledge.candidates(asked(question), shelf.store.embedder.embed_texts([question]), PUBLIC)
    assert done == [{"a.txt": "published"}]
    assert [each.chunk.text for each in candidates] == ["Parcels arrive in two days."]
    assert corpus.passages == 1
    other.close()


def test_the_corpus_counts_what_is_live(shelf: Shelf) -> None:
    shelf.write("a.txt", "Parcels arrive in two days.")
    shelf.write("b.txt", "Parcels cost nothing.")
    shelf.sync()
    _, corpus = shelf.knowledge().candidates(asked("parcels"), np.zeros((0, 48), np.float32), PUBLIC)
    assert corpus.passages == 2
    assert corpus.frequency == {"parcel": 2}
    assert corpus.mean_length == (1 + 5 + 1 + 3) / 2  # with their titles, "a" and "b"


def test_what_a_sync_publishes_in_parts_is_known_after_each(shelf: Shelf) -> None:
    """All of it is one release: what is remembered of words and products must not outlive a part of it."""
    shelf.write("a.md", "# A\n\nParcels are brown.")
    shelf.write("b.md", "# B\n\nParcels are grey.")
    shelf.sync()
    shelf.mode = "review"
    shelf.write("a.md", "# A\n\nParcels are blue.")
    shelf.write("b.md", "---\nproduct: Lamp L1\n---\n# B\n\nZeppelins are grey.")
    shelf.sync()
    knowledge, found = shelf.knowledge(), list[tuple[object, ...]]()
    engine = shelf.store.engine.execution_options(writes=True)
    with engine.connect() as connection:
        waiting = {row.document: row.version for row in connection.execute(sa.select(pending).order_by("document"))}
    for document, version in waiting.items():
        with engine.begin() as connection:
            release(connection, {document: version}, f"{SYNC}abc")
        texts = {each.chunk.text for each in knowledge.candidates(asked("zeppelins"), NO_VECTORS, PUBLIC)[0]}
        found.append((knowledge.frequency(["zeppelin"], PUBLIC), set(knowledge.products(PUBLIC)), texts))
    assert found == [({}, set(), set()), ({"zeppelin": 1}, {"Lamp L1"}, {"Zeppelins are grey."})]


@pytest.mark.parametrize(
    "question", ["", "?!", 'say "hello" AND NOT (near*', "的", "NEAR", "the of and", "'; DROP TABLE"]
)
def test_no_question_is_a_query_language(shelf: Shelf, question: str) -> None:
    shelf.write("a.txt", "Parcels arrive in two days.")
    shelf.sync()
    shelf.texts(question)


@pytest.mark.parametrize(
    "question", ["parcels " + " ".join(f"word{n}" for n in range(3000)), "包裹" + "退货换货保修" * 500]
)
def test_a_whole_letter_is_a_question_too(shelf: Shelf, question: str) -> None:
    shelf.write("a.txt", "Parcels arrive in two days.")
    shelf.write("b.txt", "包裹两天到达。")
    shelf.sync()
    assert shelf.texts(question)


def test_a_cache_that_is_full_loses_no_passage(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.knowledge.CACHED", 3)
    for number in range(8):
        shelf.write(f"{number}.txt", f"Parcels of kind {number} arrive in two days.")
    shelf.sync()
    knowledge, query, vectors = shelf.knowledge(), asked("parcels"), shelf.store.embedder.embed_texts(["parcels"])

    def ask(_: int) -> int:
        return len(knowledge.candidates(query, vectors, PUBLIC)[0])

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(ask, range(60))) == {8}


def test_chinese_finds_chinese_in_either_script(shelf: Shelf) -> None:
    shelf.write("退货.md", "# 退货\n\n收到商品后三十天内可以退货。")
    shelf.sync()
    assert shelf.texts("退貨") == {"收到商品后三十天内可以退货。"}


def test_packing_keeps_the_passage_exactly_and_sentences_nearly(tmp_path: Path) -> None:
    chance = np.random.default_rng(0)
    rows = chance.standard_normal((7, 48)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    found = unpack(pack(PassageVectors(rows[0], rows[1], rows[2:])), 48)
    assert np.array_equal(found.passage, rows[0])
    assert np.array_equal(found.label, rows[1])
    assert np.abs(found.sentences @ rows.T - rows[2:] @ rows.T).max() < 0.01


def test_packing_takes_a_passage_whose_sentence_says_nothing() -> None:
    vectors = PassageVectors(np.zeros(48, np.float32), np.zeros(48, np.float32), np.zeros((1, 48), np.float32))
    assert np.array_equal(unpack(pack(vectors), 48).sentences, vectors.sentences)
