"""The check: what passes, what does not, and where a sentence's citation points. What it cannot see is not claimed here."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.citations import WINDOW, check, cite, supports
from rag.text import sentence_spans
from rag.types import Chunk, DraftSentence, Sentence, Span
from tests.rag.passages import passage, said, whole

FILTER = "The filter of the AirPure 300S lasts 12 months or 4,500 hours."


def supported(text: str, source: str, **options: str) -> bool:
    chunk = passage(source, title=options.get("title", "Guide"))
    return check(said(text, chunk), [chunk])[0].supported


# --- what passes -------------------------------------------------------------------------------------------


def test_a_quotation_passes_in_full() -> None:
    verdict = supports(FILTER, whole(passage(FILTER)))
    assert (verdict.supported, verdict.score, verdict.reason) == (True, 1.0, "quoted")


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("The filter lasts 12 months.", FILTER),
        ("The AirPure 300S filter lasts twelve months.", FILTER),
        ("The AirPure filter lasts 4500 h.", FILTER),
        ("Delivery takes 2 to 3 days.", "Delivery takes 2–3 days."),
        ("Delivery takes 3 days.", "Delivery takes 2–3 days."),
        ("Opened items can not be returned.", "Opened items can't be returned."),
        ("Opened items can’t be returned.", "Opened items cannot be returned."),
        ("It weighs 5.6 kg.", "Model: AirPure 300; Weight (kg): 5.6; it stands on the floor"),
        ("1. Open the lid.", "Open the lid."),
        ("2. Open the lid.", "1. Open the lid."),
        ("- Open the lid.", "Open the lid."),
        ("Insert the new one.", "Insert the new filter."),
        ("The offer ends on 31 May 2026.", "The offer ends on May 31st, 2026."),
        ("The warranty is valid for 2 years.", "There is a 2-year warranty, valid everywhere."),
    ],
)
def test_the_same_in_other_words_passes(text: str, source: str) -> None:
    assert supported(text, source)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("濾網每12個月更換一次。", "滤网每12个月更换一次。"),
        ("滤网每12个月更换一次。", "滤网每十二个月更换一次。"),
        ("滤网每两个月要更换一次。", "滤网每2个月更换一次。"),
        ("滤网每二十天清洗一次。", "滤网每20天清洗一次。"),
        ("第一步：打开盖子。", "打开盖子。"),
        ("优惠3月31日截止。", "优惠三月三十一日截止。"),
    ],
)
def test_the_same_in_other_characters_and_numerals_passes(text: str, source: str) -> None:
    assert supported(text, source)


def test_headings_say_what_a_passage_is_about() -> None:
    assert supported("The AirPure 300S filter lasts 12 months.", "The filter lasts 12 months.", title="AirPure 300S")


# --- what does not -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("The filter lasts 8 months.", FILTER),
        ("The filter lasts two months.", FILTER),
        ("The filter lasts 12 weeks.", FILTER),
        ("The filter lasts 12 months or 4,500 minutes.", FILTER),
        ("It costs €5.", "It costs £5."),
        ("It costs 5 euros.", "It costs 5 pounds."),
        ("Delivery takes 2–3 days.", "Delivery takes 2–3 working days."),
        ("Hold the button for 5 minutes.", "Hold the button for 5 s."),
        ("The shop opens at 9 pm.", "The shop opens at 9 a.m."),
        ("The offer ends on 31 March 2026.", "The offer ends on 31 May 2026."),
        ("The offer ends on 3 May 2026.", "The offer ends on 31 May 2026."),
        ("We are open Monday to Saturday.", "We are open Monday to Friday."),
        ("滤网每3个月更换一次。", "滤网每两个月更换一次。"),
        ("滤网每十天更换一次。", "滤网每二十天更换一次。"),
        ("滤网每12天更换一次。", "滤网每12个月更换一次。"),
        ("优惠5月31日截止。", "优惠3月31日截止。"),
    ],
)
def test_a_changed_number_unit_or_date_fails(text: str, source: str) -> None:
    assert not supported(text, source)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("The filter of the AirPure 300 lasts 12 months.", FILTER),
        ("The filter of the AirPure 300S lasts 12 months.", FILTER.replace("300S", "300")),
        ("The filter of the Brew One lasts 12 months.", FILTER),
        ("The Sweep R2 finds its way with a laser.", "The Sweep R2 Pro finds its way with a laser."),
        ("The Sweep R2 Pro finds its way with a gyroscope.", "The Sweep R2 finds its way with a gyroscope."),
        ("Order the filter AP-F300.", "Order the filter AP-F300S."),
        ("The app works with Alexa and Google Home.", "The app works with Alexa."),
        ("R2 有激光导航。", "R2 Pro 有激光导航。"),
        ("支持 Alexa 和 Siri 语音控制。", "支持 Alexa 语音控制。"),
    ],
)
def test_a_changed_name_fails(text: str, source: str) -> None:
    assert not supported(text, source)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("You can return opened items.", "You cannot return opened items."),
        ("You cannot return opened items.", "You can return opened items."),
        ("Returns are impossible after 30 days.", "Returns are possible after 30 days."),
        ("The kettle isn’t safe for children.", "The kettle is safe for children."),
        ("可以退货。", "不可以退货。"),
        ("开封后不可以退货。", "开封后可以退货。"),
        ("请用水冲洗主机。", "请勿用水冲洗主机。"),
    ],
)
def test_a_negation_dropped_or_added_fails(text: str, source: str) -> None:
    assert not supported(text, source)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Opened items may be returned within 30 days.", "Unopened items may be returned within 30 days."),
        ("Delivery takes more than 5 days.", "Delivery takes less than 5 days."),
        ("Clean it before each use.", "Clean it after each use."),
        ("First switch the kettle on at the base.", "First switch the kettle off at the base."),
        ("Delivery of spare parts is free.", "Delivery of spare parts is charged."),
        ("营业时间为下午9点。", "营业时间为上午9点。"),
        ("订单金额需低于99元。", "订单金额需高于99元。"),
    ],
)
def test_the_opposite_fails(text: str, source: str) -> None:
    assert not supported(text, source)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("You may return it within 30 days.", "You may return it within 30 days if the box is unopened."),
        ("Returns are free.", "If you live in the EU, returns are free."),
        ("Members may return opened items.", "Only members may return opened items."),
        ("The pump stops by itself.", "The pump stops by itself unless Eco is set."),
        ("会员可以退货。", "只有会员可以退货。"),
        ("可以免费退货。", "如果商品未拆封，可以免费退货。"),
        ("Only members may return it.", "Members may return it."),
    ],
)
def test_a_condition_dropped_or_added_fails(text: str, source: str) -> None:
    assert not supported(text, source)


def test_a_condition_on_something_else_may_be_left_out() -> None:
    assert supported(
        "The filter lasts 12 months.", "The filter lasts 12 months; if the air is dusty, clean the grille."
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "...",
        "It is.",
        "Call +44 1234 567.",
        "The filter lasts 12 months, see evil.example.",
        "Write to me@evil.example.",
    ],
)
def test_invented_or_empty_sentences_fail(text: str) -> None:
    assert not supported(text, FILTER)


def test_a_name_alone_proves_nothing_in_another_language() -> None:
    chunk = passage("300S 的滤网每12个月更换一次。", title="AirPure 300S", language="zh")
    assert not check(said("The 300S can wash dishes.", chunk), [chunk])[0].supported
    assert not check(said("The 300S filter lasts 8 months.", chunk), [chunk])[0].supported
    assert check(said("The filter of the 300S lasts 12 months.", chunk), [chunk])[0].supported


# --- where it points ---------------------------------------------------------------------------------------


def test_a_citation_is_narrowed_to_the_sentence_that_says_it() -> None:
    chunk = passage("Open the cover.", "The filter lasts 12 months.", "Wash the grille with water.")
    assert check(said("The filter lasts 12 months.", chunk), [chunk])[1] == (Span(chunk, 1, 1),)


def test_a_wrong_citation_is_moved_to_the_right_passage() -> None:
    wrong, right = passage("Wash the grille with water.", number=1), passage("Open it.", FILTER, number=2)
    verdict, spans = check(said("The filter lasts 12 months.", wrong), [wrong, right])
    assert (verdict.supported, spans) == (True, (Span(right, 1, 1),))


def test_a_sentence_without_citation_gets_one_or_is_not_said() -> None:
    chunk = passage(FILTER)
    assert check(DraftSentence(FILTER, ()), [chunk])[1] == (Span(chunk, 0, 0),)
    verdict, spans = check(DraftSentence("Invented from nothing at all.", ()), [chunk])
    assert (verdict.supported, spans) == (False, ())
    assert check(DraftSentence(FILTER, ()), []) == (check(DraftSentence(FILTER, ()), [])[0], ())


def test_the_passage_that_was_cited_wins_when_two_say_the_same() -> None:
    first, second = passage(FILTER, number=1), passage(FILTER, number=2)
    assert check(said(FILTER, second), [first, second])[1] == (Span(second, 0, 0),)


def test_a_statement_over_two_sentences_cites_both() -> None:
    chunk = passage("Hold the Filter button for 5 s.", "The lamp turns green.", "Close the cover.")
    spans = check(said("Hold the Filter button for 5 s until the lamp turns green.", chunk), [chunk])[1]
    assert spans == (Span(chunk, 0, 1),)


def test_passages_are_numbered_in_order_of_appearance_one_number_each() -> None:
    one, two = passage("A b c.", number=70), passage("D e f.", "G h i.", number=50)
    numbers: dict[int, int] = {}
    shown = [
        cite(DraftSentence("x", ()), [span], numbers) for span in (Span(two, 0, 0), Span(one, 0, 0), Span(two, 1, 1))
    ]
    assert [each.citations[0].number for each in shown] == [1, 2, 1]
    assert shown[2].citations[0].quote == "G h i."


def test_a_citation_tells_where_to_find_it() -> None:
    chunk = passage("A.", title="Guide", heading=("Care",), question="How do I clean it?")
    citation = cite(DraftSentence("A.", ()), [Span(chunk, 0, 0)], {}).citations[0]
    assert (citation.title, citation.heading) == ("Guide", ("Care", "How do I clean it?"))
    assert (citation.source, citation.version) == ("guide.md", 1)


@st.composite
def passages(draw: st.DrawFn) -> Chunk:
    text = draw(st.text(alphabet="ab C1.。!? \n滤網５é👍", min_size=1).filter(str.strip))
    spans = tuple(Sentence(start, end) for start, end in sentence_spans(text))
    return Chunk(1, "a.md", 1, 0, "T", (), "", text, spans, "en")


@given(passages(), st.data())
def test_offsets_always_quote_exactly(chunk: Chunk, data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(chunk.sentences) - 1))
    last = data.draw(st.integers(first, min(first + WINDOW, len(chunk.sentences)) - 1))
    citation = cite(DraftSentence("x", ()), [Span(chunk, first, last)], {}).citations[0]
    assert citation.quote == chunk.text[citation.start : citation.end] == Span(chunk, first, last).text


@given(passages(), st.text(max_size=40))
def test_what_is_supported_is_supported_by_a_span_of_the_passage(chunk: Chunk, text: str) -> None:
    verdict, spans = check(DraftSentence(text, (whole(chunk),)), [chunk])
    assert verdict.supported == bool(spans)
    assert all(0 <= span.first <= span.last < len(chunk.sentences) for span in spans)
    assert 0 <= verdict.score <= 1


@given(passages())
def test_every_sentence_supports_itself(chunk: Chunk) -> None:
    for at in range(len(chunk.sentences)):
        assert check(said(chunk.quote(at), chunk), [chunk])[0].supported
