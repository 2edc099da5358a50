"""The kill test in small, and that what it looks with can see what it looks for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from eval.__main__ import workbench
from eval.dump import dump
from eval.editions import MARKS, papers, write_edition
from eval.harm import pairs, rewrites
from eval.kill import Size, random_moments, set_up
from rag.config import load
from tests.doubles.shelf import Shelf


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_kills_at_any_moment_leave_whole_answers_and_the_next_run_the_whole_store(tmp_path: Path) -> None:
    setting = set_up(workbench(load()), tmp_path, Size(documents=12, sections=16))
    *_, report = random_moments(setting, tmp_path / "round", rounds=4, seed=7)
    assert report.problems == []
    assert report.rounds == 4
    assert report.kills >= 4
    *_, report = pairs(setting, tmp_path / "round", 2, seed=7)
    assert report.problems == []
    *_, report = rewrites(setting.bench, tmp_path / "rewrites", 40, seed=7)
    assert report.problems == []


def test_every_sentence_of_an_edition_bears_its_mark(shelf: Shelf) -> None:
    some = papers(12)
    for edition in (0, 1):
        write_edition(shelf.folder, some, edition, sections=3)
        shelf.sync()
        for version in shelf.store.ledger.live_versions():
            paper = next(each for each in some if each.name == version.source)
            other = MARKS[1 - MARKS.index(paper.mark(edition))]
            quotes = [row.text[start:end] for row in version.chunks for start, end, *_ in row.sentences]
            assert all(paper.mark(edition) in quote and other not in quote for quote in quotes)
        assert {each.name for each in some if each.in_edition(edition)} == shelf.store.ledger.live_sources()


def test_editions_are_the_same_every_time() -> None:
    (first, *_), (again, *_) = papers(6), papers(6)
    assert first.text(0, 5) == again.text(0, 5) != first.text(1, 5)
    kept = papers(6)[1]
    assert kept.fate == "kept"
    assert kept.text(0, 5) == kept.text(1, 5)


def test_equal_stores_have_equal_dumps_whenever_they_were_filled(tmp_path: Path) -> None:
    one, other = Shelf(tmp_path / "one"), Shelf(tmp_path / "other")
    for shelf in (one, other):
        write_edition(shelf.folder, papers(6), 0, sections=2)
    one.sync()
    other.write("later.md", "# Later\n\nA document that goes again.")
    other.sync()
    (other.folder / "later.md").unlink()
    other.sync()
    assert dump(one.store).differences(dump(other.store)) == ["versions"]  # it was once there
    assert dump(one.store).differences(dump(one.store)) == []
    one.close()
    other.close()


def test_a_dump_names_what_differs(shelf: Shelf) -> None:
    shelf.write("a.md", "# Delivery\n\nParcels arrive in two days.")
    shelf.sync()
    before = dump(shelf.store)
    (source, document), *_ = before.live.items()
    chunk = replace(document.chunks[0], vectors=b"other")
    changed = replace(before, live={source: replace(document, chunks=(chunk,))}, keywords={})
    assert before.differences(changed) == ["keywords", "a.md (vectors)"]
    assert before.differences(replace(before, live={})) == ["a.md (its extent)"]
