"""The testers' page: what each thing a tester does on it leads to. Knows no SQL, no model and no HTML."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import gradio as gr
from sqlalchemy import Engine

from desk.staff import Staff
from eval import agreement, history, report
from eval.archive import RUNS
from eval.cases import CasesError
from eval.compare import compare
from eval.drafts import SUFFIX, Draft, accept, read_drafts, reject, revise
from eval.gate import accepted_runs
from eval.imports import gather
from eval.run_commands import PATTERN
from eval.runs import RunsError, headers, read_run
from ingest.ledger import Ledger
from rag.config import Settings
from rag.errors import VouchError
from ui import quality_render as drawn
from ui.events import field, number
from ui.jobs import Jobs, Say, Work
from ui.quality_render import Place
from ui.quality_runs import Runner, Wanted
from ui.quality_texts import QUALITY_TEXTS, QualityTexts
from ui.workplace import Shown, account_of, language_of

EVENTS = ("show", "news", "run", "stop", "gather", "accept", "reject")


@dataclass(frozen=True, slots=True)
class QualityParts:
    """What the page needs. `cases`: a folder of files of cases."""

    engine: Engine
    data: Path
    cases: Path
    staff: Staff


class QualityPage:
    """The handlers, one method an event."""

    def __init__(self, parts: QualityParts, settings: Settings) -> None:
        self._parts, self._settings, self._writing = parts, settings, Lock()
        self._runs, self._drafts = parts.data / RUNS, parts.data / "drafts" / f"life{SUFFIX}"
        self._runner, self.jobs, self._decided = Runner(parts.data, parts.cases), Jobs(), 0

    def load(self, request: gr.Request) -> Shown:
        """The page as it begins."""
        return self._whole(request, QUALITY_TEXTS[language_of(request)], Place())

    def language(self, event: gr.EventData, request: gr.Request) -> Shown:
        """The page in the other language."""
        return self._whole(request, QUALITY_TEXTS["zh" if field(event, "language") == "zh" else "en"], _place(event))

    def show(self, event: gr.EventData, request: gr.Request) -> Shown:
        """Where the page is now."""
        return self._moving(request, _texts(request), _place(event))

    news = show

    def run(self, event: gr.EventData, request: gr.Request) -> Shown:
        """Play cases, or go on with a run that was interrupted."""
        resume = next((each.id for each in history.unfinished(self._runs) if each.id == field(event, "resume")), "")
        wanted = Wanted(
            release=field(event, "release").strip() or "live", split=field(event, "split"),
            tag=field(event, "tag").strip()[:80], repeat=number(event, "repeat") or 1, resume=resume,
        )  # fmt: skip

        def play(say: Say) -> bool:
            return self._runner.play(wanted, say)

        return self._begun(event, request, "run", play, resume or wanted.release)

    def stop(self, event: gr.EventData, request: gr.Request) -> Shown:
        """End the run that is being played."""
        self._runner.stop()
        return self.show(event, request)

    def gather(self, event: gr.EventData, request: gr.Request) -> Shown:
        """Draft cases from conversations that went badly."""

        def look(say: Say) -> bool:
            with self._writing:
                added = gather(self._parts.engine, self._drafts, sorted(self._parts.cases.glob(PATTERN)))
            say(f"new drafts: {len(added)}")
            return True

        return self._begun(event, request, "gather", look)

    def accept(self, event: gr.EventData, request: gr.Request) -> Shown:
        """Make a case of a draft, as the tester put it right."""
        chosen, text = field(event, "chosen"), field(event, "case")

        def work() -> None:
            try:
                case = json.loads(text)
            except ValueError as error:
                raise CasesError(f"{chosen}: not JSON: {error}. Correct it.") from None
            if not isinstance(case, dict):
                raise CasesError(f"{chosen}: a case is one JSON object. Correct it.")
            revise(self._drafts, chosen, case)
            known = Ledger(self._parts.engine).live_sources()
            accept(self._drafts, [chosen], self._parts.cases / "life.cases.jsonl", known)

        return self._decide(event, request, work)

    def reject(self, event: gr.EventData, request: gr.Request) -> Shown:
        """Throw a draft away."""
        return self._decide(event, request, lambda: reject(self._drafts, [field(event, "chosen")]))

    def report(self, run: str) -> str | None:
        """A finished run as a page; None where there is none of this id."""
        known = next((each for each in headers(self._runs) if each.id == run and each.finished_at), None)
        if known is None:
            return None
        return report.page(read_run(self._runs / run), agreement.note(self._runs, known.judge))

    def mark(self) -> str:
        """Another one whenever the page has something new to show."""
        index = self._runs / history.FILE
        return f"{self.jobs.mark}/{self._decided}/{index.stat().st_mtime_ns if index.exists() else 0}"

    # --- shared --------------------------------------------------------------------------------------------

    def _begun(self, event: gr.EventData, request: gr.Request, kind: str, work: Work, about: str = "") -> Shown:
        account, t = account_of(self._parts.staff, request), _texts(request)
        begun = self.jobs.start(kind, account.name, work, about)
        return self._moving(request, t, _place(event), "" if begun else t.too_much)

    def _decide(self, event: gr.EventData, request: gr.Request, work: Callable[[], object]) -> Shown:
        notice = ""
        try:
            with self._writing:
                work()
        except VouchError as error:
            notice = str(error)
        self._decided += 1
        return self._moving(request, _texts(request), _place(event), notice)

    def _whole(self, request: gr.Request, t: QualityTexts, place: Place) -> Shown:
        header, *rest = self._moving(request, t, place)
        return header, drawn.bar(t), *rest

    def _moving(self, request: gr.Request, t: QualityTexts, place: Place, notice: str = "") -> Shown:
        """(header, list, main, activity)."""
        account = account_of(self._parts.staff, request)
        waiting = self._waiting()
        try:
            history.catch_up(self._runs)
            known = history.entries(self._runs)
            main = self._main(known, waiting, place, t, notice)
        except (VouchError, OSError) as error:
            known, main = [], drawn.problem(str(error), t)
        accepted = [each.run for each in accepted_runs(self._runs)]
        return (
            drawn.header(self._settings.server.company, account.name, place, len(waiting), t),
            drawn.runs(known, history.unfinished(self._runs), accepted, place, t),
            main,
            drawn.activity(self.jobs.recent(), t),
        )

    def _main(
        self, known: list[history.Entry], waiting: list[Draft], place: Place, t: QualityTexts, notice: str
    ) -> str:
        match place.view:
            case "run":
                entry = next((each for each in known if each.header.id == place.first), None)
                if entry is None:
                    raise RunsError(f"There is no finished run {place.first!r}.")
                note = agreement.note(self._runs, entry.header.judge)
                return drawn.run(entry, known, note, t, notice)
            case "compare":
                ids = {each.header.id for each in known}
                both = place.first in ids and place.second in ids and place.first != place.second
                found = (
                    compare(*(read_run(self._runs / each) for each in (place.first, place.second))) if both else None
                )
                return drawn.comparison(found, known, place, t, notice)
            case "drafts":
                return drawn.drafts(waiting, t, notice)
            case _:
                return drawn.over_time(history.moments(known), t, notice)

    def _waiting(self) -> list[Draft]:
        try:
            return [each for each in read_drafts(self._drafts) if each.state == "draft"]
        except CasesError:  # somebody edits the file by hand; accepting says what is wrong with it
            return []


def _place(event: gr.EventData) -> Place:
    return Place(field(event, "view"), field(event, "first")[:100], field(event, "second")[:100])


def _texts(request: gr.Request) -> QualityTexts:
    return QUALITY_TEXTS[language_of(request)]
