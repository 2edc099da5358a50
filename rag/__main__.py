"""Ask from the shell, with every step that led to an answer; and see what the configured endpoints can do."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from backends import build
from backends.database import open_database
from ingest.knowledge import Knowledge
from ingest.ledger import Ledger
from ingest.store import Ownership, Store, check_embedder
from rag.assistant import Assistant, final
from rag.cli import DataOption, new_app, run, turns_of
from rag.config import Settings, load
from rag.doctor import SHORT, Finding, examine_chat, examine_embedder, examine_transcriber, usable
from rag.errors import ConfigError
from rag.labels import places
from rag.place import clock, unit
from rag.types import Access, Reply, Turn

app = new_app("Ask the assistant from the shell, and examine the endpoints it uses.")
console = Console(highlight=False, soft_wrap=True)


@app.command()
def ask(
    question: str,
    history: Annotated[
        Path | None, typer.Option(help='JSON: [{"role": "user", "text": "…"}, …], oldest first.')
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The whole reply as JSON.")] = False,
    trace: Annotated[bool, typer.Option("--trace", help="Each step with its time, scores, prompt and checks.")] = False,
    audience: Annotated[list[str] | None, typer.Option(help="Who asks; repeat for several. Default: public.")] = None,
    data: DataOption = None,
) -> None:
    """Answer QUESTION from the live knowledge. Exit code 0 also when the answer is that there is none."""
    turns = [*_history(history), Turn("customer", question)]
    settings = load(data=data)
    ownership = Ownership(settings.paths.data)  # to be kept by name: collected, it gives the store back
    assistant, store = _assistant(settings, ownership)
    reply = final(assistant.reply(turns, Access(audiences=frozenset(audience or ["public"]))))
    if as_json:
        print(json.dumps(_plain(reply, trace), ensure_ascii=False, indent=2))
    else:
        _show(reply, trace)
    store.index.wait()  # the next question has its vectors again


@app.command()
def doctor() -> None:
    """What each configured endpoint can do, and what to do about what it cannot. Exit code 1 if one is of no use."""
    found = list[Finding]()
    for finding in _examined(load()):
        found.append(finding)
        mark = "[green]yes[/]" if finding.good else "[red]no [/]"
        console.print(f"{escape(finding.part):28} {finding.what:30} {mark} {escape(finding.said)}")
        if finding.advice:
            console.print(f"{'':28} → {finding.advice}", markup=False)
    if not found:
        console.print("No endpoint is configured, and none is needed: the assistant quotes its documents, and embeds")
        console.print("with the bundled model. Endpoints go into config.yaml under writer, embedding, transcription.")
    raise typer.Exit(0 if usable(found) else 1)


def _examined(settings: Settings) -> Iterator[Finding]:
    """Findings on every endpoint, those of the writer also before writer.backend says to use them."""
    if settings.writer.endpoints:
        count, writer = build.token_counter(), settings.writer.model_copy(update={"backend": "openai"})
        asked = settings.model_copy(update={"writer": writer})
        limited = writer.model_copy(update={"answer_tokens": SHORT})
        short = build.chat_models(settings.model_copy(update={"writer": limited}))
        for model, limited_model in zip(build.chat_models(asked), short, strict=True):
            yield from examine_chat(model, limited_model, writer, count)
    if settings.embedding.backend != "minilm":
        yield from examine_embedder(settings.embedding.model, lambda: build.embedder(settings))
    chosen = settings.transcription.model_copy(update={"seconds": min(30.0, settings.transcription.seconds)})
    transcriber = build.transcriber(settings.model_copy(update={"transcription": chosen}))
    if transcriber:
        yield examine_transcriber(chosen.model, transcriber)


def _assistant(settings: Settings, ownership: Ownership) -> tuple[Assistant, Store]:
    embedder = build.embedder(settings)
    database = open_database(settings.paths.data)
    if not Ledger(database).live_sources():
        raise ConfigError(f"The store {settings.paths.data} holds no documents. Run 'python -m ingest sync' first.")
    check_embedder(Ledger(database), embedder)
    # Beside a running owner the vectors are compared in memory: a second process would get stale ones from Chroma.
    owner = ownership.try_take("rag ask")
    open_index, wipe, folder = build.vector_index(settings) if owner else build.memory_index()
    store = Store(database, embedder, settings.paths.data, open_index, wipe, folder, _say)
    chosen = settings.retrieval
    knowledge = Knowledge(
        database, store.index, embedder.dimensions, chosen.keyword_candidates, chosen.vector_candidates
    )
    return Assistant(
        knowledge, embedder, build.chat_models(settings), build.token_counter(), settings, build.reranker(settings)
    ), store


def _say(text: str) -> None:
    print(text, file=sys.stderr)  # the answer alone goes to the standard output


def _history(file: Path | None) -> list[Turn]:
    if file is None:
        return []
    try:
        return turns_of(json.loads(file.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise ConfigError(f"{file} is not there. Name a JSON file with the earlier turns.") from None
    except (ValueError, KeyError, TypeError):
        raise ConfigError(
            f'{file} is not a JSON list of {{"role": "user" or "assistant", "text": "…"}}. Correct it.'
        ) from None


def _plain(reply: Reply, trace: bool) -> dict[str, object]:
    plain = asdict(reply)
    if not trace:
        del plain["trace"]
    return {"text": reply.text, **plain}


def _show(reply: Reply, trace: bool) -> None:
    if trace:
        for step in reply.trace:
            console.print(f"── {step.name} ({step.milliseconds:.1f} ms)", style="bold")
            console.print(json.dumps(step.detail, ensure_ascii=False, indent=2), markup=False)
        console.print()
    for place, sentence in zip(places(reply.sentences), reply.sentences, strict=True):
        if place:
            console.print(f"{place}:", style="bold", markup=False)
        marks = "".join(f"[{citation.number}]" for citation in sentence.citations)
        console.print(f"{sentence.text} {marks}".rstrip(), markup=False)
    if reply.note:
        console.print(reply.note, style="italic")
    for number, option in enumerate(reply.options, 1):
        console.print(f"  {number}. {option}", markup=False)
    seen = {citation.number: citation for sentence in reply.sentences for citation in sentence.citations}
    for number, citation in seen.items():
        place = " › ".join(dict.fromkeys((citation.title, *citation.heading)))
        at = f", {unit(citation.source)} {citation.page}" if citation.page else ""
        if citation.second is not None:
            at = f", at {clock(citation.second)}"
        console.print(
            f"  [{number}] {place} ({citation.source}, version {citation.version}{at})", style="dim", markup=False
        )


if __name__ == "__main__":
    run(app)
