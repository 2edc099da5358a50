"""The site as one ASGI application: the page, its files, page pictures, and a sign of life."""

from __future__ import annotations

import gradio as gr
from fastapi import FastAPI, Response
from starlette.responses import FileResponse

from desk.service import Desk
from rag.config import Server
from rag.ports import KnowledgeReader
from rag.types import Access
from ui.chat import ChatPage, build
from ui.document import STATIC, address
from ui.pages import PagePictures
from ui.session import Sessions
from ui.shield import Shield
from ui.theme import theme

FOREVER = {"cache-control": "public, max-age=31536000, immutable"}
FILES = ("chat.js", "style.css", "favicon.svg")


def site(desk: Desk, knowledge: KnowledgeReader, pictures: PagePictures, secret: str, settings: Server) -> FastAPI:
    """Everything a browser can ask for."""
    sessions, app = Sessions(secret), FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    title = f"{settings.company} – Customer service"
    _routes(app, pictures)
    page = build(ChatPage(desk, knowledge, sessions, settings), title)
    gr.mount_gradio_app(
        app, page, path="/", theme=theme(), footer_links=[], show_error=False, run_history=False,
        ssr_mode=False, pwa=False, mcp_server=False, enable_monitoring=False, max_file_size=1,
    )  # fmt: skip
    app.add_middleware(Shield, sessions=sessions, title=title)
    return app


def _routes(app: FastAPI, pictures: PagePictures) -> None:
    known = {address(name): STATIC / name for name in FILES}

    @app.get("/healthz")
    def alive() -> Response:
        return Response("ok", media_type="text/plain")

    @app.get("/vouch/{digest}/{name}")
    def static(digest: str, name: str) -> Response:
        file = known.get(f"/vouch/{digest}/{name}")
        return FileResponse(file, headers=FOREVER) if file else Response("Not found", 404)

    @app.get("/page/{chunk_id}/{page}.png")
    def picture(chunk_id: int, page: int) -> Response:
        drawn = pictures.picture(chunk_id, page, Access())
        # Not kept by browsers for long: the document may be withdrawn.
        headers = {"cache-control": "private, max-age=300"}
        return Response(drawn, media_type="image/png", headers=headers) if drawn else Response("Not found", 404)
