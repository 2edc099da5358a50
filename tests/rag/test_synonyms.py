"""The question in other words."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import pytest

from rag.errors import ConfigError
from rag.synonyms import SynonymFile, ours, read
from tests.doubles.shelf import Shelf


def test_no_expression_of_ours_stands_in_two_groups() -> None:
    every = [each for group in ours() for each in group]
    assert sorted(every) == sorted(set(every))


@pytest.mark.parametrize("text", ["refund: money back", "- refund", "- [refund]", "- [refund, 3]", "- [a, b\n", "\xff"])
def test_a_faulty_file_is_named_with_what_to_write(tmp_path: Path, text: str) -> None:
    file = tmp_path / "_synonyms.yaml"
    file.write_bytes(text.encode("latin-1"))
    with pytest.raises(ConfigError, match=r"_synonyms\.yaml"):
        read(file)


def test_a_file_is_read_again_when_it_changes_and_a_fault_keeps_the_last_good_one(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "_synonyms.yaml"
    file = SynonymFile(path)
    assert file.groups() == ours()
    for number, text in enumerate(("- [mug, cup]", "- [mug]"), 1):
        path.write_text(text)
        os.utime(path, (number, number))
        with caplog.at_level(logging.WARNING):
            assert file.groups()[0] == ("mug", "cup")
    assert "stay as they were" in caplog.text
    path.unlink()
    assert file.groups() == ours()


def test_a_passage_is_found_by_the_words_its_author_used(shelf: Shelf) -> None:
    from rag.retrieve import Retriever
    from tests.doubles.shelf import EVERYBODY, asked

    shelf.write("a.txt", "A coupon is entered at the till.")
    shelf.write("b.txt", "Parcels are left with a neighbour.")
    shelf.sync()
    query = asked("Where do I enter a promo code?")
    found = Retriever(shelf.knowledge(), shelf.hashing, 0.3).retrieve(query, EVERYBODY, 2)
    assert found[0].chunk.source == "a.txt"
    assert found[0].signals["keyword"] > found[1].signals["keyword"]
