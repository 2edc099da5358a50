"""What answers are worth, on the command line: benchmarks of finding, choosing, checking and declining."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress
from rich.table import Table

from eval import beir, declining, typos
from eval.bench import (
    answers,
    check,
    decline,
    documents,
    extracts,
    injection,
    retrieval,
    sentences,
)
from eval.bench.escalation_command import bench_escalation
from eval.parts import EveryOption, JsonOption, SetsArgument, console, parts_of, write_json
from eval.show_declining import pairs, show_bench
from rag.config import Endpoint, Writer, load
from rag.ports import ChatModel

LOW = 0.85  # recall below which a file is named


def bench_retrieval(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="Holds corpus.jsonl, queries.jsonl and qrels.tsv (BEIR layout).")],
    with_typos: Annotated[bool, typer.Option("--typos", help="Put typing errors into the questions.")] = False,
    every: Annotated[int, typer.Option(min=1, help="Ask each n-th question.")] = 1,
    json_file: JsonOption = None,
) -> None:
    """Recall, MRR, nDCG and query time of the whole retrieval path, beside plain BM25."""
    data = beir.read(folder)
    data = replace(data, questions=data.questions[::every])
    data = typos.with_typos(data) if with_typos else data
    figures = retrieval.run(parts_of(context).workbench(load()), data)
    table = Table("", *figures["ours"], box=None)
    for name in ("ours", "bm25"):
        table.add_row(name, *(f"{value:.3f}" for value in figures[name].values()))
    console.print(table)
    console.print(", ".join(f"{name} {value:,.0f}" for name, value in figures["ingest"].items()), highlight=False)
    write_json(json_file, figures)


def bench_sentences(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="BEIR layout; queries.jsonl also says where each answer stands.")],
    json_file: JsonOption = None,
) -> None:
    """Precision of the best sentence over all passages, beside plain BM25 over the same sentences."""
    figures = sentences.run(parts_of(context).workbench(load()), beir.read(folder))
    table = Table("", *figures["ours"], box=None)
    for name, row in figures.items():
        table.add_row(name, *(f"{value:.3f}" for value in row.values()))
    console.print(table)
    write_json(json_file, figures)


def bench_answers(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="squad2 or cmrc2018.")],
    source: Annotated[Path, typer.Argument(help="The folder that holds the published file.")],
    every: Annotated[int, typer.Option(min=1, help="Ask every n-th question only.")] = 1,
    half: Annotated[
        answers.Half, typer.Option(help="Even paragraphs are for tuning, odd ones for reporting.")
    ] = "reporting",
    json_file: JsonOption = None,
) -> None:
    """Share of extractive answers that hold the known answer span, beside plain sentence scores."""
    figures = answers.run(parts_of(context).workbench(load()), name, source, half, every)
    columns = list(figures["extractive"])
    table = Table("", *columns, box=None)
    for writer in ("extractive", "plain", "assistant"):
        table.add_row(writer, *(f"{figures[writer][column]:.3f}" for column in columns))
    console.print(table)
    for name in ("questions", "ms"):
        console.print(", ".join(f"{key} {value:,.2f}" for key, value in figures[name].items()), highlight=False)
    write_json(json_file, figures)


def bench_extracts(context: typer.Context) -> None:
    """Quoted answers over the demo company: facts that are missing or do not belong, and sentences too many."""
    judged = extracts.run(parts_of(context).workbench(load()), extracts.read())
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


def bench_decline(
    context: typer.Context, sets: SetsArgument = None, every: EveryOption = 1, json_file: JsonOption = None
) -> None:
    """What cannot be answered, and is all the same: our confidence beside the plain similarity."""
    chosen = pairs(sets or [])
    with console.status("Asking"):
        figures = decline.run(declining.collect(parts_of(context).workbench(load()), chosen, every))
    show_bench(console, figures)
    write_json(json_file, figures)


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


def bench_injection(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="Holds text_attack_train.json and mixed_valid.json.")],
    every: Annotated[int, typer.Option(min=1, help="Only every so many of the attacks.")] = 1,
    json_file: JsonOption = None,
) -> None:
    """What attacks in documents and messages do to answers, with a model that obeys every one of them."""

    def models(url: str) -> list[ChatModel]:
        writer = Writer(backend="openai", endpoints=(Endpoint(base_url=url, model="obedient"),))
        return parts_of(context).chat_models(load().model_copy(update={"writer": writer}))

    with tempfile.TemporaryDirectory() as scratch, console.status("Attacking"):
        figures = injection.run(parts_of(context).workbench(load()), Path(scratch), folder, models, every)
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


COMMANDS: dict[str, Callable[..., None]] = {
    "retrieval": bench_retrieval,
    "sentences": bench_sentences,
    "answers": bench_answers,
    "extracts": bench_extracts,
    "decline": bench_decline,
    "check": bench_check,
    "injection": bench_injection,
    "documents": bench_documents,
    "escalation": bench_escalation,
}
