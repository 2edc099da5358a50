"""Everything that can be asked for has a rule, and the rules hold over HTTP for everybody who may come."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from starlette.routing import Mount

from backends.database import open_database
from desk.metering import Meters
from desk.office import office
from desk.staff import ROLES, Staff
from rag.config import Settings
from rag.config_people import Staff as StaffSettings
from tests.desk.scripted import Scripted, cited, reply
from tests.doubles.shelf import Shelf
from tests.ui.behind import everything
from ui.access import EVERYBODY, HANDLERS, PAGES, RULES, rule_for
from ui.session import STAFF_COOKIE
from ui.site import site

GOOD = "correct horse 1"
EXAMPLES = {
    "chunk_id": "7",
    "page": "2",
    "name": "a" * 64,
    "digest": "0123456789ab",
    "size": "192",
    "session_hash": "abc",
}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    opened = open_database(tmp_path_factory.mktemp("data"))
    yield opened
    opened.dispose()


@pytest.fixture(scope="module")
def staff(engine: Engine) -> Staff:
    made = Staff(engine, StaffSettings(tries=5, tries_address=9000, tries_account=9000), memory_kib=64)
    for name, role in (("root", "admin"), ("victim", "admin"), *((f"one-{role}", role) for role in ROLES)):
        made.add(name, GOOD, [role])
    return made


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, engine: Engine, staff: Staff) -> Iterator[FastAPI]:
    shelf = Shelf(tmp_path_factory.mktemp("shelf"))
    meters = Meters(engine)
    people = office(Settings(), engine, Scripted(lambda turns: reply(cited("Yes."))), meters=meters)
    behind = everything(people, engine, staff, shelf, meters)

    async def made() -> FastAPI:  # outside of a loop, Gradio makes loops that nobody closes
        return site(behind, Settings())

    with ThreadPoolExecutor(1) as thread:  # the browser's tests leave a loop running in this one
        yield thread.submit(asyncio.run, made()).result()
    shelf.close()


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, follow_redirects=False) as opened:
        yield opened


def routes(found: Any, at: str = "") -> Iterator[tuple[str, str]]:
    """(method, path template) of everything the application answers, Gradio's own included."""
    for route in found:
        if isinstance(route, Mount):
            yield from routes(route.routes, at + route.path.rstrip("/"))
        elif router := getattr(route, "original_router", None):
            yield from routes(router.routes, at)
        else:
            for method in route.methods or {"GET"}:
                yield method, at + route.path


def example(template: str) -> str:
    return re.sub(r"\{(\w+)(:path)?\}", lambda found: EXAMPLES.get(found[1], "x"), template)


# --- every route and every handler has a rule -----------------------------------------------------------------


def test_every_route_has_a_rule(app: FastAPI) -> None:
    found = set(routes(app.routes))
    assert len(found) > 80, "Gradio's routes are no longer found: look for them elsewhere"
    assert [f"{method} {path}" for method, path in sorted(found) if rule_for(method, example(path)) is None] == []


def test_every_rule_speaks_of_something_there_is(app: FastAPI) -> None:
    asked = [(method, example(path)) for method, path in routes(app.routes)]
    spoken = {id(rule_for(*each)) for each in asked}
    assert [each.path.pattern for each in RULES if id(each) not in spoken] == []


def test_every_handler_is_named_in_the_table_and_private(app: FastAPI) -> None:
    pages = {f"{mount.path}/": mount.app.blocks for mount in app.routes if isinstance(mount, Mount)}
    assert set(pages) == set(HANDLERS)
    for path, blocks in pages.items():
        assert {each.fn.__name__ for each in blocks.fns.values()} == HANDLERS[path]
        assert {each.api_visibility for each in blocks.fns.values()} == {"private"}
        assert blocks.get_api_info()["named_endpoints"] == {}


