"""Stands before every request: what may be asked for at all and by whom, how much may be sent, and the headers that
keep the browser from talking to anybody else. Who may ask for what is the table in `ui/access.py`.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from http.cookies import CookieError, SimpleCookie
from urllib.parse import quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from desk.staff import Account
from ui.access import EVERYBODY, PAGES, Rule, allowed, rule_for
from ui.api import problem
from ui.document import Head, rewritten
from ui.embed import ancestors, framed
from ui.session import STAFF_COOKIE, Sessions
from ui.sign_in import SignIn
from ui.staff_pages import forbidden
from ui.texts import chosen

LOOPBACK = ("127.0.0.1", "::1")
# Gradio compiles its templates with Function() and sets styles in place; its scripts come from here alone.
PAGE_POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-eval' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; media-src 'self'; font-src 'self' data:; connect-src 'self'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors {ancestors}; object-src 'none'"
)
FORM_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
OTHER_POLICY = "default-src 'none'; frame-ancestors 'self'"
WhoIs = Callable[[str], Account | None]


class Shield:
    """ASGI middleware around the whole site. `heads`: the path of each Gradio page and what stands in its head."""

    def __init__(
        self,
        app: ASGIApp,
        sessions: Sessions,
        who: WhoIs,
        heads: Mapping[str, Head],
        sign_in: SignIn | None = None,
        embed: Sequence[str] = (),
    ) -> None:
        """`embed`: origins that may frame the customers' page."""
        self._ancestors = ancestors(embed)
        self._app, self._sessions, self._who, self._heads, self._sign_in = app, sessions, who, heads, sign_in

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        rule, headers = rule_for(scope["method"], scope["path"]), Headers(scope=scope)
        answer = await self._refused(rule, scope, headers) or self._signing_in(scope, headers)
        if answer is not None:
            await answer(scope, receive, _with_headers(send, bool(rule and rule.who)))
        elif scope["path"] in self._heads:
            await self._page(scope, receive, send, self._heads[scope["path"]])
        else:
            await self._app(scope, receive, _with_headers(send, bool(rule and rule.who)))

    async def _refused(self, rule: Rule | None, scope: Scope, headers: Headers) -> Response | None:
        path = scope["path"]
        if f"{path}/" in PAGES:
            return RedirectResponse(f"{path}/", 308)
        if rule is None or (rule.who is not EVERYBODY and not rule.who):
            return _no(path, 404, "Not found", "There is nothing at this address.")
        if _too_large(headers, rule.largest):
            return _no(path, 413, "Too large", f"At most {rule.largest:,} bytes fit, and their number has to be sent.")
        if rule.own and _foreign(headers):
            return PlainTextResponse("Not from this site", 403)
        if rule.who is EVERYBODY or (rule.local and _from_here(scope, headers)):
            return None
        account = await run_in_threadpool(self._who, cookies(headers).get(STAFF_COOKIE, ""))
        page = path in PAGES or path == "/staff"
        if account is None:
            return RedirectResponse(f"/login?next={quote(path)}", 303) if page else PlainTextResponse("Log in", 401)
        if not allowed(rule.who, account.roles):
            texts = chosen(cookies(headers), headers.get("accept-language", ""))
            return (
                HTMLResponse(forbidden(account, texts.language), 403) if page else PlainTextResponse("Not yours", 403)
            )
        return None

    def _signing_in(self, scope: Scope, headers: Headers) -> Response | None:
        """What answers the customers' page asked for with a token."""
        if scope["path"] != "/" or self._sign_in is None:
            return None
        path, secure = f"{scope.get('root_path', '')}/", scope["scheme"] == "https"
        return self._sign_in.answer(path, scope["query_string"].decode("latin-1"), secure, framed(headers))

    async def _page(self, scope: Scope, receive: Receive, send: Send, head: Head) -> None:
        """The page itself: rewritten, with a nonce for its scripts and, for customers, a cookie where there is none."""
        # Uncompressed, so that it can be rewritten.
        plain = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        nonce, start, body = secrets.token_urlsafe(16), dict[str, object](), bytearray()
        headers = Headers(scope=scope)
        known = not head.visitors or self._sessions.visitor(cookies(headers))
        fresh = "" if known else self._sessions.new_cookie(scope["scheme"] == "https", framed(headers))
        policy = PAGE_POLICY.format(nonce=nonce, ancestors=self._ancestors if head.visitors else "'self'")

        async def collect(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            if message["type"] != "http.response.body":
                return
            body.extend(message.get("body", b""))
            if not message.get("more_body", False):
                page = rewritten(body.decode(), head, nonce).encode()
                answered = MutableHeaders(raw=list(start["headers"]))  # type: ignore[call-overload]
                answered["content-length"] = str(len(page))
                answered["cache-control"] = "no-store"
                if fresh:
                    answered.append("set-cookie", fresh)
                _secure(answered, policy)
                await send({**start, "headers": answered.raw})
                await send({"type": "http.response.body", "body": page if scope["method"] == "GET" else b""})

        await self._app({**scope, "headers": plain}, receive, collect)


def _with_headers(send: Send, private: bool) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            form = headers.get("content-type", "").startswith("text/html")
            _secure(headers, FORM_POLICY if form else OTHER_POLICY)
            if private or form:
                headers["cache-control"] = "no-store"
        await send(message)

    return sending


def _secure(headers: MutableHeaders, policy: str) -> None:
    headers.setdefault("content-security-policy", policy)  # a report has its own, which allows it less
    headers["x-content-type-options"] = "nosniff"
    headers["referrer-policy"] = "no-referrer"
    headers["permissions-policy"] = "camera=(), microphone=(), geolocation=()"
    headers["cross-origin-opener-policy"] = "same-origin"


def _no(path: str, status: int, words: str, more: str) -> Response:
    """A refusal; programs get it as the API's others."""
    if path.startswith("/api/"):
        return problem(status, words.upper().replace(" ", "_"), more)
    return PlainTextResponse(words, status)


def _too_large(headers: Headers, largest: int) -> bool:
    """Also what does not say how long it is: browsers do."""
    length = headers.get("content-length", "0")
    return "transfer-encoding" in headers or not length.isdigit() or int(length) > largest


def _from_here(scope: Scope, headers: Headers) -> bool:
    """Whether a program on this machine asks, and not for somebody else: a proxy says for whom."""
    address = (scope.get("client") or ("",))[0]
    return address in LOOPBACK and not {"x-forwarded-for", "forwarded"} & set(headers.keys())


def _foreign(headers: Headers) -> bool:
    """Whether a browser sends this for another site's page. What is no browser says neither of the two."""
    if site := headers.get("sec-fetch-site"):
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host")


def cookies(headers: Headers) -> dict[str, str]:
    """Those of a request; none where they cannot be read."""
    try:
        return {name: each.value for name, each in SimpleCookie(headers.get("cookie", "")).items()}
    except CookieError:
        return {}
