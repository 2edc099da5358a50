"""Everybody who may come, and everything that can be asked for, on a running server: over HTTP and by Gradio's own client.

What there is comes from the application itself; what should become of it, from the table in `ui/access.py`.
"""

from __future__ import annotations

import asyncio
import itertools
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from gradio_client import Client
from starlette.routing import Mount

from backends.database import open_database
from desk.metering import Meters
from desk.office import office
from desk.staff import ROLES, Staff
from rag.config import Settings
from rag.config_people import Staff as StaffSettings
from tests.desk.scripted import Scripted, cited, reply
from tests.doubles.shelf import Shelf
from tests.e2e.furnished import PASSWORD, furnish, people, staff_cookie, token
from tests.e2e.server import Server
from tests.ui.behind import everything
from tests.ui.test_access import endless, example, routes
from ui.access import EVERYBODY, HANDLERS, PAGES, allowed, rule_for
from ui.session import STAFF_COOKIE
from ui.site import site

pytestmark = pytest.mark.slow
SECRET = "Zanzibar"  # stands in every document, conversation, record, case and run of the server
# Handlers that would change the server for the others, or go on for long.
CHANGING = {"follow", "run", "stop", "gather", "sync", "publish", "preview", "rollback"}
GUEST, CUSTOMER = "nobody", "customer"
WHO = (GUEST, CUSTOMER, *ROLES)
ELSEWHERE = {"x-forwarded-for": "192.0.2.200"}  # not from this machine, which may see /metrics
Cookies = dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    words = [f"{SECRET} {number}" for number in range(4)]
    started = Server(furnish(tmp_path_factory.mktemp("matrix") / "home", words, publish="review")).start()
    people(started.home, words)
    engine = open_database(started.home / "data")
    Staff(engine, StaffSettings(), memory_kib=64).add("victim", PASSWORD, ["admin"])
    engine.dispose()
    yield started
    started.stop()


@pytest.fixture(scope="module")
def cookies(server: Server) -> Cookies:
    """The session of each, as a browser would send it."""
    with httpx.Client() as shop:
        shop.get(f"{server.url}/", params={"token": token(server)})
        customer = dict(shop.cookies)
    return {GUEST: {}, CUSTOMER: customer} | {role: {STAFF_COOKIE: staff_cookie(server, role)} for role in ROLES}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    """The same site in this process, to be asked what there is."""
    engine = open_database(tmp_path_factory.mktemp("data"))
    shelf, meters = Shelf(tmp_path_factory.mktemp("shelf")), Meters(engine)
    desk = office(Settings(), engine, Scripted(lambda turns: reply(cited("Yes."))), meters=meters)
    behind = everything(desk, engine, Staff(engine, StaffSettings(), memory_kib=64), shelf, meters)

    async def made() -> FastAPI:  # outside of a loop, Gradio makes loops that nobody closes
        return site(behind, Settings())

    with ThreadPoolExecutor(1) as thread:
        yield thread.submit(asyncio.run, made()).result()
    shelf.close()
    engine.dispose()


def roles(who: str) -> frozenset[Any]:
    return frozenset({who}) - {GUEST, CUSTOMER}


# --- every route ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", WHO)
def test_every_route_keeps_its_rule(app: FastAPI, server: Server, cookies: Cookies, who: str) -> None:
    wrong, refused = [], 0
    with httpx.Client(base_url=server.url, cookies=cookies[who], timeout=30, headers=ELSEWHERE) as client:
        for method, template in sorted(set(routes(app.routes))):
            path = example(template)
            rule = rule_for(method, path)
            assert rule, f"{method} {template} has no rule in ui/access.py"
            mine = allowed(rule.who, roles(who))
            if mine and (endless(path) or path == "/logout"):
                continue
            answered = client.request(method, path)
            refused += not mine
            if answered.status_code not in _expected(rule.who, path, mine, who):
                wrong.append(f"{method} {path}: {answered.status_code}")
            if not mine and (SECRET in answered.text or "gradio_config" in answered.text):
                wrong.append(f"{method} {path} says what it should not")
    assert wrong == []
    assert refused > 100


def _expected(ruled: Any, path: str, mine: bool, who: str) -> set[int]:
    if ruled == frozenset():
        return {404}
    if mine:
        own = {401} if path == "/login" or path.startswith("/api/v1/") else {503} if path == "/readyz" else set()
        gone = {404} if re.search("/(vouch|page|picture|media|assets|static)/", path) else set()
        return {200, 206, 303, 307, 400, 405, 422} | own | gone
    if who in (GUEST, CUSTOMER):
        return {303} if path in PAGES or path == "/staff" else {401}
    return {403}


def test_no_page_carries_what_another_is_for(server: Server, cookies: Cookies) -> None:
    """What is public says nothing of what is not: no document in review, no record, no conversation, no run."""
    for path in (
        "/",
        "/login",
        "/readyz",
        "/healthz",
        "/embed.js",
        "/api/v1/openapi.json",
        "/metrics",
        "/vouch/x/chat.js",
    ):
        answered = httpx.get(f"{server.url}{path}")
        assert SECRET not in answered.text.replace(_company(server), ""), path
    for who in (GUEST, CUSTOMER):  # of the documents in review customers see neither text nor picture
        for path in ("/page/1/1.png", f"/picture/1/{'a' * 64}", "/media/1"):
            assert httpx.get(f"{server.url}{path}", cookies=cookies[who]).status_code == 404


def _company(server: Server) -> str:
    return f"{SECRET} 0"


