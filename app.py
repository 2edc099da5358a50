"""python app.py: bring the documents in, then serve the customers' page. Puts the parts together; rules live in them."""

from __future__ import annotations

import importlib
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from sqlalchemy import Engine

from backends import build
from backends.database import open_database
from desk.askers import Askers, key_of
from desk.directory_demo import own_records
from desk.gap_draft import Drafter
from desk.measure_rows import report
from desk.metering import Meters
from desk.office import Office, alerted, office
from desk.questions import Asked
from desk.retention import daily
from desk.rising import Rising
from desk.secret import read_secret, token_secret
from desk.shifts import Roster
from desk.staff import FIRST, Staff
from desk.suggesting import Sources, Suggestions
from ingest.knowledge import Knowledge
from ingest.ledger import Ledger
from ingest.owner import follow
from ingest.rehearsal import State, rehearsal
from ingest.run import run_sync
from ingest.status import mark
from ingest.store import Ownership, Store, check_embedder
from rag.assistant import Assistant
from rag.cli import DataOption, new_app, run
from rag.config import Settings, load, secret
from rag.errors import VouchError
from rag.masked_log import mask_logs
from rag.mood import learned_mood
from rag.ports import CustomerDirectory
from ui.api_callers import Callers
from ui.evidence import Evidence
from ui.server import check_knowledge, listener, serve_site
from ui.session import Sessions
from ui.sign_in import SignIn

if TYPE_CHECKING:
    from ui.gap_work import GapWork
    from ui.site import Behind
    from ui.studio_work import StudioParts

app = new_app("Serve the customers' page.")
console = Console()
STOP_SECONDS = 15  # for the batch that is being published; a kill would cost nothing but its repetition


@app.command()
def serve(
    data: DataOption = None,
    port: Annotated[int | None, typer.Option(help="Default: server.port of config.yaml.", min=0, max=65535)] = None,
    sync: Annotated[bool, typer.Option("--sync/--no-sync", help="Bring paths.knowledge in first.")] = True,
) -> None:
    """Serve the customers' page."""
    mask_logs()
    settings = load(data=data)
    if port is not None:
        settings = settings.model_copy(update={"server": settings.server.model_copy(update={"port": port})})
    # Half of a start is importing Gradio: done beside the opening of the store.
    loading = threading.Thread(target=importlib.import_module, args=("ui.site",), daemon=True)
    loading.start()
    _serve(settings, sync, loading)


def _serve(settings: Settings, sync: bool, loading: threading.Thread) -> None:
    if sync:
        check_knowledge(settings.paths.knowledge)
    ownership = Ownership(settings.paths.data)  # to be kept by name: collected, it gives the store back
    ownership.take("app.py", listens=True)
    with listener(settings.server) as taken:
        store = _open(settings, sync)
        loading.join()
        from ui.site import site

        behind, people = _behind(settings, store)

        with people.open(), _ingestion(store, settings, sync) as start:

            def ready(said: str) -> None:
                console.print(said)
                start()
                threading.Thread(
                    target=daily, args=(store.engine, settings.paths.data, settings.privacy), daemon=True
                ).start()

            serve_site(site(behind, settings), taken, ready)
    ownership.release()


@contextmanager
def _ingestion(store: Store, settings: Settings, sync: bool) -> Iterator[Callable[[], None]]:
    """Gives what starts the ingestion thread; at the end the thread is stopped, if it was started."""
    stop = threading.Event()
    thread = threading.Thread(target=_follow, args=(store, settings, sync, stop), daemon=True)
    try:
        yield thread.start
    finally:
        stop.set()
        if thread.ident:
            thread.join(STOP_SECONDS)


def _follow(store: Store, settings: Settings, sync: bool, stop: threading.Event) -> None:
    """What the ingestion thread does. Customers are answered whatever becomes of it."""

    def say(line: str) -> None:
        console.print(line, soft_wrap=True, markup=False, highlight=False)

    folder = settings.paths.knowledge if sync and settings.ingest.watch else None
    try:
        follow(store, settings, build.token_counter(), folder, stop, say, build.transcriber(settings))
    except (VouchError, OSError) as error:
        say(f"{error} The folder is not followed until the next start.")


def _open(settings: Settings, sync: bool) -> Store:
    data = settings.paths.data
    database = open_database(data)
    embedder = build.embedder(settings, console.print)
    check_embedder(Ledger(database), embedder)
    store = Store(database, embedder, data, *build.vector_index(settings), console.print)
    if sync:
        folder, transcriber = settings.paths.knowledge, build.transcriber(settings)
        run_sync(store, settings.ingest, build.token_counter(), folder, console, transcriber)
    return store


