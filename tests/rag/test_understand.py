"""In which language a message is, and what earlier messages add."""

from __future__ import annotations

import pytest

from rag.types import Turn
from rag.understand import understand


def turns(*texts: str) -> list[Turn]:
    return [Turn("customer", text) for text in texts]


def test_a_follow_up_without_words_is_in_the_language_before_it() -> None:
    assert understand(turns("滤网多久换一次", "300S?")).language == "zh"
    assert understand(turns("How often do I change the filter?", "300S?")).language == "en"
    assert understand(turns("滤网多久换一次", "and the 300S?")).language == "en"


def test_a_follow_up_carries_the_last_two_messages() -> None:
    query = understand(turns("one", "two", "three", "four"))
    assert (query.text, query.history) == ("four", ("two", "three"))
    assert query.history_tokens == ("two", "three")


def test_only_what_the_customer_said_counts() -> None:
    said = [
        Turn("customer", "filter?"),
        Turn("assistant", "8 months."),
        Turn("agent", "Hi!"),
        Turn("customer", " 300S? "),
    ]
    query = understand(said)
    assert (query.text, query.history, query.tokens) == ("300S?", ("filter?",), ("300s",))


def test_an_empty_conversation_is_an_empty_message() -> None:
    assert understand([]).wish == "empty"
    assert understand([Turn("assistant", "Hello!")]).wish == "empty"


@pytest.mark.parametrize(
    "text",
    [
        "300S?",
        "and the 300?",
        "And to France?",
        "How much does it cost?",
        "how do I descale it?",
        "What about the R2 Pro?",
        "300S 呢",
        "那电池呢",
        "它防水吗",
        "质量问题呢？",
        "ok and the 300S?",
    ],
)
def test_a_message_that_says_little_alone_leans_on_the_one_before(text: str) -> None:
    assert understand(turns("Does the filter last long?", text)).leans
    assert not understand(turns(text)).leans


@pytest.mark.parametrize(
    "text",
    [
        "What is the capital of Mongolia?",
        "Do you sell bicycles?",
        "tell me a joke",
        "How do I descale my Brew One?",
        "今天天气怎么样",
        "你们老板是谁",
        "怎么注销账号？",
        "And how many days do I have for returning unopened items?",
    ],
)
def test_a_message_that_stands_by_itself_leans_on_nothing(text: str) -> None:
    assert not understand(turns("How often do I change the filter?", text)).leans


def test_half_a_character_is_read_as_a_question_mark() -> None:
    query = understand(turns("first \ud83d", "It broke \ud83d help"))
    assert (query.text, query.history) == ("It broke ? help", ("first ?",))


PRODUCTS = ("AirPure", "AirPure 300", "AirPure 300S", "Brew One", "Sweep R2", "Sweep R2 Pro")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("我的 AirPure 300S 显示 E3, what should I do?", "en"),
        ("My robot 的滤网多久换一次？", "zh"),
        ("Brew One 怎么 descale", "zh"),
        ("AirPure 300S Wi-Fi 连不上", "zh"),
        ("How do I use the 童锁?", "en"),
        ("可以用 PayPal 付款吗", "zh"),
        ("App 打不开", "zh"),
        ("請問濾網多久要換一次？", "zh"),
        ("300S", "en"),
    ],
)
def test_a_mixed_message_is_in_the_language_of_its_sentence(text: str, language: str) -> None:
    assert understand(turns(text), PRODUCTS).language == language


@pytest.mark.parametrize("text", ["E3 300S", "Brew One C1", "R2 Pro?"])
def test_names_and_codes_are_in_the_language_before_them(text: str) -> None:
    assert understand(turns("滤网多久换一次", text), PRODUCTS).language == "zh"
    assert understand(turns("How long does it last?", text), PRODUCTS).language == "en"


def test_a_product_is_carried_over_until_another_is_named() -> None:
    said = ["How loud is the 300S?", "thanks", "And the weight?", "ok", "How do I turn on the child lock?"]
    assert understand(turns(*said), PRODUCTS).named == ("AirPure 300S",)
    assert understand(turns(*said, "And how do I descale my brewone?"), PRODUCTS).named == ("Brew One",)
    assert understand(turns(*said, "and the R2pro"), PRODUCTS).named == ("Sweep R2 Pro",)
    assert understand(turns("How much is delivery?"), PRODUCTS).named == ()


def test_a_name_in_another_spelling_is_looked_up_as_documents_spell_it() -> None:
    tokens = understand(turns("dust box of the R2pro"), PRODUCTS).tokens
    assert tokens[-3:] == ("sweep", "r2", "pro")
    assert understand(turns("dust box of the R2 Pro"), PRODUCTS).tokens[-2:] == ("r2", "pro")


@pytest.mark.parametrize(
    "text", ["AirPure 300S", "是 AirPure 300S", "It's the brewone", "我的是 R2", "the R2 pro model"]
)
def test_a_message_that_is_but_a_name_leans_on_the_question_before_it(text: str) -> None:
    assert understand(turns("How do I turn on the child lock?", text), PRODUCTS).leans


@pytest.mark.parametrize("text", ["换好之后显示什么？", "Then what?", "after that?"])
def test_what_comes_next_leans_on_what_came_before(text: str) -> None:
    assert understand(turns("How do I change the filter?", text), PRODUCTS).leans


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("The Sweep R2, not the Pro", ("Sweep R2",)),
        ("我的是 R2，不是 Pro", ("Sweep R2",)),
        ("It's not the 300, it's the 300S", ("AirPure 300S",)),
        ("我的是不是 R2 Pro？", ("Sweep R2 Pro",)),
        ("Does the 300S not fit the 300?", ("AirPure 300S", "AirPure 300")),
    ],
)
def test_a_product_that_is_ruled_out_is_not_named(text: str, named: tuple[str, ...]) -> None:
    assert understand(turns(text), PRODUCTS).named == named


def test_of_two_options_the_one_not_ruled_out_is_meant() -> None:
    back = Turn("assistant", "Which?", ("Sweep R2", "Sweep R2 Pro"))
    query = understand([Turn("customer", "Is there a child lock?"), back, Turn("customer", "not the Pro")], PRODUCTS)
    assert (query.named, query.leans) == (("Sweep R2",), True)
    assert "pro" not in query.name_tokens
