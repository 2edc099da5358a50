"""The agents' desk in a real browser: what a customer hands over is taken, answered and closed by a person."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from backends.database import open_database
from desk.handoff import Escalate
from desk.staff import Staff
from desk.store import Conversations
from rag.config_people import Staff as StaffSettings
from tests.e2e.conftest import NewPage
from tests.e2e.server import ATTACK, Server, make_home

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PASSWORD = "correct horse 1"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """With accounts; emma and oliver are agents on no shift, who see all teams."""
    started = Server(make_home(tmp_path_factory.mktemp("desk"))).start()
    engine = open_database(started.home / "data")
    staff = Staff(engine, StaffSettings(), memory_kib=64)
    for name, role in (("emma", "agent"), ("oliver", "agent"), ("edda", "editor")):
        staff.add(name, PASSWORD, [role])
    engine.dispose()
    yield started
    started.stop()


def desk(new_page: NewPage, server: Server, name: str = "emma", **options: object) -> Page:
    """The desk, through the log-in."""
    page = new_page(**options)
    page.goto(f"{server.url}/desk/")
    page.locator("#name").fill(name)
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.locator(".d-queue").wait_for()
    return page


def customer(new_page: NewPage, server: Server, text: str) -> Page:
    """The page of a customer who wrote this and asked for a person."""
    page = new_page()
    page.goto(server.url)
    say(page, text)
    expect(page.locator(".v-assistant:not(.v-live)")).not_to_have_count(0)
    page.get_by_role("button", name="Talk to a person").first.click()
    expect(page.locator(".v-request")).to_be_visible()
    return page


def say(page: Page, text: str) -> None:
    page.locator("#v-input").fill(text)
    page.keyboard.press("Enter")


def waiting(page: Page, text: str) -> Locator:
    return page.locator('[data-list="waiting"] .d-entry', has_text=text)


def seconds_until(shown: Locator, since: float) -> float:
    expect(shown).to_be_visible()
    return time.monotonic() - since


def test_a_conversation_from_the_assistant_to_a_person_and_to_its_end(new_page: NewPage, server: Server) -> None:
    agent = desk(new_page, server)
    expect(agent).to_have_title(re.compile("Tiny & Co – Desk"))
    chat = customer(new_page, server, "How long is the warranty on the AirPure 300?")
    entry = waiting(agent, "How long is the warranty")
    expect(entry).to_be_visible()  # by itself
    entry.click()
    expect(agent.locator(".d-machine")).to_contain_text(["24 months from delivery", "request"])
    expect(agent.locator(".d-tried")).to_contain_text("answered")
    mark = agent.locator(".d-machine .v-cite").first
    mark.click()
    expect(agent.locator("#desk-panel mark.v-focus")).to_contain_text("24 months from delivery")
    agent.keyboard.press("Escape")
    expect(mark).to_be_focused()
    expect(agent.locator('[data-event="resolve"]')).to_have_count(0)  # it is nobody's yet

    agent.keyboard.press("Alt+t")
    expect(agent.locator(".d-thread")).to_have_attribute("data-mine", "true")
    expect(chat.locator(".v-transcript")).to_contain_text("Emma has joined")
    use = agent.get_by_role("button", name="Put into the reply")
    use.click()
    expect(agent.locator("#d-input")).to_have_value(re.compile("24 months from delivery"))
    agent.locator("#d-input").fill("Hello, this is Emma. Two years, as you read.")
    expect(chat.locator(".v-queue")).to_have_text("Emma is writing…")
    agent.keyboard.press("Enter")
    assert seconds_until(chat.locator(".v-transcript", has_text="this is Emma"), time.monotonic()) < 5
    expect(agent.locator(".d-ours")).to_contain_text("Two years")
    expect(agent.locator("#d-input")).to_have_value("")
    expect(chat.locator(".v-queue")).to_have_text("")

    say(chat, "Are the filters covered by the warranty?")
    expect(agent.locator(".d-theirs").last).to_contain_text("Are the filters covered by the warranty?")  # by itself
    expect(agent.locator(".d-suggestion")).to_contain_text("Filters are wearing parts")
    expect(chat.locator(".v-assistant:not(.v-live)")).to_have_count(
        2
    )  # the answer and the announcement; now it is silent

    agent.get_by_role("button", name="Resolve").click()
    expect(agent.locator(".d-thread")).to_have_attribute("data-state", "resolved")
    expect(chat.locator(".v-transcript")).to_contain_text("Emma has closed your request")
    expect(agent.locator(".d-queue")).to_have_attribute("data-mine", "0")
    expect(chat.locator(".v-assistant:not(.v-live)")).to_have_count(2)  # all the while


def test_notes_stay_among_colleagues(new_page: NewPage, server: Server) -> None:
    chat = customer(new_page, server, "I want to talk to a person about my kettle")
    agent = desk(new_page, server)
    waiting(agent, "about my kettle").click()
    agent.locator("#d-input").fill("He called yesterday, too.")
    agent.keyboard.press("Enter")  # before it is taken, only a note can be written
    expect(agent.locator(".d-note")).to_contain_text("He called yesterday")
    agent.get_by_role("button", name="Take", exact=True).click()
    expect(chat.locator(".v-transcript")).to_contain_text("Emma has joined")
    expect(chat.locator("body")).not_to_contain_text("He called yesterday")
    other = desk(new_page, server, "oliver")
    expect(waiting(other, "about my kettle")).to_have_count(0)
    agent.get_by_text("Pass on", exact=True).click()
    agent.get_by_role("button", name=re.compile("Oliver")).click()
    passed = waiting(other, "about my kettle")
    expect(passed).to_contain_text("For you")
    passed.click()
    expect(other.locator(".d-note")).to_contain_text("He called yesterday")
    other.get_by_role("button", name="Take", exact=True).click()
    other.get_by_role("button", name="Hand back").click()
    expect(chat.locator(".v-transcript")).to_contain_text("The automatic assistant answers you again")


def test_two_agents_and_one_conversation(new_page: NewPage, server: Server) -> None:
    customer(new_page, server, "A person please, my parcel is lost")
    pages = [desk(new_page, server, name) for name in ("emma", "oliver")]
    for page in pages:
        waiting(page, "my parcel is lost").click()
        page.locator('[data-event="take"]').wait_for()
    pages[0].locator('[data-event="take"]').click()
    expect(pages[0].locator(".d-thread")).to_have_attribute("data-mine", "true")
    expect(pages[1].locator(".d-composer")).to_contain_text("emma has this conversation")
    pages[1].locator("#d-input").fill("a draft that must stay")
    pages[0].get_by_role("button", name="Hand back").click()
    expect(pages[1].locator(".d-composer")).to_contain_text("The assistant has this conversation again")
    expect(pages[1].locator("#d-input")).to_have_value("a draft that must stay")


def test_what_customers_write_is_text(new_page: NewPage, server: Server) -> None:
    customer(new_page, server, f"I want a person {ATTACK}")
    agent = desk(new_page, server)
    entry = waiting(agent, "I want a person <script>")
    entry.click()
    expect(agent.locator(".d-theirs")).to_contain_text(ATTACK)
    agent.locator("#d-input").fill(ATTACK)
    agent.keyboard.press("Enter")
    expect(agent.locator(".d-note")).to_contain_text(ATTACK)
    assert agent.locator(".d-thread script, .d-thread img, .d-queue img").count() == 0


@pytest.fixture(scope="module")
def fifty(server: Server) -> None:
    """Fifty people more who wait, in both languages and for several reasons."""
    engine = open_database(server.home / "data")
    store = Conversations(engine)
    for number in range(50):
        zh, rule = number % 5 == 0, ("anger", "safety", "asked_for_person")[number % 3]
        language = "zh" if zh else "en"
        conversation = store.begin(f"visitor {number}", language)
        said = f"我的订单 {number} 还没有到" if zh else f"Order {number} has not arrived"
        store.add_question(conversation, f"visitor {number}", said)
        event = Escalate(rule, "a rule", {"safety": 5, "anger": 3}.get(rule, 0), language=language)
        store.hand_off(conversation, f"visitor {number}", event, "", lambda moved: None)
    engine.dispose()


@pytest.mark.usefixtures("fifty")
def test_fifty_wait(new_page: NewPage, server: Server) -> None:
    page = desk(new_page, server)
    shown = page.locator('[data-list="waiting"] li:not([hidden])')
    assert shown.count() >= 50
    expect(shown.first).to_contain_text("Urgent")
    page.get_by_label("Search").fill("order 47")
    expect(shown).to_have_count(1)
    page.get_by_label("Search").fill("nobody wrote this")
    expect(page.get_by_text("None of them matches the search.")).to_be_visible()
    page.get_by_label("Search").fill("")
    page.get_by_label("All languages").select_option("zh")
    page.get_by_label("All reasons").select_option("safety")
    expect(shown).to_have_count(3)
    page.keyboard.press("Alt+ArrowDown")
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator('.d-entry[aria-current="true"]')).to_have_count(1)
    expect(page.locator(".d-thread")).to_have_attribute("data-ticket", re.compile(r"\d+"))
    expect(shown).to_have_count(3)  # also after the lists came anew


@pytest.mark.usefixtures("fifty")
def test_on_a_phone_and_in_chinese(new_page: NewPage, server: Server) -> None:
    page = desk(new_page, server, viewport={"width": 390, "height": 844}, locale="zh-CN", color_scheme="dark")
    entry = page.locator(".d-entry").first
    expect(entry).to_be_in_viewport()
    entry.click()
    expect(page.locator(".d-log")).to_be_in_viewport()
    expect(page.locator(".d-queue")).to_be_hidden()
    page.get_by_role("button", name="详情").click()
    expect(page.locator(".d-side")).to_be_in_viewport()
    page.locator(".d-side").get_by_role("button", name="关闭").click()
    expect(page.locator(".d-side")).to_be_hidden()
    page.get_by_role("button", name="返回列表").click()
    expect(entry).to_be_in_viewport()
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0


def test_another_role_is_refused_and_nobody_is_asked_to_log_in(browser: Browser, server: Server) -> None:
    page = browser.new_page(java_script_enabled=False, locale="en-GB")  # a refusal is an error on the console, rightly
    page.goto(f"{server.url}/desk/")
    expect(page).to_have_url(re.compile(r"/login\?next=/desk/$"))
    page.locator("#name").fill("edda")
    page.locator("#password").fill("not the password")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("not right")
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("This page is not for your roles")
    assert page.request.get(f"{server.url}/desk/news").status == 403
    page.get_by_role("button", name="Log out").click()
    expect(page).to_have_url(re.compile("/login$"))
    page.close()


def test_who_is_logged_out_elsewhere_is_brought_to_the_log_in(browser: Browser, server: Server) -> None:
    page = desk(browser.new_page, server, "oliver")
    engine = open_database(server.home / "data")
    Staff(engine, StaffSettings(), memory_kib=64).set_password("oliver", PASSWORD)
    engine.dispose()
    page.wait_for_url(re.compile(r"/login\?next=/desk/$"))
    page.close()
