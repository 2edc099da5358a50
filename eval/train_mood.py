"""`python -m eval train`: learns the mood of customers from labelled dialogues, and says how well beside a baseline."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.table import Table

from eval.mood_data import Dialogue, read_dialogues
from eval.mood_fit import baseline, calibrated, crossed, fit
from eval.parts import console
from eval.rates import COLUMNS, Rates, rates
from rag import mood
from rag.cli import new_app
from rag.mood_feelings import feelings
from rag.types import Language

training = new_app("Train what is learned from dialogues.")
Figures = dict[str, dict[str, Rates]]  # "zh, all messages" → "ours" or "baseline" → figures


@training.callback()
def main() -> None:
    """Train what is learned from dialogues."""


@training.command("mood")
def train_mood(
    data: Annotated[Path, typer.Argument(help="A folder with en.jsonl.gz and zh.jsonl.gz, or own logs: CSV or JSONL.")],
    seed: Annotated[int, typer.Option(help="The same seed makes the same folds.")] = 0,
    folds: Annotated[
        int, typer.Option(min=2, max=20, help="By dialogue; a dialogue is in one fold in all languages.")
    ] = 5,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show it; leave rag/mood.json as it is.")] = False,
) -> None:
    """Fit rag/mood.json on dialogues with how satisfied their customers were.

    Own logs are CSV, one message a row: conversation,sender,text and satisfaction (−2 … 2), label (1: dissatisfied) or
    outcome (resolved or another); or JSONL, one dialogue a line: id, turns [{sender, text}] and one of the three.
    A language that the data lacks keeps its numbers. No text of the data is stored.
    """
    dialogues = read_dialogues(data)
    kept = json.loads(mood.FILE.read_text(encoding="utf-8")) if mood.FILE.exists() else {"languages": {}}
    table = Table("", "", *COLUMNS, box=None)
    for language in sorted({each.language for each in dialogues}):
        with console.status(f"Fitting {language}"):
            row, figures = trained([each for each in dialogues if each.language == language], language, folds, seed)
        kept["languages"][language] = row
        for name, sides in figures.items():
            for side, values in sides.items():
                table.add_row(name, side, *(f"{values[column]:.3f}" for column in COLUMNS))
    console.print(table)
    if not dry_run:
        kept["trained"] = {"data": data.name, "dialogues": len(dialogues), "seed": seed, "folds": folds}
        mood.FILE.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
        console.print(f"{mood.FILE}: {mood.FILE.stat().st_size / 1000:.0f} kB")


def trained(
    dialogues: Sequence[Dialogue], language: Language, folds: int, seed: int
) -> tuple[dict[str, object], Figures]:
    """The numbers of a language as JSON, fitted on all dialogues; figures on folds that were not seen."""
    bad = np.array([each.dissatisfied for each in dialogues])
    every, first = crossed(dialogues, language, folds, seed)
    votes = np.array([each.satisfaction for each in dialogues] * 2)
    risk, satisfaction = calibrated(np.concatenate([every, first]), np.concatenate([bad, bad]), votes)
    figures = {}
    for name, scores, alone in (("all messages", every, False), ("first message", first, True)):
        anger = [feelings(each.said[:1] if alone else each.said).anger for each in dialogues]
        risks = [mood.risk_of(float(score), risk, shown) for score, shown in zip(scores, anger, strict=True)]
        others = baseline(dialogues, language, folds, seed, alone)
        figures[f"{language}, {name}"] = {"ours": rates(np.array(risks), bad), "baseline": rates(others, bad)}
    return mood.packed(fit(dialogues, language, risk, satisfaction)), figures
