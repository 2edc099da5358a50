"""The benchmarks on the command line, each beside a named baseline in the same run. Puts the parts together."""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from backends import build
from backends.database import open_database
from eval import beir, declining, generate, typos
from eval.bench import (
    answers,
    check,
    decline,
    documents,
    extracts,
    ingest,
    injection,
    model_server,
    rescan,
    retrieval,
    sentences,
    speed,
)
from eval.show_declining import pairs, show_bench
from eval.workbench import Workbench
from ingest.store import Store
from rag.cli import new_app, run
from rag.config import Endpoint, Settings, Writer, load
from rag.ports import ChatModel, Embedder

bench = new_app("Benchmarks, each beside a named baseline in the same run.")
console = Console()

LOW = 0.85  # recall below which a file is named
JsonOption = Annotated[Path | None, typer.Option("--json", help="Write the figures to this file as well.")]


def workbench(settings: Settings) -> Workbench:
    """The configured embedder and store, for data folders of the benchmark's own."""

    def owned(data: Path, embedder: Embedder) -> Store:
        chosen = settings.model_copy(update={"paths": settings.paths.model_copy(update={"data": data})})
        return Store(open_database(data), embedder, data, *build.vector_index(chosen))

    def beside(data: Path, embedder: Embedder) -> Store:
        return Store(open_database(data), embedder, data, *build.memory_index())

    return Workbench(settings, build.embedder(settings, console.print), build.token_counter(), owned, beside)


def write_json(file: Path | None, figures: object) -> None:
    """Write the figures where --json says, if it was given."""
    if file:
        file.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


@bench.command("retrieval")
def bench_retrieval(
    folder: Annotated[Path, typer.Argument(help="Holds corpus.jsonl, queries.jsonl and qrels.tsv (BEIR layout).")],
    with_typos: Annotated[bool, typer.Option("--typos", help="Put typing errors into the questions.")] = False,
    every: Annotated[int, typer.Option(min=1, help="Ask each n-th question.")] = 1,
    json_file: JsonOption = None,
) -> None:
    """Recall, MRR, nDCG and query time of the whole retrieval path, beside plain BM25."""
    data = beir.read(folder)
    data = replace(data, questions=data.questions[::every])
    data = typos.with_typos(data) if with_typos else data
    figures = retrieval.run(workbench(load()), data)
    table = Table("", *figures["ours"], box=None)
    for name in ("ours", "bm25"):
        table.add_row(name, *(f"{value:.3f}" for value in figures[name].values()))
    console.print(table)
    console.print(", ".join(f"{name} {value:,.0f}" for name, value in figures["ingest"].items()), highlight=False)
    write_json(json_file, figures)


@bench.command("sentences")
def bench_sentences(
    folder: Annotated[Path, typer.Argument(help="BEIR layout; queries.jsonl also says where each answer stands.")],
    json_file: JsonOption = None,
) -> None:
    """Precision of the best sentence over all passages, beside plain BM25 over the same sentences."""
    figures = sentences.run(workbench(load()), beir.read(folder))
    table = Table("", *figures["ours"], box=None)
    for name, row in figures.items():
        table.add_row(name, *(f"{value:.3f}" for value in row.values()))
    console.print(table)
    write_json(json_file, figures)


ChunksOption = Annotated[int, typer.Option(min=8, help="About how many passages to generate.")]


@bench.command("ingest")
def bench_ingest(
    chunks: ChunksOption = 10_000,
    rounds: Annotated[int, typer.Option(min=1, help="Runs of each system, by turns.")] = 2,
    precision: Annotated[str, typer.Option(help="Of the baseline's weights: int8 or fp32.")] = "int8",
    json_file: JsonOption = None,
) -> None:
    """Passages a second and memory, beside LlamaIndex's IngestionPipeline with the same model."""
    with tempfile.TemporaryDirectory() as scratch:
        generate.write_corpus(Path(scratch, "documents"), chunks)
        folder, said = Path(scratch, "documents"), console.print
        figures = ingest.run(folder, Path(scratch), rounds, precision, said)
    table = Table("", "chunks", "seconds", "chunks/s", "peak RSS, MB", box=None)
    for name in ingest.SYSTEMS:
        table.add_row(name, *(f"{value:,.0f}" for value in figures[name].values()))
    console.print(table)
    times = figures["ratio"]
    console.print(f"ours: {times['chunks_per_s']:.2f} × their chunks/s, {times['time']:.2f} × their speed per file")
    write_json(json_file, figures)


@bench.command("curve")
def bench_curve(
    sizes: Annotated[list[int] | None, typer.Argument(help="About how many passages; default 1,000 to 50,000.")] = None,
    embedded: Annotated[int, typer.Option(help="Above this size vectors are drawn at random.")] = 10_000,
    json_file: JsonOption = None,
) -> None:
    """Time and memory of ingestion as the store grows."""
    with tempfile.TemporaryDirectory() as scratch:
        chosen = sizes or [1_000, 2_000, 5_000, 10_000, 20_000, 50_000]
        rows = ingest.curve(Path(scratch), chosen, embedded, console.print)
    table = Table("chunks", "seconds", "chunks/s", "peak RSS, MB", "random vectors", box=None)
    for row in rows:
        table.add_row(*(f"{value:,.0f}" for value in row.values()))
    console.print(table)
    write_json(json_file, rows)


