"""The formulas of retrieval, worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.fuse import bm25, fuse, idf, score_candidates, sigmoid, smooth_maximum
from rag.ports import Corpus
from rag.text import tokens
from tests.rag.passages import candidate, passage

CORPUS = Corpus(passages=100, mean_length=6.0, frequency={"filter": 9, "chang": 20})


def test_idf() -> None:
    # ln(1 + (100 − 9 + ½) / (9 + ½)) = ln 10.6316
    assert idf(100, 9) == pytest.approx(2.36382, abs=1e-5)
    assert idf(100, 0) > idf(100, 1) > idf(100, 99) > idf(100, 100) > 0


def test_bm25() -> None:
    # norm = 1.2 · (1 − 0.75 + 0.75 · 10/5) = 2.1;  2 · 3 · 2.2 / (3 + 2.1) = 2.58824
    assert bm25({"a": 2.0}, {"a": 3}, length=10, mean_length=5) == pytest.approx(2.58824, abs=1e-5)
    # of mean length: norm = 1.2, so one occurrence gives its idf: 2 · 1 · 2.2 / 2.2
    assert bm25({"a": 2.0, "b": 1.0}, {"a": 1, "b": 1}, length=5, mean_length=5) == pytest.approx(3.0)
    assert bm25({"a": 2.0}, {}, length=5, mean_length=5) == 0


def test_an_empty_corpus_divides_by_nothing() -> None:
    assert bm25({"a": 2.0}, {"a": 1}, length=3, mean_length=0) >= 0
    assert score_candidates(["filter"], None, [], Corpus(0, 0.0, {})) == []


def test_smooth_maximum() -> None:
    assert smooth_maximum([0.5]) == 0.5
    assert smooth_maximum([0.5, 0.5]) == pytest.approx(0.5 + math.log(2) / 10)
    assert smooth_maximum([1.0, 0.0]) == pytest.approx(1.0, abs=1e-4)


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=9))
def test_smooth_maximum_is_the_maximum_and_a_little(values: list[float]) -> None:
    assert max(values) <= smooth_maximum(values) <= max(values) + math.log(len(values)) / 10 + 1e-9


def test_fusion_is_a_weighted_sum_and_unknown_signals_weigh_nothing() -> None:
    assert fuse({"keyword": 0.5, "meaning": 2.0, "other": 9.0}, {"keyword": 2.0, "meaning": 0.25}) == 1.5
    assert sigmoid(0) == 0.5


def test_a_keyword_score_is_the_share_of_what_a_perfect_passage_could_reach() -> None:
    asked = tokens("change the filter")
    both, one, none = (
        candidate(passage(text, title="x")) for text in ("Change filter now.", "Clean filter now.", "Fill tank now.")
    )
    scores = [each.signals["keyword"] for each in score_candidates(asked, None, [both, one, none], CORPUS)]
    assert 1 > scores[0] > scores[1] > scores[2] == 0
    everything = candidate(passage(" ".join(["change filter"] * 200), title="x"))
    assert score_candidates(asked, None, [everything], CORPUS)[0].signals["keyword"] <= 1


def test_a_score_means_the_same_whoever_was_found_beside_it() -> None:
    first, others = candidate(passage("Change filter now.")), [candidate(passage("Fill tank now."))] * 50
    alone = score_candidates(tokens("filter"), None, [first], CORPUS)[0]
    assert score_candidates(tokens("filter"), None, [first, *others], CORPUS)[0] == alone


def test_meaning_is_the_cosine_of_the_best_sentence_or_the_label() -> None:
    chunk = passage("One.", "Two.")
    scored = score_candidates(
        ["x"], np.array([1, 0], np.float32), [candidate(chunk, (0.2, 0.9), (0.8, 0.6), label=(0.5, 0.0))], CORPUS
    )[0]
    assert [each["meaning"] for each in scored.sentences] == pytest.approx([0.2, 0.8])
    # ln(e^(10·0.8) + e^(10·0.5)) / 10
    assert scored.signals["meaning"] == pytest.approx(math.log(math.exp(8) + math.exp(5)) / 10)
    assert scored.signals["label_lead"] == pytest.approx(-0.3)


def test_without_a_vector_words_decide() -> None:
    chunk = passage("Filter.", "Change it.", title="Filter")
    scored = score_candidates(tokens("change filter"), None, [candidate(chunk)], CORPUS)[0]
    assert [scored.signals["meaning"], *(each["meaning"] for each in scored.sentences)] == [0.0, 0.0, 0.0]
    # The label says "filter" already: what is asked of its sentences is "change", and the first counts for little.
    assert scored.sentences[1]["focus"] > scored.sentences[0]["focus"] > 0


def test_a_label_leads_when_it_says_nearly_all_that_is_asked() -> None:
    chunk = candidate(passage("Nothing.", title="Filter"))
    # covered 1 − 0.65; and idf 2.36382 of 2.36382 + 1.59469 is covered: 0.59715 − 0.65
    whole, part = (score_candidates(tokens(text), None, [chunk], CORPUS)[0] for text in ("filter", "change filter"))
    assert whole.signals["label_lead"] == pytest.approx(0.35)
    assert part.signals["label_lead"] == pytest.approx(0.59715 - 0.65, abs=1e-4)


def test_what_a_sentence_leads_into_counts_for_the_next() -> None:
    scored = score_candidates(tokens("change filter"), None, [candidate(passage("The filter.", "Change it."))], CORPUS)
    first, second = scored[0].sentences
    # idf 2.36382 of 3.95851 is "filter", the rest "change"
    assert [first["likeness"], first["lead_in"]] == pytest.approx([0.59715, 0.0], abs=1e-4)
    assert [second["likeness"], second["lead_in"]] == pytest.approx([0.40285, 0.59715], abs=1e-4)
