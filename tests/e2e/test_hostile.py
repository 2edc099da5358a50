"""Sixty attacks in every place that shows somebody else's words, seen by a browser: all of them stay words.

Nothing runs, nothing is asked of another host, nothing is even stopped by the policy: it never becomes markup.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import suppress
from html import escape

import httpx
import pytest
from playwright.sync_api import Browser, Error, Frame, Page, expect

from tests.e2e.conftest import NewPage, outside
from tests.e2e.furnished import PASSWORD, RESOLVED, RUN, RUNS, SILENT, furnish, people, staff_cookie, token
from tests.e2e.payloads import AWAY, PAYLOADS
from tests.e2e.server import Server
from tests.e2e.test_embed import Shop, made_shop
from ui.session import STAFF_COOKIE

WORDS = (*PAYLOADS[3:], *PAYLOADS[:3])  # the first is the company's name: it closes whatever it stands in
pytestmark = [pytest.mark.browser, pytest.mark.slow]
# What came of the attacks in a page: what ran, what the policy stopped, and markup that leads elsewhere or can run.
FOUND = """() => {
  const AWAY = /outside\\.example|javascript:|__ran/
  const ADDRESS = /^(src|srcset|href|xlink:href|action|data|poster|background|ping|srcdoc|style)$/i
  const ran = Object.keys(window).filter(name => name.startsWith('__ran')).map(name => `ran: ${name} ${window[name]}`)
  const ours = value => value.startsWith('/quality/report/')  // whatever a run is called
  const leads = one => /^on/i.test(one.name) || (ADDRESS.test(one.name) && AWAY.test(one.value) && !ours(one.value))
  const made = [...document.querySelectorAll('*')].filter(each => [...each.attributes].some(leads))
  const code = [...document.querySelectorAll('script:not([src]), style')].filter(each =>
    AWAY.test(each.textContent) && !each.textContent.includes('gradio_config'))
  return [...ran, ...[...made, ...code].map(each => `markup: ${each.outerHTML.slice(0, 200)}`), ...(window.__stopped ?? [])]
}"""
LISTEN = """addEventListener('securitypolicyviolation', event =>
  (window.__stopped ??= []).push(`stopped: ${event.violatedDirective} ${event.blockedURI}`))"""


@pytest.fixture(scope="module")
def shop() -> Iterator[Shop]:
    with made_shop() as made:
        yield made


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, shop: Shop) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("hostile") / "home"
    started = Server(furnish(home, WORDS, f"http://127.0.0.1:{shop.port}", publish="review")).start()
    people(started.home, WORDS)
    shop.chat = started.url
    yield started
    started.stop()


@pytest.fixture
def visit(new_page: NewPage, server: Server) -> Iterator[Page]:
    """A page that is looked over once more at the end, and listens for what the policy stops."""
    page = new_page()
    page.add_init_script(LISTEN)
    yield page
    harmless(page)


def harmless(page: Page | Frame) -> None:
    assert page.evaluate(FOUND) == []


def work(page: Page, server: Server, role: str, path: str) -> None:
    page.context.add_cookies([{"name": STAFF_COOKIE, "value": staff_cookie(server, role), "url": server.url}])
    page.goto(f"{server.url}{path}")


def holds_all(page: Page, selector: str, least: int = len(PAYLOADS)) -> None:
    """Whether as many of the attacks stand there, as text, to the letter; white space as a page shows it."""
    expect(page.locator(selector).first).to_be_attached()
    shown = " ".join(" ".join(page.locator(selector).all_text_contents()).split())
    assert sum(" ".join(each.split()) in shown for each in PAYLOADS) >= least


def test_the_attacks_are_real(browser: Browser) -> None:
    """In a page without our care: most of them do what they are meant to, and are noticed."""
    page, asked = browser.new_page(), list[str]()
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: dialog.dismiss())
    page.route(f"{AWAY}/**", lambda route: route.abort())
    done = 0
    for each in PAYLOADS:
        asked.clear()
        page.goto("about:blank")
        page.set_content(f'<p>{each}</p><input value="{each}">', wait_until="domcontentloaded")
        with suppress(Error):  # one of them leaves the page, which is seen among the requests
            page.wait_for_function(f"({FOUND})().length", timeout=150)
            asked.append(AWAY)
        done += any(map(outside, asked))
    page.close()
    assert done >= 45, done


def test_a_customers_own_conversation_the_sources_and_the_survey(visit: Page, server: Server) -> None:
    visit.goto(f"{server.url}/?token={token(server)}")
    expect(visit.locator(".v-customer")).to_have_count(len(PAYLOADS))
    for place in (".v-customer .v-bubble", ".v-agent .v-bubble", ".v-assistant .v-sentence", ".v-items li", ".v-code"):
        holds_all(visit, place)
    holds_all(visit, ".v-options button")
    holds_all(visit, ".v-source-title", 40)
    expect(visit.locator(".v-request")).to_be_visible()  # the contact left
    visit.locator(".v-assistant .v-cite").first.click()
    expect(visit.locator(".v-panel")).to_be_visible()
    harmless(visit)
    visit.goto(f"{server.url}/?token={token(server, RESOLVED)}")
    visit.get_by_text("Change it").click()
    assert visit.locator("#v-word").input_value() in PAYLOADS


def test_the_record_of_a_customer(visit: Page, server: Server) -> None:
    visit.goto(f"{server.url}/?token={token(server, SILENT)}")
    visit.locator("#v-input").fill("Where is my order?")
    visit.keyboard.press("Enter")
    expect(visit.locator(".v-assistant:not(.v-live)")).to_have_count(1)
    for at in range(min(3, visit.locator(".v-assistant .v-cite").count())):
        visit.locator(".v-assistant .v-cite").nth(at).click()
        expect(visit.locator(".v-panel .v-record")).to_contain_text("window.__ran")
        visit.keyboard.press("Escape")


def test_suggestions_and_what_is_typed(visit: Page, server: Server) -> None:
    """Each attack typed by a guest, all at once in a few messages, and answered from documents full of them."""
    visit.goto(server.url)
    holds_all(visit, ".v-chips button", 8)
    for at in range(0, len(PAYLOADS), 12):
        text = "\n".join(PAYLOADS[at : at + 12])[:2000]
        visit.locator("#v-input").fill(text)
        visit.keyboard.press("Enter")
        expect(visit.locator(".v-assistant:not(.v-live)")).to_have_count(at // 12 + 1)
    visit.locator("#v-input").fill("x" * 2001 + PAYLOADS[0])
    visit.keyboard.press("Enter")
    expect(visit.get_by_role("alert")).to_be_visible()


def test_the_agents_desk(visit: Page, server: Server) -> None:
    work(visit, server, "agent", "/desk/")
    visit.locator(".d-queue").wait_for()
    visit.locator("[data-tab=mine]").click()
    visit.locator('[data-list="mine"] .d-entry').first.click()
    expect(visit.locator(".d-theirs")).to_have_count(len(PAYLOADS))
    for place in (
        ".d-theirs .d-text",
        ".d-ours .d-text",
        ".d-note .d-text",
        ".d-machine .v-bubble",
        ".d-menu b, .d-menu span",
    ):
        holds_all(visit, place)
    holds_all(visit, ".d-side .d-tried, .d-side .d-facts, .d-side p", 8)
    visit.get_by_text("Ready replies").click()
    visit.locator(".d-menu button[data-insert]").nth(8).click()
    assert visit.locator("#d-input").input_value() in PAYLOADS
    visit.locator(".d-machine .v-cite").first.click()
    expect(visit.locator("#desk-panel .v-panel")).to_be_visible()


def test_the_studio(visit: Page, server: Server) -> None:
    work(visit, server, "editor", "/studio/")
    entries = visit.locator("#work-list .w-entry")
    expect(entries.first).to_be_visible()
    holds_all(visit, "#work-list .w-soft", 6)  # those that a file can be called to the letter
    for name in ("marked.md", "words.txt", "words.html", "table.csv", "img src=x"):
        visit.locator("#w-search").fill(name)
        expect(visit.locator("#work-list .w-entry", has_text=name).first).to_be_visible()
        visit.locator("#work-list .w-entry", has_text=name).first.click()
        expect(visit.locator(".w-main h1")).to_be_visible()
        harmless(visit)
    visit.locator("#w-search").fill("")
    visit.locator(".w-views button", has_text="Ask").click()
    visit.locator("#w-question").fill(f"What does the kettle say? {PAYLOADS[8]}")
    visit.keyboard.press("Enter")
    expect(visit.locator(".w-pair .w-card")).to_have_count(2)
    visit.locator(".w-views button", has_text="Changes").click()
    visit.get_by_role("button", name="Preview").click()
    expect(visit.locator(".w-preview")).to_contain_text("window.__ran", timeout=60_000)
    visit.locator("#w-note").fill(PAYLOADS[0])
    visit.get_by_role("button", name="Publish all").click()
    expect(visit.locator("#work-list .w-live").first).to_be_visible(timeout=60_000)
    visit.locator(".w-views button", has_text="Releases").click()
    expect(visit.locator(".w-release")).to_contain_text(PAYLOADS[0])


def test_quality_and_a_report(visit: Page, server: Server) -> None:
    work(visit, server, "tester", "/quality/")
    holds_all(visit, "#work-list .w-foreign", 1)
    visit.locator("#work-list .w-entry", has_text=RUN).click()
    expect(visit.locator(".w-main h1")).to_be_visible()
    harmless(visit)
    visit.get_by_role("button", name="Compare with another run").click()
    visit.locator("#w-second").select_option(RUNS[1])
    expect(visit.locator(".w-main")).to_contain_text("window.__ran")
    harmless(visit)
    visit.locator(".w-views button", has_text="Drafts").click()
    visit.get_by_role("button", name="Look for new ones").click()
    expect(visit.locator("article.w-card").first).to_contain_text("window.__ran")
    harmless(visit)
    for run in RUNS:
        visit.goto(f"{server.url}/quality/report/{run}")
        visit.locator("details").evaluate_all("all => all.forEach(each => each.open = true)")
        holds_all(visit, "body")
        assert visit.locator("script, img, iframe, a, form, object").count() == 0


def test_insights_and_their_file(visit: Page, server: Server) -> None:
    work(visit, server, "manager", "/insights/")
    visit.locator(".i-main").wait_for()
    visit.locator(".i-gaps details").evaluate_all("all => all.forEach(each => each.open = true)")
    expect(visit.locator(".i-gaps")).to_contain_text("window.__ran")
    read = visit.request.get(f"{server.url}/insights/figures.csv").text()
    cells = [cell for row in csv.reader(io.StringIO(read)) for cell in row]
    assert len(cells) > 20
    assert not [
        cell
        for cell in cells
        if cell.startswith(("=", "+", "@", "\t", "\r")) or (cell[:1] == "-" and not _number(cell))
    ]


def _number(cell: str) -> bool:
    try:
        return bool(float(cell)) or True
    except ValueError:
        return False


def test_refusals_say_nothing_back_as_markup(visit: Page, server: Server) -> None:
    """Log-in names, addresses to go on to, wrong tokens, addresses that are nowhere, uploads, and the API."""
    for each in PAYLOADS:
        kept = httpx.post(f"{server.url}/login", data={"name": each, "password": PASSWORD, "next": each})
        assert kept.status_code in (401, 429)
        assert "<script" not in kept.text.lower()
        assert kept.text.count("<img") == 0
        assert kept.headers["content-security-policy"].startswith("default-src 'none'")
    for each in PAYLOADS[::6]:
        visit.goto(f"{server.url}/login?next={httpx.QueryParams({'x': each})['x']}")
        harmless(visit)
        for path in ("", "login", "page/", "quality/report/", "api/v1/conversations/", "vouch/"):
            said = httpx.get(f"{server.url}/{path}{httpx.URL('http://x/', params={'p': each}).query.decode()[2:]}")
            assert each not in said.text
            assert said.headers["x-content-type-options"] == "nosniff"
    bearer = {"authorization": f"Bearer {token(server)}"}
    for each in PAYLOADS[::6]:
        said = httpx.post(f"{server.url}/api/v1/messages", json={"text": each, "conversation": each}, headers=bearer)
        assert said.headers["content-type"].startswith(
            ("application/json", "application/problem+json", "text/event-stream")
        )


def test_the_chat_in_another_sites_frame(visit: Page, server: Server, shop: Shop) -> None:
    """Whatever a shop's page has for a token, the frame shows the chat to a guest, and neither page anything of it."""
    for each in PAYLOADS[::6]:
        shop.attributes = f'data-token="{escape(each)}"'
        visit.goto(f"http://127.0.0.1:{shop.port}/")
        visit.get_by_role("button", name="Open the chat").click()
        visit.frame_locator("iframe").locator("#v-input").wait_for()
        harmless(visit)
        harmless(visit.frames[1])
