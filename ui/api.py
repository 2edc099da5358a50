"""The API for other channels: a message in, its answer out as it is said (server-sent events), conversations to read.

A refused request is answered with JSON: a stable code, and what to do.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Annotated, Any

from anyio import CapacityLimiter, to_thread
from fastapi import Depends, FastAPI, Header, Request
from fastapi.exception_handlers import http_exception_handler
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response, StreamingResponse

from desk.pace import TooFast
from desk.records import NotYours, Stored, TooLong
from desk.running import DeskEvent
from desk.service import Desk, View
from rag.errors import VouchError
from rag.types import Done, Said, Withdrawn
from ui import api_models as models
from ui.api_callers import Callers, NotKnown

AT = "/api/v1"
AT_ONCE = 16  # answers under way; each is one thread, beside those of the pages
REFUSED: dict[int | str, dict[str, Any]] = {code: {"model": models.Refusal} for code in (401, 404, 413, 422, 429, 503)}
STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Events `sentence` (Sentence), `withdrawn` (Withdrawn: forget the sentences up to now), and at the end "
        "`done` (Done) or `error` (Refusal); the data of each is JSON. The header Vouch-Conversation names the conversation.",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    }
}
EVENTS = (models.Sentence, models.Withdrawn, models.Done)
log = logging.getLogger(__name__)


class Refused(Exception):
    """Carries the answer to a request that is not carried out."""

    def __init__(self, status: int, code: str, message: str, wait: int = 0) -> None:
        super().__init__(message)
        self.status, self.code, self.wait = status, code, wait

    @property
    def body(self) -> models.Refusal:
        return models.Refusal(error=models.Problem(code=self.code, message=str(self)))


def api_routes(app: FastAPI, desk: Desk, callers: Callers) -> None:
    """All of it, and its description."""
    caller = Depends(_known_by(callers))
    _writing(app, desk, caller)
    _reading(app, desk, caller)
    described = _described(app)

    @app.get(f"{AT}/openapi.json", include_in_schema=False)
    def openapi() -> JSONResponse:
        return JSONResponse(described)

    app.add_exception_handler(Refused, _answered)
    app.add_exception_handler(RequestValidationError, _misunderstood)
    app.add_exception_handler(HTTPException, _failed)


def _known_by(callers: Callers) -> Callable[[str, str], str]:
    def visitor(
        authorization: Annotated[str, Header(description="Bearer, and a customer's token or the API's key.")] = "",
        vouch_guest: Annotated[str, Header(description="With the API's key: who writes, a name of your choice.")] = "",
    ) -> str:
        try:
            return callers.visitor(authorization, vouch_guest)
        except NotKnown as error:
            raise Refused(401, "UNKNOWN", str(error)) from error

    return visitor


def _writing(app: FastAPI, desk: Desk, caller: Any) -> None:
    threads = CapacityLimiter(AT_ONCE)

    @app.post(f"{AT}/messages", responses={**REFUSED, **STREAM}, response_class=StreamingResponse)
    async def message(new: models.NewMessage, visitor: str = caller) -> Response:
        """Send a customer's message and hear its answer."""
        answer = Answer(desk, visitor, new)
        first = await to_thread.run_sync(answer.begin, limiter=threads)
        headers = {"vouch-conversation": answer.conversation, "cache-control": "no-store", "x-accel-buffering": "no"}
        events = _streamed(answer, first, threads)
        return StreamingResponse(events, media_type="text/event-stream", headers=headers)


def _reading(app: FastAPI, desk: Desk, caller: Any) -> None:
    @app.get(f"{AT}/conversations/{{conversation}}", responses=REFUSED)
    def conversation(conversation: str, visitor: str = caller) -> models.Conversation:
        """A conversation as it stands now; how to hear what a person wrote."""
        try:
            view, wait = desk.view(conversation, visitor), desk.waiting.of(conversation, visitor)
        except VouchError as error:
            raise refused(error) from error
        return models.conversation(view, wait.position if wait else None)


