"""The site as one ASGI application: the page, its files, what stands behind citations, and a sign of life."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import gradio as gr
from fastapi import FastAPI, Request, Response
from starlette.responses import FileResponse

from desk.service import Desk
from rag.config import Server
from rag.ports import KnowledgeReader
from rag.types import Access
from ui.chat import ChatPage, build
from ui.document import STATIC, address
from ui.evidence import Evidence
from ui.pages import PagePictures
from ui.session import Sessions
from ui.shield import Shield
from ui.sign_in import SignIn
from ui.theme import theme

FOREVER = {"cache-control": "public, max-age=31536000, immutable"}
# Not kept by browsers for long: the document may be withdrawn.
BRIEFLY = {"cache-control": "private, max-age=300"}
FILES = ("chat.js", "style.css", "favicon.svg")


def site(
    desk: Desk,
    knowledge: KnowledgeReader,
    evidence: Evidence,
    sessions: Sessions,
    settings: Server,
    sign_in: SignIn | None = None,
) -> FastAPI:
    """Everything a browser can ask for."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    title = f"{settings.company} – Customer service"
    _routes(app)
    evidence_routes(app, evidence, lambda request: desk.access(sessions.visitor(request.cookies) or ""))
    page = build(ChatPage(desk, knowledge, sessions, settings), title)
    gr.mount_gradio_app(
        app, page, path="/", theme=theme(), footer_links=[], show_error=False, run_history=False,
        ssr_mode=False, pwa=False, mcp_server=False, enable_monitoring=False, max_file_size=1,
    )  # fmt: skip
    app.add_middleware(Shield, sessions=sessions, title=title, sign_in=sign_in)
    return app


def _routes(app: FastAPI) -> None:
    known = {address(name): STATIC / name for name in FILES}

    @app.get("/healthz")
    def alive() -> Response:
        return Response("ok", media_type="text/plain")

    @app.get("/vouch/{digest}/{name}")
    def static(digest: str, name: str) -> Response:
        file = known.get(f"/vouch/{digest}/{name}")
        return FileResponse(file, headers=FOREVER) if file else Response("Not found", 404)


def evidence_routes(app: FastAPI, evidence: Evidence, access: Callable[[Request], Access]) -> None:
    """Page pictures, pictures and recordings, by the passage they belong to. `access`: what whoever asks may see."""
    pages = PagePictures(evidence.pdf)

    @app.get("/page/{chunk_id}/{page}.png")
    def page(chunk_id: int, page: int, request: Request) -> Response:
        drawn = pages.picture(chunk_id, page, access(request))
        return Response(drawn, media_type="image/png", headers=BRIEFLY) if drawn else Response("Not found", 404)

    @app.get("/picture/{chunk_id}/{name}")
    def picture(chunk_id: int, name: str, request: Request) -> Response:
        return _file(evidence.picture(chunk_id, name, access(request)))

    @app.get("/media/{chunk_id}")
    def recording(chunk_id: int, request: Request) -> Response:
        return _file(evidence.recording(chunk_id, access(request)))


def _file(found: tuple[Path, str] | None) -> Response:
    """The file, whole or the range that was asked for."""
    return FileResponse(found[0], media_type=found[1], headers=BRIEFLY) if found else Response("Not found", 404)
