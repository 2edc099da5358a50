"""Stands before every request: what may be asked for at all, how much may be sent, who is asking, and the
headers that keep the browser from talking to anybody else.

Gradio brings many routes (uploads, files, proxies, API pages) that this site does not need. Only those on
the list pass; the others do not exist here.
"""

from __future__ import annotations

import re
import secrets
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.document import rewritten
from ui.session import Sessions
from ui.sign_in import SignIn

LARGEST = 64 * 1024  # bytes of one request; the longest message is far below
OPEN = re.compile(
    r"/|/healthz|/theme\.css|/(assets|static|vouch)/[^.][^?]*|/page/\d{1,20}/\d{1,5}\.png"
    r"|/picture/\d{1,20}/[0-9a-f]{64}|/media/\d{1,20}"
    r"|/(gradio_api/)?(theme\.css|startup-events|app_id|queue/(join|data)|heartbeat/\w+|cancel|reset|run/predict)/?"
)
# Gradio compiles its templates with Function() and sets styles in place; its scripts come from here alone.
PAGE_POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-eval' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; media-src 'self'; font-src 'self' data:; connect-src 'self'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'self'; object-src 'none'"
)
OTHER_POLICY = "default-src 'none'; frame-ancestors 'self'"


class Shield:
    """ASGI middleware around the whole site."""

    def __init__(self, app: ASGIApp, sessions: Sessions, title: str, sign_in: SignIn | None = None) -> None:
        self._app, self._sessions, self._title, self._sign_in = app, sessions, title, sign_in

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif OPEN.fullmatch(scope["path"]) is None:
            await PlainTextResponse("Not found", 404)(scope, receive, send)
        elif _too_large(Headers(scope=scope)):
            await PlainTextResponse("Too large", 413)(scope, receive, send)
        elif scope["path"] == "/":
            await (self._signing_in(scope) or self._page)(scope, receive, send)
        else:
            await self._app(scope, receive, _with_headers(send, OTHER_POLICY))

    def _signing_in(self, scope: Scope) -> ASGIApp | None:
        """What answers a page asked for with a token."""
        path, secure = f"{scope.get('root_path', '')}/", scope["scheme"] == "https"
        answer = self._sign_in.answer(path, scope["query_string"].decode("latin-1"), secure) if self._sign_in else None
        if answer:
            _secure(answer.headers, OTHER_POLICY)
        return answer

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The page itself: rewritten, with a nonce for its scripts and a cookie for a new visitor."""
        headers = Headers(scope=scope)
        # Uncompressed, so that it can be rewritten.
        plain = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        nonce, start, body = secrets.token_urlsafe(16), dict[str, object](), bytearray()
        fresh = (
            "" if self._sessions.visitor(_cookies(headers)) else self._sessions.new_cookie(scope["scheme"] == "https")
        )

        async def collect(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
                return
            body.extend(message.get("body", b""))
            if not message.get("more_body", False):
                page = rewritten(body.decode(), self._title, nonce).encode()
                answered = MutableHeaders(raw=list(start["headers"]))  # type: ignore[call-overload]
                answered["content-length"] = str(len(page))
                answered["cache-control"] = "no-store"
                if fresh:
                    answered.append("set-cookie", fresh)
                _secure(answered, PAGE_POLICY.format(nonce=nonce))
                await send({**start, "headers": answered.raw})
                await send({"type": "http.response.body", "body": page if scope["method"] == "GET" else b""})

        await self._app({**scope, "headers": plain}, receive, collect)


def _with_headers(send: Send, policy: str) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            _secure(MutableHeaders(scope=message), policy)
        await send(message)

    return sending


def _secure(headers: MutableHeaders, policy: str) -> None:
    headers["content-security-policy"] = policy
    headers["x-content-type-options"] = "nosniff"
    headers["referrer-policy"] = "no-referrer"
    headers["permissions-policy"] = "camera=(), microphone=(), geolocation=()"
    headers["cross-origin-opener-policy"] = "same-origin"


def _too_large(headers: Headers) -> bool:
    """Also what does not say how long it is: browsers do."""
    length = headers.get("content-length", "0")
    return "transfer-encoding" in headers or not length.isdigit() or int(length) > LARGEST


def _cookies(headers: Headers) -> dict[str, str]:
    try:
        return {name: each.value for name, each in SimpleCookie(headers.get("cookie", "")).items()}
    except CookieError:
        return {}
