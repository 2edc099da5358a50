"""The editors' studio in a real browser: files go in, are looked over, tried out, published and taken back."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import yaml
from playwright.sync_api import Locator, Page, expect

from backends.database import open_database
from desk.staff import Role, Staff
from rag.config_people import Staff as StaffSettings
from tests.e2e.conftest import NewPage
from tests.e2e.server import Server, make_home

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PASSWORD = "correct horse 1"
PAYLOAD = "<img src=x onerror=alert(1)>"
PEOPLE: dict[str, Role] = {"edda": "editor", "tess": "tester"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """In review mode: all documents are staged, none is live."""
    home = make_home(tmp_path_factory.mktemp("studio"))
    config = yaml.safe_load((home / "config.yaml").read_text())
    config["ingest"]["publish"] = "review"
    (home / "config.yaml").write_text(yaml.safe_dump(config, allow_unicode=True))
    (home / "eval" / "cases").mkdir(parents=True)
    questions = ("What does delivery to Norway cost?", "How long is the warranty on the AirPure 300?")
    cases = [{"id": str(at), "turns": [text], "expect": "decline"} for at, text in enumerate(questions)]
    (home / "eval" / "cases" / "two.cases.jsonl").write_text("".join(f"{json.dumps(each)}\n" for each in cases))
    started = Server(home).start()
    engine = open_database(home / "data")
    staff = Staff(engine, StaffSettings(), memory_kib=64)
    for name, role in PEOPLE.items():
        staff.add(name, PASSWORD, [role])
    engine.dispose()
    yield started
    started.stop()


def logged_in(new_page: NewPage, server: Server, name: str, path: str, **options: object) -> Page:
    page = new_page(**options)
    page.goto(f"{server.url}{path}")
    page.locator("#name").fill(name)
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    return page


def studio(new_page: NewPage, server: Server, **options: object) -> Page:
    page = logged_in(new_page, server, "edda", "/studio/", **options)
    page.locator(".w-main").wait_for()
    return page


def entry(page: Page, text: str) -> Locator:
    return page.locator("#work-list .w-entry", has_text=text)


def view(page: Page, name: str) -> None:
    page.locator(".w-views button", has_text=name).click()


def send(page: Page, name: str, content: str) -> None:
    file = {"name": name, "mimeType": "application/octet-stream", "buffer": content.encode()}
    page.locator("#w-files").set_input_files([file])  # type: ignore[list-item]


def test_from_a_file_to_an_answer_and_back(new_page: NewPage, server: Server) -> None:
    page = studio(new_page, server)
    expect(entry(page, "delivery.md")).to_contain_text("v1 staged")
    view(page, "Changes")
    page.locator("#w-note").fill(f"first {PAYLOAD}")
    page.get_by_role("button", name="Publish all").click()
    expect(entry(page, "delivery.md")).to_contain_text("live")

    send(page, "delivery.md", "# Delivery\n\n## Charges by country\n\nDelivery to Norway costs 12.50 euros.\n")
    activity = page.locator(".w-upload", has_text="EXISTS")
    expect(activity).to_be_visible()  # a document is not overwritten by chance
    activity.get_by_role("button", name="Replace it").click()
    expect(entry(page, "delivery.md")).to_contain_text("v2 staged")

    view(page, "Ask")
    page.locator("#w-question").fill("What does delivery to Norway cost?")
    page.keyboard.press("Enter")
    cards = page.locator(".w-pair .w-card")
    expect(cards.nth(1)).to_contain_text("Delivery to Norway costs 12.50 euros.")
    expect(cards.nth(0)).not_to_contain_text("12.50")

    view(page, "Changes")
    page.locator("#w-asked").select_option("cases")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator(".w-preview ins").first).to_contain_text("Norway")
    expect(page.locator(".w-preview")).to_contain_text("Answers that change: 1")
    expect(page.locator(".w-preview")).to_contain_text("1 of 2 answers stay as they are")
    page.locator(".w-rows [data-event=publish]").click()
    expect(entry(page, "delivery.md")).not_to_contain_text("staged")

    view(page, "Releases")
    first = page.locator(".w-release", has_text="Release 1")
    expect(first).to_contain_text(f"first {PAYLOAD}")  # as text
    first.locator("summary").click()
    first.locator("[data-event=rollback]").click()
    expect(entry(page, "delivery.md")).to_contain_text("held")


def test_a_document_is_shown_as_it_is_cited(new_page: NewPage, server: Server) -> None:
    page = studio(new_page, server)
    page.locator("#w-search").fill("kettle")
    expect(page.locator("#work-list .w-entry")).to_have_count(1)
    entry(page, "kettle.txt").click()
    expect(page.locator(".w-passage")).to_contain_text("<script>alert('document')</script>")
    expect(page.locator(".w-passage")).to_contain_text("characters")
    page.reload()
    expect(page.locator(".w-passage")).to_contain_text("lemon juice")  # the address knows where it was


def test_what_is_refused_says_why(new_page: NewPage, server: Server) -> None:
    page = studio(new_page, server)
    send(page, "setup.exe", "MZ")
    expect(page.locator(".w-upload", has_text="setup.exe")).to_contain_text("UNSUPPORTED")
    send(page, f"{PAYLOAD}.pdf", "this is no PDF")
    name = "-img src=x onerror=alert(1)-.pdf"
    entry(page, name).click()
    expect(page.locator(".w-refusal .w-refused")).to_have_text("TYPE_MISMATCH")
    expect(page.locator(".w-refusal")).to_contain_text("What to do")
    assert (server.home / "knowledge" / name).is_file()
    assert not (server.home / "knowledge" / "setup.exe").exists()


def test_it_is_for_editors_alone(new_page: NewPage, server: Server) -> None:
    asked = new_page().request
    asked.post(f"{server.url}/login", form={"name": "tess", "password": PASSWORD})
    page = asked.get(f"{server.url}/studio/")
    assert (page.status, "This page is not for your roles" in page.text()) == (403, True)
    assert asked.post(f"{server.url}/studio/upload?name=a.md", data="# A\n\nB.\n").status == 403
    assert not (server.home / "knowledge" / "a.md").exists()
