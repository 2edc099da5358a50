"""The page of the gaps as HTML. Every text is escaped: customers, agents and models wrote it. Knows no Gradio and no store."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from desk.gap_draft import Drafted
from desk.gap_talks import GapTalk
from desk.gaps import Gap
from desk.remedies import Tally
from desk.staff import Account
from eval.metrics import wilson
from eval.results import Result
from eval.verdicts import reason, state
from rag.errors import Refused, VouchError
from ui.access import INSIGHTS, STUDIO, allowed
from ui.gap_work import Closing
from ui.gaps_texts import GapsTexts
from ui.jobs import Job
from ui.render import render

LISTED = 60  # gaps at once
QUESTIONS = 20  # of a gap
LONGEST_NAME = 60  # characters of the file's name that is proposed


@dataclass(frozen=True, slots=True)
class Place:
    """Where the page is: at a gap, by its key, or at a document written for one."""

    gap: str = ""
    source: str = ""


def header(company: str, account: Account, t: GapsTexts) -> str:
    """The bar at the top, with ways to the pages that are this account's."""
    links = [("/studio/", t.studio)] if allowed(STUDIO, account.roles) else []
    links += [("/insights/", t.insights)] if allowed(INSIGHTS, account.roles) else []
    return render(
        "work_header.html", t=t, company=company, account=account.name, place=t.gaps, views=[], view="", links=links
    )


def listed(found: Sequence[Gap], closings: Sequence[Closing], place: Place, t: GapsTexts) -> str:
    """The open gaps, and the documents that were written for others."""
    return render("gaps_list.html", t=t, gaps=found[:LISTED], closings=closings[:LISTED], place=place, badge=badge)


def overview(found: Sequence[Gap], closings: Sequence[Closing], t: GapsTexts, notice: str = "") -> str:
    """What there is, and what the documents changed."""
    return render("gaps_overview.html", t=t, gaps=found, closings=closings, tally=tally, notice=notice)


def gap(
    found: Gap, talks: Sequence[GapTalk], drafted: Drafted | None, folders: Sequence[str], mode: str, t: GapsTexts,
    notice: str = "",
) -> str:  # fmt: skip
    """A gap: its questions, its conversations, and the document under way. Without `folders` it cannot be staged."""
    name = "-".join(found.name)[:LONGEST_NAME]
    # A new draft is a new field, so that what was written into the former one does not stand in it.
    draft = hashlib.sha256(drafted.text.encode()).hexdigest()[:12] if drafted else ""
    return render(
        "gaps_gap.html", t=t, gap=found, talks=talks, drafted=drafted, draft=draft, folders=folders, name=name,
        questions=found.wordings[:QUESTIONS], more=len(found.wordings) - QUESTIONS, mode=mode, notice=notice,
    )  # fmt: skip


def closing(found: Closing, results: Sequence[Result], t: GapsTexts, notice: str = "") -> str:
    """A document written for a gap: its state, its cases, and resolution before and since."""
    played = [(each.case.turns[0], state(each), reason(each), each) for each in results]
    scored = [each for each in played if each[1] != "unscored"]
    resolved = Tally(sum(each[1] == "resolved" for each in scored), len(scored))
    return render(
        "gaps_closing.html", t=t, closing=found, played=played, resolved=resolved, tally=tally, badge=badge,
        notice=notice,
    )  # fmt: skip


def activity(jobs: Sequence[Job], editor: bool, t: GapsTexts) -> str:
    """What is being done and was done last; what a document's run says is for editors."""
    return render("work_activity.html", t=t, jobs=jobs if editor else [], uploads=[])


def problem(text: str, t: GapsTexts) -> str:
    """Why there is nothing to show."""
    return render("work_problem.html", t=t, text=text)


def tally(found: Tally) -> str:
    """Counts, the share and its 95 % interval: "3 / 4 · 75 % (30–95 %)"."""
    if not found.asked:
        return "0 / 0"
    low, high = wilson(found.resolved, found.asked)
    share = found.resolved / found.asked
    return f"{found.resolved:,} / {found.asked:,} · {share:.0%} ({low:.0%}–{high:.0%})"


def badge(found: Closing, t: GapsTexts) -> tuple[str, str]:
    """(kind, text) of where the document stands."""
    row = found.status
    if row is None:
        return "unpublished", t.states["none"]
    if row.refusal:
        return "refused", t.states["refused"]
    if row.state == "live":
        return "live", t.states["live"]
    return ("staged", t.states["staged"]) if row.waiting else (row.state, t.states["withdrawn"])


def why(error: VouchError) -> str:
    """A refusal with what to do."""
    return f"{error.reason} {error.advice}" if isinstance(error, Refused) else str(error)
