"""The testers' page as HTML. Every text is escaped: cases and answers are foreign text. Knows no Gradio and no store."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from eval.compare import Comparison, made_differently
from eval.drafts import Draft
from eval.history import Entry, Moment
from eval.results import Header
from eval.shares import told
from eval.verdicts import RESOLUTION, printable, reason, state
from ui.jobs import Job
from ui.quality_chart import chart
from ui.quality_texts import QualityTexts
from ui.render import render

LISTED = 100  # runs
CHANGES = 40  # cases of a comparison
DRAFTS = 30  # at once


@dataclass(frozen=True, slots=True)
class Place:
    """Where the page is: the view, and the runs it is about."""

    view: str = ""
    first: str = ""
    second: str = ""


def header(company: str, name: str, place: Place, waiting: int, t: QualityTexts) -> str:
    """The bar at the top, with the views."""
    view = place.view if place.view in ("compare", "drafts") else ""
    views = [("", t.over_time, 0), ("compare", t.compare, 0), ("drafts", t.drafts, waiting)]
    return render("work_header.html", t=t, company=company, account=name, place=t.quality, views=views, view=view)


def bar(t: QualityTexts) -> str:
    """What to play."""
    return render("quality_bar.html", t=t)


def runs(
    known: Sequence[Entry], unfinished: Sequence[Header], accepted: Sequence[str], place: Place, t: QualityTexts
) -> str:
    """All runs, the newest first."""
    return render(
        "quality_list.html", t=t, known=known[::-1][:LISTED], unfinished=unfinished[::-1][:LISTED], accepted=accepted,
        place=place, resolution=RESOLUTION, percent=percent,
    )  # fmt: skip


def over_time(moments: Sequence[Moment], t: QualityTexts, notice: str = "") -> str:
    """The line, and what changed from run to run."""
    return render(
        "quality_history.html", t=t, moments=moments[::-1][:LISTED], chart=chart([each.entry for each in moments]),
        resolution=RESOLUTION, percent=percent, between=between, notice=notice,
    )  # fmt: skip


def run(entry: Entry, known: Sequence[Entry], note: str, t: QualityTexts, notice: str = "") -> str:
    """One run's figures."""
    others = [each.header.id for each in reversed(known) if each.header.id != entry.header.id]
    return render(
        "quality_run.html", t=t, entry=entry, others=others[:LISTED], note=note, told=told, percent=percent,
        between=between, resolution=RESOLUTION, notice=notice,
    )  # fmt: skip


def comparison(
    found: Comparison | None, known: Sequence[Entry], place: Place, t: QualityTexts, notice: str = ""
) -> str:
    """Two runs beside each other, and the cases that one resolved and the other did not."""
    return render(
        "quality_compare.html", t=t, found=found, ids=[each.header.id for each in reversed(known)][:LISTED], place=place,
        made_differently=made_differently, limit=CHANGES, state=state, reason=reason, plain=printable, notice=notice,
    )  # fmt: skip


def drafts(waiting: Sequence[Draft], t: QualityTexts, notice: str = "") -> str:
    """What may become a case, to be read and put right."""
    texts = [(each, json.dumps(dict(each.case), ensure_ascii=False, indent=1)) for each in waiting[:DRAFTS]]
    return render("quality_drafts.html", t=t, drafts=texts, more=len(waiting) - DRAFTS, notice=notice)


def activity(jobs: Sequence[Job], t: QualityTexts) -> str:
    """What is being done and was done last."""
    return render("work_activity.html", t=t, jobs=jobs, uploads=())


def problem(text: str, t: QualityTexts) -> str:
    """Why there is nothing to show."""
    return render("work_problem.html", t=t, text=text)


def percent(value: float | None) -> str:
    """A share as people read it."""
    return "–" if value is None else f"{100 * value:.1f} %"


def between(low: float, high: float) -> str:
    """An interval, likewise."""
    return f"{100 * low:.1f}–{100 * high:.1f} %"
