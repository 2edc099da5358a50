"""What a mood model must get right whatever it was trained on: signs raise feelings, calm stays calm, size stays small."""

from __future__ import annotations

import pytest

from rag.mood import FILE, failures, learned_mood, messages, packed, unpacked
from rag.people import Mood
from rag.types import Role, Turn


def mood(*said: str, outcome: str = "answer") -> Mood:
    """Of a customer who said this, each message but the last answered with this outcome."""
    turns: list[Turn] = []
    for text in said:
        turns += [Turn("customer", text), Turn("assistant", "…", outcome=outcome)]
    return learned_mood().mood(turns[:-1])


@pytest.mark.parametrize(
    ("calm", "upset"),
    [
        ("My parcel is late.", "My parcel is late, you idiots."),
        ("My parcel is late.", "My parcel is late. This is unacceptable!!!"),
        ("Where is my refund?", "Where is my refund? You are a bunch of thieves."),
        ("我的包裹还没到。", "我的包裹还没到，骗子！"),
        ("什么时候退款？", "什么时候退款？太过分了，我要投诉"),
        ("什麼時候退款？", "什麼時候退款？太過分了，垃圾公司"),
    ],
)
def test_an_insult_raises_anger_and_risk_and_takes_satisfaction_away(calm: str, upset: str) -> None:
    before, after = mood(calm), mood(upset)
    assert after.anger > before.anger + 0.3
    assert after.risk > before.risk
    assert after.satisfaction < before.satisfaction
    assert after.signs


@pytest.mark.parametrize("more", ["You liars!", "Are you kidding me?", "I will never order again.", "气死我了"])
@pytest.mark.parametrize(
    "said", ["The filter is stuck.", "I am fed up with you.", "Your service is a joke!!", "垃圾，退钱"]
)
def test_one_more_angry_sentence_never_lowers_anger(said: str, more: str) -> None:
    assert mood(f"{said} {more}").anger >= mood(said).anger


@pytest.mark.parametrize(
    "text",
    [
        "How do I return a kettle?",
        "My vacuum is broken, what can I do?",
        "Is there a recall of the K1?",
        "What is your complaints address?",
        "水壶怎么退货？",
        "吸尘器坏了怎么办？",
        "你好，请问运费多少？",
        "USB接口怎么用？滚筒刷多久换一次？",
    ],
)
def test_ordinary_questions_are_calm(text: str) -> None:
    calm = mood(text)
    assert calm.anger == 0
    assert calm.risk < 0.3


def test_asking_the_same_again_and_failed_answers_frustrate() -> None:
    once = mood("How long does a refund take?")
    again = mood("How long does a refund take?", "how long does a refund take??", outcome="decline")
    assert again.frustration > once.frustration + 0.3
    assert "says the same again" in again.signs


def test_urgency_is_told_from_anger() -> None:
    urgent = mood("I need it today, this is urgent, please answer immediately.")
    assert urgent.urgency >= 0.5
    assert urgent.anger == 0


def test_anger_fades_but_lasts_a_message() -> None:
    assert (
        0.2
        < mood("You are thieves, this is a scam!", "ok, the order number is AH-1001").anger
        < mood("You are thieves, this is a scam!").anger
    )


def test_thanks_after_an_angry_start_lower_the_risk() -> None:
    angry = "This is unacceptable, I have been waiting for weeks."
    assert mood(angry, "Thank you, it works now.").risk < mood(angry, "Still no answer. Useless.").risk


def test_only_the_customer_is_heard() -> None:
    turns = [
        Turn("customer", "How do I descale it?"),
        Turn("assistant", "You idiot!"),
        Turn("agent", "Liar!"),
        Turn("customer", "ok"),
    ]
    assert learned_mood().mood(turns).anger == 0
    assert messages(turns) == ("How do I descale it?", "ok")


def test_messages_in_a_row_are_one() -> None:
    roles: list[tuple[Role, str]] = [("customer", "a"), ("customer", "b"), ("assistant", "x"), ("customer", "c")]
    assert messages([Turn(role, text) for role, text in roles]) == ("a\nb", "c")


def test_failures_count_back_to_the_last_answer() -> None:
    outcomes = ["decline", "answer", "decline", "decline"]
    assert failures([Turn("assistant", "…", outcome=each) for each in outcomes]) == 2


@pytest.mark.parametrize("text", ["", " ", "\ud800", "🤬" * 50, "!" * 3000, "a" * 100_000])
def test_anything_has_a_mood_between_0_and_1(text: str) -> None:
    found = mood(text)
    assert all(
        0 <= each <= 1 for each in (found.satisfaction, found.anger, found.urgency, found.frustration, found.risk)
    )


def test_an_empty_conversation_is_at_ease() -> None:
    assert learned_mood().mood([]) == Mood()


def test_the_file_is_small_and_holds_numbers_only() -> None:
    import json

    text = FILE.read_text(encoding="utf-8")
    assert len(text) < 1_000_000
    assert text.isascii()
    languages = json.loads(text)["languages"]
    assert set(languages) == {"en", "zh"}
    for row in languages.values():
        assert packed(unpacked(row)) == row