@pytest.mark.parametrize(
    "path",
    ["/nothing", "/gradio_api/new", "/login/", "/page/x/1.png", "/vouch/.env", "/staff/x", "/%2e%2e/"],
)
def test_what_is_not_in_the_table_is_not_there(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404
    assert client.post(path).status_code == 404
    assert client.put("/").status_code == 404


def endless(path: str) -> bool:
    """Streams go on as long as somebody listens."""
    return "heartbeat" in path or "queue/data" in path


# --- the matrix -----------------------------------------------------------------------------------------------


def test_the_matrix_of_roles_and_routes(app: FastAPI, client: TestClient) -> None:
    """Over HTTP: nobody's routes are not there for anybody; the staff's are only for those they are meant for."""
    people = {"": {}} | {role: {"cookie": f"{STAFF_COOKIE}={logged_in(client, f'one-{role}')}"} for role in ROLES}
    wrong = []
    for (method, template), (role, headers) in product(sorted(set(routes(app.routes))), people.items()):
        path = example(template)
        rule = rule_for(method, path)
        assert rule
        refused = not rule.who or not role or role not in rule.who
        if rule.who is EVERYBODY or (not rule.who and role not in ("", "admin")) or (not refused and endless(path)):
            continue
        status = client.request(method, path, headers=headers).status_code
        if not rule.who:
            expected = status == 404
        elif not role:
            expected = status == (303 if path in PAGES or path == "/staff" else 401)
        else:
            expected = status == 403 if refused else status not in (401, 403, 404, 500)
        if not expected:
            wrong.append(f"{role or 'nobody'}: {method} {path}: {status}")
    assert wrong == []


# --- logging in and out ---------------------------------------------------------------------------------------


def logged_in(client: TestClient, name: str, password: str = GOOD, **headers: str) -> str:
    answered = client.post("/login", data={"name": name, "password": password}, headers=headers)
    assert answered.status_code == 303, answered.text
    client.cookies.clear()
    return re.match(rf"{STAFF_COOKIE}=([^;]+);", answered.headers["set-cookie"])[1]  # type: ignore[index]


def test_log_in_look_around_log_out(client: TestClient, staff: Staff) -> None:
    answered = client.post("/login", data={"name": "one-editor", "password": GOOD, "next": "/staff"})
    assert answered.status_code == 303
    assert answered.headers["location"] == "/studio/", "the only pages of an editor are there"
    flags = answered.headers["set-cookie"].split("; ")[1:]
    assert {"HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=43200"} <= set(flags)
    assert "Secure" not in flags
    page = client.get("/staff")
    assert "Logged in as one-editor (editor)" in page.text
    assert page.headers["cache-control"] == "no-store"
    token = client.cookies[STAFF_COOKIE]
    assert client.get("/login").headers["location"] == "/staff"
    assert client.post("/logout").headers["location"] == "/login"
    assert staff.who(token) is None
    assert client.get("/staff").status_code == 303


def test_the_cookie_is_for_https_alone_where_there_is_https(app: FastAPI) -> None:
    with TestClient(app, base_url="https://testserver", follow_redirects=False) as client:
        answered = client.post("/login", data={"name": "root", "password": GOOD})
    assert "; Secure" in answered.headers["set-cookie"]


def test_the_page_needs_no_script_and_runs_none(client: TestClient) -> None:
    page = client.get("/login?next=/desk/")
    assert page.status_code == 200
    assert "<script" not in page.text
    assert "style=" not in page.text
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "frame-ancestors 'none'" in policy


def test_in_chinese(client: TestClient) -> None:
    assert "员工登录" in client.get("/login", headers={"accept-language": "zh-CN,zh;q=0.9"}).text


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site", "origin": "http://evil.example"},
        {"sec-fetch-site": "same-site"},
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://testserver.evil.example"},
    ],
)
def test_another_site_logs_nobody_in_or_out(client: TestClient, staff: Staff, headers: dict[str, str]) -> None:
    answered = client.post("/login", data={"name": "root", "password": GOOD}, headers=headers)
    assert answered.status_code == 403
    assert "set-cookie" not in answered.headers
    token = logged_in(client, "root")
    assert client.post("/logout", headers={**headers, "cookie": f"{STAFF_COOKIE}={token}"}).status_code == 403
    assert staff.who(token)


@pytest.mark.parametrize(
    "headers", [{"sec-fetch-site": "same-origin"}, {"origin": "http://testserver"}, {"sec-fetch-site": "none"}, {}]
)
def test_our_own_form_does(client: TestClient, headers: dict[str, str]) -> None:
    assert logged_in(client, "root", **headers)


@pytest.mark.parametrize(
    "following",
    ["//evil.example", "https://evil.example", "/\\evil.example", "/desk/../..", "javascript:alert(1)", "/login"],
)
def test_afterwards_only_to_pages_of_ours(client: TestClient, following: str) -> None:
    answered = client.post("/login", data={"name": "one-editor", "password": GOOD, "next": following})
    assert answered.headers["location"] == "/studio/"
    assert "evil" not in client.get("/login", params={"next": following}).text


def test_a_wrong_password_says_so_and_nothing_more(client: TestClient) -> None:
    name = "<script>alert(1)</script>"
    for each in ("root", name, ""):
        answered = client.post("/login", data={"name": each, "password": "wrong password"})
        assert answered.status_code == 401
        assert "The name or the password is not right." in answered.text
        assert "<script" not in answered.text
        assert "wrong password" not in answered.text


def test_a_thousand_tries(client: TestClient) -> None:
    found = [
        client.post("/login", data={"name": "victim", "password": f"password {number}"}).status_code
        for number in range(1000)
    ]
    assert found == [401] * 5 + [429] * 995
    last = client.post("/login", data={"name": "victim", "password": GOOD})
    assert last.status_code == 429
    assert last.headers["retry-after"] == "900"
    assert "wait 15 minutes" in last.text


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"name=root", b"name=a&name=b&password=", b"&" * 5000, b"%%%=%zz"])
def test_whatever_is_sent_as_a_form(client: TestClient, body: bytes) -> None:
    answered = client.post("/login", content=body, headers={"content-type": "application/x-www-form-urlencoded"})
    assert answered.status_code in (400, 401)
