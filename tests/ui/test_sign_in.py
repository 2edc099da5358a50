"""Signing in with a token of the company's site, over HTTP: exchanged once, and the address is clean."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from desk.askers import key_of
from desk.tokens import Identity, issue
from ui.document import Head
from ui.session import CUSTOMER_COOKIE, Sessions
from ui.shield import Shield
from ui.sign_in import SignIn

SECRET = "t" * 40


def token(customer: str = "C-1", secret: str = SECRET, audience: str = "chat", seconds: int = 60) -> str:
    now = int(time.time())
    return issue(secret, audience, Identity(customer, "", now, now + seconds))


@pytest.fixture
def client() -> Iterator[TestClient]:
    """A page that says who asks for it."""
    app, sessions = FastAPI(), Sessions("s" * 43)

    @app.get("/")
    def page(request: Request) -> dict[str, str | None]:
        return {"visitor": sessions.visitor(request.cookies)}

    head = Head("T", (), "chat.js", visitors=True)
    sign_in = SignIn(sessions, SECRET, "chat", 12)
    app.add_middleware(Shield, sessions=sessions, who=lambda token: None, heads={"/": head}, sign_in=sign_in)
    with TestClient(app, follow_redirects=False) as made:
        yield made


def visitor(client: TestClient) -> str:
    return str(client.get("/").json()["visitor"])


def test_a_token_signs_in_and_leaves_the_address(client: TestClient) -> None:
    sent = client.get("/", params={"lang": "en & zh", "token": token()})
    assert (sent.status_code, sent.headers["location"]) == (303, "/?lang=en+%26+zh")
    assert (sent.headers["cache-control"], sent.headers["referrer-policy"]) == ("no-store", "no-referrer")
    for flag in ("HttpOnly", "SameSite=Lax", "Max-Age=43200"):
        assert flag in sent.headers["set-cookie"]
    assert visitor(client) == key_of("C-1")


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "x",
        "a.b.c",
        token(secret="f" * 40),
        token(audience="newsletter"),
        token(seconds=-1),
        token()[:-2],
        token() + "x",
    ],
)
def test_forged_old_and_other_tokens_make_a_guest_also_of_who_was_signed_in(
    client: TestClient, bad: str, caplog: pytest.LogCaptureFixture
) -> None:
    client.get("/", params={"token": token()})
    with caplog.at_level(logging.WARNING):
        sent = client.get("/", params={"token": bad})
    assert (sent.status_code, sent.headers["location"]) == (303, "/")
    assert not visitor(client).startswith("customer:")
    assert bool(caplog.messages) == bool(bad)
    assert "C-1" not in caplog.text
    assert not bad or bad not in caplog.text


def test_the_last_of_two_tokens_counts_and_nothing_leads_elsewhere(client: TestClient) -> None:
    sent = client.get(f"/?token={token('C-2')}&next=//evil.example&token={token('C-3')}")
    assert sent.headers["location"] == "/?next=%2F%2Fevil.example"
    assert visitor(client) == key_of("C-3")


def test_a_session_ends_and_is_not_to_be_made_by_others() -> None:
    now = [1000.0]
    sessions = Sessions("s" * 43, lambda: now[0])
    value = sessions.customer_cookie("C-1", 60, secure=True).split("=", 1)[1].split(";")[0]
    browser = {"vouch_visitor": sessions.new_cookie(False).split("=", 1)[1].split(";")[0]}
    assert sessions.visitor({CUSTOMER_COOKIE: value, **browser}) == key_of("C-1")
    foreign = Sessions("x" * 43, lambda: now[0]).customer_cookie("C-1", 60, False).split("=", 1)[1].split(";")[0]
    for bad in (foreign, value[:-1], browser["vouch_visitor"], "", key_of("C-1")):
        assert sessions.visitor({CUSTOMER_COOKIE: bad, **browser}) == sessions.visitor(browser)
    assert sessions.visitor({"vouch_visitor": value}) is None
    now[0] += 61
    assert sessions.visitor({CUSTOMER_COOKIE: value, **browser}) == sessions.visitor(browser)


# --- in another site's frame --------------------------------------------------------------------------------

FRAME = {"sec-fetch-dest": "iframe", "sec-fetch-site": "cross-site"}


@pytest.mark.parametrize(
    ("scheme", "headers", "kind"),
    [
        ("https", FRAME, ["SameSite=None", "Secure", "Partitioned"]),
        ("https", {**FRAME, "sec-fetch-site": "same-site"}, ["SameSite=Lax", "Secure"]),
        ("https", {**FRAME, "sec-fetch-dest": "document"}, ["SameSite=Lax", "Secure"]),
        ("https", {}, ["SameSite=Lax", "Secure"]),
        ("http", FRAME, ["SameSite=Lax"]),
    ],
)
def test_cookies_work_in_a_frame_where_browsers_let_them(
    client: TestClient, scheme: str, headers: dict[str, str], kind: list[str]
) -> None:
    for address in (f"/?token={token()}", "/?token=", "/"):
        client.cookies.clear()
        sent = client.get(f"{scheme}://testserver{address}", headers=headers)
        assert sent.headers["set-cookie"].split("; ")[-len(kind) :] == kind
        assert sent.headers["set-cookie"].count("SameSite") == 1
