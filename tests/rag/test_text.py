"""Tokens, sentences and language, as retrieval and citations need them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text import content_tokens, folded, language_of, normalise, sentence_spans, tokens


def pieces(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


# --- tokens ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("filters", "Filter"),
        ("returned", "returning"),
        ("濾網", "滤网"),
        ("退貨運費誰出", "退货运费谁出"),
        ("ＡＢＣ　３００Ｓ", "abc 300s"),
        ("ＲＥＴＵＲＮ", "return"),
        ("don't", "don’t"),
        ("（退货）", "退货"),
    ],
)
def test_what_reads_the_same_is_found_the_same(one: str, other: str) -> None:
    assert tokens(one) == tokens(other)


@pytest.mark.parametrize("code", ["300S", "R2", "E1", "L4", "AP300S", "2026"])
def test_product_codes_stay_as_they_are(code: str) -> None:
    assert tokens(code) == (code.lower(),)


def test_twins_are_told_apart() -> None:
    assert tokens("AirPure 300") != tokens("AirPure 300S")
    assert set(tokens("Sweep R2 Pro")) - set(tokens("Sweep R2")) == {"pro"}


def test_chinese_gives_characters_and_pairs() -> None:
    assert tokens("换滤网") == ("换", "滤", "网", "换滤", "滤网")


def test_languages_mix_within_one_text() -> None:
    assert tokens("Wi-Fi连不上") == ("wi", "fi", "连", "不", "上", "连不", "不上")


def test_every_token_is_letters_and_digits() -> None:
    assert all(token.isalnum() for token in tokens("a_b (c) 4,500 — d/e “f” 3.5% 你好，世界"))


def test_common_words_count_for_nothing_unless_there_is_nothing_else() -> None:
    assert content_tokens(tokens("how do I clean the filter")) == ("clean", "filter")
    assert content_tokens(tokens("你的滤网呢")) == content_tokens(tokens("你的滤网呢"))
    assert content_tokens(tokens("what is it")) == tokens("what is it")


def test_folding_keeps_capitals_and_normalising_does_not() -> None:
    assert folded("ＡirPure 濾網") == "AirPure 滤网"
    assert normalise("ＡirPure 濾網") == "airpure 滤网"


# --- sentences ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One here. Two there.", ["One here.", "Two there."]),
        ("It takes approx. 3.5 kg. Then stop.", ["It takes approx. 3.5 kg.", "Then stop."]),
        ("Use a cloth, e.g. a soft one. Dry it.", ["Use a cloth, e.g. a soft one.", "Dry it."]),
        ("See Fig. 3 on p. 12. It shows the lid.", ["See Fig. 3 on p. 12.", "It shows the lid."]),
        ("Part no. 5 fits. No. 6 does not.", ["Part no. 5 fits.", "No. 6 does not."]),
        ("Is it safe? No. It is not.", ["Is it safe?", "No.", "It is not."]),
        ("1. Open the lid. 2. Close it.", ["1. Open the lid.", "2. Close it."]),
        ('He said "Stop." Then he left.', ['He said "Stop."', "Then he left."]),
        ("Really?! Yes.", ["Really?!", "Yes."]),
        ("Wait... it blinks. Done.", ["Wait... it blinks.", "Done."]),
        ("v2.0.1 is out. Update.", ["v2.0.1 is out.", "Update."]),
        ("line one\nline two\n\nline three", ["line one", "line two", "line three"]),
        ("打开盖子。关上盖子！好吗？好", ["打开盖子。", "关上盖子！", "好吗？", "好"]),
        ("他说：“停。”然后走了。", ["他说：“停。”", "然后走了。"]),
        ("（见下文。）第1.2节；完", ["（见下文。）", "第1.2节；", "完"]),
        ("重 3.5 公斤。约 2 天", ["重 3.5 公斤。", "约 2 天"]),
        ("用 Wi-Fi.然后 ok", ["用 Wi-Fi.", "然后 ok"]),
        ("  spaced out.   next ", ["spaced out.   next"]),
        ("", []),
        (" \n ", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert pieces(text) == expected


@given(st.text(alphabet=st.sampled_from("aB1 .!?。！？；…\n\"'”’」）),[]约e.g没")) | st.text(max_size=200))
def test_spans_are_in_order_apart_and_cover_everything_but_white_space(text: str) -> None:
    spans, before, covered = sentence_spans(text), 0, ""
    for start, end in spans:
        assert before <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        assert not text[before:start].strip()
        before, covered = end, covered + text[start:end]
    assert not text[before:].strip()
    assert "".join(covered.split()) == "".join(text.split())


# --- language ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("How do I clean it?", "en"),
        ("怎么清洁？", "zh"),
        ("Wi-Fi 连不上", "zh"),
        ("R2 Pro 的保修多久", "zh"),
        ("濾網多久換一次", "zh"),
        ("What does 滤网 mean in the English manual?", "en"),
        ("300S?", "en"),
        ("", "en"),
    ],
)
def test_language(text: str, expected: str) -> None:
    assert language_of(text) == expected
