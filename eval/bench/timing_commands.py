"""What it costs, on the command line: benchmarks of time and memory."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.table import Table

from eval import generate
from eval.bench import (
    ingest,
    model_server,
    rescan,
    speed,
)
from eval.parts import JsonOption, Parts, console, parts_of, write_json
from rag.config import Endpoint, Settings, Writer, load
from rag.ports import ChatModel

ONE = "ingest-one"  # for the benchmark itself
ChunksOption = Annotated[int, typer.Option(min=8, help="About how many passages to generate.")]


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


def bench_speed(
    context: typer.Context,
    chunks: ChunksOption = 10_000,
    questions: Annotated[int, typer.Option(min=10)] = 400,
    writer: Annotated[
        Literal["extractive", "model"], typer.Option(help="model: one on this machine that answers at once.")
    ] = "extractive",
    ingesting: Annotated[bool, typer.Option("--ingesting", help="Ask again while as many documents go in.")] = False,
    json_file: JsonOption = None,
) -> None:
    """Milliseconds from question to first sentence, step by step."""
    with tempfile.TemporaryDirectory() as scratch, model_server.serving() as server, console.status("Filling"):
        model = _at_once(parts_of(context), server) if writer == "model" else None
        figures = speed.run(parts_of(context).workbench(load()), Path(scratch), chunks, questions, model, ingesting)
    console.print(", ".join(f"{name} {value:,.2f}" for name, value in figures["store"].items()), highlight=False)
    table = Table("ms", "p50", "p95", "mean", box=None)
    for name, some in figures.items():
        if name != "store":
            table.add_row(name, *(f"{some[key]:.1f}" for key in ("p50", "p95", "mean")))
    console.print(table)
    write_json(json_file, figures)


def bench_rescan(
    context: typer.Context,
    files: Annotated[int, typer.Option(min=1, help="How many small files to generate.")] = 10_000,
    rounds: Annotated[int, typer.Option(min=1)] = 5,
    json_file: JsonOption = None,
) -> None:
    """Seconds of a re-scan of unchanged files, beside reading them all, and from saving one file to its being live."""
    with tempfile.TemporaryDirectory() as scratch, console.status("Filling the store"):
        figures = rescan.run(parts_of(context).workbench(load()), Path(scratch), files, rounds)
    for name, value in figures.items():
        console.print(f"{name:22} {value:10,.2f}" if name != "files" else f"{name:22} {value:7,.0f}", highlight=False)
    write_json(json_file, figures)


def bench_ingest_one(context: typer.Context, system: str, folder: Path, data: Path, precision: str = "int8") -> None:
    """One run of one system, in this process; figures as JSON."""
    settings = load()
    if system.startswith("ours"):
        parts = parts_of(context).workbench(settings)
        drawn = replace(parts, embedder=speed.RandomPassages(parts.embedder))
        figures = ingest.ours(drawn if system == "ours_drawn" else parts, folder, data)
    else:
        weights = settings.embedding.model_copy(update={"precision": precision})
        embedder = parts_of(context).embedder(settings.model_copy(update={"embedding": weights}))
        figures = ingest.llama_index(embedder, folder, data)
    print(json.dumps(figures))


def _at_once(parts: Parts, server: model_server.Serving) -> tuple[ChatModel, model_server.Serving]:
    """The model behind the benchmark's own server."""
    endpoint = Endpoint(base_url=server.url, model=model_server.MODEL)
    (model,) = parts.chat_models(Settings(writer=Writer(backend="openai", endpoints=(endpoint,))))
    return model, server


COMMANDS: dict[str, Callable[..., None]] = {
    "ingest": bench_ingest,
    "curve": bench_curve,
    "speed": bench_speed,
    "rescan": bench_rescan,
    ONE: bench_ingest_one,
}
