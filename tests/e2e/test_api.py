"""The API of a real server: an answer arrives as events, and the chat page shows the same conversation."""

from __future__ import annotations

import json
import time

import httpx
import pytest
from playwright.sync_api import expect

from desk.tokens import Identity, issue
from tests.e2e.conftest import NewPage
from tests.e2e.server import Server
from tests.e2e.test_chat import QUESTION

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_what_another_channel_asks_stands_in_the_customers_chat(new_page: NewPage, server: Server) -> None:
    now = int(time.time())
    secret = (server.home / "data" / "token-secret").read_text()
    token = issue(secret, "vouch-chat", Identity("C-1001", "", now, now + 60))
    headers, names, said = {"authorization": f"Bearer {token}"}, list[str](), list[str]()
    with httpx.stream(
        "POST", f"{server.url}/api/v1/messages", headers=headers, json={"text": QUESTION}, timeout=30
    ) as sent:
        assert sent.status_code == 200
        for line in sent.iter_lines():
            if line.startswith("event: "):
                names.append(line.removeprefix("event: "))
            elif line:
                said.append(line.removeprefix("data: "))
    assert (names[0], names[-1]) == ("sentence", "done")
    first, done = json.loads(said[0]), json.loads(said[-1])
    assert "24 months" in first["text"]
    assert first["citations"][0]["source"] == "warranty.pdf"
    assert done["outcome"] == "answer"
    page = new_page()
    page.goto(f"{server.url}/?token={token}")
    expect(page.locator(".v-customer")).to_contain_text(QUESTION)
    expect(page.locator(".v-assistant")).to_contain_text("24 months")
    read = httpx.get(f"{server.url}/api/v1/conversations/{done['conversation']}", headers=headers, timeout=30).json()
    assert [each["role"] for each in read["messages"]] == ["customer", "assistant"]
