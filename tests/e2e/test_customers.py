"""A customer who comes from the shop with a token: known, answered from their record, and a guest again afterwards."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import expect

from desk.tokens import Identity, issue
from tests.e2e.conftest import NewPage
from tests.e2e.server import Server
from tests.e2e.test_chat import ask, opened

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_token_signs_in_the_record_answers_and_signing_out_hides_it(new_page: NewPage, server: Server) -> None:
    page = opened(new_page, server)
    guest = ask(page, "Where is my order?")
    expect(guest).to_contain_text("sign in on our shop")
    now = int(time.time())
    secret = (server.home / "data" / "token-secret").read_text()
    page.goto(f"{server.url}/?token={issue(secret, 'vouch-chat', Identity('C-1001', '', now, now + 60))}")
    page.locator("#v-input").wait_for()
    expect(page).to_have_url(re.compile(r"^[^?]*$"))
    expect(page.locator(".v-message")).to_have_count(0)  # the guest's conversation is the guest's
    answer = ask(page, "Where is my order?")
    expect(answer).to_contain_text("AH-UK-204518")
    answer.locator(".v-cite").first.click()
    record = page.locator(".v-panel .v-record")
    expect(record).to_contain_text("NW482915306GB")
    expect(page.locator(".v-panel h2")).to_have_text("Your order AH-UK-204518")
    page.keyboard.press("Escape")
    page.goto(f"{server.url}/?token=")
    expect(page.locator(".v-transcript")).to_contain_text("sign in on our shop")
    expect(page.locator(".v-transcript")).not_to_contain_text("AH-UK-204518")
