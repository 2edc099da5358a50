"""Tables in quoted answers: the row that a question asks for, and no row of something else."""

from __future__ import annotations

import pytest

from rag.answer import extract
from rag.types import Chunk, Hit, Turn
from rag.understand import understand
from tests.rag.passages import hit, passage

FEES = [
    ("Country: United Kingdom; Fee: £6", "row"),
    ("Country: European Union; Fee: €7", "row"),
    ("Country: Outside the customs union, such as Jersey; Fee: £8", "row"),
]


def answer(asked: str, *hits: Hit, section: list[Chunk] | None = None) -> list[str]:
    query = understand([Turn("customer", asked)])
    return [draft.text for draft in extract(query, hits, 3, lambda chunk: section or [chunk])]


@pytest.mark.parametrize(
    ("asked", "rows"),
    [
        ("Must I pay for the label in Britain?", FEES[:1]),
        ("Must I pay for the label outside the customs union, such as in Jersey?", FEES[2:]),
        ("Must I pay for the label in Italy?", FEES[1:2]),
        ("Must I pay for the label?", FEES),
    ],
)
def test_a_sentence_that_opens_a_table_brings_the_rows_of_the_region_asked_for(
    asked: str, rows: list[tuple[str, str]]
) -> None:
    rule, opening = "You pay for the label.", "If you use our label we deduct:"
    chunk = passage(rule, opening, *((text, "row") for text, _ in FEES))
    found = answer(asked, hit(chunk, [0.9, 0.88, 0.1, 0.1, 0.1]))
    assert found == [rule, opening, *(text for text, _ in rows)]


def test_a_long_table_does_not_come_with_the_sentence_that_opens_it() -> None:
    rule, opening = "You pay for the label.", "If you use our label we deduct:"
    chunk = passage(rule, opening, *((f"Parcel: size {number}; Fee: £{number}", "row") for number in range(10, 20)))
    assert answer("Must I pay for the label?", hit(chunk, [0.9, 0.88, *[0.1] * 10])) == [rule, opening]


def test_of_a_table_whose_heading_answers_the_rows_of_another_model_are_left_out() -> None:
    rows = [("Product: Fan 300; Price: £49", "row"), ("Product: Fan 300S; Price: £59", "row")]
    chunk = passage(*rows, heading=("Repair prices",))
    assert answer("What is the repair price of a 300S?", hit(chunk, [0.5, 0.5], label_lead=0.2)) == [rows[1][0]]


def test_a_row_in_a_passage_that_was_not_found_takes_the_place_of_one_that_says_less() -> None:
    found = passage(("Part: Cloth; Fits: R2 and R2 Pro; Price: £9", "row"), number=1)
    behind = passage(
        ("Part: Battery; Fits: R2; Price: £29", "row"), ("Part: Battery; Fits: R2 Pro; Price: £49", "row"), number=2
    )
    said = answer("What does a battery for the R2 Pro cost?", hit(found, [0.9]), section=[found, behind])
    assert said == [behind.quote(1)]


def test_a_product_in_the_first_cell_of_several_rows_names_none_of_them() -> None:
    codes = passage(("Model: R2; Code: E8; Remedy: warm up", "row"), ("Model: R2; Code: E9; Remedy: clean", "row"))
    faq = passage("The R2 keeps out of a room with a magnetic strip.", number=2, title="FAQ")
    said = answer("How does the R2 keep out of a room?", hit(faq, [0.9], 1.0), hit(codes, [0.9, 0.9], 0.8))
    assert said == [faq.quote(0)]
