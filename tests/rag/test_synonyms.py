"""The question in other words."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import ConfigError
from rag.synonyms import VARIANTS, SynonymFile, ours, read, variants
from tests.doubles.shelf import Shelf

GROUPS = (("refund", "money back"), ("价格", "多少钱"), ("bill", "invoice", "statement"))


def test_an_expression_is_exchanged_for_each_other_of_its_group() -> None:
    assert variants("Where is my bill?", GROUPS) == ["where is my invoice?", "where is my statement?"]
    assert variants("AirPure 300 多少钱", GROUPS) == ["airpure 300 价格"]


@pytest.mark.parametrize(
    ("asked", "variant"),
    [
        ("Can I send a lamp back after Easter?", "can i return a lamp after easter?"),
        ("Can I turn its display off?", "can i switch off its display?"),
        ("把账号给删了", "把注销给了"),
    ],
)
def test_an_expression_with_a_gap_takes_what_stands_in_it_along(asked: str, variant: str) -> None:
    groups = (("return", "send ... back"), ("switch off", "turn ... off"), ("注销", "账号...删"))
    assert variants(asked, groups) == [variant]


def test_an_expression_with_a_gap_reaches_no_further_than_three_words() -> None:
    assert variants("I send you a parcel and want it back", (("return", "send ... back"),)) == []


def test_part_of_a_word_is_no_expression() -> None:
    assert variants("Is there a billing address?", GROUPS) == []


@given(st.text(max_size=60))
def test_there_are_few_variants_and_never_the_text_itself(text: str) -> None:
    found = variants(text, ours())
    assert len(found) <= VARIANTS
    assert text not in found


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
