"""`eval run` on the command line: which cases, on which knowledge, how often; and where the results go."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from eval import agreement, history, report, shares
from eval.archive import RUNS, Folder, new_id
from eval.cases import Case, CasesError, read_cases
from eval.header import check_same, header
from eval.judge import DETERMINISTIC, JUDGED, configured_judge, scorer
from eval.knowledge_under_test import UnderTest, under_test
from eval.parts import JsonOption, Parts, console, parts_of, write_json
from eval.play import Stage, nobody
from eval.recorded import recorded
from eval.replay import Recordings
from eval.results import Choice, Result, Run
from eval.run import Told, run
from eval.show_run import show
from eval.summary import summarise
from rag.cli import DataOption
from rag.config import ROOT, Settings, load
from rag.errors import ConfigError
from rag.ports import ChatModel

CASES = ROOT / "eval" / "cases"
PATTERN = "*.cases.jsonl"
NEVER = 10**9  # failures after which an endpoint is passed over: here each case asks for itself
REPLIES = "replies.jsonl"


CasesOption = Annotated[
    list[Path] | None, typer.Option(help=f"Files of cases, or folders of {PATTERN}. Default: the demo company's.")
]
KnowledgeOption = Annotated[
    Path | None, typer.Option(help="A folder of documents or a corpus.jsonl instead of the store.")
]
ReleaseOption = Annotated[str, typer.Option(help="The store: live, with what is staged, or as after release N.")]
TagOption = Annotated[list[str] | None, typer.Option(help="Only cases with one of these tags.")]
SplitOption = Annotated[Literal["dev", "test"] | None, typer.Option(help="Only these cases.")]
RepeatOption = Annotated[int, typer.Option(min=1, help="Play each case so often; shows pass^k.")]
ResumeOption = Annotated[str, typer.Option(metavar="ID", help="Go on with a run that was interrupted, as it began.")]
ReplayOption = Annotated[bool, typer.Option("--replay", help="Endpoints' kept replies; changed prompts are asked.")]
StrictOption = Annotated[bool, typer.Option("--strict", help="The same; an endpoint is never asked.")]
WorkersOption = Annotated[int | None, typer.Option(min=1, help="Cases at a time. Default: 4 with endpoints, else 1.")]


def run_cases(
    context: typer.Context,
    cases: CasesOption = None,
    knowledge: KnowledgeOption = None,
    release: ReleaseOption = "live",
    tag: TagOption = None,
    split: SplitOption = None,
    repeat: RepeatOption = 1,
    resume: ResumeOption = "",
    replay: ReplayOption = False,
    strict: StrictOption = False,
    workers: WorkersOption = None,
    data: DataOption = None,
    json_file: JsonOption = None,
) -> None:
    """Play cases and score them: resolution accuracy with its interval. Nothing the customers see is changed."""
    settings = patient(load(data=data))
    if knowledge and release != "live":
        raise ConfigError("--release is of the store; it does not go with --knowledge.")
    chosen = Choice(
        cases=tuple(map(str, cases or ())),
        knowledge=str(knowledge or ""),
        release=release,
        tags=tuple(tag or ()),
        split=split or "",
        repeat=repeat,
        replay="strict" if strict else "replay" if replay else "record",
    )
    done = _run(parts_of(context), settings, chosen, resume, workers)
    figures = summarise(done)
    show(console, done, figures)
    _leave(settings.paths.data / RUNS, done)
    write_json(json_file, {"header": done.header.model_dump(), "summary": figures.model_dump()})


def _leave(runs: Path, done: Run) -> None:
    """What stays of a run beside its results: its line in the history and its page."""
    history.record(runs, done)
    note, page = agreement.note(runs, done.header.judge), runs / done.header.id / "report.html"
    page.write_text(report.page(done, note), encoding="utf-8")
    for name in report.judged_by_model(done):
        told = f"{name} {shares.told(shares.mean(done.results, name))}; {note}"
        console.print(told, soft_wrap=True, markup=False, highlight=False)
    console.print(f"Report: {page}", soft_wrap=True, markup=False, highlight=False)


def patient(settings: Settings) -> Settings:
    """An endpoint that failed is asked again by the next case: what the others come to must not hang on it."""
    return settings.model_copy(update={"writer": settings.writer.model_copy(update={"breaker_failures": NEVER})})


def _run(parts: Parts, settings: Settings, chosen: Choice, resume: str, workers: int | None) -> Run:
    runs = settings.paths.data / RUNS
    if resume:
        begun = Folder(runs / resume).header
        if chosen not in (Choice(), begun.chosen):
            raise ConfigError("--resume goes on with what the run was begun with. Leave the other options away.")
        chosen = begun.chosen
    recordings = Recordings(runs / REPLIES)
    parts = recorded(parts, recordings, chosen.replay)
    with under_test(parts, settings, chosen.knowledge, chosen.release) as found:
        played = chosen_cases(chosen, found)
        judge = configured_judge(settings, parts.chat_models)
        now = header(resume or new_id(runs, datetime.now(UTC)), chosen, played, found, settings)
        now = now.model_copy(update={"judge": judge.name if judge else DETERMINISTIC})
        if resume:
            check_same(begun, now)
            now = begun
        models = parts.chat_models(settings)
        stage = stage_of(parts, settings, found, models)
        if judge:
            stage = replace(stage, scorers={**stage.scorers, JUDGED: scorer(judge)})
        console.print(f"Run {now.id}: {len(played)} cases on {now.knowledge}", highlight=False)
        with progress(len(played) * chosen.repeat) as told:
            done = run(played, now, Folder(runs / now.id), stage, workers or (4 if models or judge else 1), told)
    if recordings.asked or recordings.replayed:
        console.print(
            f"Endpoints: {recordings.asked} calls, {recordings.replayed} replies played again", highlight=False
        )
    return done


def chosen_cases(chosen: Choice, found: UnderTest) -> list[Case]:
    """The cases to play, checked against the documents there are. Raises CasesError and ConfigError."""
    every = read_cases(case_files(chosen.cases or (str(CASES),)), found.documents)
    tagged = [each for each in every if not chosen.tags or set(chosen.tags) & set(each.tags)]
    played = [each for each in tagged if chosen.split in ("", each.split)]
    if not played:
        known = ", ".join(sorted({tag for each in every for tag in each.tags})) or "none"
        raise ConfigError(f"No case has that tag and split. Tags there are: {known}.")
    return played


def case_files(places: Sequence[str]) -> list[Path]:
    """The files of cases in these places, each a file or a folder. Raises CasesError for a folder without any."""
    files = list[Path]()
    for place in map(Path, places):
        inside = sorted(place.glob(PATTERN)) if place.is_dir() else [place]
        if not inside:
            raise CasesError(f"{place}: there is no file {PATTERN} in this folder.")
        files += inside
    return files


def stage_of(parts: Parts, settings: Settings, found: UnderTest, models: list[ChatModel]) -> Stage:
    """The assistant as customers meet it, and what its replies are judged by."""
    directory = parts.directory(settings, found.store)
    assistant = parts.assistant(found.bench, found.store, models, parts.reranker(settings))
    return Stage(
        assistant.reply,
        found.bench.knowledge(found.store).chunk,
        directory.customer if directory else nobody,
        found.names,
        settings.segments,
    )


@contextmanager
def progress(total: int) -> Iterator[Told]:
    """A bar that moves with each result."""
    columns = (TextColumn("Playing"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[unscored]}"))
    with Progress(*columns, TimeElapsedColumn(), console=console) as bar:
        task, unscored = bar.add_task("", total=total, unscored=""), 0

        def told(result: Result) -> None:
            nonlocal unscored
            unscored += bool(result.error)
            bar.update(task, advance=1, unscored=f"{unscored} unscored" if unscored else "")

        yield told
