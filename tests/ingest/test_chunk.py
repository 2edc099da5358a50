"""Passages: whole sentences, exact offsets, lists with their lead-in, limits, and no word lost."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.chunk import Passage, passages
from rag.types import Block, Document
from tests.doubles.shelf import count_words


def cut(*blocks: Block, limit: int = 40) -> list[Passage]:
    return passages(Document("Guide", blocks), count_words, limit)


def sentence(number: int, words: int = 10) -> str:
    return f"Sentence {number} " + " ".join(["word"] * (words - 3)) + " end."


def test_a_sentence_is_never_cut() -> None:
    written = [sentence(number) for number in range(9)]
    quotes = [quote for passage in cut(Block("text", " ".join(written))) for quote in passage.quotes()]
    assert quotes == written


def test_passages_are_of_about_equal_size_and_within_the_limit() -> None:
    sizes = [count_words(each.text) for each in cut(Block("text", " ".join(sentence(n) for n in range(5))))]
    assert sizes == [30, 20]


def test_a_passage_never_crosses_a_heading() -> None:
    found = cut(
        Block("heading", "Returns", level=1),
        Block("text", "You have thirty days."),
        Block("heading", "Refunds", level=2),
        Block("text", "They take a week."),
        Block("heading", "Warranty", level=1),
        Block("text", "It lasts two years."),
    )
    assert [(each.heading, each.text) for each in found] == [
        (("Returns",), "You have thirty days."),
        (("Returns", "Refunds"), "They take a week."),
        (("Warranty",), "It lasts two years."),
    ]


def test_a_question_belongs_to_its_answer_only() -> None:
    found = cut(
        Block("question", "Can I return it?", level=2),
        Block("text", "Yes."),
        Block("heading", "Other", level=2),
        Block("text", "Nothing else."),
    )
    assert [each.question for each in found] == ["Can I return it?", ""]


def test_a_list_stays_with_the_line_that_introduces_it() -> None:
    lead = "To reset the device do this:"
    steps = [Block("item", f"Do step {number} of the five steps now.", marker=f"{number}.") for number in range(1, 6)]
    found = cut(Block("text", f"{sentence(1)} {sentence(2)} {sentence(3)} {lead}"), *steps, limit=60)
    assert len(found) == 2
    holder = next(each for each in found if lead in each.text)
    assert "1. Do step 1" in holder.text


def test_list_entries_keep_their_markers_and_are_whole() -> None:
    (found,) = cut(Block("item", "Unplug it. Wait a minute.", marker="1."), Block("item", "Plug it in.", marker="2."))
    assert found.quotes() == ("1. Unplug it. Wait a minute.", "2. Plug it in.")
    assert {each.kind for each in found.sentences} == {"item"}


def test_a_table_row_reads_by_itself() -> None:
    (found,) = cut(Block("table", rows=(("Model", "Weight"), ("K1", "0.9 kg"), ("K2", ""))))
    assert found.quotes() == ("Model: K1; Weight: 0.9 kg", "Model: K2")


def test_a_table_of_one_row_gives_its_cells() -> None:
    (found,) = cut(Block("table", rows=(("Hotline", "0800 123"),)))
    assert found.quotes() == ("Hotline; 0800 123",)


def test_a_line_longer_than_a_passage_is_cut_between_words() -> None:
    words = [f"w{number}" for number in range(100)]
    found = cut(Block("text", " ".join(words)), limit=40)
    assert all(count_words(each.text) <= 40 for each in found)
    assert " ".join(each.text for each in found).split() == words


def test_pages_are_kept() -> None:
    (found,) = cut(Block("text", "First.", page=1), Block("text", "Second.", page=2))
    assert [each.page for each in found.sentences] == [1, 2]


def test_headings_alone_give_nothing() -> None:
    assert cut(Block("heading", "Empty", level=1)) == []


_words = st.lists(
    st.sampled_from(["lid", "opens", "e.g.", "3.5", "Yes.", "No!", "退货", "三十天。", "Why?"]), min_size=1
)
_prose = _words.map(" ".join)
_blocks = st.lists(
    st.one_of(
        st.builds(Block, st.just("text"), _prose),
        st.builds(Block, st.just("item"), _prose, level=st.integers(0, 3), marker=st.sampled_from(["", "1.", "•"])),
        st.builds(Block, st.just("code"), _prose),
        st.builds(Block, st.just("heading"), st.just("Heading"), level=st.integers(1, 6)),
    ),
    max_size=8,
)


@settings(max_examples=150, deadline=None)
@given(blocks=_blocks, limit=st.integers(12, 60))
def test_no_word_is_lost_and_spans_quote_exactly(blocks: list[Block], limit: int) -> None:
    found = passages(Document("Guide", tuple(blocks)), count_words, limit)
    written = Counter(
        word for block in blocks if block.kind != "heading" for word in f"{block.marker} {block.text}".split()
    )
    assert Counter(word for each in found for word in each.text.split()) == written
    for each in found:
        _spans_cover(each)


def _spans_cover(passage: Passage) -> None:
    """In order, apart, trimmed, and nothing but white space between them."""
    at = 0
    for span in passage.sentences:
        assert at <= span.start < span.end <= len(passage.text)
        assert passage.text[at : span.start].strip() == ""
        quoted = passage.text[span.start : span.end]
        assert quoted == quoted.strip()
        at = span.end
    assert passage.text[at:] == ""
