"""Where a sentence's citation points: the span that says it, exact to the character."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rag.citations import WINDOW, check, cite
from rag.instructions import asks
from rag.text import sentence_spans
from rag.types import Chunk, DraftSentence, Sentence, Span
from tests.rag.passages import passage, said, whole

FILTER = "The filter of the AirPure 300S lasts 12 months or 4,500 hours."


def test_a_citation_is_narrowed_to_the_sentence_that_says_it() -> None:
    chunk = passage("Open the cover.", "The filter lasts 12 months.", "Wash the grille with water.")
    assert check(said("The filter lasts 12 months.", chunk), [chunk])[1] == (Span(chunk, 1, 1),)


def test_a_wrong_citation_is_moved_to_the_right_passage() -> None:
    wrong, right = passage("Wash the grille with water.", number=1), passage("Open it.", FILTER, number=2)
    verdict, spans = check(said("The filter lasts 12 months.", wrong), [wrong, right])
    assert (verdict.supported, spans) == (True, (Span(right, 1, 1),))


def test_a_sentence_without_citation_gets_one_or_is_not_said() -> None:
    chunk = passage(FILTER)
    assert check(DraftSentence(FILTER, ()), [chunk])[1] == (Span(chunk, 0, 0),)
    verdict, spans = check(DraftSentence("Invented from nothing at all.", ()), [chunk])
    assert (verdict.supported, spans) == (False, ())
    assert check(DraftSentence(FILTER, ()), []) == (check(DraftSentence(FILTER, ()), [])[0], ())


def test_the_passage_that_was_cited_wins_when_two_say_the_same() -> None:
    first, second = passage(FILTER, number=1), passage(FILTER, number=2)
    assert check(said(FILTER, second), [first, second])[1] == (Span(second, 0, 0),)


def test_a_statement_over_two_sentences_cites_both() -> None:
    chunk = passage("Hold the Filter button for 5 s.", "The lamp turns green.", "Close the cover.")
    spans = check(said("Hold the Filter button for 5 s until the lamp turns green.", chunk), [chunk])[1]
    assert spans == (Span(chunk, 0, 1),)


def test_passages_are_numbered_in_order_of_appearance_one_number_each() -> None:
    one, two = passage("A b c.", number=70), passage("D e f.", "G h i.", number=50)
    numbers: dict[int, int] = {}
    shown = [
        cite(DraftSentence("x", ()), [span], numbers) for span in (Span(two, 0, 0), Span(one, 0, 0), Span(two, 1, 1))
    ]
    assert [each.citations[0].number for each in shown] == [1, 2, 1]
    assert shown[2].citations[0].quote == "G h i."


def test_a_citation_tells_where_to_find_it() -> None:
    chunk = passage("A.", title="Guide", heading=("Care",), question="How do I clean it?")
    citation = cite(DraftSentence("A.", ()), [Span(chunk, 0, 0)], {}).citations[0]
    assert (citation.title, citation.heading) == ("Guide", ("Care", "How do I clean it?"))
    assert (citation.source, citation.version) == ("guide.md", 1)


@st.composite
def passages(draw: st.DrawFn) -> Chunk:
    text = draw(st.text(alphabet="ab C1.。!? \n滤網５é👍", min_size=1).filter(str.strip))
    spans = tuple(Sentence(start, end) for start, end in sentence_spans(text))
    return Chunk(1, "a.md", 1, 0, "T", (), "", text, spans, "en")


@given(passages(), st.data())
def test_offsets_always_quote_exactly(chunk: Chunk, data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(chunk.sentences) - 1))
    last = data.draw(st.integers(first, min(first + WINDOW, len(chunk.sentences)) - 1))
    citation = cite(DraftSentence("x", ()), [Span(chunk, first, last)], {}).citations[0]
    assert citation.quote == chunk.text[citation.start : citation.end] == Span(chunk, first, last).text


@given(passages(), st.text(max_size=40))
def test_what_is_supported_is_supported_by_a_span_of_the_passage(chunk: Chunk, text: str) -> None:
    verdict, spans = check(DraftSentence(text, (whole(chunk),)), [chunk])
    assert verdict.supported == bool(spans)
    assert all(0 <= span.first <= span.last < len(chunk.sentences) for span in spans)
    assert 0 <= verdict.score <= 1


@given(passages())
def test_every_sentence_that_asks_nothing_supports_itself(chunk: Chunk) -> None:
    for at in range(len(chunk.sentences)):
        assert asks(chunk.quote(at)) or check(said(chunk.quote(at), chunk), [chunk])[0].supported
