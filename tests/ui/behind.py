"""All that stands behind the site's pages, over a store and a database made for tests."""

from __future__ import annotations

from contextlib import nullcontext

from sqlalchemy import Engine

from desk.gap_draft import Drafter
from desk.measure_rows import report
from desk.metering import Meters
from desk.office import Office
from desk.questions import Asked
from desk.shifts import Roster
from desk.staff import Staff
from rag.config import Ingest, Writer
from rag.config_people import Shifts
from rag.ports import ChatModel
from tests.desk.scripted import Scripted, cited, reply
from tests.doubles.shelf import Shelf, count_words
from ui.api_callers import Callers, nobody
from ui.desk import DeskParts
from ui.evidence import Evidence
from ui.gap_work import GapParts, GapWork
from ui.insights import InsightsParts
from ui.quality import QualityParts
from ui.session import Sessions
from ui.site import Behind
from ui.studio_work import StudioParts
from ui.vitals import Vitals, problems


def everything(
    people: Office, engine: Engine, staff: Staff, shelf: Shelf, meters: Meters, callers: Callers | None = None
) -> Behind:
    """For `site()`."""
    knowledge, scripted = shelf.knowledge(), Scripted(lambda turns: reply(cited("Yes.")))
    return Behind(
        desk=people.desk,
        agents=DeskParts(people.agents, staff, lambda visitor: None, Roster(Shifts()), knowledge),
        studio=StudioParts(
            shelf.store.engine, shelf.data, shelf.folder, shelf.folder, staff, lambda state: nullcontext(shelf.store),
            lambda store: scripted, scripted,  # type: ignore[arg-type, return-value]
        ),
        quality=QualityParts(engine, shelf.data, shelf.folder, staff),
        evidence=Evidence(knowledge, shelf.data),
        sessions=Sessions("s" * 43),
        insights=InsightsParts(
            lambda period: report(engine, period), lambda period: [], lambda period: [], staff, lambda: []
        ),
        gaps=gap_work(engine, staff, shelf),
        vitals=Vitals(lambda: problems(engine, shelf.data), meters.page),
        callers=callers or nobody(),
    )  # fmt: skip


def gap_work(engine: Engine, staff: Staff, shelf: Shelf, *models: ChatModel) -> GapWork:
    """Over the conversations in `engine` and the documents of the shelf; its cases lie beside the knowledge."""
    drafter = Drafter(models, count_words, Writer())
    asked, cases = Asked(engine, shelf.hashing), shelf.folder.parent / "cases"
    return GapWork(
        GapParts(shelf.store.engine, shelf.data, shelf.folder, cases, staff, asked, drafter, lambda _: "", Ingest())
    )
