"""The editors' studio: what each thing an editor does on it leads to. Knows no SQL, no model and no HTML."""

from __future__ import annotations

from collections.abc import Mapping

import gradio as gr

from desk.staff import Account
from ingest.browse import Looked, look
from ingest.publishing import releases_of
from ingest.rows import Status
from ingest.status import due, mark, status
from rag.config import Settings
from rag.errors import VouchError
from ui import studio_render as drawn
from ui.events import field, number
from ui.session import STAFF_COOKIE
from ui.studio_render import Where
from ui.studio_texts import STUDIO_TEXTS, StudioTexts
from ui.studio_work import StudioParts, StudioWork
from ui.upload import Uploads
from ui.workplace import Shown, account_of, language_of

EVENTS = ("show", "news", "publish", "rollback", "sync", "retry", "preview", "ask")
DAYS = 30  # ahead that reviews and ends of validity are shown
LONGEST_QUESTION, LONGEST_NOTE = 1000, 200  # characters


class StudioPage:
    """The handlers, one method an event."""

    def __init__(self, parts: StudioParts, settings: Settings) -> None:
        self._parts, self._settings = parts, settings
        self.work = StudioWork(parts)
        self.uploads = Uploads(parts.knowledge, settings.ingest)

    def load(self, request: gr.Request) -> Shown:
        """The page as it begins."""
        return self._whole(request, STUDIO_TEXTS[language_of(request)], Where())

    def language(self, event: gr.EventData, request: gr.Request) -> Shown:
        """The page in the other language."""
        return self._whole(request, STUDIO_TEXTS["zh" if field(event, "language") == "zh" else "en"], _where(event))

    def show(self, event: gr.EventData, request: gr.Request) -> Shown:
        """Where the page is now."""
        return self._moving(request, _texts(request), _where(event))

    news = show

    def publish(self, event: gr.EventData, request: gr.Request) -> Shown:
        """What is staged for one document, or everything."""
        account, source = account_of(self._parts.staff, request), field(event, "chosen")
        note = " ".join(filter(None, (field(event, "note").strip()[:LONGEST_NOTE], f"({account.name})")))
        sources = [source] if source else sorted(self._waiting())
        begun = not sources or self.work.command(account.name, "publish", source, sources=[*sources], note=note)
        return self._after(event, request, begun)

    def rollback(self, event: gr.EventData, request: gr.Request) -> Shown:
        """To a release."""
        account, release = account_of(self._parts.staff, request), number(event, "release")
        return self._after(event, request, self.work.command(account.name, "rollback", f"#{release}", release=release))

    def sync(self, event: gr.EventData, request: gr.Request) -> Shown:
        """Look at the folder now."""
        account = account_of(self._parts.staff, request)
        folder = str(self._parts.knowledge)
        return self._after(event, request, self.work.command(account.name, "sync", folder=folder, thorough=False))

    def retry(self, event: gr.EventData, request: gr.Request) -> Shown:
        """Look at a refused file again."""
        account, source = account_of(self._parts.staff, request), field(event, "chosen")
        return self._after(event, request, self.work.command(account.name, "retry", source, sources=[source]))

    def preview(self, event: gr.EventData, request: gr.Request) -> Shown:
        """What publishing would do."""
        account = account_of(self._parts.staff, request)
        return self._after(event, request, self.work.preview(account.name, field(event, "asked")))

    def ask(self, event: gr.EventData, request: gr.Request) -> Shown:
        """A question, of live and staged."""
        account, question = account_of(self._parts.staff, request), field(event, "question").strip()
        begun = not question or self.work.ask(account.name, question[:LONGEST_QUESTION])
        return self._after(event, request, begun)

    def who(self, cookies: Mapping[str, str]) -> str:
        """The name of who sends a file; the shield has asked whether they may."""
        account = self._parts.staff.who(cookies.get(STAFF_COOKIE, ""))
        return account.name if account else ""

    def mark(self) -> str:
        """Another one whenever the page has something new to show."""
        return f"{mark(self._parts.engine)}/{self.work.jobs.mark}/{self.uploads.mark}"

    # --- shared --------------------------------------------------------------------------------------------

    def _after(self, event: gr.EventData, request: gr.Request, begun: bool) -> Shown:
        t = _texts(request)
        return self._moving(request, t, _where(event), "" if begun else t.too_much)

    def _whole(self, request: gr.Request, t: StudioTexts, where: Where) -> Shown:
        header, *rest = self._moving(request, t, where)
        return header, drawn.bar(self.uploads.folders(), where, t), *rest

    def _moving(self, request: gr.Request, t: StudioTexts, where: Where, notice: str = "") -> Shown:
        """(header, list, main, activity)."""
        account = account_of(self._parts.staff, request)
        rows = status(self._parts.engine)
        waiting = sum(bool(each.waiting) for each in rows)
        try:
            main = self._main(account, where, rows, t, notice)
        except VouchError as error:
            main = drawn.problem(str(error), t)
        return (
            drawn.header(self._settings.server.company, account.name, where, waiting, t),
            drawn.documents(rows, where, t),
            main,
            drawn.activity(self.work.jobs.recent(), self.uploads.recent(), t),
        )

    def _main(self, account: Account, where: Where, rows: list[Status], t: StudioTexts, notice: str) -> str:
        engine = self._parts.engine
        match where.view:
            case "changes":
                waiting = [each for each in rows if each.waiting]
                fresh = mark(engine)
                return drawn.changes(waiting, self.work.previewed, fresh, self._settings.ingest.publish, t, notice)
            case "releases":
                return drawn.releases(releases_of(engine), t, notice)
            case "ask":
                return drawn.asking(self.work.compared(account.name), t, notice)
            case _ if where.source:
                return drawn.document(self._looked(where), t, notice)
            case _:
                return drawn.overview(rows, due(rows, drawn.today(), DAYS), t, notice)

    def _looked(self, where: Where) -> Looked:
        """The version asked for; without one the staged, else the live, else the newest."""
        if where.version:
            return look(self._parts.engine, where.source, where.version)
        found = look(self._parts.engine, where.source)
        staged = next((each.number for each in found.versions if each.staged), None)
        return look(self._parts.engine, where.source, staged) if staged else found

    def _waiting(self) -> set[str]:
        return {each.source for each in status(self._parts.engine) if each.waiting}


def _where(event: gr.EventData) -> Where:
    return Where(
        view=field(event, "view"),
        source=field(event, "source")[:1000],
        version=number(event, "version"),
        search=field(event, "search")[:200],
        state=field(event, "state"),
    )


def _texts(request: gr.Request) -> StudioTexts:
    return STUDIO_TEXTS[language_of(request)]
