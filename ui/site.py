"""The site as one ASGI application: the page, its files, what stands behind citations, and a sign of life."""

from __future__ import annotations

from pathlib import Path

import gradio as gr
from fastapi import FastAPI, Response
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
from ui.theme import theme

FOREVER = {"cache-control": "public, max-age=31536000, immutable"}
# Not kept by browsers for long: the document may be withdrawn.
BRIEFLY = {"cache-control": "private, max-age=300"}
FILES = ("chat.js", "style.css", "favicon.svg")


def site(desk: Desk, knowledge: KnowledgeReader, evidence: Evidence, secret: str, settings: Server) -> FastAPI:
    """Everything a browser can ask for."""
    sessions, app = Sessions(secret), FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    title = f"{settings.company} – Customer service"
    _routes(app)
    evidence_routes(app, evidence)
    page = build(ChatPage(desk, knowledge, sessions, settings), title)
    gr.mount_gradio_app(
        app, page, path="/", theme=theme(), footer_links=[], show_error=False, run_history=False,
        ssr_mode=False, pwa=False, mcp_server=False, enable_monitoring=False, max_file_size=1,
    )  # fmt: skip
    app.add_middleware(Shield, sessions=sessions, title=title)
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


def evidence_routes(app: FastAPI, evidence: Evidence) -> None:
    """Page pictures, pictures and recordings, by the passage they belong to."""
    pages = PagePictures(evidence.pdf)

    @app.get("/page/{chunk_id}/{page}.png")
    def page(chunk_id: int, page: int) -> Response:
        drawn = pages.picture(chunk_id, page, Access())
        return Response(drawn, media_type="image/png", headers=BRIEFLY) if drawn else Response("Not found", 404)

    @app.get("/picture/{chunk_id}/{name}")
    def picture(chunk_id: int, name: str) -> Response:
        return _file(evidence.picture(chunk_id, name, Access()))

    @app.get("/media/{chunk_id}")
    def recording(chunk_id: int) -> Response:
        return _file(evidence.recording(chunk_id, Access()))


def _file(found: tuple[Path, str] | None) -> Response:
    """The file, whole or the range that was asked for."""
    return FileResponse(found[0], media_type=found[1], headers=BRIEFLY) if found else Response("Not found", 404)
