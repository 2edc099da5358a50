"""An answer quoted from several places says where each part stands."""

from __future__ import annotations

from rag.citations import check, cite
from rag.labels import places
from rag.types import AnswerSentence, Chunk, DraftSentence, Span
from tests.rag.passages import passage

UK = passage("Standard: £4.95.", "Express: £8.95.", number=1, title="Delivery", heading=("United Kingdom",))
EU = passage("Standard: €4.95.", number=2, title="Delivery", heading=("European Union",))


def shown(*places_: tuple[Chunk, int]) -> list[AnswerSentence]:
    numbers = dict[int, int]()
    drafts = [DraftSentence(chunk.quote(at), (Span(chunk, at, at),)) for chunk, at in places_]
    return [cite(draft, check(draft, [UK, EU])[1], numbers) for draft in drafts]


def test_one_place_needs_no_label() -> None:
    assert places(shown((UK, 0), (UK, 1))) == ["", ""]
    assert places([]) == []


def test_two_places_are_labelled_where_they_change() -> None:
    assert places(shown((UK, 0), (UK, 1), (EU, 0))) == ["Delivery › United Kingdom", "", "Delivery › European Union"]


def test_what_a_model_put_in_other_words_is_not_labelled() -> None:
    first, second = shown((UK, 0), (EU, 0))
    own = AnswerSentence("Standard costs £4.95.", first.citations)
    assert places([own, second]) == ["", ""]