def _behind(settings: Settings, store: Store) -> tuple[Behind, Office]:
    from ui.desk import DeskParts
    from ui.insights import InsightsParts
    from ui.quality import QualityParts
    from ui.site import Behind
    from ui.vitals import Vitals, problems

    data, database, embedder = settings.paths.data, store.engine, store.embedder
    knowledge = _knowledge(settings, store)
    assistant = Assistant(
        knowledge, embedder, build.chat_models(settings), build.token_counter(), settings, build.reranker(settings)
    )
    askers = Askers(_directory(settings, database), settings.segments)
    sessions, known = Sessions(read_secret(data)), settings.customers
    signed = (token_secret(settings), known.token_audience)
    sign_in = SignIn(sessions, *signed, known.session_hours)
    callers = Callers(*signed, secret(settings.server.api_key_env))
    meters, channels = Meters(database), build.notification_channels(settings)
    spans = build.spans(settings)
    people = office(settings, database, assistant, askers, channels, learned_mood(), meters, spans)
    staff, roster = _staff(settings, database), Roster(settings.shifts)
    agents = DeskParts(people.agents, staff, askers.customer, roster, knowledge)
    studio = _studio(settings, store, assistant, staff)
    quality = QualityParts(database, data, settings.paths.cases, staff)
    asked = Asked(database, embedder)
    gaps = _gaps(settings, store, asked, askers, staff)
    insights = InsightsParts(lambda period: report(database, period), asked.topics, asked.gaps, staff, gaps.closings)
    suggestions = _suggestions(settings, store, knowledge, asked, askers, tuple(channels))
    people = replace(people, work=(*people.work, suggestions.run, gaps.run))
    vitals = Vitals(lambda: problems(database, data), meters.page)
    evidence = Evidence(knowledge, data)
    return Behind(
        people.desk, agents, studio, quality, evidence, sessions, insights, vitals, gaps, sign_in, callers,
        suggestions.of,
    ), people  # fmt: skip


def _knowledge(settings: Settings, store: Store) -> Knowledge:
    chosen = settings.retrieval
    return Knowledge(
        store.engine, store.index, store.embedder.dimensions, chosen.keyword_candidates, chosen.vector_candidates
    )


def _gaps(settings: Settings, store: Store, asked: Asked, askers: Askers, staff: Staff) -> GapWork:
    """What is made of what the documents do not answer."""
    from ui.gap_work import GapParts, GapWork

    def name_of(customer: str) -> str:
        known = askers.customer(key_of(customer))
        return known.name if known else ""

    drafter = Drafter(build.chat_models(settings), build.token_counter(), settings.writer)
    root, paths = Path(store.ledger.fact("knowledge") or settings.paths.knowledge), settings.paths
    return GapWork(
        GapParts(store.engine, paths.data, root, paths.cases, staff, asked, drafter, name_of, settings.ingest)
    )


def _suggestions(
    settings: Settings, store: Store, knowledge: Knowledge, asked: Asked, askers: Askers, channels: Sequence[str]
) -> Suggestions:
    """What the chat suggests. The documents are asked without a model: nobody waits for it, and it costs nothing."""
    quoting = Assistant(knowledge, store.embedder, [], build.token_counter(), settings)
    rising = Rising(store.engine, alerted(settings, channels), settings.topics.askers)
    sources = Sources(store.engine, asked, knowledge, quoting, askers, lambda: mark(store.engine))
    return Suggestions(sources, rising, settings)


def _studio(settings: Settings, store: Store, live: Assistant, staff: Staff) -> StudioParts:
    """What the editors' page changes and tries out: copies of the store answer as the store does."""
    from ui.studio_work import StudioParts

    count, reranker = build.token_counter(), build.reranker(settings)

    def copied(state: State) -> AbstractContextManager[Store]:
        return rehearsal(settings.paths.data, open_database, store.embedder, build.memory_index()[0], state)

    def assistant(copy: Store) -> Assistant:
        return Assistant(
            _knowledge(settings, copy), copy.embedder, build.chat_models(settings), count, settings, reranker
        )

    root = Path(store.ledger.fact("knowledge") or settings.paths.knowledge)
    paths = settings.paths
    return StudioParts(store.engine, paths.data, root, paths.cases, staff, copied, assistant, live)


def _staff(settings: Settings, database: Engine) -> Staff:
    """The accounts; where there is none yet, the first one is made and its password shown."""
    staff = Staff(database, settings.staff)
    if password := staff.first_admin():
        console.print(
            f"The first staff account: {FIRST}, password {password} (shown this once). Log in at /login; "
            "'python -m desk users' makes others.", soft_wrap=True, markup=False, highlight=False,
        )  # fmt: skip
    return staff


def _directory(settings: Settings, database: Engine) -> CustomerDirectory | None:
    """The company's records."""
    if settings.customers.backend != "sql":
        return build.crm(settings)
    return own_records(database, settings.customers.demo)


if __name__ == "__main__":
    run(app)
