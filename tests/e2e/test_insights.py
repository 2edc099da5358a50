"""Insights in a real browser: what a manager reads there is what the store holds."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from backends.database import open_database
from desk.measure_rows import Report, report
from desk.staff import Staff
from rag.config_people import Staff as StaffSettings
from tests.desk.generated import Weeks
from tests.e2e.conftest import NewPage
from tests.e2e.server import Server, make_home
from ui.insights import period_of
from ui.insights_render import shown
from ui.insights_texts import EN, ZH

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PASSWORD = "correct horse 1"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """With the conversations of the last 40 days, a manager and an agent."""
    home = make_home(tmp_path_factory.mktemp("insights"))
    engine = open_database(home / "data")
    staff = Staff(engine, StaffSettings(), memory_kib=64)
    for name, role in (("mona", "manager"), ("emma", "agent")):
        staff.add(name, PASSWORD, [role])
    today = datetime.combine(datetime.now(UTC).date(), time())
    weeks = Weeks(seed=3, days=40, begin=today - timedelta(days=40))
    for _ in range(400):
        weeks.conversation()
    weeks.fill(engine)
    engine.dispose()
    started = Server(home).start()
    yield started
    started.stop()


def log_in(new_page: NewPage, server: Server, name: str = "mona", **options: object) -> Page:
    page = new_page(**options)
    page.goto(f"{server.url}/insights/")
    page.locator("#name").fill(name)
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    return page


def stored(server: Server, days: int) -> Report:
    engine = open_database(server.home / "data")
    found = report(engine, period_of(days))
    engine.dispose()
    return found


def value(page: Page, figure: str) -> str:
    return str(page.locator(f'[data-figure="{figure}"] .i-value').inner_text())


def test_the_figures_are_the_stores(new_page: NewPage, server: Server) -> None:
    page = log_in(new_page, server)
    expect(page).to_have_title(re.compile("Tiny & Co – Insights"))
    for days in (30, 7):
        page.locator(f'[data-event="period"][data-days="{days}"]').click()
        expect(page.locator(".i-main")).to_have_attribute("data-days", str(days))
        held = stored(server, days)
        assert held.all.verified > 5
        for key, (_, definition) in EN.figures.items():
            assert value(page, key) == shown(key, held.all, EN).value, key
            expect(page.locator(f'[data-figure="{key}"]')).to_contain_text(definition)
        expect(page.locator(".i-chart g")).to_have_count(days)
        topics = page.locator('[data-table="topic"] tbody tr')
        expect(topics).to_have_count(len(held.figures["topic"]))
        expect(page.locator(".i-topics tbody")).to_contain_text(re.compile("kettle.*保修期|保修期.*kettle"))


def test_the_file_has_the_same_and_runs_nowhere(new_page: NewPage, server: Server, tmp_path: Path) -> None:
    page = log_in(new_page, server)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as CSV").click()
    download.value.save_as(tmp_path / "figures.csv")
    with (tmp_path / "figures.csv").open(encoding="utf-8", newline="") as file:
        rows = {(row["dimension"], row["value"]): row for row in csv.DictReader(file)}
    held = stored(server, 30)
    assert len(rows) == sum(map(len, held.figures.values()))
    for name, found in asdict(held.all).items():
        assert rows["all", ""][name] == ("" if found is None else str(found))
    assert ("topic", "'=HYPERLINK(1)") in rows
    assert not [name for row in rows.values() for name in row.values() if name.startswith(("=", "+", "-", "@", "\t"))]


def test_in_chinese_and_on_a_phone(new_page: NewPage, server: Server) -> None:
    page = log_in(new_page, server, viewport={"width": 390, "height": 844}, color_scheme="dark")
    page.get_by_role("button", name="中文").click()
    expect(page.locator('[data-figure="lasting"] dt')).to_have_text(ZH.figures["lasting"][0])
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    assert page.locator(".i-main").evaluate("each => each.scrollWidth <= each.clientWidth")
    page.locator('[data-event="period"][data-days="7"]').click()
    expect(page.locator(".i-main")).to_have_attribute("data-days", "7")
    expect(page.locator(".i-main")).to_have_attribute("lang", "zh")  # as chosen


def test_what_was_not_resolved_becomes_an_outline(new_page: NewPage, server: Server) -> None:
    page = log_in(new_page, server)
    gap = page.locator(".i-gaps details", has_text="kettle")
    gap.locator("summary").click()
    expect(gap.locator("pre")).to_contain_text("## Can I return a kettle?")
    attack = page.locator(".i-gaps pre", has_text="onclick")
    expect(attack).to_contain_text("<b onclick=alert(2)>warranty</b>")  # as text


def test_agents_do_not_see_it(new_page: NewPage, server: Server) -> None:
    page = new_page()
    page.request.post(f"{server.url}/login", form={"name": "emma", "password": PASSWORD})
    assert page.request.get(f"{server.url}/desk/").status == 200
    for path in ("", "figures.csv"):
        assert page.request.get(f"{server.url}/insights/{path}").status == 403
