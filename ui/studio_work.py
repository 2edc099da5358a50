"""What the studio does to the knowledge, or tries out on a copy of it: long work, one after another, in the background.

What changes the store is asked of the process that owns it, as the command line does. Knows no Gradio and no HTML.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from pydantic import JsonValue
from sqlalchemy import Engine

from desk.lately import recent_questions
from desk.staff import Staff
from eval.cases import read_cases
from eval.run_commands import PATTERN
from ingest.asked import Question
from ingest.preview import Preview, preview
from ingest.rehearsal import State
from ingest.requests import hand_over
from ingest.status import mark
from ingest.store import Store
from rag.assistant import Assistant, final
from rag.errors import StoreError
from rag.types import Reply, Turn
from ui.jobs import Jobs, Say

ASKED = 60  # questions of a preview; each is answered twice
WEEKS = 4  # back that customers' questions are taken from
PATIENCE = 900.0  # seconds for a sign of the process that owns the store
REMEMBERED = 50  # people whose last question is kept
OpenCopy = Callable[[State], AbstractContextManager[Store]]


@dataclass(frozen=True, slots=True)
class StudioParts:
    """What the studio needs. `copied`: the store as a copy in some state; `assistant` answers from it, `live` customers."""

    engine: Engine
    data: Path
    knowledge: Path
    cases: Path
    staff: Staff
    copied: OpenCopy
    assistant: Callable[[Store], Assistant]
    live: Assistant


@dataclass(frozen=True, slots=True)
class Previewed:
    """A preview, and the mark of the ledger it was made of: with another one it is out of date."""

    preview: Preview
    mark: str


@dataclass(frozen=True, slots=True)
class Compared:
    """A question, answered as customers are answered now and as they would be."""

    question: str
    live: Reply | None = None  # None: not yet
    staged: Reply | None = None


def ask_owner(data: Path, name: str, arguments: dict[str, JsonValue], say: Say) -> bool:
    """Have the store's owner carry a command out; whether it did. Raises StoreError where it did not answer."""
    heard = time.monotonic()

    def told(line: str) -> None:
        nonlocal heard
        heard = time.monotonic()
        say(line)

    code = hand_over(data, name, arguments, told, lambda: time.monotonic() - heard > PATIENCE)
    if code is None:
        raise StoreError("It was not carried out: the process that owns the store ended or did not answer.")
    return code == 0 or name == "sync"  # whose 1 says that it refused some, and so do its lines


class StudioWork:
    """The work of all editors, and what came of the last of it."""

    def __init__(self, parts: StudioParts) -> None:
        self._parts, self.jobs = parts, Jobs()
        self.previewed: Previewed | None = None
        self._compared = dict[str, Compared]()

    def compared(self, by: str) -> Compared | None:
        """This person's last question."""
        return self._compared.get(by)

    def command(self, by: str, name: str, about: str = "", **arguments: JsonValue) -> bool:
        """Ask the store's owner for one of the commands of `ingest/work.py`."""

        def work(say: Say) -> bool:
            return ask_owner(self._parts.data, name, arguments, say)

        return self.jobs.start(name, by, work, about)

    def preview(self, by: str, asked: str) -> bool:
        """What all that is staged would change; `asked`: also in the answers to "cases" or "recent" questions."""

        def work(say: Say) -> bool:
            made_of = mark(self._parts.engine)
            questions = self._questions(asked)
            passes = iter(("as it is", "as it would be"))

            def assistant(store: Store) -> Assistant:
                say(f"Asking {len(questions)} questions: {next(passes)}")
                return self._parts.assistant(store)

            with self._parts.copied("live") as store:
                found = preview(store, (), questions, assistant, date.today())
            self.previewed = Previewed(found, made_of)
            say(f"documents: {len(found.documents)}, overlaps: {len(found.overlaps)}, answers: {len(found.answers)}")

            return True

        return self.jobs.start("preview", by, work)

    def ask(self, by: str, question: str) -> bool:
        """The same question of the live knowledge and of a copy with all that is staged."""
        turns = [Turn("customer", question)]

        def work(say: Say) -> bool:
            live = final(self._parts.live.reply(turns))
            self._compared[by] = Compared(question, live)
            say("Answered as it is")
            with self._parts.copied("staged") as store:
                staged = final(self._parts.assistant(store).reply(turns))
            self._compared[by] = Compared(question, live, staged)
            say("Answered as it would be")
            return True

        while len(self._compared) >= REMEMBERED:
            self._compared.pop(next(iter(self._compared)))
        self._compared[by] = Compared(question)
        return self.jobs.start("ask", by, work, question)

    def _questions(self, asked: str) -> list[Question]:
        """Single messages: of the cases evenly spread over all, of customers the newest."""
        if asked == "recent":
            since = datetime.now(UTC).replace(tzinfo=None) - timedelta(weeks=WEEKS)
            return [(Turn("customer", each),) for each in recent_questions(self._parts.engine, since, ASKED)]
        files = sorted(self._parts.cases.glob(PATTERN)) if asked == "cases" else []
        alone = [each.turns[0] for each in read_cases(files) if len(each.turns) == 1] if files else []
        step = max(1, -(-len(alone) // ASKED))
        return [(Turn("customer", each),) for each in alone[::step]]
