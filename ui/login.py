"""Logging in and out: plain forms. Knows no HTML; who may see what is the table's matter."""

from __future__ import annotations

from urllib.parse import parse_qs

from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from desk.staff import NotAdmitted, Staff
from desk.tries import TooManyTries
from ui import staff_pages
from ui.access import PAGES, allowed
from ui.session import STAFF_COOKIE, staff_cookie
from ui.staff_texts import STAFF_TEXTS, StaffTexts
from ui.texts import chosen

HOME = "/staff"


def login_routes(app: FastAPI, staff: Staff, hours: float) -> None:
    """/login, /logout and /staff. `hours`: how long the cookie lasts; the session itself ends by the store's clock."""

    @app.get("/login")
    def form(request: Request) -> Response:
        following = _following(request.query_params.get("next", ""))
        if staff.who(request.cookies.get(STAFF_COOKIE, "")):
            return RedirectResponse(following or HOME, 303)
        return HTMLResponse(staff_pages.log_in(_texts(request).language, following))

    @app.post("/login")
    async def log_in(request: Request) -> Response:
        sent = parse_qs((await request.body()).decode("utf-8", "replace"))
        name, password, following = (sent.get(each, [""])[0] for each in ("name", "password", "next"))
        return await run_in_threadpool(_log_in, staff, hours, request, name.strip(), password, _following(following))

    @app.post("/logout")
    def log_out(request: Request) -> Response:
        staff.log_out(request.cookies.get(STAFF_COOKIE, ""))
        left = RedirectResponse("/login", 303)
        left.headers.append("set-cookie", staff_cookie("", 0, request.url.scheme == "https"))
        return left

    @app.get(HOME)
    def home(request: Request) -> Response:
        account = staff.who(request.cookies.get(STAFF_COOKIE, ""))
        if account is None:
            return RedirectResponse("/login", 303)
        return HTMLResponse(staff_pages.home(account, _texts(request).language))


def _log_in(staff: Staff, hours: float, request: Request, name: str, password: str, following: str) -> Response:
    texts = _texts(request)
    try:
        token = staff.log_in(name, password, request.client.host if request.client else "")
    except NotAdmitted:
        return HTMLResponse(staff_pages.log_in(texts.language, following, name, texts.wrong), 401)
    except TooManyTries as error:
        problem = texts.too_many.format(minutes=error.minutes)
        page = staff_pages.log_in(texts.language, following, name, problem)
        return HTMLResponse(page, 429, {"retry-after": str(60 * error.minutes)})
    entered = RedirectResponse(following or _home(staff, token), 303)
    entered.headers.append("set-cookie", staff_cookie(token, hours, request.url.scheme == "https"))
    return entered


def _home(staff: Staff, token: str) -> str:
    """The page of who has just one, with what is below it; else the list of them."""
    account = staff.who(token)
    theirs = [path for path, who in PAGES.items() if account and allowed(who, account.roles)]
    above = [each for each in theirs if not any(each != other and each.startswith(other) for other in theirs)]
    return above[0] if len(above) == 1 else HOME


def _following(path: str) -> str:
    """Only to pages of ours: an address from outside leads nowhere else."""
    return path if path in PAGES else ""


def _texts(request: Request) -> StaffTexts:
    return STAFF_TEXTS[chosen(request.cookies, request.headers.get("accept-language", "")).language]
