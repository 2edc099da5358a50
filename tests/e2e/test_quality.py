"""The testers' page in a real browser: cases are run, runs opened and compared, conversations made into cases."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from backends.database import open_database
from desk.staff import Staff
from eval.cases import read_cases
from rag.config_people import Staff as StaffSettings
from tests.e2e.conftest import NewPage
from tests.e2e.server import Server, make_home
from tests.eval.made_runs import case, made, result, stored

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PASSWORD = "correct horse 1"
PAYLOAD = "<img src=x onerror=alert(1)>"
QUESTION = "How long is the warranty on the AirPure 300?"
CASES = (
    {"id": "warranty", "turns": [QUESTION], "expect": "answer", "facts": [["24 months"]], "cite": [["warranty.pdf"]]},
    {"id": "wrong", "turns": [f"Hello {PAYLOAD}"], "expect": "answer", "facts": [["x"]], "cite": [["delivery.md"]]},
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """With cases of its own, an earlier run of them, and a tester."""
    home = make_home(tmp_path_factory.mktemp("quality"))
    cases = home / "eval" / "cases"
    cases.mkdir(parents=True)
    (cases / "tiny.cases.jsonl").write_text("".join(f"{json.dumps(each)}\n" for each in CASES))
    results = [result(each, 0.0, why=f"no {PAYLOAD}") for each in read_cases([cases / "tiny.cases.jsonl"])]
    stored(home / "data" / "runs", made([*results, result(case(7), 1.0)], "20260101-100000"))
    started = Server(home).start()
    engine = open_database(home / "data")
    staff = Staff(engine, StaffSettings(), memory_kib=64)
    staff.add("tess", PASSWORD, ["tester"])
    staff.add("edda", PASSWORD, ["editor"])
    engine.dispose()
    yield started
    started.stop()


def quality(new_page: NewPage, server: Server, **options: object) -> Page:
    page = new_page(**options)
    page.goto(f"{server.url}/quality/")
    page.locator("#name").fill("tess")
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.locator(".w-main").wait_for()
    return page


def test_a_run_is_played_shown_and_compared(new_page: NewPage, server: Server) -> None:
    page = quality(new_page, server)
    expect(page.locator(".w-chart .w-point")).to_have_count(1)
    page.get_by_role("button", name="Run the cases").click()
    expect(page.locator(".w-job").first).to_contain_text("done", timeout=90_000)
    expect(page.locator(".w-chart .w-point")).to_have_count(2)
    newest = page.locator("#work-list .w-entry").first
    expect(newest).to_contain_text("50.0 %")  # one of two
    newest.click()
    with page.expect_popup() as opened:
        page.locator("a", has_text="Open the report").click()
    report = opened.value
    expect(report.locator("body")).to_contain_text(PAYLOAD)  # as text
    assert report.evaluate("getComputedStyle(document.querySelector('main')).maxWidth") == "1080px"  # its styles count

    page.get_by_role("button", name="Compare with another run").click()
    expect(page.locator(".w-main")).to_contain_text("Cases gained: 1, lost: 0")
    expect(page.locator(".w-main")).to_contain_text("Not compared: 1")
    page.locator("#w-second").select_option("20260101-100000")
    expect(page.locator(".w-main")).to_contain_text("Choose two different runs")


def test_a_conversation_becomes_a_case(new_page: NewPage, server: Server) -> None:
    chat = new_page()
    chat.goto(server.url)
    chat.locator("#v-input").fill(f"I want to speak to a person {PAYLOAD}")
    chat.keyboard.press("Enter")
    expect(chat.locator(".v-request")).to_be_visible()
    page = quality(new_page, server)
    page.locator(".w-views button", has_text="Drafts").click()
    page.get_by_role("button", name="Look for new ones").click()
    draft = page.locator("article.w-card", has_text="handed off")
    expect(draft).to_contain_text(PAYLOAD)
    field = draft.locator("textarea")
    written = json.loads(field.input_value())
    field.fill("{")
    draft.get_by_role("button", name="Accept as a case").click()
    expect(page.locator(".w-problem")).to_contain_text("not JSON")
    expect(field).to_have_value("{")  # what was written is not lost
    field.fill(json.dumps(written | {"tags": ["ours"]}))
    draft.get_by_role("button", name="Accept as a case").click()
    expect(draft).to_have_count(0)
    (accepted,) = read_cases([Path(server.home / "eval" / "cases" / "life.cases.jsonl")])
    assert (accepted.expect, accepted.tags) == ("hand_off", ("ours",))


def test_it_is_for_testers_alone(new_page: NewPage, server: Server) -> None:
    asked = new_page().request
    assert asked.get(f"{server.url}/quality/report/20260101-100000").status == 401
    asked.post(f"{server.url}/login", form={"name": "edda", "password": PASSWORD})
    for path in ("/quality/", "/quality/news", "/quality/report/20260101-100000"):
        assert asked.get(f"{server.url}{path}").status == 403