@bench.command("speed")
def bench_speed(
    chunks: ChunksOption = 10_000,
    questions: Annotated[int, typer.Option(min=10)] = 400,
    writer: Annotated[
        Literal["extractive", "model"], typer.Option(help="model: one on this machine that answers at once.")
    ] = "extractive",
    json_file: JsonOption = None,
) -> None:
    """Milliseconds from question to first sentence, step by step."""
    with tempfile.TemporaryDirectory() as scratch, model_server.serving() as server, console.status("Filling"):
        model = _at_once(server) if writer == "model" else None
        figures = speed.run(workbench(load()), Path(scratch), chunks, questions, model)
    console.print(", ".join(f"{name} {value:,.2f}" for name, value in figures["store"].items()), highlight=False)
    table = Table("ms", "p50", "p95", "mean", box=None)
    for name, some in figures.items():
        if name != "store":
            table.add_row(name, *(f"{some[key]:.1f}" for key in ("p50", "p95", "mean")))
    console.print(table)
    write_json(json_file, figures)


def _at_once(server: model_server.Serving) -> tuple[ChatModel, model_server.Serving]:
    """The model behind the benchmark's own server."""
    endpoint = Endpoint(base_url=server.url, model=model_server.MODEL)
    (model,) = build.chat_models(Settings(writer=Writer(backend="openai", endpoints=(endpoint,))))
    return model, server


@bench.command("documents")
def bench_documents(
    folder: Annotated[Path, typer.Argument(help="Holds manifest.json, the files it names and their expected text.")],
    beside: Annotated[str, typer.Option(help="A Python that has markitdown, to compare with.")] = "",
    json_file: JsonOption = None,
) -> None:
    """How much of the expected text the loaders find in real files, by format."""
    with Progress(console=console) as bar:
        task = bar.add_task("Reading", total=len(documents.files(folder)))
        scores = documents.run(folder, beside, load().ingest, lambda: bar.advance(task))
    figures = {name: documents.table(scores, name) for name in documents.SYSTEMS}
    columns = ("files", "expected", "recall", "lowest", "strings", "found", "refused")
    table = Table("", *columns, "markitdown recall", "lowest", "found", box=None)
    for name, row in figures["ours"].items():
        theirs = figures["markitdown"].get(name, {})
        cells = [row[key] for key in columns] + [theirs.get(key, float("nan")) for key in ("recall", "lowest", "found")]
        table.add_row(name, *(f"{value:.3f}" if isinstance(value, float) else str(value) for value in cells))
    console.print(table)
    for each in scores:
        if each.system == "ours" and (each.said or (each.recall is not None and each.recall < LOW)):
            found = "" if each.recall is None else f"{each.recall:.3f} "
            console.print(f"{found}{each.file.path.name} {each.said}", soft_wrap=True, markup=False, highlight=False)
    write_json(json_file, figures)


@bench.command("rescan")
def bench_rescan(
    files: Annotated[int, typer.Option(min=1, help="How many small files to generate.")] = 10_000,
    rounds: Annotated[int, typer.Option(min=1)] = 5,
    json_file: JsonOption = None,
) -> None:
    """Seconds of a re-scan of unchanged files, beside reading them all, and from saving one file to its being live."""
    with tempfile.TemporaryDirectory() as scratch, console.status("Filling the store"):
        figures = rescan.run(workbench(load()), Path(scratch), files, rounds)
    for name, value in figures.items():
        console.print(f"{name:22} {value:10,.2f}" if name != "files" else f"{name:22} {value:7,.0f}", highlight=False)
    write_json(json_file, figures)


@bench.command("answers")
def bench_answers(
    name: Annotated[str, typer.Argument(help="squad2 or cmrc2018.")],
    source: Annotated[Path, typer.Argument(help="The folder that holds the published file.")],
    every: Annotated[int, typer.Option(min=1, help="Ask every n-th question only.")] = 1,
    half: Annotated[
        answers.Half, typer.Option(help="Even paragraphs are for tuning, odd ones for reporting.")
    ] = "reporting",
    json_file: JsonOption = None,
) -> None:
    """Share of extractive answers that hold the known answer span, beside plain sentence scores."""
    figures = answers.run(workbench(load()), name, source, half, every)
    columns = list(figures["extractive"])
    table = Table("", *columns, box=None)
    for writer in ("extractive", "plain", "assistant"):
        table.add_row(writer, *(f"{figures[writer][column]:.3f}" for column in columns))
    console.print(table)
    for name in ("questions", "ms"):
        console.print(", ".join(f"{key} {value:,.2f}" for key, value in figures[name].items()), highlight=False)
    write_json(json_file, figures)