# --- every Gradio endpoint ------------------------------------------------------------------------------------


def endpoints(app: FastAPI) -> list[tuple[str, int, str, int]]:
    """(page, number, handler, how many inputs) of all that Gradio would run."""
    mounted = {f"{mount.path}/": mount.app.blocks for mount in app.routes if isinstance(mount, Mount)}
    found = [
        (path, number, each.fn.__name__, len(each.inputs))
        for path, blocks in mounted.items()
        for number, each in blocks.fns.items()
    ]
    assert {path: {name for at, _, name, _ in found if at == path} for path in mounted} == HANDLERS
    return found


@pytest.mark.parametrize("who", WHO)
def test_every_gradio_endpoint_keeps_its_pages_rule(app: FastAPI, server: Server, cookies: Cookies, who: str) -> None:
    """Joined as the page's script joins it, and run directly: who may not see the page may run nothing of it."""
    wrong, tried = [], endpoints(app)
    assert len(tried) >= 45
    with httpx.Client(base_url=server.url, cookies=cookies[who], timeout=60) as client:
        for path, number, name, inputs in tried:
            sent = {"fn_index": number, "data": [None] * inputs, "session_hash": f"matrix{who}", "event_data": {}}
            mine = allowed(PAGES.get(path, EVERYBODY), roles(who))
            if mine and name in CHANGING:
                continue
            found = [
                client.post(f"{path}gradio_api/{each}", json=sent).status_code for each in ("queue/join", "run/predict")
            ]
            # What is queued is not run directly, nor the other way round.
            if (200 not in found) if mine else set(found) != {401 if who in (GUEST, CUSTOMER) else 403}:
                wrong.append(f"{path}{name}: {found}")
    assert wrong == []


class Insistent(Client):
    """Gradio's own client, which goes on where it is told nothing of what there is."""

    def _get_api_info(self) -> dict[str, Any]:
        return {"named_endpoints": {}, "unnamed_endpoints": {}}


@pytest.mark.parametrize("who", WHO)
def test_gradios_own_client_runs_nothing(
    app: FastAPI, server: Server, cookies: Cookies, who: str, tmp_path: Path
) -> None:
    """Where the page may not be seen, it does not even begin. Elsewhere it is told nothing of what there is; and whoever
    makes it go on all the same can call none of it, by no name and by no number."""
    options: dict[str, Any] = {"verbose": False, "analytics_enabled": False, "download_files": str(tmp_path)}
    tried = endpoints(app)
    for path in HANDLERS:
        address, known = f"{server.url}{path}", {"cookies": cookies[who]}
        if not allowed(PAGES.get(path, EVERYBODY), roles(who)):
            with pytest.raises(ValueError, match="Could not fetch config"):
                Insistent(address, httpx_kwargs=dict(known), **options)
            continue
        with pytest.raises(ValueError, match="Could not fetch api info"):
            Client(address, httpx_kwargs=dict(known), **options)
        client = Insistent(address, httpx_kwargs=dict(known), **options)
        for _, number, name, _ in (each for each in tried if each[0] == path):
            with pytest.raises(ValueError, match="Invalid function index"):
                client.predict(fn_index=number)
            with pytest.raises(ValueError, match="Cannot find a function"):
                client.predict(api_name=f"/{name}")
        client.close()


# --- a thousand log-ins ---------------------------------------------------------------------------------------


def log_in(client: httpx.Client, name: str, password: str, address: str) -> int:
    """Through a proxy on this machine, which says for whom."""
    return client.post(
        "/login", data={"name": name, "password": password}, headers={"x-forwarded-for": address}
    ).status_code


def test_a_thousand_log_ins_from_one_address(server: Server) -> None:
    """The right password among them is not even looked at; from elsewhere, the account's owner and others get in."""
    with httpx.Client(base_url=server.url) as client:
        passwords = [PASSWORD if number > 10 and number % 50 == 0 else f"password {number}" for number in range(1000)]
        found = [log_in(client, "one-admin", each, "192.0.2.1") for each in passwords]
        assert found == [401] * 10 + [429] * 990
        assert STAFF_COOKIE not in client.cookies
        assert log_in(client, "one-editor", PASSWORD, "192.0.2.1") == 303  # others there still have their tries
        assert log_in(client, "one-admin", PASSWORD, "192.0.2.2") == 303


def test_a_thousand_log_ins_for_many_accounts_from_one_address(server: Server) -> None:
    names = itertools.cycle([*(f"one-{role}" for role in ROLES), *(f"made-up-{number}" for number in range(40))])
    with httpx.Client(base_url=server.url) as client:
        found = [log_in(client, next(names), "123456", "198.51.100.1") for _ in range(1000)]
        assert found == [401] * 30 + [429] * 970
        assert log_in(client, "one-agent", PASSWORD, "198.51.100.1") == 429
        for role in ROLES:
            assert log_in(client, f"one-{role}", PASSWORD, "203.0.113.5") == 303


def test_a_thousand_log_ins_for_one_account_from_a_hundred_addresses(server: Server) -> None:
    """A hundred tries for the account, not a thousand: then it is shut for a while, and nobody else's is."""
    with httpx.Client(base_url=server.url) as client:
        found = [log_in(client, "victim", f"password {at}", f"10.1.{at % 100}.9") for at in range(1000)]
        assert found == [401] * 100 + [429] * 900
        assert log_in(client, "victim", PASSWORD, "10.1.5.9") == 429
        assert log_in(client, "one-manager", PASSWORD, "10.1.5.9") == 303
