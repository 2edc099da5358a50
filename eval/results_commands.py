"""What is made of runs, on the command line: compared, let through, followed over time; and the judge checked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from eval import agreement, gate, history, report, rules, show_results
from eval.compare import compare
from eval.judge import DETERMINISTIC, Material, Verdict, configured_judge
from eval.junit import junit as junit_xml
from eval.parts import JsonOption, console, parts_of, write_json
from eval.runs import NEWEST, find, read_run
from eval.shares import told
from eval.show_results import plain
from eval.summary import summarise
from rag.cli import DataOption
from rag.config import load
from rag.errors import ModelError

RunArgument = Annotated[str, typer.Argument(help="Its id, the beginning of it, its folder, or 'newest'.")]

FileOption = Annotated[Path | None, typer.Option(help="Write it to this file.")]


def runs_of(data: Path | None) -> Path:
    """Where the runs are."""
    return load(data=data).paths.data / "runs"


def compare_runs(
    first: RunArgument, second: RunArgument = NEWEST, data: DataOption = None, json_file: JsonOption = None
) -> None:
    """The same cases of two runs side by side: is the difference more than chance, and which cases changed?"""
    runs = runs_of(data)
    found = compare(read_run(find(runs, first)), read_run(find(runs, second)))
    notes = dict.fromkeys(agreement.note(runs, each.judge) for each in (found.first, found.second))
    show_results.comparison(console, found, [each for each in notes if each])
    write_json(json_file, found.figures())


def gate_run(
    run: RunArgument = NEWEST,
    accept: Annotated[bool, typer.Option("--accept", help="Take it as the measure of later runs instead.")] = False,
    data: DataOption = None,
) -> None:
    """Exit code 0: the run reaches evaluation.gate of config.yaml, and is not worse than the one accepted last; else 1."""
    runs, wanted = runs_of(data), load(data=data).evaluation.gate
    found = read_run(find(runs, run))
    if accept:
        short = gate.unusable(found, wanted)
    else:
        known = gate.accepted_runs(runs)
        short = gate.reasons(found, wanted, read_run(find(runs, known[-1].run)) if known else None)
    if accept and not short:
        gate.accept(runs, found)
    note = agreement.note(runs, found.header.judge)
    for line in (*short, *filter(None, [note])):
        typer.echo(f"{found.header.id}: {line}")
    if not short:
        said = "accepted" if accept else "passes"
        typer.echo(f"{found.header.id}: {said}, resolution {told(summarise(found).resolution)}")
    raise typer.Exit(1 if short else 0)


def show_history(
    data: DataOption = None,
    last: Annotated[int, typer.Option(min=1, help="Only so many, the newest.")] = 20,
    json_file: JsonOption = None,
) -> None:
    """Resolution accuracy of every finished run, and what changed between neighbours."""
    runs = runs_of(data)
    history.catch_up(runs)
    found = history.moments(history.entries(runs))[-last:]
    judges = {each.entry.header.judge for each in found}
    accepted = [each.run for each in gate.accepted_runs(runs)]
    show_results.moments(console, found, accepted, {each: agreement.note(runs, each) for each in judges})
    show_results.unfinished(console, history.unfinished(runs))
    write_json(json_file, [each.entry.model_dump() | {"changed": each.changed} for each in found])


def report_run(
    run: RunArgument = NEWEST,
    html: FileOption = None,
    junit: FileOption = None,
    data: DataOption = None,
    json_file: JsonOption = None,
) -> None:
    """A run as a page that stands alone (report.html in its folder where no file is named), JUnit XML and JSON."""
    runs = runs_of(data)
    folder = find(runs, run)
    found = read_run(folder)
    note = agreement.note(runs, found.header.judge)
    if not (html or junit or json_file):
        html = folder / "report.html"
    for file, text in ((html, report.page), (junit, junit_xml)):
        if file:
            file.write_text(text(found, note), encoding="utf-8")
            console.print(plain(str(file)), soft_wrap=True)
    write_json(json_file, report.figures(found, note))


def judge_check(
    context: typer.Context,
    labels: Annotated[Path, typer.Argument(help="Answers labelled by people, such as eval/cases/judged.jsonl.")],
    data: DataOption = None,
    json_file: JsonOption = None,
) -> None:
    """How far the configured judge agrees with people (Cohen's kappa); kept, and shown beside a model's numbers."""
    settings = load(data=data)
    wanted = agreement.read_labels(labels)
    judge = configured_judge(settings, parts_of(context).chat_models)
    say = judge.opinion if judge else rules.opinion

    def opine(material: Material) -> tuple[Verdict | None, str]:
        try:
            opinion = say(material)
        except ModelError as error:
            return None, str(error)
        return opinion.verdict, opinion.reason

    with Progress(console=console) as bar:
        task = bar.add_task("Judging", total=len(wanted))
        found = agreement.judged(wanted, opine, 4, lambda: bar.advance(task))
    measured = agreement.agreement(judge.name if judge else DETERMINISTIC, found)
    show_results.checked(console, found, measured)
    agreement.store(settings.paths.data / "runs", measured)
    write_json(json_file, measured.model_dump())


COMMANDS: dict[str, Callable[..., None]] = {
    "compare": compare_runs,
    "gate": gate_run,
    "history": show_history,
    "report": report_run,
    "judge-check": judge_check,
}
