"""A browser that notices what must not happen: requests elsewhere, errors on the console, dialogs."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect, sync_playwright

from tests.e2e.server import Server, make_home

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
NewPage = Callable[..., Page]
expect.set_options(timeout=20_000)  # a machine under load is slow


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    started = Server(make_home(tmp_path_factory.mktemp("site"))).start()
    yield started
    started.stop()


@pytest.fixture(scope="package")  # its event loop ends here: tests of other folders run loops of their own
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        text = f"{CHROMIUM} is not there: the page was NOT tested in a browser. Install Debian's chromium."
        if os.environ.get("CI"):
            pytest.fail(text)
        pytest.skip(text)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def new_page(browser: Browser) -> Iterator[NewPage]:
    """Pages of new visitors. At the end, none of them may have misbehaved."""
    problems: list[str] = []
    contexts = []

    def make(**options: object) -> Page:
        options = {"viewport": {"width": 1280, "height": 800}, "locale": "en-GB", **options}
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        watch(page, problems)
        return page

    yield make
    for context in contexts:
        context.close()
    assert problems == []


def watch(page: Page, problems: list[str]) -> None:
    """Note down whatever must not happen on this page."""

    def note(kind: str, text: str, matters: bool = True) -> None:
        if matters:
            problems.append(f"{kind}: {text}")

    def refuse(dialog: Dialog) -> None:
        note("dialog", dialog.message)
        dialog.dismiss()

    page.on(
        "console", lambda said: note("console", said.text, said.type in ("error", "warning") and not left(said.text))
    )
    page.on("pageerror", lambda error: note("error", str(error)))
    page.on("dialog", refuse)
    page.on("request", lambda asked: note("request", asked.url, outside(asked.url)))


def left(text: str) -> bool:
    """Gradio's own complaint when a page is left or reloaded while its stream is open."""
    return text.startswith("AbortError: signal is aborted") or "Connection errored out" in text


def outside(url: str) -> bool:
    """Whether a request leaves this machine."""
    return not url.startswith(("http://127.0.0.1:", "data:", "blob:"))
