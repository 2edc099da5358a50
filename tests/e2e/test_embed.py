"""The chat on another site: a page on another loopback port, in a real browser, shows it by one script."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
import yaml
from playwright.sync_api import Browser, FrameLocator, Page, expect

from desk.tokens import Identity, issue
from tests.e2e.conftest import NewPage
from tests.e2e.server import Server, make_home
from tests.e2e.test_chat import QUESTION

pytestmark = [pytest.mark.browser, pytest.mark.slow]


class Shop:
    """A foreign site with a strict policy of its own. `attributes`: of the script's element."""

    def __init__(self) -> None:
        self.chat, self.attributes = "", ""
        shop = self

        class Pages(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                policy = f"default-src 'none'; script-src {shop.chat}; frame-src {shop.chat}; img-src data:"
                for name, value in (("content-type", "text/html"), ("content-security-policy", policy)):
                    self.send_header(name, value)
                self.end_headers()
                page = (
                    '<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>Shop</title>'
                    '<link rel="icon" href="data:,"><h1>A shop</h1>'
                    f'<script src="{shop.chat}/embed.js" {shop.attributes} async></script>'
                )
                self.wfile.write(page.encode())

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@contextmanager
def made_shop() -> Iterator[Shop]:
    shop = Shop()
    try:
        yield shop
    finally:
        shop.close()


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with made_shop() as shop:
        home = make_home(tmp_path_factory.mktemp("embed"))
        settings = yaml.safe_load((home / "config.yaml").read_text())
        settings["server"]["embed_origins"] = [f"http://{host}:{shop.port}" for host in ("127.0.0.1", "localhost")]
        (home / "config.yaml").write_text(yaml.safe_dump(settings, allow_unicode=True))
        started = Server(home).start()
        shop.chat = started.url
        now = int(time.time())
        secret = (home / "data" / "token-secret").read_text()
        token = issue(secret, "vouch-chat", Identity("C-1001", "", now, now + 600))
        shop.attributes = f'data-token="{token}"'
        yield shop
        started.stop()


def chat(page: Page, shop: Shop, host: str = "127.0.0.1") -> FrameLocator:
    page.goto(f"http://{host}:{shop.port}/")
    assert page.locator("iframe").count() == 0
    bubble = page.get_by_role("button", name="Open the chat")
    bubble.focus()
    page.keyboard.press("Enter")
    return page.frame_locator("iframe")


def test_a_customer_of_the_shop_is_known_and_everything_goes_by_keyboard(new_page: NewPage, shop: Shop) -> None:
    page = new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    frame = chat(page, shop)
    frame.locator("#v-input").focus()
    page.keyboard.type("Where is my order?")
    page.keyboard.press("Enter")
    expect(frame.locator(".v-assistant:not(.v-live)")).to_contain_text("AH-UK-204518")
    frame.locator(".v-cite").first.click()
    expect(frame.locator(".v-panel")).to_be_visible()
    page.keyboard.press("Escape")  # first the source …
    expect(frame.locator(".v-panel")).to_be_hidden()
    expect(page.locator("iframe")).to_be_visible()
    page.keyboard.press("Escape")  # … then the chat
    expect(page.locator("iframe")).to_be_hidden()
    bubble = page.get_by_role("button", name="Open the chat")
    expect(bubble).to_be_focused()
    expect(bubble).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Enter")
    expect(frame.locator(".v-customer")).to_have_text("You:Where is my order?")
    homes = (shop.chat, f"http://127.0.0.1:{shop.port}", "data:", "blob:")
    assert [each for each in asked if not each.startswith(homes)] == []
    page.reload()
    expect(chat(page, shop).locator(".v-customer")).to_contain_text("Where is my order?")


def test_on_a_phone_it_fills_the_screen_and_closes(new_page: NewPage, shop: Shop) -> None:
    page = new_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page.goto(f"http://127.0.0.1:{shop.port}/")
    page.get_by_role("button", name="Open the chat").tap()
    panel = page.get_by_role("dialog", name="Customer service chat")
    expect(page.frame_locator("iframe").locator("#v-input")).to_be_visible()
    assert panel.bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 844}
    page.frame_locator("iframe").locator("#v-input").fill(QUESTION)
    page.frame_locator("iframe").locator(".v-send").tap()
    expect(page.frame_locator("iframe").locator(".v-assistant:not(.v-live)").last).to_contain_text("24 months")
    page.get_by_role("button", name="Close the chat").first.tap()
    expect(panel).to_be_hidden()


def test_where_the_frame_gets_no_cookie_it_says_so_and_leads_out(browser: Browser, shop: Shop) -> None:
    """Another site over http: no browser sends a cookie there."""
    page = browser.new_context(locale="en-GB").new_page()
    frame = chat(page, shop, "localhost")
    expect(frame.get_by_role("alert")).to_contain_text("needs a cookie")
    link = frame.get_by_role("link", name="Or open the chat in a window of its own.")
    with page.expect_popup() as opened:
        link.click()
    opened.value.locator("#v-input").fill(QUESTION)
    opened.value.keyboard.press("Enter")
    expect(opened.value.locator(".v-assistant:not(.v-live)")).to_contain_text("24 months")
    page.context.close()


def test_other_sites_get_no_bubble_and_no_frame(browser: Browser, shop: Shop) -> None:
    with made_shop() as other:
        other.chat = shop.chat
        page = browser.new_context().new_page()
        with page.expect_console_message(lambda said: "may not show this chat" in said.text):
            page.goto(f"http://127.0.0.1:{other.port}/")
        assert page.get_by_role("button").count() == 0
        with page.expect_console_message(lambda said: "frame-ancestors" in said.text):
            page.evaluate(
                "at => document.body.append(Object.assign(document.createElement('iframe'), {src: at}))", shop.chat
            )
        page.context.close()
    policy = httpx.get(f"{shop.chat}/").headers["content-security-policy"]
    assert f"frame-ancestors 'self' http://127.0.0.1:{shop.port} http://localhost:{shop.port};" in policy
    for path in ("/login", "/healthz"):
        assert str(shop.port) not in httpx.get(f"{shop.chat}{path}").headers["content-security-policy"]
