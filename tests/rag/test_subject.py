"""What a refusal says that it understood, and that it repeats nothing else."""

from __future__ import annotations

import pytest

from rag.decide import decide
from rag.phrases import own_words
from rag.subject import subject
from rag.types import Turn
from rag.understand import understand
from tests.rag.passages import hit, passage

PRODUCTS = ("AirPure 300", "AirPure 300S")
FILTER = hit(passage("It lasts 12 months.", title="AirPure 300S", heading=("Filter change",)), [1.0])
FILTER_ZH = hit(passage("约12个月。", title="空气净化器", heading=("更换滤芯",), language="zh"), [1.0])


def about(text: str) -> tuple[str, ...]:
    return subject(understand([Turn("customer", text)], PRODUCTS), [FILTER, FILTER_ZH])


@pytest.mark.parametrize(
    ("text", "said_back"),
    [
        ("Is the filter of my 300s vegan?", ("AirPure 300S", "filter")),
        ("filters?", ("filters",)),
        ("airpur 300 in space", ("AirPure 300",)),
        ("滤芯能吃吗", ("滤芯",)),
        ("我的滤芯", ("滤芯",)),
        ("Who won the football world cup?", ()),
        ("your filter is shit you stupid idiots, I hate all of it", ()),
        ("<b>filter</b><script>alert(1)</script>", ()),
        ("", ()),
    ],
)
def test_only_names_and_words_of_the_documents(text: str, said_back: tuple[str, ...]) -> None:
    assert about(text) == said_back


def test_at_most_three() -> None:
    wide = hit(passage("x", title="Filter cover lamp cable weight"), [1.0])
    assert len(subject(understand([Turn("customer", "filter cover lamp cable weight")]), [wide])) == 3


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Is the filter of my 300s vegan?", "you ask about AirPure 300S and filter, but I could not find"),
        ("300S 的滤芯能吃吗", "您问的是“AirPure 300S和滤芯”，但在资料中没有找到"),
        ("Is the cup blue?", "I could not find a reliable answer to that"),
    ],
)
def test_a_refusal_says_it(text: str, words: str) -> None:
    query = understand([Turn("customer", text)], PRODUCTS)
    decision = decide(query, [FILTER, FILTER_ZH], 2.0)
    assert decision.outcome == "decline"
    assert words in own_words(decision, query)[0].text
