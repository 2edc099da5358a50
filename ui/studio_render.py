"""The editors' studio as HTML. Every text is escaped, as on the customers' page. Knows no Gradio and no store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ingest.browse import Looked
from ingest.preview import Preview
from ingest.publishing import Release, changes_of
from ingest.rows import Status
from ingest.status import Due
from ui.jobs import Job
from ui.render import render, sources
from ui.studio_texts import StudioTexts
from ui.studio_work import Compared, Previewed
from ui.upload import Upload

LISTED = 200  # documents at once; searching finds the others
RELEASES = 100
SENTENCES = 400  # of a document or a preview, at once
ANSWERS = 40
STATES = ("live", "staged", "refused", "withdrawn", "due")


@dataclass(frozen=True, slots=True)
class Where:
    """Where the page is: the view, the document with its version (0: whichever matters most), and the filter."""

    view: str = ""
    source: str = ""
    version: int = 0
    search: str = ""
    state: str = ""


def header(company: str, name: str, where: Where, waiting: int, t: StudioTexts) -> str:
    """The bar at the top, with the views."""
    view = where.view if where.view in ("changes", "releases", "ask") else ""
    links = [("/studio/gaps/", t.gaps)]
    views = [("", t.documents, 0), ("changes", t.changes, waiting), ("releases", t.releases, 0), ("ask", t.ask, 0)]
    return render(
        "work_header.html", t=t, company=company, account=name, place=t.studio, views=views, view=view, links=links
    )


def bar(folders: Sequence[str], where: Where, t: StudioTexts) -> str:
    """Where files are dropped, and the filter of the list."""
    return render("studio_bar.html", t=t, folders=folders, where=where, states=STATES)


def documents(rows: Sequence[Status], where: Where, t: StudioTexts) -> str:
    """The documents that fit the filter."""
    found = [each for each in rows if fits(each, where)]
    return render(
        "studio_list.html", t=t, rows=found[:LISTED], more=len(found) - LISTED, where=where, every=len(rows),
        badges=badges, today=today(),
    )  # fmt: skip


def overview(rows: Sequence[Status], dates: Sequence[Due], t: StudioTexts, notice: str = "") -> str:
    """How many of what, and what falls due."""
    counts = Counter(name for each in rows for name in STATES[:4] if of_state(each, name))
    return render(
        "studio_overview.html", t=t, every=len(rows), counts=counts, dates=dates, today=today(), notice=notice
    )


def document(looked: Looked, t: StudioTexts, notice: str = "") -> str:
    """A document with its versions, and the sentences of one of them."""
    shown, left = [], SENTENCES
    for passage in looked.passages:
        shown += [passage] if left > 0 else []
        left -= len(passage.sentences)
    return render(
        "studio_document.html", t=t, looked=looked, status=looked.status, badges=badges, shown=shown,
        more=len(looked.passages) - len(shown), notice=notice,
    )  # fmt: skip


def changes(
    waiting: Sequence[Status], found: Previewed | None, fresh: str, mode: str, t: StudioTexts, notice: str = ""
) -> str:
    """What is staged, what it would do, and the button."""
    preview: Preview | None = found.preview if found else None
    stale = found is not None and found.mark != fresh
    return render(
        "studio_changes.html", t=t, waiting=waiting, badges=badges, preview=preview, stale=stale, mode=mode,
        limit=ANSWERS, sentences=SENTENCES, notice=notice,
    )  # fmt: skip


def releases(found: Sequence[Release], t: StudioTexts, notice: str = "") -> str:
    """Every release, the newest first."""
    return render("studio_releases.html", t=t, releases=found[:RELEASES], changes_of=changes_of, notice=notice)


def asking(compared: Compared | None, t: StudioTexts, notice: str = "") -> str:
    """The form, and the last question's answers side by side."""
    return render("studio_ask.html", t=t, compared=compared, cited=sources, notice=notice)


def activity(jobs: Sequence[Job], uploads: Sequence[Upload], t: StudioTexts) -> str:
    """What is being done and was done last."""
    return render("work_activity.html", t=t, jobs=jobs, uploads=uploads)


def problem(text: str, t: StudioTexts) -> str:
    """Why there is nothing to show."""
    return render("work_problem.html", t=t, text=text)


def fits(row: Status, where: Where) -> bool:
    """Whether the document is of the state and holds every word looked for."""
    text = " ".join((row.source, row.title, row.category, row.owner, row.audience, row.refusal)).lower()
    return of_state(row, where.state) and all(word in text for word in where.search.lower().split())


def of_state(row: Status, state: str) -> bool:
    """Whether it counts as live, staged, refused, withdrawn or due; an unknown state is any."""
    match state:
        case "live":
            return row.state == "live"
        case "staged":
            return bool(row.waiting)
        case "refused":
            return bool(row.refusal)
        case "withdrawn":
            return row.state in ("withdrawn", "unpublished")
        case "due":
            return any(on and on <= today() for on in (row.review_by, row.valid_until)) and row.state == "live"
        case _:
            return True


def badges(row: Status, t: StudioTexts) -> list[tuple[str, str]]:
    """(kind, text) of all that is to be said of its state in a word."""
    said = [(row.state, t.states[row.state])] if row.state not in ("staged", "refused") else []
    if row.waiting:
        number = row.waiting.removeprefix("staged v")
        withdrawal = row.waiting == number
        said.append(("staged", t.withdrawal if withdrawal else t.staged_version.format(version=number)))
    said += [("refused", row.refusal.partition(":")[0])] if row.refusal else []
    said += [("held", t.held)] if row.held else []
    said += [("held", t.superseded)] if row.superseded_by else []
    return said


def today() -> date:
    """By the server's clock, as answers are."""
    return date.today()
