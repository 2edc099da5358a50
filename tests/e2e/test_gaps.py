"""The loop in a real browser: what nothing answers becomes a document, its questions cases, its topic a suggestion."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator

import pytest
import yaml
from playwright.sync_api import Locator, Page, expect
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from backends.database import open_database
from desk.handoff import Claim, Resolve
from desk.moves import Actor
from desk.service import Desk
from desk.staff import Role, Staff
from desk.store import Conversations
from desk.tickets import Tickets
from rag.config_people import Staff as StaffSettings
from tests.desk.scripted import Scripted, cited, reply
from tests.e2e.conftest import NewPage
from tests.e2e.server import Server, make_home

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PASSWORD = "correct horse 1"
PEOPLE: dict[str, Role] = {"edda": "editor", "mona": "manager", "emma": "agent", "tess": "tester"}
QUESTION = "Do you sell spare wheels for the Sweep R2?"
PAYLOAD = "<img src=x onerror=alert(1)>"
LONG = 90_000  # milliseconds; a run of cases is a process of its own


@pytest.fixture(scope="module")
def alerts() -> Iterator[list[dict[str, object]]]:
    """What the webhook is told."""
    told = list[dict[str, object]]()

    def take(request: Request) -> Response:
        told.append(json.loads(request.data))
        return Response("taken")

    with HTTPServer() as receiver, pytest.MonkeyPatch.context() as patched:
        receiver.expect_request("/hook", method="POST").respond_with_handler(take)
        patched.setenv("VOUCH_TEST_HOOK", receiver.url_for("/hook"))
        patched.setenv("VOUCH_WEBHOOK_SECRET", "s" * 40)
        yield told


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, alerts: list[dict[str, object]]) -> Iterator[Server]:
    """In review mode; eight customers have asked what nothing answers, and an agent answered one of them."""
    home = make_home(tmp_path_factory.mktemp("gaps"))
    config = yaml.safe_load((home / "config.yaml").read_text())
    config["ingest"]["publish"] = "review"
    config["topics"] = {"askers": 3, "refresh_minutes": 0.05}
    config["notifications"] = {"webhook": {"url": os.environ["VOUCH_TEST_HOOK"], "events": ["rising"]}}
    (home / "config.yaml").write_text(yaml.safe_dump(config, allow_unicode=True))
    engine = open_database(home / "data")
    staff = Staff(engine, StaffSettings(), memory_kib=64)
    for name, role in PEOPLE.items():
        staff.add(name, PASSWORD, [role])
    store = Conversations(engine)
    desk = Desk(store, Scripted(lambda _: reply(cited("No."), outcome="decline")))
    for number in range(8):
        conversation = desk.begin(f"v{number}", "en")
        list(desk.handle_message(conversation, f"v{number}", QUESTION))
    ticket = desk.request_person(conversation, "v7", "en").number
    emma, tickets = Actor("agent:emma", "Emma"), Tickets(engine)
    tickets.move(ticket, Claim("emma"), emma)
    tickets.say(ticket, "emma", "Emma", f"A set of spare wheels costs 12 euros. {PAYLOAD} Write to emma@example.com")
    tickets.move(ticket, Resolve("emma"), emma)
    engine.dispose()
    started = Server(home).start()
    yield started
    started.stop()


def logged_in(new_page: NewPage, server: Server, name: str, path: str, **options: object) -> Page:
    page = new_page(**options)
    page.goto(f"{server.url}{path}")
    page.locator("#name").fill(name)
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    return page


def opened_gap(page: Page) -> Locator:
    page.locator(".w-gaps .w-entry", has_text="spare").click()
    return page.locator(".w-main")


def test_managers_see_and_draft_and_do_not_stage(new_page: NewPage, server: Server) -> None:
    page = logged_in(new_page, server, "mona", "/studio/gaps/", viewport={"width": 390, "height": 844})
    main = opened_gap(page)
    expect(main.locator(".w-questions")).to_contain_text(QUESTION)
    expect(main.locator(".w-talk", has_text="resolved by an agent")).to_contain_text(f"costs 12 euros. {PAYLOAD}")
    expect(main).not_to_contain_text("emma@example.com")
    main.locator("[data-event=draft]").click()
    expect(main.locator("textarea[name=text]")).to_have_value(re.compile(rf"## {re.escape(QUESTION)}"))
    expect(main).to_contain_text("Only editors put documents into the knowledge.")
    expect(main.locator("button[type=submit]")).to_have_count(0)
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    page.evaluate(  # the page's own event, which no button of theirs sends
        """() => { const form = document.querySelector('[data-form=stage]');
        for (const [name, value] of [['name', 'forged'], ['folder', ''], ['questions', 'x']]) {
          const field = document.createElement('input'); field.name = name; field.value = value; form.append(field); }
        form.requestSubmit(); }"""
    )
    expect(main.locator(".w-problem")).to_contain_text("Only editors")
    assert not (server.home / "knowledge" / "forged.md").exists()
    page.get_by_role("button", name="中文").click()
    expect(main.locator("h2").first).to_have_text("问题")
    assert page.request.get(f"{server.url}/studio/").status == 403


def test_the_loop(new_page: NewPage, server: Server, alerts: list[dict[str, object]]) -> None:
    page = logged_in(new_page, server, "edda", "/studio/")
    page.get_by_role("button", name="Changes").click()
    page.get_by_role("button", name="Publish all").click()
    expect(page.locator("#work-list .w-entry", has_text="delivery.md")).to_contain_text("live")
    page.get_by_role("link", name="Gaps").click()

    main = opened_gap(page)
    main.locator("[data-event=draft]").click()
    text = main.locator("textarea[name=text]")
    expect(text).to_have_value(re.compile("costs 12 euros"))
    text.fill(f"# Spare wheels\n\n## {QUESTION}\n\nA set of spare wheels for the Sweep R2 costs 12 euros.\n")
    main.locator("[name=name]").fill("kettle/../spare wheels")
    main.get_by_role("button", name="Stage").click()
    expect(page.locator(".w-main h1")).to_have_text(re.compile("Spare wheels|spare wheels.md"))
    expect(page.locator(".w-closings .w-entry")).to_contain_text("staged")
    assert (server.home / "knowledge" / "spare wheels.md").is_file()
    expect(page.locator(".w-gaps .w-entry")).to_have_count(0)
    assert not (server.home / "eval").exists()  # its cases wait until it is live

    page.get_by_role("link", name="Studio").click()
    page.get_by_role("button", name="Changes").click()
    page.locator(".w-rows [data-event=publish]").click()
    expect(page.locator("#work-list .w-entry", has_text="spare wheels.md")).to_contain_text("live")
    page.get_by_role("link", name="Gaps").click()
    page.locator(".w-closings .w-entry").click()
    expect(page.locator(".w-played")).to_have_text("resolved: 1 / 1 · 100% (21%–100%)", timeout=LONG)
    expect(page.locator(".w-case")).to_contain_text("A set of spare wheels for the Sweep R2 costs 12 euros.")
    (case,) = [json.loads(each) for each in (server.home / "eval/cases/gaps.cases.jsonl").read_text().splitlines()]
    assert (case["turns"], case["expect"], case["cite"]) == ([QUESTION], "answer", [["spare wheels.md"]])
    expect(page.locator("[data-side=before]")).to_have_text("0 / 8 · 0% (0%–32%)")

    chat = new_page()
    suggestion = chat.locator(".v-empty .v-chips button", has_text=QUESTION)
    for _ in range(20):  # the topic rises, and now there is an answer to it
        chat.goto(server.url)
        chat.locator(".v-empty .v-chips button").first.wait_for()
        if suggestion.count():
            break
        chat.wait_for_timeout(1000)
    suggestion.click()
    expect(chat.locator(".v-message.v-assistant").last).to_contain_text("costs 12 euros")
    expect(chat.locator(".v-rate")).to_be_visible()  # the answer is stored

    insights = logged_in(new_page, server, "mona", "/insights/")
    row = insights.locator('.i-closings [data-source="spare wheels.md"]')
    expect(row).to_contain_text("0 / 8 · 0% (0%–32%)")
    expect(row).to_contain_text("1 / 1 · 100% (21%–100%)")

    assert len(alerts) == 1  # though it was looked at again and again
    assert (alerts[0]["event"], alerts[0]["people"]) == ("rising", 8)
    assert "spare" in str(alerts[0]["topic"])


@pytest.mark.parametrize("name", ["emma", "tess"])
def test_it_is_for_nobody_else(new_page: NewPage, server: Server, name: str) -> None:
    asked = new_page().request
    asked.post(f"{server.url}/login", form={"name": name, "password": PASSWORD})
    for path in ("/studio/gaps/", "/studio/gaps/news"):
        assert asked.get(f"{server.url}{path}").status == 403
