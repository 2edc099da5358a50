"""The page as customers use it, in a real browser against a real server."""

from __future__ import annotations

import re
import signal
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import NewPage
from tests.e2e.server import ATTACK, Server, make_home

pytestmark = [pytest.mark.browser, pytest.mark.slow]
QUESTION = "How long is the warranty on the AirPure 300?"


def opened(new_page: NewPage, server: Server, **options: object) -> Page:
    page = new_page(**options)
    page.goto(server.url)
    page.locator("#v-input").wait_for()
    return page


def ask(page: Page, text: str) -> Locator:
    """Ask, wait for the whole answer, give it back."""
    answers = page.locator(".v-assistant:not(.v-live)")
    before = answers.count()
    page.locator("#v-input").fill(text)
    page.keyboard.press("Enter")
    expect(answers).to_have_count(before + 1)
    expect(page.locator(".v-transcript")).to_have_attribute("data-busy", "false")
    return answers.last


def test_ask_cite_rate_reload(new_page: NewPage, server: Server) -> None:
    page = opened(new_page, server)
    expect(page).to_have_title("Tiny & Co – Customer service")
    expect(page.locator(".v-send")).to_be_disabled()
    page.get_by_role("button", name=QUESTION).click()  # an example question
    answer = page.locator(".v-assistant:not(.v-live)")
    expect(answer).to_contain_text("24 months from delivery")
    mark = answer.locator(".v-cite").first
    expect(mark).to_have_attribute("aria-label", re.compile("Source 1: "))
    mark.focus()
    page.keyboard.press("Enter")
    focused = page.locator(".v-panel mark.v-focus")
    expect(focused).to_contain_text("24 months from delivery")
    expect(focused).to_be_in_viewport()
    expect(page.locator(".v-facts")).to_contain_text("page 1")
    picture = page.locator(".v-picture img")
    expect(picture).to_be_visible()
    picture.evaluate("image => image.decode()")
    assert picture.evaluate("image => image.naturalWidth") == 1000
    page.keyboard.press("Escape")
    expect(page.locator(".v-panel")).to_be_hidden()
    expect(mark).to_be_focused()
    page.get_by_role("button", name="This helped").click()
    expect(page.get_by_role("button", name="This helped")).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(page.locator(".v-customer")).to_contain_text(QUESTION)
    expect(page.locator(".v-assistant")).to_contain_text("24 months from delivery")
    expect(page.get_by_role("button", name="This helped")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="This did not help").click()
    expect(page.get_by_role("button", name="This helped")).to_have_attribute("aria-pressed", "false")


def test_lists_and_tables_are_drawn_as_such(new_page: NewPage, server: Server) -> None:
    page = opened(new_page, server)
    steps = ask(page, "How do I prepare a parcel for return?")
    expect(steps.locator(".v-items li")).to_have_count(3)
    charge = ask(page, "What does delivery to Germany cost?")
    expect(charge.locator(".v-table, .v-rows")).to_contain_text("€4.95")


def test_a_person_is_asked_for_once_and_truthfully(new_page: NewPage, server: Server) -> None:
    page = opened(new_page, server)
    person = page.get_by_role("button", name="Talk to a person").first
    person.click()
    told = page.locator(".v-assistant")
    expect(told).to_contain_text(re.compile(r"stored; its number is \d+\."))
    number = re.search(r"number is (\d+)", told.inner_text())
    assert number is not None
    expect(page.locator(".v-request")).to_contain_text(f"no. {number[1]} ")
    person.click()
    page.locator("#v-contact").fill("anna@example.org")
    page.locator(".v-request [type=submit]").click()
    expect(page.locator(".v-request")).to_contain_text("reached at anna@example.org")
    expect(told).to_have_count(1)
    said = ask(page, "I want to talk to a person please")
    expect(said).to_contain_text(f"its number is {number[1]}.")
    page.reload()
    expect(page.locator(".v-request")).to_contain_text("reached at anna@example.org")


def test_what_the_documents_do_not_hold_is_declined_with_the_offer_of_a_person(
    new_page: NewPage, server: Server
) -> None:
    page = opened(new_page, server)
    answer = ask(page, "Who won the football world cup in 1954?")
    answer.get_by_role("button", name="Talk to a person").click()
    expect(page.locator(".v-request")).to_be_visible()


def test_a_question_with_two_readings_is_asked_back_and_a_button_completes_it(
    new_page: NewPage, server: Server
) -> None:
    page = opened(new_page, server)
    asked = ask(page, "How much does the dust box hold?")
    options = asked.get_by_role("list", name="Which do you mean?").get_by_role("button")
    assert sorted(options.all_inner_texts()) == ["Sweep R2", "Sweep R2 Pro"]
    page.reload()
    expect(options).to_have_count(2)  # they are stored with the reply
    options.get_by_text("Sweep R2 Pro", exact=True).focus()
    page.keyboard.press("Enter")
    answer = page.locator(".v-assistant:not(.v-live)").nth(1)
    expect(answer).to_contain_text("350 ml")
    expect(answer).not_to_contain_text("400 ml")
    expect(page.locator(".v-customer").last).to_contain_text("Sweep R2 Pro")
    expect(page.locator("#v-input")).to_be_focused()
    for option in page.locator(".v-options button").all():
        expect(option).to_be_disabled()


