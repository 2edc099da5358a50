"""The page for whoever is responsible: how customers are served, in figures. Knows no SQL and no formula.

As on the other pages, the browser's script turns clicks into the events of one hidden hub, and each handler answers
with the new content of the parts it changes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import gradio as gr
from fastapi import FastAPI
from starlette.responses import Response

from desk.gaps import Gap
from desk.measure_rows import Period, Report
from desk.staff import Staff
from desk.topics import Topic
from ui import insights_render
from ui.events import field, number
from ui.gap_work import Closing
from ui.insights_render import PERIODS
from ui.insights_texts import INSIGHTS_TEXTS, InsightsTexts
from ui.session import STAFF_COOKIE
from ui.texts import chosen

PARTS = ("header", "main", "topics")
EVENTS = ("period", "language", "topics")
USUAL = 30  # days


@dataclass(frozen=True, slots=True)
class InsightsParts:
    """What the page needs. `report`: the figures of a period; `topics`: what was asked in it, the most asked first; `gaps`:
    what of it was not resolved; `closings`: documents written for former gaps, and what they changed."""

    report: Callable[[Period], Report]
    topics: Callable[[Period], Sequence[Topic]]
    gaps: Callable[[Period], Sequence[Gap]]
    staff: Staff
    closings: Callable[[], Sequence[Closing]]


class InsightsPage:
    """The handlers, one method an event."""

    def __init__(self, parts: InsightsParts, company: str) -> None:
        self._parts, self._company = parts, company

    def load(self, request: gr.Request) -> tuple[str, ...]:
        """The page with the usual period."""
        t = _texts(request)
        return self._header(request, t), self._main(USUAL, t)

    def period(self, event: gr.EventData, request: gr.Request) -> str:
        """Another period."""
        return self._main(number(event, "days"), _texts(request))

    def language(self, event: gr.EventData, request: gr.Request) -> tuple[str, ...]:
        """The page in the other language."""
        t = INSIGHTS_TEXTS["zh" if field(event, "language") == "zh" else "en"]
        return self._header(request, t), self._main(number(event, "days"), t)

    def topics(self, event: gr.EventData, request: gr.Request) -> str:
        """What is asked most, and what of it was not resolved; both take longer to find out than the figures."""
        period = period_of(number(event, "days"))
        found, open_gaps, closings = self._parts.topics(period), self._parts.gaps(period), self._parts.closings()
        return insights_render.topics(found, open_gaps, closings, _texts(request))

    def _header(self, request: gr.Request, t: InsightsTexts) -> str:
        account = self._parts.staff.who(request.cookies.get(STAFF_COOKIE, ""))
        if account is None:  # the shield asked the same a moment ago
            raise gr.Error("logged out", print_exception=False)
        return insights_render.header(self._company, account.name, t)

    def _main(self, days: int, t: InsightsTexts) -> str:
        period = period_of(days)
        return insights_render.page(self._parts.report(period), self._parts.report(period.former), t)


def period_of(days: int) -> Period:
    """The last days up to today; the usual ones where there is no such choice."""
    today = datetime.now(UTC).date()
    return Period(today - timedelta(days=(days if days in PERIODS else USUAL) - 1), today)


def build(page: InsightsPage, title: str) -> gr.Blocks:
    """The page's parts, and which handler fills which. No handler is a public endpoint."""
    with gr.Blocks(title=title, fill_width=True, analytics_enabled=False) as blocks:
        parts = [gr.HTML(elem_id=f"insights-{name}", js_on_load=None, apply_default_css=False) for name in PARTS]
        names = ", ".join(f"'{name}'" for name in EVENTS)
        hub = gr.HTML(elem_id="insights-hub", js_on_load=f"insights.connect(trigger, [{names}])")
        how: dict[str, Any] = {"queue": False, "trigger_mode": "multiple", "show_progress": "hidden"}
        how["api_visibility"] = "private"
        blocks.load(page.load, None, parts[:2], **how)
        hub.period(page.period, None, parts[1], **how)
        hub.language(page.language, None, parts[:2], **how)
        hub.topics(page.topics, None, parts[2], **how)
    return blocks.queue(api_open=False)


def insights_routes(app: FastAPI, parts: InsightsParts) -> None:
    """The figures as a file."""

    @app.get("/insights/figures.csv")
    def file(days: int = USUAL) -> Response:
        report = parts.report(period_of(days))
        name = insights_render.file_name(report.period)
        headers = {"content-disposition": f'attachment; filename="{name}"'}
        return Response(insights_render.table(report), media_type="text/csv; charset=utf-8", headers=headers)


def _texts(request: gr.Request) -> InsightsTexts:
    return INSIGHTS_TEXTS[chosen(request.cookies, request.headers.get("accept-language", "")).language]
