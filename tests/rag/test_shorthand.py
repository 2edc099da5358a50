"""Chat shorthand and words that only sound right, put into the words of documents."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from rag.shorthand import sounded_out, spelled_out

HELD = frozenset(("电话", "添加", "客服", "滤芯", "今天", "退货", "扫地"))


def held(terms: Sequence[str]) -> set[str]:
    return {term for term in terms if term in HELD}


@pytest.mark.parametrize(
    ("text", "full"),
    [
        ("u guys do nxt day", "you guys do next day"),
        ("thx, pls help", "thanks, please help"),
        ("a battery 4 the r2", "a battery for the r2"),
        ("how mush is it", "how much is it"),
        ("where r u", "where are you"),
        ("电水壶咋除垢", "电水壶怎么除垢"),
        ("这是啥", "这是什么"),
    ],
)
def test_shorthand_is_written_out(text: str, full: str) -> None:
    assert spelled_out(text) == full


@pytest.mark.parametrize(
    "text",
    ["R 2 and E 4", "within 4 weeks", "Type R, part n", "plan B4-2 U-bend", "how much is it", "the mush"],
)
def test_names_numbers_and_whole_words_stay(text: str) -> None:
    assert spelled_out(text) == text


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("客服店话几点下班", "客服电话几点下班"),
        ("虑芯多久换", "滤芯多久换"),
        ("扫地鸡坏了", "扫地机坏了"),
    ],
)
def test_what_sounds_like_a_word_of_the_knowledge_is_put_right(text: str, right: str) -> None:
    assert sounded_out(text, held) == right


@pytest.mark.parametrize("text", ["今天加急", "密马多少", "克服困难", "签收后几天", "电话"])
def test_what_is_a_word_or_is_not_in_the_knowledge_stays(text: str) -> None:
    assert sounded_out(text, held) == text
