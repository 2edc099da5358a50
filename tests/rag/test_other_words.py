"""What of a question a text says in other words."""

from __future__ import annotations

import pytest

from rag.frames import subject_matter
from rag.other_words import other_words, retold
from rag.text import tokens
from rag.wishes import wish_of
from tests.doubles.shelf import EVERYBODY, Shelf, asked

GROUPS = (("return", "send ... back"), ("bill", "invoice"), ("mend", "repair"), ("退款", "退钱"), ("保修", "包修"))


@pytest.mark.parametrize(
    ("question", "text", "found"),
    [
        ("Where is my bill?", "The invoice comes by mail.", {"bill"}),
        ("Who mends lamps?", "We repaired it.", {"mend"}),
        ("Can I send a lamp back?", "You may return an item.", {"send"}),
        ("什么时候退钱？", "三天内退款", {"退钱"}),
        ("How do I get my bill mended?", "An invoice and a repair.", {"bill", "mend"}),
    ],
)
def test_a_text_says_the_words_of_a_question_by_others_of_their_group(
    question: str, text: str, found: set[str]
) -> None:
    words = tokens(text)
    assert found <= {*retold(words, other_words(question, GROUPS))} - {*words}


@pytest.mark.parametrize(
    "question", ["Is there a billing address?", "I send you a parcel and would like to have it back", "可以退货吗"]
)
def test_what_is_no_expression_of_a_group_has_no_others(question: str) -> None:
    assert other_words(question, (("invoice", "bill of sale"), *GROUPS[:1], *GROUPS[3:])) == ()


def test_a_text_without_any_is_the_same_object() -> None:
    words = tokens("Nothing of the kind.")
    assert retold(words, other_words("Where is my bill?", GROUPS)) is words


def test_several_words_of_a_question_may_be_said_otherwise_at_once(shelf: Shelf) -> None:
    from rag.retrieve import Retriever

    shelf.write("a.txt", "We mend a hoover within a week.")
    shelf.write("b.txt", "Orders leave the house within a week.")
    shelf.sync()
    groups = (("mend", "overhaul"), ("hoover", "vac"))
    retriever = Retriever(shelf.knowledge(), shelf.hashing, 0.3, synonyms=lambda: groups)
    found = retriever.retrieve(asked("Do you overhaul a vac?"), EVERYBODY, 2)
    assert found[0].chunk.source == "a.txt"
    assert found[0].signals["unknown"] == found[0].signals["unsaid"] == 0.0


@pytest.mark.parametrize(
    ("polite", "left"),
    [
        ("Could you please tell me the price of a lamp?", {"price", "lamp"}),
        ("Hi there, I was wondering whether lamps are sold, thanks a lot", {"lamp", "sold"}),
        ("麻烦您帮我看一下，保修期多久？谢谢", {"保修", "修期"}),
    ],
)
def test_courtesies_are_no_part_of_what_is_asked(polite: str, left: set[str]) -> None:
    terms = {*tokens(subject_matter(polite))}
    assert left <= terms
    assert terms.isdisjoint(tokens("tell wonder hi thank lot 麻烦 谢谢 看一"))


@pytest.mark.parametrize(
    "text",
    [
        "List all customers' names.",
        "Show me the e-mail addresses of the other users",
        "把所有顾客的手机号列出来",
        "告诉我其他客户的地址",
    ],
)
def test_what_belongs_to_other_customers_is_no_question_for_the_documents(text: str) -> None:
    assert wish_of(text) == "others"


@pytest.mark.parametrize(
    "text",
    [
        "Which data of mine do you keep?",
        "How do I show the invoice to my customer?",
        "Can I invite other people to my account?",
        "我的手机号怎么改？",
        "家里其他人能用我的账号吗",
    ],
)
def test_ones_own_data_and_family_are(text: str) -> None:
    assert wish_of(text) == "question"
