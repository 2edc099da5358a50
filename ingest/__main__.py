"""The editors' command line: sync, watch, preview and rebuild, and those of `ingest/commands.py`. Puts the parts together."""

from __future__ import annotations

import json
import signal
from datetime import date
from functools import partial
from pathlib import Path
from threading import Event
from typing import Annotated

import typer
from pydantic import JsonValue
from rich.console import Console

from backends import build
from backends.database import open_database
from ingest.asked import read_questions
from ingest.commands import COMMANDS, Parts, Sources
from ingest.knowledge import Knowledge
from ingest.ledger import Ledger
from ingest.owner import follow, owned_or_handed_over
from ingest.preview import preview
from ingest.preview_report import plain, show
from ingest.reembed import embed_anew
from ingest.rehearsal import rehearsal
from ingest.run import run_sync
from ingest.store import Ownership, Store, check_embedder
from ingest.work import COMMANDS as OWN_COMMANDS
from ingest.work import said, work_on
from rag.assistant import Assistant
from rag.cli import DataOption, new_app, run
from rag.config import Settings, load
from rag.ports import TokenCounter

app = new_app("Bring documents into the store, and look at what is there.")
console = Console()
for command in COMMANDS:
    app.command()(command)


@app.callback()
def _parts(context: typer.Context) -> None:
    context.obj = Parts(_ledger, _carry_out, console)


FolderArgument = Annotated[Path | None, typer.Argument(help="Default: paths.knowledge of config.yaml.")]


@app.command()
def sync(
    folder: FolderArgument = None,
    thorough: Annotated[bool, typer.Option("--thorough", help="Read unchanged files again, too.")] = False,
    data: DataOption = None,
) -> None:
    """Publish, or stage for review, what changed in FOLDER and what is gone. Exit code 1 if any file was refused."""
    settings = load(data=data)
    chosen = (folder or settings.paths.knowledge).resolve()
    code = _elsewhere(settings, "sync", {"folder": str(chosen), "thorough": thorough})
    if code is None:
        with _store(settings) as store:
            count, transcriber = build.token_counter(), build.transcriber(settings)
            outcomes = run_sync(store, settings.ingest, count, chosen, console, transcriber, thorough=thorough)
            store.index.wait()
        code = 1 if any(each.result == "refused" for each in outcomes) else 0
    raise typer.Exit(code)


@app.command()
def watch(folder: FolderArgument = None, data: DataOption = None) -> None:
    """Follow FOLDER until Ctrl-C: what is saved there is published. Carries out what other commands ask for."""
    settings = load(data=data)
    Ownership(settings.paths.data).take("ingest watch", listens=True)  # held until this process ends
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with _store(settings) as store:
        chosen = folder or settings.paths.knowledge
        follow(store, settings, build.token_counter(), chosen, stop, _say, build.transcriber(settings))


@app.command(name="preview")
def preview_change(
    sources: Sources = None,
    questions: Annotated[
        Path | None, typer.Option(help='Whose answers change? One question a line, or JSON lines of {"text": "…"}.')
    ] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write all of it to this file as JSON, too.")] = None,
    full: Annotated[bool, typer.Option("--full", help="Every sentence instead of the first few.")] = False,
    data: DataOption = None,
) -> None:
    """What would change, before it does: what is staged or, where a sync publishes, what a sync would take in."""
    settings = load(data=data)
    asked = read_questions(questions) if questions else []
    embedder, count = build.embedder(settings, console.print), build.token_counter()
    with rehearsal(settings.paths.data, open_database, embedder, build.memory_index()[0]) as store:
        if settings.ingest.publish == "auto":
            reviewed = settings.ingest.model_copy(update={"publish": "review"})
            known = Path(store.ledger.fact("knowledge") or settings.paths.knowledge)
            run_sync(store, reviewed, count, known if known.is_dir() else settings.paths.knowledge, console)
        found = preview(store, sources or [], asked, partial(_assistant, settings, count), date.today())
    if json_file:
        json_file.write_text(json.dumps(plain(found), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    show(found, console, full)


@app.command()
def rebuild(
    embed: Annotated[
        bool, typer.Option("--embed", help="Embed everything anew, with the configured embedder.")
    ] = False,
    data: DataOption = None,
) -> None:
    """Make the vector index again from the ledger; with --embed after a change of the embedder."""
    settings = load(data=data)
    if embed:
        ownership = Ownership(settings.paths.data)
        ownership.take("ingest rebuild")
        count = embed_anew(Ledger(open_database(settings.paths.data)), build.embedder(settings, console.print))
        ownership.release()
        console.print(f"{count} documents embedded anew.")
    raise typer.Exit(_carry_out(settings, "rebuild", {}))


def _carry_out(settings: Settings, command: str, arguments: dict[str, JsonValue]) -> int:
    """As the store's owner, or by asking the owner there is; the exit code."""
    code = _elsewhere(settings, command, arguments)
    if code is None:
        count, transcriber = build.token_counter(), build.transcriber(settings)
        with _store(settings) as store, work_on(store, settings, count, transcriber) as work:
            code = said(OWN_COMMANDS[command](work, arguments), _say)
    return code


def _elsewhere(settings: Settings, command: str, arguments: dict[str, JsonValue]) -> int | None:
    """The exit code of the owner that was asked; None once this process is the owner, until it ends."""
    data = settings.paths.data
    return owned_or_handed_over(Ownership(data), data, f"ingest {command}", command, arguments, _say)


def _say(line: str) -> None:
    console.print(line, soft_wrap=True, markup=False, highlight=False)


def _store(settings: Settings) -> Store:
    database = open_database(settings.paths.data)
    embedder = build.embedder(settings, console.print)
    check_embedder(Ledger(database), embedder)
    return Store(database, embedder, settings.paths.data, *build.vector_index(settings), console.print)


def _assistant(settings: Settings, count: TokenCounter, store: Store) -> Assistant:
    chosen = settings.retrieval
    knowledge = Knowledge(
        store.engine, store.index, store.embedder.dimensions, chosen.keyword_candidates, chosen.vector_candidates
    )
    return Assistant(knowledge, store.embedder, build.chat_models(settings), count, settings, build.reranker(settings))


def _ledger(settings: Settings) -> Ledger:
    return Ledger(open_database(settings.paths.data))


if __name__ == "__main__":
    run(app)
