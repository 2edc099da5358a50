"""The evaluation's report in a real browser: it loads nothing, runs nothing, and fits a phone."""

from __future__ import annotations

import pytest

from eval.report import page
from eval.results import Run
from tests.e2e.conftest import NewPage
from tests.eval.made_runs import case, made, result
from tests.eval.test_report import PAYLOADS, hostile

pytestmark = pytest.mark.browser
LONG = "没有空格的很长的一句话" * 20 + "x" * 300


def long_run() -> Run:
    return made([result(case(n, turns=(LONG,), tags=("t" * 40,)), 0, why=LONG) for n in range(3)])


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_texts_load_nothing_and_run_nothing(new_page: NewPage, payload: str) -> None:
    shown = new_page()
    shown.set_content(page(hostile(payload), payload))
    shown.locator("details").evaluate_all("all => all.forEach(each => each.open = true)")
    assert shown.locator("script, img, iframe, a, form").count() == 0
    assert shown.locator("details.case").count() == 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_it_has_its_style_and_fits(new_page: NewPage, width: int, scheme: str) -> None:
    shown = new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    shown.set_content(page(long_run(), ""))
    shown.locator("details.case").evaluate_all("all => all.forEach(each => each.open = true)")
    assert shown.evaluate("document.documentElement.scrollWidth") <= width
    background = shown.evaluate("getComputedStyle(document.body).backgroundColor")
    assert background == {"light": "rgb(246, 244, 240)", "dark": "rgb(20, 23, 22)"}[scheme]


def test_a_failing_case_opens_by_keyboard_and_prints(new_page: NewPage) -> None:
    shown = new_page()
    shown.set_content(page(made([result(case(0), 0, why="lacks 'a fact'")]), ""))
    shown.locator("details.case > summary").focus()
    shown.keyboard.press("Enter")
    assert shown.get_by_text("The filter lasts 12 months.").is_visible()
    assert not shown.get_by_text('"confidence": 0.9').is_visible()
    shown.get_by_text("Trace of turn 1").click()
    assert shown.get_by_text('"confidence": 0.9').is_visible()
    assert len(shown.pdf()) > 5_000
