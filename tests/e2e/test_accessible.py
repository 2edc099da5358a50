"""Every page and each of its main states, light and dark, on a desktop and on a phone, looked over by axe-core.

With $VOUCH_PICTURES set to a folder, a picture of each is left there.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Frame, Page, expect

from tests.e2e.conftest import NewPage
from tests.e2e.furnished import RESOLVED, RUN, RUNS, SILENT, furnish, people, staff_cookie, token
from tests.e2e.server import Server
from tests.e2e.test_embed import Shop, made_shop
from ui.session import STAFF_COOKIE

pytestmark = [pytest.mark.browser, pytest.mark.slow]
WORDS = (
    "Aurel Home",
    "Does the warranty on the AirPure 300 cover its filters?",
    "My parcel to France has not arrived",
    "The kettle leaks since this morning",
    "退货运费谁出？",
    "Rinse the kettle with lemon juice every month",
)
SIZES = {"desktop": (1280, 800), "phone": (390, 844)}
# By default each size and each scheme once, together; with $VOUCH_EVERY_LOOK all four.
WANTED = None if os.environ.get("VOUCH_EVERY_LOOK") else {("desktop", "light"), ("phone", "dark")}
LOOKS = [
    pytest.param(size, scheme, id=f"{size}-{scheme}")
    for size in SIZES
    for scheme in ("light", "dark")
    if not WANTED or (size, scheme) in WANTED
]
# No animation is under way, but those that go on for ever.
STILL = """() => document.getAnimations().every(each =>
  each.playState != "running" || !isFinite(each.effect.getComputedTiming().endTime))"""
BAD = ("serious", "critical")
QUESTION = "How long is the warranty on the AirPure 300?"


@pytest.fixture(scope="module")
def shop() -> Iterator[Shop]:
    with made_shop() as made:
        yield made


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, shop: Shop) -> Iterator[Server]:
    home = furnish(tmp_path_factory.mktemp("accessible") / "home", WORDS, f"http://127.0.0.1:{shop.port}")
    started = Server(home).start()
    people(home, WORDS)
    shop.chat = started.url
    yield started
    started.stop()


class Look:
    """One visitor's window, and what axe-core says of what it shows."""

    def __init__(self, page: Page, server: Server, name: str) -> None:
        self.page, self.server, self.name, self.wrong = page, server, name, list[str]()

    def unwatched(self) -> None:
        """Go on in a tab whose console nobody minds: a refusal is an error there, rightly."""
        self.page = self.page.context.new_page()

    def at(self, path: str, role: str = "") -> Page:
        """The page there, for somebody with this role."""
        self.page.context.clear_cookies()
        if role:
            cookie = staff_cookie(self.server, role)
            self.page.context.add_cookies([{"name": STAFF_COOKIE, "value": cookie, "url": self.server.url}])
        self.page.goto(f"{self.server.url}{path}")
        return self.page

    def check(self, state: str, inside: Frame | None = None) -> None:
        """Note what is serious or critical now."""
        seen = inside or self.page.main_frame
        seen.evaluate("document.fonts.ready")
        seen.wait_for_function(STILL)
        seen.evaluate(AXE_SCRIPT)
        found = seen.evaluate("axe.run({iframes: false})")
        assert len(found["passes"]) > 3, f"axe-core saw nothing of {state}"
        for each in found["violations"]:
            if each["impact"] in BAD:
                nodes = "; ".join(f"{node['html'][:160]} ({_why(node)})" for node in each["nodes"][:3])
                self.wrong.append(f"{state}: {each['id']} ({each['impact']}): {nodes}")
        if folder := os.environ.get("VOUCH_PICTURES"):
            self.page.screenshot(path=Path(folder) / f"{state.replace(' ', '-')}-{self.name}.png")


def _why(node: dict[str, list[dict[str, str]]]) -> str:
    return " ".join(each["message"] for each in (*node["any"], *node["all"], *node["none"]))[:200]


