"""The testers' command line: benchmarks, each beside its baseline."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from backends import build
from backends.database import open_database
from eval import beir, datasets
from eval.bench import retrieval
from eval.workbench import Workbench
from ingest.store import Store
from rag.cli import new_app, run
from rag.config import Settings, load

app = new_app("Measure: retrieval, speed, ingestion.")
bench = new_app("Benchmarks, each beside a named baseline in the same run.")
app.add_typer(bench, name="bench")
console = Console()

JsonOption = Annotated[Path | None, typer.Option("--json", help="Write the figures to this file as well.")]


def workbench(settings: Settings) -> Workbench:
    """The configured embedder and store, for data folders of the benchmark's own."""
    embedder = build.embedder(settings, console.print)

    def open_store(data: Path) -> Store:
        chosen = settings.model_copy(update={"paths": settings.paths.model_copy(update={"data": data})})
        return Store(open_database(data), embedder, data, *build.vector_index(chosen))

    return Workbench(settings, embedder, build.token_counter(), open_store)


@bench.command("retrieval")
def bench_retrieval(
    folder: Annotated[Path, typer.Argument(help="Holds corpus.jsonl, queries.jsonl and qrels.tsv (BEIR layout).")],
    json_file: JsonOption = None,
) -> None:
    """Recall, MRR, nDCG and query time of the whole retrieval path, beside plain BM25."""
    data = beir.read(folder)
    figures = retrieval.run(workbench(load()), data)
    table = Table("", *figures["ours"], box=None)
    for name in ("ours", "bm25"):
        table.add_row(name, *(f"{value:.3f}" for value in figures[name].values()))
    console.print(table)
    console.print(", ".join(f"{name} {value:,.0f}" for name, value in figures["ingest"].items()), highlight=False)
    if json_file:
        json_file.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


@app.command()
def dataset(name: str, source: Path, target: Path) -> None:
    """Bring a public data set into the BEIR layout: stackfaq, emanual_tv, cmrc2018."""
    made = datasets.convert(name, source, target)
    console.print(f"{len(made.corpus)} documents and {len(made.questions)} queries in {target}")


if __name__ == "__main__":
    run(app)
