"""`eval vary` on the command line: cases and their variants played in one run, and the share that comes to the same."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from eval.archive import RUNS, Folder
from eval.cases import Case, read_cases
from eval.header import header
from eval.knowledge_under_test import under_test
from eval.parts import JsonOption, Parts, console, parts_of, write_json
from eval.replay import RecordedChat, Recordings
from eval.results import Choice, Result
from eval.run import run
from eval.run_commands import (
    CASES,
    REPLIES,
    CasesOption,
    SplitOption,
    WorkersOption,
    case_files,
    patient,
    progress,
    stage_of,
)
from eval.vary import RULES, Variant, variants
from eval.vary_results import Figures, changed, compare, shares
from rag.cli import DataOption
from rag.config import Settings, load
from rag.errors import ConfigError

SeedOption = Annotated[int, typer.Option(help="The same seed makes the same variants.")]
RuleOption = Annotated[list[str] | None, typer.Option(help=f"Only these rules: {', '.join(RULES)}.")]
EveryOption = Annotated[int, typer.Option(min=1, help="Only every n-th case.")]
WriteOption = Annotated[Path | None, typer.Option(help="Only write the variants to this file, as cases; play nothing.")]


def vary_cases(
    context: typer.Context,
    cases: CasesOption = None,
    seed: SeedOption = 0,
    rule: RuleOption = None,
    split: SplitOption = None,
    every: EveryOption = 1,
    write: WriteOption = None,
    workers: WorkersOption = None,
    data: DataOption = None,
    json_file: JsonOption = None,
) -> None:
    """Put cases differently; the share whose outcome and cited documents stay the same."""
    if unknown := set(rule or ()) - set(RULES):
        raise ConfigError(f"There is no rule {', '.join(sorted(unknown))}. Rules: {', '.join(RULES)}.")
    read = read_cases(case_files([str(each) for each in cases or (CASES,)]))
    chosen = [each for each in read if split in (None, each.split)][::every]
    made = variants(chosen, seed, rule or ())
    if write:
        write.write_text("".join(f"{_line(each.case)}\n" for each in made), encoding="utf-8")
        console.print(f"{len(made)} variants of {len(chosen)} cases in {write}", highlight=False)
        return
    compared = compare(made, _played(parts_of(context), patient(load(data=data)), chosen, made, workers))
    figures = shares(compared)
    _show(figures)
    write_json(json_file, {"seed": seed, "shares": figures, "changed": list(changed(compared))})


def _line(case: Case) -> str:
    return case.model_dump_json(exclude_defaults=True)


def _played(
    parts: Parts, settings: Settings, cases: Sequence[Case], made: Sequence[Variant], workers: int | None
) -> Sequence[Result]:
    """Results of the cases and of their variants, from a run that is not kept; endpoints' replies are."""
    every, models = [*cases, *(each.case for each in made)], parts.chat_models(settings)
    recordings, chosen = Recordings(settings.paths.data / RUNS / REPLIES), Choice(replay="replay")
    with under_test(parts, settings, chosen.knowledge, chosen.release) as found, tempfile.TemporaryDirectory() as kept:
        now = header("vary", chosen, every, found, settings)
        stage = stage_of(parts, settings, found, [RecordedChat(each, recordings, chosen.replay) for each in models])
        with progress(len(every)) as told:
            return run(every, now, Folder(Path(kept)), stage, workers or (4 if models else 1), told).results


def _show(figures: Figures) -> None:
    table = Table("rule", "language", "same", "share", "95 %", "same outcome", "unscored", box=None)
    for rule, languages in figures.items():
        for language, row in languages.items():
            interval = f"{row['low']:.3f}–{row['high']:.3f}"
            same = f"{row['same']:.0f}/{row['scored']:.0f}"
            shares = same, f"{row['share']:.3f}", interval, f"{row['same_outcome']:.0f}", f"{row['unscored']:.0f}"
            table.add_row(rule, language, *shares)
    console.print(table)
