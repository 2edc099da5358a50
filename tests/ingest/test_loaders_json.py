"""JSON and JSON Lines: questions with answers, records as a table, and what is refused."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.loaders import load
from rag.errors import Refused
from rag.types import Block, Document

PAIR = {"question": "How long does it take?", "answer": "Two days."}


def read(value: object, name: str = "faq.json") -> Document:
    return load(json.dumps(value, ensure_ascii=False).encode(), name)


def kinds(document: Document) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in document.blocks]


def refusal(raw: bytes, name: str = "faq.json") -> Refused:
    with pytest.raises(Refused) as raised:
        load(raw, name)
    return raised.value


@pytest.mark.parametrize(
    "value",
    [
        [PAIR],
        {"faqs": [PAIR]},
        {"version": 2, "Items": [PAIR]},
        {"questions": [PAIR]},
        PAIR,
        [{"Q": PAIR["question"], "A": PAIR["answer"]}],
        [{"问题": PAIR["question"], "答案": PAIR["answer"], "id": 7}],
        [{"title": PAIR["question"], "body": PAIR["answer"]}],
        [{"question": PAIR["question"], "answers": [{"text": PAIR["answer"]}]}],
    ],
)
def test_shapes_of_questions_and_answers(value: object) -> None:
    assert kinds(read(value)) == [("question", "How long does it take?"), ("text", "Two days.")]


def test_answers_keep_their_paragraphs_and_lists() -> None:
    document = read([{"question": "How?", "answer": "Like this.\n\n1. Open it.\n2. Take it out."}])
    assert [(block.kind, block.marker, block.text) for block in document.blocks[1:]] == [
        ("text", "", "Like this."),
        ("item", "1.", "Open it."),
        ("item", "2.", "Take it out."),
    ]


def test_answers_of_html_are_read_as_html() -> None:
    document = read([{"question": "How?", "answer": "<p>Like <b>this</b>.</p><script>x()</script><h2>Then</h2>so"}])
    assert kinds(document) == [("question", "How?"), ("text", "Like this."), ("heading", "Then"), ("text", "so")]
    assert document.blocks[2].level > document.blocks[0].level


def test_each_way_to_ask_has_the_answer() -> None:
    document = read([{"questions": ["How long?", "When will it come?"], "answer": "Two days."}])
    assert kinds(document) == [
        ("question", "How long?"),
        ("text", "Two days."),
        ("question", "When will it come?"),
        ("text", "Two days."),
    ]


@pytest.mark.parametrize(
    "value",
    [
        [{"category": "Post", **PAIR}, {"category": "Post", "q": "And abroad?", "a": "Five."}],
        {"Post": [PAIR, {"q": "And abroad?", "a": "Five."}]},
        {"title": "Help", "categories": [{"name": "Post", "faqs": [PAIR, {"q": "And abroad?", "a": "Five."}]}]},
    ],
)
def test_categories_are_headings_once(value: object) -> None:
    assert [text for _, text in kinds(read(value))] == [
        "Post",
        "How long does it take?",
        "Two days.",
        "And abroad?",
        "Five.",
    ]


def test_what_has_no_category_stands_below_none() -> None:
    document = read([{"category": "Post", **PAIR}, {"q": "Who are you?", "a": "A shop."}])
    assert kinds(document)[:3] == [("question", "Who are you?"), ("text", "A shop."), ("heading", "Post")]


def test_a_question_without_an_answer_is_left_out_with_a_warning() -> None:
    document = load(b'[{"q": "a?", "a": ""}, {"q": "b?", "a": null}, {"q": "c?", "a": "Yes."}]', "a.json")
    assert kinds(document) == [("question", "c?"), ("text", "Yes.")]
    assert document.warnings == ("2 of 3 questions have no answer and were left out.",)


def test_records_are_a_table() -> None:
    document = read([{"model": "K1", "kg": 0.9}, {"model": "K2", "new": True, "colours": ["red", "blue"]}])
    assert document.blocks == (
        Block(
            "table",
            rows=(("model", "kg", "new", "colours"), ("K1", "0.9", "", ""), ("K2", "", "true", "red, blue")),
        ),
    )


def test_the_name_of_the_whole_is_the_title() -> None:
    assert read({"title": "Our FAQ", "faqs": [PAIR]}).title == "Our FAQ"


@pytest.mark.parametrize(
    "value",
    [
        {"a": {"b": 1}},
        [1, 2],
        "text",
        [],
        {"faqs": []},
        [{"order": 1, "items": [{"sku": 1}]}],
        [{"a": {"b": 1}}],
        [PAIR, {"answer": "Without a question."}],
        [{}],
    ],
)
def test_other_shapes_are_refused_with_the_keys_expected(value: object) -> None:
    refused = refusal(json.dumps(value).encode())
    assert refused.code == "NOT_QA"
    assert '"question" and "answer"' in refused.advice


def test_the_entry_that_is_no_pair_is_named() -> None:
    assert "Entry 2 " in refusal(json.dumps([PAIR, {"answer": "x"}]).encode()).reason


def test_lines_are_entries() -> None:
    raw = b'{"q": "a?", "a": "Yes."}\r\n\r\n{"q": "b?", "a": "No."}\r\n'
    assert [text for _, text in kinds(load(raw, "faq.jsonl"))] == ["a?", "Yes.", "b?", "No."]


@pytest.mark.parametrize(
    ("line", "code"),
    [(b'{"q": "b?", "a": ', "BROKEN"), (b'{"q": "b?", "q": "c?", "a": "d"}', "BROKEN"), (b"[1]", "NOT_QA")],
)
def test_one_bad_line_is_named(line: bytes, code: str) -> None:
    refused = refusal(b'{"q": "a?", "a": "Yes."}\n\n' + line + b"\n", "faq.jsonl")
    assert refused.code == code
    assert "ine 3" in refused.reason


def test_the_place_of_a_mistake_is_named() -> None:
    refused = refusal(b'[\n{"q": "a?",\n "a" "b"}]')
    assert (refused.code, "line 3, character 6" in refused.reason) == ("BROKEN", True)


@pytest.mark.parametrize("deep", [500, 900, 100_000])
def test_deep_nesting_is_refused(deep: int) -> None:
    assert refusal(b"[" * deep + b"]" * deep).code in ("BROKEN", "NOT_QA")
    inner = b"[" * deep + b"]" * deep
    got = b'[{"q": "a?", "a": ' + inner + b"}]"
    assert refusal(got).code in ("BROKEN", "NO_TEXT")


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_value_of_json_is_refused_by_its_name(word: str) -> None:
    refused = refusal(f'[{{"q": "a?", "a": {word}}}]'.encode())
    assert refused.code == "BROKEN"
    assert word in refused.reason


def test_a_number_too_long_to_read_is_refused() -> None:
    assert refusal(b'[{"q": "a?", "a": ' + b"9" * 10_000 + b"}]").code == "BROKEN"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
def test_encodings(encoding: str) -> None:
    text = json.dumps([{"问题": "怎么退货？", "答案": "请在七天内把商品寄回给我们。"}], ensure_ascii=False)
    assert kinds(load(text.encode(encoding), "a.json")) == [
        ("question", "怎么退货？"),
        ("text", "请在七天内把商品寄回给我们。"),
    ]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["q", "a", "items", "title", "text", "category", "x"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(VALUES)
def test_any_value_is_read_or_refused(value: object) -> None:
    assert outcome(value) in ("read", "NOT_QA", "NO_TEXT", "EMPTY")


def outcome(value: object) -> str:
    try:
        return "read" if read(value).title else ""
    except Refused as refused:
        return refused.code
