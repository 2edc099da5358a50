"""What is made of gaps: drafts of documents, documents staged, and once one is live, its cases played.

Knows no Gradio and no HTML. That a document went live is seen in the ledger, whoever published it and however.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import JsonValue
from sqlalchemy import Engine

from desk.gap_draft import Drafted, Drafter
from desk.gap_talks import NameOf
from desk.gaps import Gap
from desk.measure_rows import Period
from desk.questions import Asked
from desk.remedies import Remedies, Remedy, Tally, effect
from desk.staff import Staff
from eval.archive import RUNS
from eval.gap_cases import DRAFTS, FILE, accept_cases, draft_cases, tag_of
from eval.results import Result
from eval.runs import RunsError, read_run
from ingest.ledger import Ledger
from ingest.publishing import releases_of
from ingest.rows import Status
from ingest.status import mark, status
from rag.config import Ingest
from rag.errors import Refused, VouchError
from ui.jobs import Jobs, Say
from ui.quality_runs import Runner, Wanted
from ui.studio_work import ask_owner
from ui.upload import Uploads

DAYS = 30  # back that gaps are looked for
LOOK_SECONDS = 2.0  # between two looks whether a document went live
LONGEST = 100_000  # characters of a document
REMEMBERED = 50  # drafts
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class GapParts:
    """What the work needs. `name_of`: a customer's name by their id, to leave it out; `knowledge`: the editors' folder."""

    engine: Engine
    data: Path
    knowledge: Path
    cases: Path
    staff: Staff
    asked: Asked
    drafter: Drafter
    name_of: NameOf
    limits: Ingest


@dataclass(frozen=True, slots=True)
class Closing:
    """A document written for a gap as it stands. `live_at`: since when it answers; the tallies are of before and since."""

    remedy: Remedy
    status: Status | None  # None: it never went in
    live_at: datetime | None = None
    before: Tally = field(default_factory=Tally)
    after: Tally = field(default_factory=Tally)

    @property
    def title(self) -> str:
        return (self.status.title if self.status else "") or self.remedy.source


class GapWork:
    """The work of all editors, and what came of it."""

    def __init__(self, parts: GapParts) -> None:
        self.parts, self.jobs, self.remedies = parts, Jobs(), Remedies(parts.engine)
        self.uploads = Uploads(parts.knowledge, parts.limits)
        self._runner = Runner(parts.data, parts.cases)
        self._drafted, self._tried = dict[tuple[str, str], Drafted](), set[tuple[str, int]]()
        self._drafts, self._writing = parts.data / "drafts" / DRAFTS, threading.Lock()

    # --- gaps and drafts -----------------------------------------------------------------------------------

    def open(self) -> list[Gap]:
        """The gaps of the last days for which no document was written."""
        today = datetime.now(UTC).date()
        return self.parts.asked.gaps(Period(today - timedelta(days=DAYS - 1), today), self.remedies.answered())

    def drafted(self, by: str, gap: Gap) -> Drafted | None:
        """This person's draft for the gap, if it was made."""
        return self._drafted.get((by, gap.key))

    def draft(self, by: str, gap: Gap) -> bool:
        """Draft a document: at once by its outline, in the background where a model is asked."""
        if not (self.parts.drafter.asks and gap.answers):
            self._remember(by, gap, self.parts.drafter.draft(gap))
            return True

        def work(say: Say) -> bool:
            made = self.parts.drafter.draft(gap)
            self._remember(by, gap, made)
            say(f"{made.by or made.failed}: {made.usage.tokens_in} + {made.usage.tokens_out} tokens")
            return bool(made.by)

        return self.jobs.start("draft", by, work, " · ".join(gap.name))

    def _remember(self, by: str, gap: Gap, made: Drafted) -> None:
        while len(self._drafted) >= REMEMBERED:
            self._drafted.pop(next(iter(self._drafted)))
        self._drafted[by, gap.key] = made

    # --- staging -------------------------------------------------------------------------------------------

    def stage(self, by: str, gap: Gap, folder: str, name: str, text: str, questions: Sequence[str]) -> str:
        """Put the document into the knowledge folder with its questions as drafts of cases; its source.

        Raises Refused and, with the document taken out again, CasesError and OSError.
        """
        if not text.strip() or len(text) > LONGEST:
            raise Refused("EMPTY", "There is no text, or too much of it.", f"Write at most {LONGEST:,} characters.")
        with self._writing:
            name = f"{name.strip().removesuffix('.md')}.md"
            made = asyncio.run(self.uploads.take(folder, name, False, by, _once(text)))
            if made.refused:
                raise made.refused
            try:
                draft_cases(self._drafts, made.source, questions, datetime.now(UTC).replace(tzinfo=None))
                self.remedies.add(made.source, tag_of(made.source), by, gap.messages)
            except (VouchError, OSError):
                (self.parts.knowledge / made.source).unlink(missing_ok=True)
                raise
        arguments: dict[str, JsonValue] = {"folder": str(self.parts.knowledge), "thorough": False}
        self.jobs.start("sync", by, lambda say: ask_owner(self.parts.data, "sync", arguments, say), made.source)
        return made.source

    # --- once it is live -----------------------------------------------------------------------------------

    def run(self, stop: threading.Event) -> None:
        """Play the cases of documents that went live, until told to stop."""
        seen = ""
        while not stop.wait(LOOK_SECONDS):
            try:
                if (fresh := mark(self.parts.engine)) != seen:
                    seen = fresh
                    self.look()
            except VouchError as error:
                log.warning("Whether documents for gaps went live could not be seen: %s", error)

    def look(self) -> None:
        """Once. A live version is tried once by a process; what was interrupted is begun again by the next."""
        waiting = self.remedies.all()
        live = {each.source: each for each in status(self.parts.engine) if each.state == "live"} if waiting else {}
        for remedy in waiting:
            row = live.get(remedy.source)
            if row is None or not row.version or (remedy.version == row.version and remedy.run):
                continue
            if (remedy.source, row.version) not in self._tried:
                self._tried.add((remedy.source, row.version))
                self._play(remedy, row.version)

    def _play(self, remedy: Remedy, version: int) -> None:
        def work(say: Say) -> bool:
            self.remedies.played(remedy.source, version)
            with self._writing:
                known = Ledger(self.parts.engine).live_sources()
                accepted = accept_cases(self._drafts, remedy.source, self.parts.cases / FILE, known)
            say(f"new cases: {len(accepted)}")
            done = self._runner.play(Wanted(tag=remedy.tag), say)
            if done:
                self.remedies.played(remedy.source, version, self._runner.last)
            return done

        self.jobs.start("play", remedy.by, work, remedy.source)

    def results(self, remedy: Remedy) -> list[Result]:
        """Of the document's cases, played last; none where they were not, or it is no longer kept."""
        try:
            return list(read_run(self.parts.data / RUNS / remedy.run).results) if remedy.run else []
        except RunsError:
            return []

    def closings(self) -> list[Closing]:
        """All documents written for gaps, with what came of their questions; the newest first."""
        found = self.remedies.all()
        rows = {each.source: each for each in status(self.parts.engine)} if found else {}
        live = self._live_since(found)
        return [self._closing(each, rows.get(each.source), live.get(each.source)) for each in found]

    def _closing(self, remedy: Remedy, row: Status | None, live_at: datetime | None) -> Closing:
        if live_at is None:
            return Closing(remedy, row)
        texts = self.remedies.texts(remedy.source)
        return Closing(remedy, row, live_at, *effect(self.parts.engine, self.parts.asked, texts, live_at))

    def _live_since(self, found: Sequence[Remedy]) -> dict[str, datetime]:
        """Source → when it was first published after it was staged."""
        staged, live = {each.source: each.staged_at for each in found}, dict[str, datetime]()
        for release in releases_of(self.parts.engine) if found else ():
            for source, _ in release.published:
                if source in staged and release.at >= staged[source]:
                    live[source] = release.at  # the releases come newest first: the oldest stays
        return live


async def _once(text: str) -> AsyncIterator[bytes]:
    yield text.replace("\r\n", "\n").encode()