@pytest.fixture
def window(new_page: NewPage, server: Server, size: str, scheme: str) -> Iterator[Look]:
    width, height = SIZES[size]
    page = new_page(
        viewport={"width": width, "height": height}, color_scheme=scheme, has_touch=size == "phone", bypass_csp=True
    )
    made = Look(page, server, f"{size}-{scheme}")
    yield made
    assert made.wrong == []


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_the_chat(window: Look, server: Server) -> None:
    page = window.at("/")
    page.locator("#v-input").wait_for()
    window.check("chat empty")
    page.locator("#v-input").fill(QUESTION)
    page.keyboard.press("Enter")
    answer = page.locator(".v-assistant:not(.v-live)")
    expect(answer).to_have_count(1)
    window.check("chat answer")
    answer.locator(".v-cite").first.click()
    expect(page.locator(".v-panel mark.v-focus")).to_be_visible()
    window.check("chat source")
    page.keyboard.press("Escape")
    page.locator("#v-input").fill("x" * 2001)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    window.check("chat notice")
    page.locator("#v-input").fill("")
    page.get_by_role("button", name="Talk to a person").first.click()
    expect(page.locator(".v-request")).to_be_visible()
    window.check("chat person asked for")
    page.locator("[data-event=withdraw]").click()
    page.get_by_role("button", name="End chat").click()
    expect(page.locator(".v-survey")).to_be_visible()
    window.check("chat survey")


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_the_chat_of_customers(window: Look, server: Server) -> None:
    page = window.at(f"/?token={token(server, RESOLVED)}")
    expect(page.locator(".v-thanks")).to_be_visible()
    window.check("chat rated")
    page = window.at(f"/?token={token(server, SILENT)}")
    page.locator("#v-input").fill("Where is my order?")
    page.keyboard.press("Enter")
    expect(page.locator(".v-assistant:not(.v-live)")).not_to_have_count(0)
    window.check("chat record")
    page.locator("[data-event=fresh]").click()
    page = window.at(f"/?token={token(server)}")
    expect(page.locator(".v-agent")).not_to_have_count(0)
    window.check("chat with a person")


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_the_log_in(window: Look) -> None:
    window.unwatched()
    page = window.at("/login")
    window.check("log-in")
    page.locator("#name").fill("nobody")
    page.locator("#password").fill("nothing")
    with page.expect_response("**/login"):
        page.evaluate("document.querySelector('form').submit()")
    expect(page.get_by_role("alert")).to_be_visible()
    window.check("log-in refused")
    window.at("/staff", "admin")
    window.check("staff")


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_the_desk(window: Look) -> None:
    page = window.at("/desk/", "agent")
    page.locator(".d-queue").wait_for()
    window.check("desk empty")
    page.locator("[data-tab=mine]").click()
    page.locator('[data-list="mine"] .d-entry').first.click()
    expect(page.locator(".d-theirs").first).to_be_visible()
    window.check("desk conversation")
    page.get_by_text("Ready replies").click()
    window.check("desk ready replies")
    page.get_by_text("Ready replies").click()
    if "phone" in window.name:
        page.get_by_role("button", name="Details").click()
        expect(page.locator(".d-side")).to_be_visible()
        window.check("desk details")
        page.locator(".d-side").get_by_role("button", name="Close").click()
    page.locator(".d-machine .v-cite").first.click()
    expect(page.locator("#desk-panel .v-panel")).to_be_visible()
    window.check("desk source")


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_the_studio(window: Look) -> None:
    page = window.at("/studio/", "editor")
    page.locator("#work-list .w-entry").first.wait_for()
    window.check("studio")
    page.locator("#work-list .w-entry", has_text="marked.md").click()
    expect(page.locator(".w-passage").first).to_be_visible()
    window.check("studio document")
    for view in ("Ask", "Changes", "Releases"):
        page.locator(".w-views button", has_text=view).click()
        expect(page.locator(".w-main h1")).to_have_text(view)
        window.check(f"studio {view.lower()}")


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_quality(window: Look, server: Server) -> None:
    page = window.at("/quality/", "tester")
    page.locator("#work-list .w-entry").first.wait_for()
    window.check("quality")
    page.locator("#work-list .w-entry", has_text=RUN).click()
    expect(page.locator(".w-main h1")).to_be_visible()
    window.check("quality run")
    page.get_by_role("button", name="Compare with another run").click()
    page.locator("#w-first").select_option(RUNS[0])
    page.locator("#w-second").select_option(RUNS[1])
    expect(page.locator(".w-main")).to_contain_text("Cases gained")
    window.check("quality compare")
    page.locator(".w-views button", has_text="Drafts").click()
    page.get_by_role("button", name="Look for new ones").click()
    expect(page.locator("article.w-card").first).to_be_visible()
    window.check("quality drafts")
    window.unwatched()
    page = window.page
    page.goto(f"{server.url}/quality/report/{RUN}")
    page.locator("details").evaluate_all("all => all.forEach(each => each.open = true)")
    window.check("report")


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_insights(window: Look) -> None:
    page = window.at("/insights/", "manager")
    page.locator(".i-main").wait_for()
    page.locator("details").evaluate_all("all => all.forEach(each => each.open = true)")
    window.check("insights")


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_on_another_site(window: Look, shop: Shop) -> None:
    page = window.page
    page.goto(f"http://127.0.0.1:{shop.port}/")
    page.get_by_role("button", name="Open the chat").click()
    page.frame_locator("iframe").locator("#v-input").wait_for()
    window.check("on another site")
    window.check("in the frame", page.frames[1])
