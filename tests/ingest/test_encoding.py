"""Which encoding a text is in: short and long, with and without what the file says of itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.loaders import load
from ingest.loaders.encoding import decode, looks_binary

SIMPLIFIED = [
    "退货需要在签收之后七天内提出申请。",
    "运费由我们承担，您不用付钱。",
    "请把产品和配件一起放回原来的包装里。",
    "电池不在保修范围之内。",
    "如果机器漏水，请先关掉电源，再联系客服。",
]
TRADITIONAL = [
    "退貨需要在簽收之後七天內提出申請。",
    "運費由我們承擔，您不用付錢。",
    "請把產品和配件一起放回原來的包裝裡。",
    "電池不在保固範圍之內。",
    "如果機器漏水，請先關掉電源，再聯絡客服。",
]
JAPANESE = ["返品は七日以内にお申し込みください。", "送料は当店が負担します。", "電池は保証の対象外です。"]
WESTERN = ["Die Rückgabe ist 30 Tage lang möglich.", "L’échange coûte 3 €.", "El envío llegará mañana – ¡gratis!"]


@pytest.mark.parametrize(
    ("encoding", "sentences"),
    [
        ("gb18030", SIMPLIFIED),
        ("gb18030", TRADITIONAL),
        ("gbk", SIMPLIFIED),
        ("big5", TRADITIONAL),
        ("utf-16-le", SIMPLIFIED),
        ("utf-16-be", TRADITIONAL),
        ("utf-16", JAPANESE),
        ("cp932", JAPANESE),
        ("euc_jp", JAPANESE),
        ("cp1252", WESTERN),
        ("utf-16-le", WESTERN),
        ("utf-8-sig", TRADITIONAL),
    ],
)
@pytest.mark.parametrize("suffix", [".txt", ".md", ".csv", ".html"])
def test_each_sentence_alone_and_all_together(encoding: str, sentences: list[str], suffix: str) -> None:
    for text in (*sentences, "\n".join(sentences)):
        raw = text.encode(encoding)
        assert decode(raw) == text
        got = load(raw, f"a{suffix}")
        said = "".join(block.text + "".join(map("".join, block.rows)) for block in got.blocks) + got.title
        assert "".join(text.split())[:6] in "".join(said.split())


@given(st.lists(st.sampled_from(SIMPLIFIED), min_size=1, max_size=6), st.sampled_from(["gb18030", "utf-8", "utf-16"]))
def test_simplified_among_latin_words_and_numbers(sentences: list[str], encoding: str) -> None:
    text = "Model F300, 3 x 45:\n" + "\n".join(sentences)
    assert decode(text.encode(encoding)) == text


@given(
    st.lists(st.sampled_from(TRADITIONAL), min_size=1, max_size=6), st.sampled_from(["big5", "gb18030", "utf-16-le"])
)
def test_traditional_among_latin_words_and_numbers(sentences: list[str], encoding: str) -> None:
    text = "Model F300, 3 x 45:\n" + "\n".join(sentences)
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize(
    "declared", ["gb2312", "big5", "iso-8859-1", "windows-1252", "utf-8", "shift_jis", "rubbish", ""]
)
@pytest.mark.parametrize(("encoding", "sentences"), [("gb18030", SIMPLIFIED), ("big5", TRADITIONAL)])
def test_a_wrong_declaration_does_no_harm(declared: str, encoding: str, sentences: list[str]) -> None:
    text = "".join(sentences)
    assert decode(text.encode(encoding), declared) == text


def test_a_declaration_decides_between_encodings_that_cannot_be_told_apart() -> None:
    raw = "Доставка".encode("koi8_r")
    assert decode(raw, "koi8-r") == "Доставка"


@given(st.binary(min_size=64, max_size=400))
def test_bytes_at_random_are_not_utf16(raw: bytes) -> None:
    assert looks_binary(raw + bytes(range(32)) * 2)
