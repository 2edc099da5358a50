"""How a conversation waits, ends and is rated, and how much may be sent, on the customers' page."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import yaml
from playwright.sync_api import Page, expect

from backends.database import open_database
from desk.agents import Agent, AgentDesk
from desk.tickets import Tickets
from tests.desk.scripted import Scripted, reply
from tests.e2e.conftest import NewPage
from tests.e2e.server import Server, make_home
from tests.e2e.test_chat import QUESTION, ask, opened

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ADA = Agent("ada", "Ada")
PACE = 4


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = make_home(tmp_path_factory.mktemp("ending"))
    settings = yaml.safe_load((home / "config.yaml").read_text())
    settings["server"]["messages_per_minute"] = PACE
    settings["shifts"] = {
        "teams": [{"name": "all", "time_zone": "UTC", "languages": ["en", "zh"], "hours": {"mon-sun": "00:00-24:00"}}],
        "agents": [{"name": "ada", "shown": "Ada", "team": "all"}],
    }
    settings["segments"] = [
        {"name": "guest", "when": {"signed_in": False}, "greeting": {"en": "Welcome to the shop.", "zh": "欢迎光临。"}}
    ]
    (home / "config.yaml").write_text(yaml.safe_dump(settings, allow_unicode=True))
    started = Server(home).start()
    yield started
    started.stop()


@pytest.fixture
def agents(server: Server) -> Iterator[AgentDesk]:
    engine = open_database(server.home / "data")
    yield AgentDesk(Tickets(engine), Scripted(lambda _: reply()))
    engine.dispose()


def rate(page: Page, score: int, word: str = "") -> None:
    page.locator(f".v-scores input[value='{score}']").check(force=True)
    page.locator("#v-word").fill(word)
    page.get_by_role("button", name="Send rating").click()


def test_by_keyboard_a_chat_is_ended_rated_and_the_rating_changed(new_page: NewPage, server: Server) -> None:
    page = opened(new_page, server)
    expect(page.get_by_role("heading", name="Welcome to the shop.")).to_be_visible()
    expect(page.get_by_role("button", name="End chat")).to_have_count(0)
    ask(page, QUESTION)
    page.get_by_role("button", name="End chat").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("group", name="How satisfied are you with this conversation?")).to_be_visible()
    expect(page.locator(".v-scores input").first).to_be_focused()
    page.keyboard.press("ArrowRight")  # from 1 to 2
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="3: neither")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.type("<b>slow</b>")
    page.keyboard.press("Enter")
    expect(page.locator(".v-thanks")).to_have_text("Thank you for your rating: 3 of 5, neither.")
    expect(page.locator(".v-thanks")).to_be_focused()
    page.reload()
    page.get_by_text("Change it").click()
    expect(page.locator("#v-word")).to_have_value("<b>slow</b>")
    rate(page, 5)
    expect(page.locator(".v-thanks")).to_contain_text("5 of 5, very satisfied")
    ask(page, "What does delivery to Germany cost?")  # it goes on
    expect(page.locator(".v-survey")).to_have_count(0)
    expect(page.get_by_role("button", name="End chat")).to_be_visible()


def test_the_queue_a_person_and_the_survey_afterwards(new_page: NewPage, server: Server, agents: AgentDesk) -> None:
    pages, numbers = [opened(new_page, server), opened(new_page, server)], list[int]()
    for page in pages:
        page.get_by_role("button", name="Talk to a person").first.click()
        expect(page.locator(".v-request")).to_be_visible()
        numbers.append(max(each.number for each in agents.queue(ADA)))
    first, second = (page.locator(".v-queue") for page in pages)
    expect(first).to_have_text("You are next in the queue. Somebody is at work now.")
    expect(second).to_contain_text("You are number 2 in the queue.")
    pages[1].locator("#v-contact").fill("anna@")  # half written, while the queue moves
    agents.claim(ADA, numbers[0])
    expect(pages[0].locator(".v-line").last).to_contain_text("Ada has joined")
    expect(pages[0].locator(".v-request")).to_contain_text("A person is with you")
    expect(second).to_contain_text("You are next in the queue.")
    expect(pages[1].locator("#v-contact")).to_have_value("anna@")
    agents.resolve(ADA, numbers[0])
    rate(pages[0], 4, "quick")
    expect(pages[0].locator(".v-thanks")).to_contain_text("4 of 5, satisfied")
    expect(pages[0].locator(".v-request form[data-form=contact]")).to_have_count(0)


def test_who_writes_too_fast_is_asked_to_wait_and_loses_nothing(new_page: NewPage, server: Server) -> None:
    page = opened(new_page, server)
    for _ in range(PACE):
        ask(page, "Hello")
    page.locator("#v-input").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text(re.compile(r"Please wait \d+ seconds .* your text is still in"))
    expect(page.locator("#v-input")).to_have_value(QUESTION)
    expect(page.locator(".v-customer")).to_have_count(PACE)
