"""Questions about orders of their own: from the record, cited, only that customer's; and what is no such question."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from rag.people import Customer, Order
from rag.phrases import phrase
from rag.records import Found, look_up
from rag.types import Turn
from rag.understand import understand

TODAY = date(2026, 11, 20)
SHIPPED = Order(
    "AH-1001",
    date(2026, 11, 12),
    "shipped",
    ("AirPure 300S", "filter"),
    "£273.90",
    "Parcelway",
    "PW8812",
    date(2026, 11, 23),
)
PACKED = Order("AH-1002", date(2026, 11, 15), "packed", ("Kettle K1",), "£69", expected_on=date(2026, 11, 18))
DONE = Order("AH-1003", date(2026, 10, 1), "delivered", ("Brew One",), "£449", delivered_on=date(2026, 10, 4))
ANNA = Customer("C-1", "Anna", orders=(PACKED, SHIPPED, DONE))


def found(*texts: str, customer: Customer | None = ANNA) -> Found | None:
    """What comes of a conversation in which the assistant answers each message but the last from the record."""
    turns = list[Turn]()
    for text in texts:
        if turns:
            earlier = look_up(understand(turns), turns, customer, TODAY)
            turns.append(
                Turn("assistant", " ".join(each.text for each in earlier.sentences) if earlier else "No idea.")
            )
        turns.append(Turn("customer", text))
    return look_up(understand(turns), turns, customer, TODAY)


def said(*texts: str, orders: tuple[Order, ...] = ANNA.orders) -> str:
    answer = found(*texts, customer=replace(ANNA, orders=orders))
    assert answer is not None
    return " ".join(each.text for each in answer.sentences)


def about(*texts: str) -> list[str]:
    """The orders an answer cites."""
    answer = found(*texts)
    assert answer is not None
    cited = [citation.source for each in answer.sentences for citation in each.citations]
    return list(dict.fromkeys(source.removeprefix("record:orders/") for source in cited))


@pytest.mark.parametrize("text", ["Where is my order AH-1001?", "ah1001", "Order 1001?", "我的订单 AH-1001 到哪了？"])
def test_every_sentence_cites_its_order(text: str) -> None:
    answer = found(text)
    assert answer is not None
    assert answer.decision.outcome == "answer"
    for sentence in answer.sentences:
        (citation,) = sentence.citations
        assert (citation.source, citation.chunk_id, citation.number) == ("record:orders/AH-1001", 0, 1)
        for field in (
            "AH-1001",
            "2026-11-12",
            "shipped",
            "AirPure 300S",
            "Parcelway",
            "PW8812",
            "2026-11-23",
            "£273.90",
        ):
            assert field in citation.quote


def test_where_it_is() -> None:
    assert said("Where is my order AH-1001?") == (
        "Your order AH-1001, placed on 12 November 2026, has the status “shipped”. It is expected to arrive on "
        "23 November 2026. Parcelway delivers it, with the tracking number PW8812."
    )
    assert said("我的订单AH-1001到哪了") == (
        "您于2026年11月12日下的订单 AH-1001，当前状态为“shipped”。 预计于2026年11月23日送达。 由Parcelway配送，运单号为 PW8812。"
    )


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("When will my order AH-1002 arrive?", "expected on 18 November 2026; our records show no delivery yet"),
        ("When was AH-1003 delivered?", "delivered on 4 October 2026"),
        ("What is the tracking number of AH-1001?", "PW8812"),
        ("What's the tracking number of AH-1002?", "no tracking number for it yet"),
        ("What did I order with AH-1001?", "It contains: AirPure 300S; filter."),
        ("How much was my order AH-1001?", "Its total is £273.90."),
        ("AH-1002 什么时候送到？", "原预计于2026年11月18日送达"),
        ("AH-1001的快递单号是多少", "PW8812"),
        ("AH-1003里面有什么", "包含商品：Brew One。"),
    ],
)
def test_what_was_asked_is_answered(text: str, holds: str) -> None:
    assert holds in said(text)


@pytest.mark.parametrize(
    ("texts", "orders"),
    [
        (["Where is my order?"], ["AH-1002", "AH-1001"]),  # both are on their way
        (["我的快递到哪了"], ["AH-1002", "AH-1001"]),
        (["Where is my last order?"], ["AH-1002"]),
        (["Where is my kettle order?"], ["AH-1002"]),
        (["When will my kettle arrive?"], ["AH-1002"]),
        (["Hi, has my new AirPure been sent yet?"], ["AH-1001"]),
        (["Which carrier has my purifier?"], ["AH-1002", "AH-1001"]),  # in no words of the record: all on their way
        (["我买的AirPure什么时候能送到"], ["AH-1001"]),
        (["我的热水壶发货了吗"], ["AH-1002", "AH-1001"]),
        (["Which orders do I have?"], ["AH-1002", "AH-1001", "AH-1003"]),
        (["Show me all my orders"], ["AH-1002", "AH-1001", "AH-1003"]),
        (["I am Anna. Show me my orders"], ["AH-1002", "AH-1001", "AH-1003"]),
        (["我有哪些订单"], ["AH-1002", "AH-1001", "AH-1003"]),
        (["What did I order last?"], ["AH-1002"]),
        (["Where is my order?", "AH-1001"], ["AH-1001"]),
        (["Where is my order AH-1001?", "And when will it arrive?"], ["AH-1001"]),
        (["我的订单AH-1001到哪了", "那什么时候送到"], ["AH-1001"]),
    ],
)
def test_which_orders_are_meant(texts: list[str], orders: list[str]) -> None:
    assert about(*texts) == orders


def test_one_order_that_has_come_is_told_when_none_is_on_its_way() -> None:
    assert "delivered on 4 October 2026" in said("Where is my order?", orders=(DONE,))


@pytest.mark.parametrize(
    "text",
    [
        "How do I track my order?",
        "Can I return AH-1001?",
        "How long does the filter of the AirPure 300S last?",
        "What does recall AH-R-2025-02 say?",
        "Can I change my order after it was packed?",
        "怎么取消订单？",
        "退货运费谁出？",
        "I want to talk to a person about my order",
        "When will it arrive?",  # nothing was spoken of
        "When will my refund arrive?",
        "Has my invoice been sent?",
        "When will my new card come?",
        "Is my filter lamp on?",
        "Has my purifier got a filter?",
        "我的退款什么时候到账？",
        "我的发票发了吗",
    ],
)
@pytest.mark.parametrize("customer", [ANNA, None])
def test_what_documents_and_people_answer_is_left_to_them(text: str, customer: Customer | None) -> None:
    assert found(text, customer=customer) is None


@pytest.mark.parametrize("text", ["Where is my order?", "AH-1001", "我的快递到哪了", "Where is order AH-1001?"])
def test_a_guest_hears_how_to_be_known(text: str) -> None:
    answer = found(text, customer=None)
    assert answer is not None
    assert answer.decision.outcome == "decline"
    assert answer.sentences[0].text in (phrase("order_guest", "en"), phrase("order_guest", "zh"))
    turns = [Turn("customer", text)]
    assert look_up(understand(turns), turns, None, TODAY, sign_in=False) is None


@pytest.mark.parametrize("text", ["Where is my order {}?", "{}", "{}到哪了", "Has my order {} been delivered?"])
def test_another_number_is_unknown_in_the_same_words_whoever_has_it(text: str) -> None:
    answers = {
        str(found(text.format(number))) for number in ("AH-2001", "AH-9999", "ah 2001"[:2] + "-2001", "ZZ-123456")
    }
    assert len(answers) == 1
    assert phrase("order_unknown", "zh" if "到" in text else "en") in answers.pop()


def test_without_orders_or_records_the_truth_is_said() -> None:
    assert said("Where is my order?", orders=()) == phrase("order_none", "en")
    away = found("Where is my order?", customer=replace(ANNA, orders=(), reachable=False))
    assert away is not None
    assert away.sentences[0].text == phrase("order_away", "en")


def test_the_first_ten_of_many_are_listed() -> None:
    many = tuple(replace(SHIPPED, number=f"AH-{1100 + at}") for at in range(12))
    answer = found("Where are my orders?", customer=replace(ANNA, orders=many))
    assert answer is not None
    assert [each.citations[0].number for each in answer.sentences] == list(range(1, 11))
    assert "newest 10 of 12" in answer.note
