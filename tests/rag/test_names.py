"""Which of two products that share nearly every word a question means."""

from __future__ import annotations

import pytest

from rag.names import codes, other_product, unnamed
from rag.text import tokens
from tests.rag.passages import candidate, passage

A300 = candidate(passage("The filter lasts 8 months.", number=1, title="AirPure 300", product="AirPure 300"))
A300S = candidate(passage("The filter lasts 12 months.", number=2, title="AirPure 300S", product="AirPure 300S"))
R2 = candidate(passage("It runs 120 minutes.", number=3, title="Sweep R2", product="Sweep R2"))
R2PRO = candidate(passage("It runs 180 minutes.", number=4, title="Sweep R2 Pro", product="Sweep R2 Pro"))
SWEEP = candidate(passage("Batteries of all robots.", number=5, title="Sweep", product="Sweep"))
ANY = candidate(passage("Returns within 30 days.", number=6, title="Returns"))
ALL = [A300, A300S, R2, R2PRO, SWEEP, ANY]


def kept(question: str) -> set[str]:
    """Titles of the passages that are not held to be about another product."""
    other = other_product(tokens(question), ALL)
    return {each.chunk.title for each, wrong in zip(ALL, other, strict=True) if not wrong}


def lacking(question: str) -> dict[str, float]:
    return {each.chunk.title: share for each, share in zip(ALL, unnamed(tokens(question), ALL), strict=True)}


@pytest.mark.parametrize(
    ("question", "products"),
    [
        ("How long does the AirPure 300 filter last?", {"AirPure 300"}),
        ("How long does the AirPure 300S filter last?", {"AirPure 300S"}),
        ("300s filter", {"AirPure 300S"}),
        ("300S 的滤网", {"AirPure 300S"}),
        ("How long does the R2 run?", {"Sweep R2", "Sweep"}),
        ("How long does the R2 Pro run?", {"Sweep R2 Pro", "Sweep R2", "Sweep"} - {"Sweep R2"}),
        ("r2 和 r2 pro 有什么区别", {"Sweep R2 Pro", "Sweep"}),
    ],
)
def test_the_product_named_and_its_family(question: str, products: set[str]) -> None:
    assert kept(question) - {"Returns"} <= products | {"Sweep", "Sweep R2"}
    assert products - {"Sweep"} <= kept(question)


def test_r2_pro_does_not_name_the_r2() -> None:
    assert "Sweep R2 Pro" in kept("Does the R2 Pro have LiDAR?")
    assert "Sweep R2 Pro" not in kept("Does the R2 have LiDAR?")


def test_a_question_that_names_no_product_is_about_any() -> None:
    assert kept("How long does the filter last?") == {each.chunk.title for each in ALL}
    assert "Returns" in kept("Can I return the R2?")


def test_the_twin_lacks_the_code() -> None:
    assert lacking("300S filter") | {"Returns": 0} == {
        **dict.fromkeys(lacking(""), 1.0),
        "AirPure 300S": 0.0,
        "Returns": 0,
    }
    assert lacking("AirPure 300 filter")["AirPure 300"] == 0
    assert lacking("AirPure 300 filter")["AirPure 300S"] == 1


def test_a_code_that_no_passage_has_counts_for_none() -> None:
    assert set(lacking("What about the X99?").values()) == {0.0}


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("300S?", {("300s",)}),
        ("What does E2 mean?", {("e2",)}),
        ("AirPure 300", {("airpur", "300")}),
        ("order number 12345", {("number", "12345")}),
        ("within 30 days", set()),
        ("after 2 weeks", set()),
        ("R2 Pro", {("r2",)}),
        ("滤网 12 个月", set()),
        ("no numbers here", set()),
        ("30", set()),
    ],
)
def test_codes(question: str, found: set[tuple[str, ...]]) -> None:
    assert codes(tokens(question)) == found