@bench.command("extracts")
def bench_extracts() -> None:
    """Quoted answers over the demo company: facts that are missing or do not belong, and sentences too many."""
    judged = extracts.run(workbench(load()), extracts.read())
    for each in judged:
        if each.missing or each.wrong or each.too_many:
            said = f"missing {list(each.missing)}, wrong {list(each.wrong)}, too many {each.too_many}"
            console.print(f"{each.case.question}: {said}", soft_wrap=True, markup=False, highlight=False)
    table = Table("set", "questions", "all facts", "wrong facts", "sentences too many", box=None)
    for name in dict.fromkeys(each.case.set for each in judged):
        some = [each for each in judged if each.case.set == name]
        counts = (
            (not each.missing for each in some),
            (bool(each.wrong) for each in some),
            (each.too_many for each in some),
        )
        table.add_row(name, str(len(some)), *(str(sum(each)) for each in counts))
    console.print(table)


@bench.command("check")
def bench_check(
    folders: Annotated[list[Path] | None, typer.Argument(help="Public data: SQuAD's layout or StackFAQ's.")] = None,
    seed: Annotated[int, typer.Option(help="The same seed makes the same pairs.")] = 1,
    json_file: JsonOption = None,
) -> None:
    """How much of what is altered the check catches and how much of what is faithful it drops, beside plain words."""
    with console.status("Making pairs"):
        found = check.collect(folders or [], seed)
    figures = check.run(found)
    console.print(f"{len(found)} pairs", highlight=False)
    for half in check.HALVES:
        console.print(f"\n{half} half", style="bold")
        table = Table("", "kind", "language", "ours", "95 %", "words", box=None)
        for row in check.rows(figures, half):
            table.add_row(*row)
        console.print(table)
    console.print(", ".join(f"{name} {value:.2f} ms" for name, value in figures["ms"].items()), highlight=False)
    write_json(json_file, figures)


@bench.command("injection")
def bench_injection(
    folder: Annotated[Path, typer.Argument(help="Holds text_attack_train.json and mixed_valid.json.")],
    every: Annotated[int, typer.Option(min=1, help="Only every so many of the attacks.")] = 1,
    json_file: JsonOption = None,
) -> None:
    """What attacks in documents and messages do to answers, with a model that obeys every one of them."""

    def models(url: str) -> list[ChatModel]:
        writer = Writer(backend="openai", endpoints=(Endpoint(base_url=url, model="obedient"),))
        return build.chat_models(load().model_copy(update={"writer": writer}))

    with tempfile.TemporaryDirectory() as scratch, console.status("Attacking"):
        figures = injection.run(workbench(load()), Path(scratch), folder, models, every)
    table = Table("", "", "asked", "affected", "right", "by the model", "effects", box=None)
    for way, name, row in injection.rows(figures):
        shares = [f"{row[key]:.3f}" for key in ("affected", "right", "by the model")]
        table.add_row(way, name, str(row["asked"]), *shares, ", ".join(f"{k} {v}" for k, v in row["effects"].items()))
    console.print(table)
    documents_figures = figures["in documents"]
    for name in ("warned at ingestion", "seen by the model"):
        console.print(f"{name} {documents_figures[name]:.3f}", highlight=False)
    console.print(", ".join(f"{name} {value:.3f}" for name, value in figures["flagged"].items()), highlight=False)
    write_json(json_file, figures)


SetsArgument = Annotated[
    list[str] | None, typer.Argument(help="NAME DIR …: public data sets as published, beside the demo knowledge's.")
]
EveryOption = Annotated[int, typer.Option(min=1, help="Ask only every n-th question of the public sets.")]


@bench.command("decline")
def bench_decline(sets: SetsArgument = None, every: EveryOption = 1, json_file: JsonOption = None) -> None:
    """What cannot be answered, and is all the same: our confidence beside the plain similarity."""
    chosen = pairs(sets or [])
    with console.status("Asking"):
        figures = decline.run(declining.collect(workbench(load()), chosen, every))
    show_bench(console, figures)
    write_json(json_file, figures)


@bench.command("ingest-one", hidden=True)
def bench_ingest_one(system: str, folder: Path, data: Path, precision: str = "int8") -> None:
    """One run of one system, in this process; figures as JSON."""
    settings = load()
    if system.startswith("ours"):
        parts = workbench(settings)
        drawn = replace(parts, embedder=speed.RandomPassages(parts.embedder))
        figures = ingest.ours(drawn if system == "ours_drawn" else parts, folder, data)
    else:
        weights = settings.embedding.model_copy(update={"precision": precision})
        embedder = build.embedder(settings.model_copy(update={"embedding": weights}))
        figures = ingest.llama_index(embedder, folder, data)
    print(json.dumps(figures))


if __name__ == "__main__":
    run(bench)
