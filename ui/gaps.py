"""The page of the gaps, part of the studio: what each thing done on it leads to. Knows no SQL, no model and no HTML.

Editors, managers and administrators see gaps and draft documents; into the knowledge folder only those write to whom the
studio is open.
"""

from __future__ import annotations

import gradio as gr

from desk.gap_talks import gap_talks
from desk.gaps import Gap
from desk.staff import Account
from ingest.status import mark
from rag.config import Settings
from rag.errors import VouchError
from ui import gaps_render as drawn
from ui.access import STUDIO, allowed
from ui.events import field
from ui.gap_work import Closing, GapWork
from ui.gaps_render import Place
from ui.gaps_texts import GAPS_TEXTS, GapsTexts
from ui.workplace import Shown, account_of, language_of

EVENTS = ("show", "news", "draft", "stage")


class GapsPage:
    """The handlers, one method an event."""

    def __init__(self, work: GapWork, settings: Settings) -> None:
        self._work, self._settings = work, settings

    def load(self, request: gr.Request) -> Shown:
        """The page as it begins."""
        return self._whole(request, GAPS_TEXTS[language_of(request)], Place())

    def language(self, event: gr.EventData, request: gr.Request) -> Shown:
        """The page in the other language."""
        return self._whole(request, GAPS_TEXTS["zh" if field(event, "language") == "zh" else "en"], _place(event))

    def show(self, event: gr.EventData, request: gr.Request) -> Shown:
        """Where the page is now."""
        return self._moving(request, _texts(request), _place(event))

    news = show

    def draft(self, event: gr.EventData, request: gr.Request) -> Shown:
        """A document for the gap that is open."""
        account, place, t = self._account(request), _place(event), _texts(request)
        gap = self._gap(place)
        begun = gap is None or self._work.draft(account.name, gap)
        return self._moving(request, t, place, "" if begun else t.too_much)

    def stage(self, event: gr.EventData, request: gr.Request) -> Shown:
        """What was written goes into the knowledge folder."""
        account, place, t = self._account(request), _place(event), _texts(request)
        gap = self._gap(place)
        if not allowed(STUDIO, account.roles):
            return self._moving(request, t, place, t.editors_stage)
        if gap is None:
            return self._moving(request, t, place)
        questions = field(event, "questions").splitlines()
        try:
            source = self._work.stage(
                account.name, gap, field(event, "folder"), field(event, "name"), field(event, "text"), questions
            )
        except VouchError as error:
            return self._moving(request, t, place, drawn.why(error))
        except OSError as error:
            return self._moving(request, t, place, f"{t.not_stored} {error.strerror}")
        return self._moving(request, t, Place(source=source))

    def mark(self) -> str:
        """Another one whenever the page has something new to show."""
        return f"{mark(self._work.parts.engine)}/{self._work.jobs.mark}/{self._work.uploads.mark}"

    # --- shared --------------------------------------------------------------------------------------------

    def _account(self, request: gr.Request) -> Account:
        return account_of(self._work.parts.staff, request)

    def _gap(self, place: Place) -> Gap | None:
        return next((each for each in self._work.open() if each.key == place.gap), None)

    def _whole(self, request: gr.Request, t: GapsTexts, place: Place) -> Shown:
        header, *rest = self._moving(request, t, place)
        return header, "", *rest

    def _moving(self, request: gr.Request, t: GapsTexts, place: Place, notice: str = "") -> Shown:
        """(header, list, main, activity)."""
        account = self._account(request)
        if (
            place.gap.isascii() and place.gap.isdecimal() and not place.source
        ):  # a gap that was closed is its document now
            place = Place(place.gap, self._work.remedies.document_of(int(place.gap)))
        found, closings = self._work.open(), self._work.closings()
        try:
            main = self._main(account, place, found, closings, t, notice)
        except VouchError as error:
            main = drawn.problem(str(error), t)
        editor = allowed(STUDIO, account.roles)
        return (
            drawn.header(self._settings.server.company, account, t),
            drawn.listed(found, closings, place, t),
            main,
            drawn.activity(self._work.jobs.recent(), editor, t),
        )

    def _main(
        self, account: Account, place: Place, found: list[Gap], closings: list[Closing], t: GapsTexts, notice: str
    ) -> str:
        closing = next((each for each in closings if each.remedy.source == place.source), None)
        if closing:
            return drawn.closing(closing, self._work.results(closing.remedy), t, notice)
        gap = next((each for each in found if each.key == place.gap), None)
        if gap is None:
            return drawn.overview(found, closings, t, notice)
        parts = self._work.parts
        talks = gap_talks(parts.engine, gap.conversations, gap.messages, parts.name_of)
        drafted = self._work.drafted(account.name, gap)
        folders = self._work.uploads.folders() if allowed(STUDIO, account.roles) else []
        return drawn.gap(gap, talks, drafted, folders, self._settings.ingest.publish, t, notice)


def _place(event: gr.EventData) -> Place:
    return Place(field(event, "first")[:18], field(event, "source")[:1000])


def _texts(request: gr.Request) -> GapsTexts:
    return GAPS_TEXTS[language_of(request)]
