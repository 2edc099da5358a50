"""What stands behind a citation, in a real browser: a film that plays from its second, a picture beside a sentence."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e.conftest import NewPage
from tests.e2e.server import Server, make_home
from tests.e2e.test_chat import ask, opened
from tests.ingest.recordings import recorded

pytest.importorskip("av")
pytestmark = [pytest.mark.browser, pytest.mark.slow]
CUES = """WEBVTT

00:00.000 --> 00:03.000
Welcome to the workshop.

00:06.500 --> 00:09.000
Press the descaling knob for seven seconds.

00:12.000 --> 00:14.000
The orange lamp goes out.
"""
ASKED = "For how many seconds do I press the descaling knob?"


def page_with_picture() -> str:
    """A text with a picture below it."""
    drawn = io.BytesIO()
    Image.new("RGB", (640, 400), "#7aa88f").save(drawn, "PNG")
    picture = base64.b64encode(drawn.getvalue()).decode()
    text = "Slide the rubber gasket into the groove. Its flat side points upwards."
    return f'<h1>Gasket</h1><p>{text}</p><img src="data:image/png;base64,{picture}">'


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = make_home(tmp_path_factory.mktemp("evidence"))
    knowledge = home / "knowledge"
    recorded(knowledge / "descaling.webm", "webm", 16, film=True)
    recorded(knowledge / "call.mp3", "mp3", 16)
    (knowledge / "descaling.vtt").write_text(CUES)
    (knowledge / "call.vtt").write_text(CUES.replace("descaling knob for seven", "brass bell for twenty"))
    (knowledge / "gasket.html").write_text(page_with_picture())
    started = Server(home).start()
    yield started
    started.stop()


def playing(page: Page, kind: str, second: float) -> None:
    """Wait until it plays from that second on."""
    page.wait_for_function(
        "([kind, from]) => { const it = document.querySelector(`.v-panel ${kind}`);"
        " return it && !it.paused && it.currentTime > from && it.currentTime < from + 3; }",
        arg=[kind, second],
    )


@pytest.mark.parametrize(
    ("kind", "question"), [("video", ASKED), ("audio", "For how many seconds do I press the brass bell?")]
)
def test_a_recording_plays_from_the_cited_second(new_page: NewPage, server: Server, kind: str, question: str) -> None:
    page = opened(new_page, server)
    answer = ask(page, question)
    mark = answer.locator(".v-cite").first
    expect(answer.locator(".v-source-place").first).to_have_text("at 0:06")
    mark.click()
    playing(page, kind, 6.5)
    expect(page.locator(".v-facts")).to_contain_text("at 0:06")
    expect(page.locator("mark.v-focus")).to_be_in_viewport()
    expect(page.locator("[data-close]")).to_be_focused()
    page.keyboard.press("Escape")
    assert page.locator(f".v-panel {kind}").evaluate("player => player.paused")
    mark.click()
    playing(page, kind, 6.5)


def test_nothing_plays_before_a_click(new_page: NewPage, server: Server) -> None:
    page = opened(new_page, server)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    ask(page, ASKED)
    assert not [url for url in asked if "/media/" in url]
    assert page.locator("video, audio").count() == 0


def test_a_picture_beside_the_cited_sentence_is_shown(new_page: NewPage, server: Server) -> None:
    page = opened(new_page, server)
    answer = ask(page, "Which way does the flat side of the rubber gasket point?")
    answer.locator(".v-cite").last.click()
    picture = page.locator(".v-beside img")
    expect(picture).to_be_visible()
    picture.evaluate("image => image.decode()")
    assert picture.evaluate("image => image.naturalWidth") == 640


def test_a_film_on_a_phone(new_page: NewPage, server: Server) -> None:
    page = opened(new_page, server, viewport={"width": 390, "height": 844}, has_touch=True)
    ask(page, ASKED).locator(".v-cite").first.tap()
    playing(page, "video", 6.5)
    expect(page.locator("mark.v-focus")).to_be_in_viewport()
    expect(page.locator(".v-panel video")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
