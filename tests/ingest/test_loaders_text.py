"""Plain text, encodings, CSV."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.loaders import load
from ingest.loaders.text import text_blocks
from rag.errors import Refused
from rag.types import Block, Document

WRAPPED = """The parcel is picked up at your door on the day you chose when you wrote to us,
and the money is back on your card within five working days of its arrival in
our warehouse.
"""


def kinds(text: str) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in text_blocks(text)]


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text))


def words_of(blocks: tuple[Block, ...]) -> Counter[str]:
    return words("\n".join(f"{b.marker} {b.text} {' '.join(cell for row in b.rows for cell in row)}" for b in blocks))


def document(text: str, name: str = "a.txt") -> Document:
    return load(text.encode(), name)


def test_hard_wrapped_lines_become_one_paragraph() -> None:
    (block,) = text_blocks(WRAPPED)
    assert "\n" not in block.text
    assert "wrote to us, and the money" in block.text


def test_short_lines_stay_lines() -> None:
    assert kinds("Roses are red\nViolets are blue") == [("text", "Roses are red\nViolets are blue")]


def test_long_lines_are_paragraphs_of_their_own() -> None:
    line = "word " * 40 + "end."
    assert [block.kind for block in text_blocks(f"{line}\n{line}")] == ["text", "text"]


def test_wrapped_chinese_is_joined_without_spaces() -> None:
    line = "我们会在七个工作日之内把货款退回到您付款时所用的账户请留意银行的短信通知"
    (block,) = text_blocks(f"{line}\n{line}\n如有疑问请联系客服。")
    assert " " not in block.text
    assert "\n" not in block.text


def test_list_items_keep_markers_depth_and_continuation_lines() -> None:
    blocks = text_blocks("1. Open the lid.\n2. Take out the filter, which is\n   heavy.\n   - mind the edge\n3) Close")
    assert [(block.kind, block.marker, block.text, block.level) for block in blocks] == [
        ("item", "1.", "Open the lid.", 0),
        ("item", "2.", "Take out the filter, which is heavy.", 0),
        ("item", "-", "mind the edge", 1),
        ("item", "3)", "Close", 0),
    ]


@pytest.mark.parametrize("marker", ["-", "*", "•", "1.", "12)", "（1）", "一、", "①"])
def test_markers(marker: str) -> None:
    blocks = text_blocks(f"{marker} 第一项说明。\n{marker} 第二项说明。")
    assert [(block.kind, block.marker) for block in blocks] == [("item", marker)] * 2


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("Returns\n=======\nSend it back.", 1),
        ("Returns\n-------\nSend it back.", 2),
        ("RETURNS AND REFUNDS\n\nSend it back.", 2),
        ("RETURNS AND REFUNDS\nSend it back.", 2),
        ("2.1 Returns\n\nSend it back.", 3),
        ("一、退货说明\n请在七天内寄回。", 2),
        ("第三章 退货\n\n请在七天内寄回。", 2),
    ],
)
def test_headings(text: str, level: int) -> None:
    first, second = text_blocks(text)
    assert (first.kind, first.level) == ("heading", level)
    assert second.kind == "text"


@pytest.mark.parametrize(
    "text",
    [
        "How do I return it?\nSend it back.",
        "How do I return it?\n\nSend it back.",
        "Q: How do I return it?\nA: Send it back.",
        "How do I return\nit?\n\nSend it back.",
    ],
)
def test_a_question_with_its_answer(text: str) -> None:
    question, answer = text_blocks(text)
    assert (question.kind, question.text) == ("question", "How do I return it?")
    assert (answer.kind, answer.text) == ("text", "Send it back.")


def test_questions_and_answers_without_blank_lines() -> None:
    text = "问：怎么退货？\n答：七天内寄回。\n问：运费谁付？\n答：我们付。"
    assert kinds(text) == [
        ("question", "怎么退货？"),
        ("text", "七天内寄回。"),
        ("question", "运费谁付？"),
        ("text", "我们付。"),
    ]


def test_a_question_at_the_end_has_no_answer_and_is_text() -> None:
    assert kinds("We are here for you. Any questions?") == [("text", "We are here for you. Any questions?")]


def test_hostile_characters_are_gone() -> None:
    (block,) = text_blocks("pay\x00 \u202eno\u202cw\u200b \U000e0041here\x1b[0m")
    assert block.text == "pay now here[0m"


@given(
    st.text(
        alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cf", "Co", "Cn"])
        | st.sampled_from("\n\t -*?1.=:")
    )
)
def test_no_word_is_lost(text: str) -> None:
    assert words_of(text_blocks(text)) == words(text)


@given(
    st.lists(
        st.sampled_from(
            ["How so?", "一、退货", "- item", "  go on", "===", "---", "", "NOTE", "Q: a", "1. Lid", "plain text."]
        )
    )
)
def test_no_word_is_lost_among_markers(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert words_of(text_blocks(text)) == words(text)


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8-sig", "Grüße 你好"),
        ("utf-16", "Grüße 你好"),
        ("utf-16-le", "hello there"),
        ("gb18030", "您好，请问怎么退货？谢谢您。"),
        ("big5", "您好，請問怎麼退貨？謝謝您。"),
        ("cp932", "返品の方法を教えてください。"),
        ("cp1252", "The café’s price – £5 “net”"),
        ("latin-1", "Größe und Länge"),
        ("cp1251", "Здравствуйте, как вернуть товар в магазин?"),
    ],
)
def test_encodings(encoding: str, text: str) -> None:
    assert load(text.encode(encoding), "a.txt").blocks[0].text == text


def test_one_wrong_byte_does_not_change_the_encoding() -> None:
    raw = "您好，请问怎么退货？谢谢您。".encode() + b"\xe9" + "如有疑问请联系客服。".encode()
    assert load(raw, "a.txt").blocks[0].text == "您好，请问怎么退货？谢谢您。\ufffd如有疑问请联系客服。"


def test_csv_is_a_table_with_its_header() -> None:
    (block,) = document('name;price\n"Lamp; large";3,50\nChair\n', "a.csv").blocks
    assert block.rows == (("name", "price"), ("Lamp; large", "3,50"), ("Chair", ""))


def test_csv_of_numbers_has_an_empty_header() -> None:
    (block,) = document("1,2\n3,4\n", "a.csv").blocks
    assert block.rows == (("", ""), ("1", "2"), ("3", "4"))


@pytest.mark.parametrize("header", ["Question,Answer", "q,A", "问题,答案", "問題,答案", "提问,回答"])
def test_csv_of_questions(header: str) -> None:
    blocks = document(f'{header}\nHow long?,"Two days.\n\n- by post\n- by van"\n', "faq.csv").blocks
    assert [(block.kind, block.text) for block in blocks] == [
        ("question", "How long?"),
        ("text", "Two days."),
        ("item", "by post"),
        ("item", "by van"),
    ]


def test_csv_category_is_a_heading_once() -> None:
    blocks = document("id,category,question,answer\n1,Post,a?,b\n2,Post,c?,d\n3,Pay,e?,f\n", "faq.csv").blocks
    assert [block.text for block in blocks] == ["Post", "a?", "b", "c?", "d", "Pay", "e?", "f"]


@given(st.text(alphabet=st.sampled_from('ab1,;\t|"\n\r é中?'), max_size=200))
def test_csv_never_loses_a_word_and_only_refuses(text: str) -> None:
    got = read_or_refused(text.encode(), "a.csv")
    if isinstance(got, Refused):
        assert got.code in ("EMPTY", "NO_TEXT")
        assert not words(text)
    else:
        assert set("".join(words(text))) == set("".join(words_of(got.blocks)))


def read_or_refused(raw: bytes, name: str) -> Document | Refused:
    try:
        return load(raw, name)
    except Refused as refusal:
        return refusal


@given(
    st.binary(max_size=300),
    st.sampled_from(
        [
            "a.txt",
            "a.csv",
            "a.md",
            "a.html",
            "a.pdf",
            "a.docx",
            "a.xlsx",
            "a.epub",
            "a.eml",
            "a.msg",
            "a.json",
            "a.jsonl",
        ]
    ),
)
def test_any_bytes_are_read_or_refused(raw: bytes, name: str) -> None:
    got = read_or_refused(raw, name)
    if isinstance(got, Refused):
        assert got.reason.endswith(".")
        assert got.advice.endswith(".")


def test_an_answer_cut_by_its_own_delimiter_keeps_its_words() -> None:
    blocks = document("question;answer\nHow long?;Two days; it depends.\nWhy?;So.\n", "a.csv").blocks
    assert [block.text for block in blocks] == ["How long?", "Two days", "it depends.", "Why?", "So."]
