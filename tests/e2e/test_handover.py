"""A person in the chat: what an agent does in another process is on the customer's page within 1.5 seconds."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from backends.database import open_database
from desk.agents import Agent, AgentDesk
from desk.tickets import Tickets
from tests.desk.scripted import Scripted, reply
from tests.e2e.conftest import NewPage
from tests.e2e.server import Server
from tests.e2e.test_chat import ask, opened

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ADA = Agent("ada", "Ada")
SHOWN_SECONDS = 1.5


@pytest.fixture
def agents(server: Server) -> Iterator[AgentDesk]:
    """The agents' desk in this process: another one than the server's."""
    engine = open_database(server.home / "data")
    yield AgentDesk(Tickets(engine), Scripted(lambda _: reply()))
    engine.dispose()


def waiting(page: Page, agents: AgentDesk) -> int:
    """A customer asks for a person; the ticket."""
    page.get_by_role("button", name="Talk to a person").first.click()
    expect(page.locator(".v-request")).to_be_visible()
    page.locator('.v-transcript[data-attended="true"]').wait_for()
    return max(each.number for each in agents.queue(ADA))


def test_what_an_agent_writes_is_there_in_time(new_page: NewPage, server: Server, agents: AgentDesk) -> None:
    page = opened(new_page, server)
    number = waiting(page, agents)
    agents.claim(ADA, number)
    expect(page.locator(".v-line").last).to_contain_text("Ada has joined")
    for text in ("Hello, I am Ada.", "<b>Which</b> lamp is it?"):
        began = time.monotonic()
        agents.say(ADA, number, text)
        expect(page.locator(".v-agent").last).to_contain_text(text, timeout=SHOWN_SECONDS * 1000)
        assert time.monotonic() - began < SHOWN_SECONDS
    page.locator("#v-input").fill("The warranty on the AirPure 300?")
    page.keyboard.press("Enter")
    expect(page.locator(".v-customer").last).to_contain_text("AirPure")
    agents.resolve(ADA, number)
    expect(page.locator(".v-request")).to_have_count(0)
    assert page.locator(".v-assistant").count() == 1  # the answer to the button; silent since the claim
    page.locator("#v-input").fill("One thing is still open.")
    page.keyboard.press("Enter")
    expect(page.locator(".v-line").last).to_contain_text(f"Your request {number} is open again")
    expect(page.locator(".v-request")).to_be_visible()


def test_a_customer_takes_the_request_back(new_page: NewPage, server: Server, agents: AgentDesk) -> None:
    page = opened(new_page, server)
    number = waiting(page, agents)
    page.get_by_role("button", name="I no longer need a person").click()
    expect(page.locator(".v-line").last).to_contain_text("withdrawn")
    expect(page.locator(".v-request")).to_have_count(0)
    assert number not in [each.number for each in agents.queue(ADA)]
    assert "24 months" in ask(page, "How long is the warranty on the AirPure 300?").inner_text()
