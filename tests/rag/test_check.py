"""The check: what passes and what does not. What it cannot see is not claimed here."""

from __future__ import annotations

import pytest

from rag.citations import check, supports
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
        ("The left button starts the pump.", "The right button starts the pump."),
        ("Clean the red lamp with a soft cloth.", "Clean the blue lamp with a soft cloth."),
        ("Returns are always free.", "Returns are free."),
        ("Press it for half an hour.", "Press it for an hour."),
        ("红灯闪烁表示缺水。", "蓝灯闪烁表示缺水。"),
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