class Answer:
    """The answer to one message, as it comes."""

    def __init__(self, desk: Desk, visitor: str, new: models.NewMessage) -> None:
        self._desk, self._visitor, self._new = desk, visitor, new
        self.conversation = new.conversation
        self._done: Done | None = None
        self._stored: int | None = None
        self._events: Iterator[DeskEvent] = iter(())
        self._over = False

    def begin(self) -> str | None:
        """Store the message; the first event. Raises Refused."""
        try:
            self.conversation = self.conversation or self._desk.begin(self._visitor, self._new.language)
            self._events = self._desk.handle_message(self.conversation, self._visitor, self._new.text)
            return self._next()
        except VouchError as error:
            raise refused(error) from error

    def next(self) -> str | None:
        """The next event as it is sent; None after the last."""
        try:
            return self._next()
        except VouchError as error:
            self._events, self._over = iter(()), True
            return _event("error", refused(error).body)

    def _next(self) -> str | None:
        for event in self._events:
            match event:
                case Said():
                    return _event("sentence", models.sentence(event.sentence))
                case Withdrawn():
                    return _event("withdrawn", models.Withdrawn(reason=event.reason))
                case Done():
                    self._done = event
                case Stored():
                    self._stored = event.message
        return self._end()

    def _end(self) -> str | None:
        if self._over:
            return None
        self._over = True
        view = self._desk.view(self.conversation, self._visitor)
        reply = self._done.reply if self._done else None
        return _event("done", models.done(self.conversation, self._stored, reply, self._person(view)))

    def _person(self, view: View) -> models.Person | None:
        wait = self._desk.waiting.of(self.conversation, self._visitor)
        return models.person(view, wait.position if wait else None)


def refused(error: VouchError) -> Refused:
    """An error of the desk as the caller hears it; what the operator needs goes to the log."""
    match error:
        case TooLong():
            return Refused(413, "TOO_LONG", str(error))
        case TooFast():
            return Refused(429, "TOO_MANY", str(error), error.seconds)
        case NotYours():
            return Refused(404, "NO_CONVERSATION", "You have no such conversation. Leave it out to begin a new one.")
    log.error("The API could not answer: %s", error)
    return Refused(503, "FAILED", "Something went wrong on our side. Try again in a moment.")


def problem(status: int, code: str, message: str, wait: int = 0) -> JSONResponse:
    """A refusal as it is sent."""
    body = models.Refusal(error=models.Problem(code=code, message=message)).model_dump()
    return JSONResponse(body, status, {"retry-after": str(wait)} if wait else {})


async def _streamed(answer: Answer, event: str | None, threads: CapacityLimiter) -> AsyncIterator[str]:
    while event is not None:
        yield event
        event = await to_thread.run_sync(answer.next, limiter=threads)


def _event(name: str, data: BaseModel) -> str:
    return f"event: {name}\ndata: {data.model_dump_json()}\n\n"


def _answered(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return problem(error.status, error.code, str(error), error.wait)


def _misunderstood(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    found = error.errors()[0]
    where = ".".join(str(each) for each in found["loc"][1:] if not isinstance(each, int))
    return problem(
        422, "NOT_UNDERSTOOD", f"{where or 'The body'}: {found['msg']}. The description is at {AT}/openapi.json."
    )


async def _failed(request: Request, error: Exception) -> Response:
    """What FastAPI itself refuses, such as a body nested too deeply."""
    assert isinstance(error, HTTPException)
    if request.url.path.startswith(AT):
        return problem(error.status_code, "NOT_UNDERSTOOD", str(error.detail))
    return await http_exception_handler(request, error)


def _described(app: FastAPI) -> dict[str, Any]:
    routes = [each for each in app.routes if isinstance(each, APIRoute) and each.path.startswith(AT)]
    described = get_openapi(title="Vouch", version="1", summary="Customer service for other channels.", routes=routes)
    schemas = described["components"]["schemas"]
    for model in EVENTS:  # they stand in a stream, which OpenAPI cannot describe
        schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas |= {**schema.pop("$defs", {}), model.__name__: schema}
    return described
