"""`python -m eval bench escalation`: the table of what `eval/bench/escalation.py` measured."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from eval.bench import escalation
from eval.parts import JsonOption, console, write_json
from eval.rates import COLUMNS


def bench_escalation(
    file: Annotated[Path, typer.Argument(help="JSONL: id, turns [{sender: customer | agent, text}], label 0 | 1.")],
    first_turn: Annotated[bool, typer.Option("--first-turn", help="By the customer's first turn alone.")] = False,
    json_file: JsonOption = None,
) -> None:
    """AUROC, average precision and recall of upset customers, beside TF-IDF + logistic regression within the file."""
    figures = escalation.run(file, first_turn)
    table = Table("", "", *COLUMNS, "p50 ms", "p95 ms", box=None)
    for name, sides in figures.items():
        for side, row in sides.items():
            times = [f"{row[each]:.1f}" if each in row else "" for each in ("p50_ms", "p95_ms")]
            table.add_row(name, side, *(f"{row[each]:.3f}" for each in COLUMNS), *times)
    console.print(table)
    write_json(json_file, figures)
