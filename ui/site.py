"""The site as one ASGI application: the pages, their files, what stands behind citations, and a sign of life."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import gradio as gr
from fastapi import FastAPI, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse

from desk.agents import AgentDesk
from desk.service import Desk
from eval.report import policy
from rag.config import Settings
from rag.types import Access
from ui.api import api_routes
from ui.api_callers import Callers, nobody
from ui.chat import ChatPage, Suggested, build
from ui.desk import DeskPage, DeskParts
from ui.desk import build as build_desk
from ui.document import STATIC, Head, address
from ui.embed import embed_routes
from ui.evidence import Evidence
from ui.gap_work import GapWork
from ui.gaps import EVENTS as GAPS_EVENTS
from ui.gaps import GapsPage
from ui.insights import InsightsPage, InsightsParts, insights_routes
from ui.insights import build as build_insights
from ui.login import login_routes
from ui.pages import PagePictures
from ui.quality import EVENTS as QUALITY_EVENTS
from ui.quality import QualityPage, QualityParts
from ui.session import Sessions
from ui.shield import Shield
from ui.sign_in import SignIn
from ui.studio import EVENTS as STUDIO_EVENTS
from ui.studio import StudioPage
from ui.studio_work import StudioParts
from ui.theme import theme
from ui.vitals import Vitals, vitals_routes
from ui.workplace import build as build_workplace

FOREVER = {"cache-control": "public, max-age=31536000, immutable"}
# Not kept by browsers for long: the document may be withdrawn.
BRIEFLY = {"cache-control": "private, max-age=300"}
FILES = (
    "chat.js",
    "colours.css",
    "style.css",
    "staff.css",
    "desk.css",
    "desk.js",
    "work.css",
    "work.js",
    "insights.css",
    "insights.js",
    "favicon.svg",
)


@dataclass(frozen=True, slots=True)
class Behind:
    """What stands behind the pages. `suggested`: questions for a visitor's empty chat; without it those configured."""

    desk: Desk
    agents: DeskParts
    studio: StudioParts
    quality: QualityParts
    evidence: Evidence
    sessions: Sessions
    insights: InsightsParts
    vitals: Vitals
    gaps: GapWork
    sign_in: SignIn | None = None
    callers: Callers = field(default_factory=nobody)
    suggested: Suggested | None = None


def site(behind: Behind, settings: Settings) -> FastAPI:
    """Everything a browser can ask for."""
    app, sessions = FastAPI(docs_url=None, redoc_url=None, openapi_url=None), behind.sessions
    _routes(app)
    vitals_routes(app, behind.vitals)
    evidence_routes(app, behind.evidence, lambda request: behind.desk.access(sessions.visitor(request.cookies) or ""))
    login_routes(app, behind.agents.staff, settings.staff.session_hours)
    desk_routes(app, behind.agents.agents)
    insights_routes(app, behind.insights)
    embed_routes(app, settings.server.embed_origins)
    api_routes(app, behind.desk, behind.callers)
    heads = _heads(settings.server.company)
    page = DeskPage(behind.agents, settings)
    _mount(app, build_desk(page, heads["/desk/"].title), "/desk")  # first: the customers' page takes all that is left
    figures = InsightsPage(behind.insights, settings.server.company)
    _mount(app, build_insights(figures, heads["/insights/"].title), "/insights")
    _studio(app, behind, settings, heads)
    quality = QualityPage(behind.quality, settings)
    quality_routes(app, quality)
    _mount(app, build_workplace(quality, heads["/quality/"].title, QUALITY_EVENTS), "/quality")
    fixed = settings.server.suggestions
    suggested = behind.suggested or (lambda _visitor, language: fixed.get(language, ()))
    chat = ChatPage(behind.desk, behind.agents.knowledge, sessions, settings.server, suggested)
    _mount(app, build(chat, heads["/"].title), "/")
    app.add_middleware(
        Shield,
        sessions=sessions,
        who=behind.agents.staff.who,
        heads=heads,
        sign_in=behind.sign_in,
        embed=settings.server.embed_origins,
    )
    return app


def _studio(app: FastAPI, behind: Behind, settings: Settings, heads: Mapping[str, Head]) -> None:
    """The studio, and before it the page of the gaps: its address begins as the studio's."""
    gaps = GapsPage(behind.gaps, settings)
    gaps_routes(app, gaps)
    _mount(app, build_workplace(gaps, heads["/studio/gaps/"].title, GAPS_EVENTS), "/studio/gaps")
    studio = StudioPage(behind.studio, settings)
    studio_routes(app, studio)
    _mount(app, build_workplace(studio, heads["/studio/"].title, STUDIO_EVENTS), "/studio")


def _heads(company: str) -> dict[str, Head]:
    look = ("colours.css", "style.css")
    return {
        "/": Head(f"{company} – Customer service", look, "chat.js", visitors=True),
        "/desk/": Head(f"{company} – Desk", (*look, "desk.css"), "desk.js"),
        "/insights/": Head(f"{company} – Insights", (*look, "insights.css"), "insights.js"),
        "/studio/": Head(f"{company} – Studio", (*look, "work.css"), "work.js"),
        "/studio/gaps/": Head(f"{company} – Gaps", (*look, "work.css"), "work.js"),
        "/quality/": Head(f"{company} – Quality", (*look, "work.css"), "work.js"),
    }


def desk_routes(app: FastAPI, agents: AgentDesk) -> None:
    """What the agents' page asks every moment: something that differs when there is anything new."""

    @app.get("/desk/news")
    def news() -> Response:
        return Response(agents.news(), media_type="text/plain")


def studio_routes(app: FastAPI, studio: StudioPage) -> None:
    """What the editors' page asks every moment, and where it sends files."""

    @app.get("/studio/news")
    def studio_news() -> Response:
        return Response(studio.mark(), media_type="text/plain")

    @app.post("/studio/upload")
    async def upload(request: Request, name: str, folder: str = "", replace: str = "") -> Response:
        account = await run_in_threadpool(studio.who, request.cookies)
        made = await studio.uploads.take(folder, name, replace == "yes", account, request.stream())
        return JSONResponse({"source": made.source, "code": made.refused.code if made.refused else ""})


def gaps_routes(app: FastAPI, gaps: GapsPage) -> None:
    """What the page of the gaps asks every moment."""

    @app.get("/studio/gaps/news")
    def gaps_news() -> Response:
        return Response(gaps.mark(), media_type="text/plain")


def quality_routes(app: FastAPI, quality: QualityPage) -> None:
    """What the testers' page asks every moment, and the reports of runs."""

    @app.get("/quality/news")
    def quality_news() -> Response:
        return Response(quality.mark(), media_type="text/plain")

    @app.get("/quality/report/{run}")
    def report(run: str) -> Response:
        page = quality.report(run)
        if page is None:
            return RedirectResponse("/quality/", 303)
        return HTMLResponse(page, headers={"content-security-policy": f"{policy()}; frame-ancestors 'none'"})


def _mount(app: FastAPI, page: gr.Blocks, path: str) -> None:
    gr.mount_gradio_app(
        app, page, path=path, theme=theme(), footer_links=[], show_error=False, run_history=False,
        ssr_mode=False, pwa=False, mcp_server=False, enable_monitoring=False, max_file_size=1,
    )  # fmt: skip


def _routes(app: FastAPI) -> None:
    known = {address(name): STATIC / name for name in FILES}

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
