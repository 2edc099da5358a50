"""Topics: what belongs together does, names come from the questions, a rise is more than chance; nobody's words leak."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from desk.measure_rows import Period
from desk.questions import Asked
from desk.store import Conversations
from desk.topics import Question, groups, rises, suggested, topics
from tests.desk.scripted import cited, reply
from tests.doubles.embedder import HashEmbedder

WARRANTY = (
    "How long is the warranty on the AirPure 300?",
    "warranty of my AirPure 300",
    "Is there a warranty, how long?",
)
CHINESE = ("净化器的保修期多久？", "保修期是多久", "保修期有多久呢", "怎么退货？", "退货运费谁付", "我要退货")


def asked(*texts: str, outcome: str = "answer") -> list[Question]:
    return [Question(f"v{number}", text, outcome) for number, text in enumerate(texts)]


def test_chinese_questions_are_grouped_by_their_words() -> None:
    found = [{CHINESE[each] for each in group} for group in groups(CHINESE, {})]
    assert set(CHINESE[:3]) in found
    assert set(CHINESE[3:]) in found


def test_every_question_is_in_one_group() -> None:
    texts = (*CHINESE, *WARRANTY, "", "？？", "x")
    assert sorted(each for group in groups(texts, {}) for each in group) == list(range(len(texts)))


def test_a_topic_is_named_by_its_words_and_counted() -> None:
    now = [*asked(*WARRANTY), *asked(WARRANTY[0], outcome="decline"), *asked("Do you deliver to France?")]
    found = topics(now, asked(WARRANTY[1]), {})[0]
    assert "warranty" in found.name
    assert (found.count, found.before, found.answered) == (4, 1, 3)


def test_a_chinese_name_is_made_of_whole_words() -> None:
    assert "保修期" in topics(asked(*CHINESE), [], {})[0].name


def test_a_rise_is_more_than_chance() -> None:
    assert rises(7, 0)
    assert rises(40, 15)
    assert not rises(3, 0)
    assert not rises(25, 15)
    assert not rises(15, 40)


def test_suggestions_are_what_several_asked_in_the_same_words_and_got_answered() -> None:
    many = ["How long is the warranty?", "how long is the warranty", "HOW LONG IS THE WARRANTY?"]
    configured = ("Configured?",)
    assert suggested(topics(asked(*many), [], {}), "en", configured) == ("How long is the warranty?",)
    assert suggested(topics(asked(*many), [], {}), "zh", configured) == configured
    assert suggested(topics(asked(*many), [], {}), "en", ("One?", "Two?")) == ("One?", "Two?")
    assert suggested(topics(asked(*many, outcome="decline"), [], {}), "en", configured) == configured
    assert suggested(topics(asked(*many[:2]), [], {}), "en", configured) == configured
    same = [Question("one and the same", each, "answer") for each in many]
    assert suggested(topics(same, [], {}), "en", configured) == configured


@pytest.mark.parametrize("text", ["My mail is anna@example.com, help?", "Call +49 30 1234567 about my order"])
def test_what_names_somebody_is_never_suggested(text: str) -> None:
    assert [each.example for each in topics(asked(text, text, text), [], {})] == [""]


def test_out_of_the_store(engine: Engine, store: Conversations) -> None:
    for visitor in ("anna", "ben", "carl"):
        conversation = store.begin(visitor, "en")
        for text, outcome in (("How long is the warranty?", "answer"), ("Hello", "small_talk"), ("Hm?", "decline")):
            store.add_question(conversation, visitor, text)
            store.add_answer(conversation, visitor, reply(cited("Yes."), outcome=outcome))  # type: ignore[arg-type]
    today = datetime.now(UTC).date()
    found = Asked(engine, HashEmbedder()).topics(Period(today - timedelta(days=6), today))
    assert {(each.example, each.count, each.answered) for each in found} == {
        ("How long is the warranty?", 3, 3), ("", 3, 0),
    }  # fmt: skip
