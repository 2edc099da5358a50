"""Topics: what belongs together does, names come from the questions, a rise is more than chance; nobody's words leak."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
from sqlalchemy import Engine

from desk.measure_rows import Period
from desk.questions import Asked
from desk.store import Conversations
from desk.topics import Question, alike, common_words, groups, rises, topics
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


def test_only_words_of_several_people_leave_the_desk() -> None:
    many = ["warranty of the kettle"] * 3 + ["warranty kettle Quist"] * 2
    found = topics([Question("anna", each, "answer") for each in many[3:]] + asked(*many[:3]), [], {})[0]
    assert set(common_words(found, 3)) == {"warranty", "kettle"}
    assert common_words(found, 5) == ()


def test_what_is_alike_is_found_by_words_and_by_vectors() -> None:
    texts = ("保修期是多久", "怎么退货？", "spare wheels?")
    assert alike(texts, CHINESE[:1], {}) == [True, False, False]
    vectors = {"spare wheels?": np.array([1.0, 0.0]), "other wheels": np.array([0.8, 0.6]), "x": np.array([0.0, 1.0])}
    assert alike(texts, ["other wheels"], vectors) == [False, False, True]
    assert alike(texts, ["x"], vectors) == [False, False, False]
    assert alike(texts, [], {}) == [False, False, False]


def test_out_of_the_store(engine: Engine, store: Conversations) -> None:
    for visitor in ("anna", "ben", "carl"):
        conversation = store.begin(visitor, "en")
        for text, outcome in (("How long is the warranty?", "answer"), ("Hello", "small_talk"), ("Hm?", "decline")):
            store.add_question(conversation, visitor, text)
            store.add_answer(conversation, visitor, reply(cited("Yes."), outcome=outcome))  # type: ignore[arg-type]
    today = datetime.now(UTC).date()
    found = Asked(engine, HashEmbedder()).topics(Period(today - timedelta(days=6), today))
    assert {(each.asked[0].text, each.count, each.answered) for each in found} == {
        ("How long is the warranty?", 3, 3), ("Hm?", 3, 0),
    }  # fmt: skip
    assert len({one.message for each in found for one in each.asked}) == 6
