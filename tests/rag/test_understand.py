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