def test_chinese_by_browser_and_by_switch(new_page: NewPage, server: Server) -> None:
    page = opened(new_page, server, locale="zh-CN")
    expect(page.locator("h1")).to_have_text("您好，请问有什么可以帮您？")
    expect(page.locator("html")).to_have_attribute("lang", "zh")
    expect(ask(page, "空气净化器的保修期多久？")).to_contain_text("保修期为两年")
    page.get_by_role("button", name="EN").click()
    expect(page.locator("#v-input")).to_have_attribute("placeholder", "Write your question…")
    page.reload()
    expect(page.locator("#v-input")).to_have_attribute("placeholder", "Write your question…")
    expect(page.locator(".v-assistant")).to_contain_text("保修期为两年")


def test_on_a_phone_the_passage_is_a_sheet(new_page: NewPage, server: Server) -> None:
    page = opened(new_page, server, viewport={"width": 390, "height": 844}, has_touch=True)
    ask(page, QUESTION).locator(".v-cite").first.tap()
    sheet = page.locator("#vouch-panel")
    expect(sheet.locator("mark.v-focus")).to_be_in_viewport()
    box = sheet.bounding_box()
    assert box is not None
    assert box["width"] == 390
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.get_by_role("button", name="Close the source").tap()
    expect(sheet.locator(".v-panel")).to_be_hidden()
    expect(page.get_by_role("button", name="Talk to a person").first).to_be_in_viewport()
    expect(page.locator("#v-input")).to_be_in_viewport()


@pytest.mark.parametrize(
    "text", [ATTACK, "</textarea><svg onload=alert(3)>", "{{7*7}} ${alert(4)} javascript:alert(5)"]
)
def test_an_attack_typed_as_a_question_is_text(new_page: NewPage, server: Server, text: str) -> None:
    page = opened(new_page, server)
    ask(page, text)
    assert page.locator(".v-customer .v-bubble").inner_text() == text
    page.reload()
    expect(page.locator(".v-customer .v-bubble")).to_have_text(text)


def test_an_attack_in_a_document_is_text(new_page: NewPage, server: Server) -> None:
    page = opened(new_page, server)
    answer = ask(page, "How often should I rinse the kettle with lemon juice?")
    expect(answer).to_contain_text("<script>alert('document')</script>")
    answer.locator(".v-cite").first.click()
    expect(page.locator(".v-text")).to_contain_text(ATTACK)
    assert page.locator(".v-transcript :is(script, img), .v-panel :is(script, img)").count() == 0


def test_a_new_conversation_starts_empty_and_stays_after_a_reload(new_page: NewPage, server: Server) -> None:
    page = opened(new_page, server)
    ask(page, QUESTION)
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".v-message")).to_have_count(0)
    page.reload()
    expect(page.locator("h1")).to_be_visible()


def test_too_long_a_message_is_refused_in_words(new_page: NewPage, server: Server) -> None:
    page = opened(new_page, server)
    page.locator("#v-input").fill("x" * 2001)
    page.keyboard.press("Enter")
    expect(page.locator(".v-notice")).to_contain_text("at most 2,000 characters")
    expect(page.locator(".v-customer")).to_have_count(0)


def test_shift_enter_makes_a_line_and_enter_of_an_input_method_does_not_send(new_page: NewPage, server: Server) -> None:
    page = opened(new_page, server)
    field = page.locator("#v-input")
    field.fill("one")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("two")
    field.evaluate(
        "f => f.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true}))"
    )
    expect(field).to_have_value("one\ntwo")
    page.keyboard.press("Enter")
    assert page.locator(".v-customer .v-bubble").inner_text() == "one\ntwo"


def test_messages_written_in_a_hurry_are_all_answered_in_order(new_page: NewPage, server: Server) -> None:
    page = opened(new_page, server)
    texts = [QUESTION, "What does delivery to Germany cost?", "How do I prepare a parcel for return?"]
    for text in texts:
        page.locator("#v-input").fill(text)
        page.keyboard.press("Enter")
    expect(page.locator(".v-assistant:not(.v-live)")).to_have_count(3)
    assert page.locator(".v-customer .v-bubble").all_inner_texts() == texts


def test_visitors_do_not_meet(new_page: NewPage, server: Server) -> None:
    anna, ben = opened(new_page, server), opened(new_page, server)
    ask(anna, QUESTION)
    conversation = anna.locator(".v-transcript").get_attribute("data-conversation")
    ben.reload()
    expect(ben.locator("h1")).to_be_visible()
    ben.locator(".v-transcript").evaluate("(box, id) => { box.dataset.conversation = id }", conversation)
    ben.locator("#v-input").fill("Let me in")
    ben.keyboard.press("Enter")
    expect(ben.locator(".v-notice")).to_contain_text("did not work")
    assert "24 months" not in ben.content()
    anna.reload()
    expect(anna.locator(".v-customer")).to_have_count(1)


def test_a_conversation_survives_the_death_of_the_server(new_page: NewPage, tmp_path: Path) -> None:
    server = Server(make_home(tmp_path / "site")).start()
    page = opened(new_page, server)
    ask(page, QUESTION)
    page.get_by_role("button", name="This helped").click()
    expect(page.get_by_role("button", name="This helped")).to_have_attribute("aria-pressed", "true")
    page.goto("about:blank")
    server.stop(signal.SIGKILL)
    server.start()
    page.goto(server.url)
    expect(page.locator(".v-assistant")).to_contain_text("24 months from delivery")
    expect(page.get_by_role("button", name="This helped")).to_have_attribute("aria-pressed", "true")
    ask(page, "What does delivery to Germany cost?")
    page.goto("about:blank")
    assert server.stop() == 130
    assert "Traceback" not in "".join(server.output)
