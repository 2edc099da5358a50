"""What a threshold of anger costs: upset customers who are missed against calm ones who are handed over needlessly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from eval.cases import Case, read_cases
from eval.metrics import Array, Mask
from eval.mood_data import ENDS, Dialogue, read_dialogues
from rag.config_escalation import Anger
from rag.mood import learned_mood
from rag.types import Turn

CASES = Path(__file__).with_name("cases")
THRESHOLDS = (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7)
WORTH = 5.0  # needless transfers that one missed angry customer costs


@dataclass(frozen=True, slots=True)
class Cost:
    """At a threshold: shares of the upset missed and of the calm handed over, and what both cost a conversation."""

    threshold: float
    missed: float
    needless: float
    cost: float


def costs(anger: Array, upset: Mask, worth: float = WORTH, thresholds: Sequence[float] = THRESHOLDS) -> list[Cost]:
    """The cost curve; `cost` is in needless transfers a conversation, with as many upset as there are."""
    found = []
    for threshold in thresholds:
        missed, needless = upset & (anger < threshold), ~upset & (anger >= threshold)
        cost = (worth * missed.sum() + needless.sum()) / max(len(upset), 1)
        shares = missed.sum() / max(upset.sum(), 1), needless.sum() / max((~upset).sum(), 1)
        found.append(Cost(threshold, float(shares[0]), float(shares[1]), float(cost)))
    return found


def angers(dialogues: Sequence[Dialogue]) -> tuple[Array, Mask]:
    """The anger that the shipped model sees in each, at its end; and which of them are upset."""
    model = learned_mood()
    return np.array([model.mood(each.turns).anger for each in dialogues]), np.array([d.dissatisfied for d in dialogues])


def written() -> list[Dialogue]:
    """The cases for development that ask for a person because of anger, and those that ask for none."""
    cases = [each for each in read_cases(sorted(CASES.glob("*.cases.jsonl"))) if each.split == "dev"]
    return [_dialogue(each) for each in cases if each.expect != "hand_off" or each.reason == "anger"]


def _dialogue(case: Case) -> Dialogue:
    turns = [turn for text in case.turns for turn in (Turn("customer", text), Turn("agent", ""))]
    return Dialogue(case.id, case.language, tuple(turns), ENDS[case.expect == "hand_off"])


def show(console: Console, data: Path) -> None:
    """The curves of `data` and of the written cases, the cheapest threshold and the configured one marked."""
    sets: Mapping[str, list[Dialogue]] = {data.name: read_dialogues(data), "written cases (dev)": written()}
    for name, dialogues in sets.items():
        anger, upset = angers(dialogues)
        table = Table("anger ≥", "missed", "needless", f"cost (missed × {WORTH:g})", "", title=name, box=None)
        curve = costs(anger, upset)
        best = min(curve, key=lambda each: each.cost)
        for each in curve:
            mark = "cheapest" if each == best else ""
            mark += " default" if each.threshold == Anger().above else ""
            table.add_row(*(f"{x:.3f}" for x in (each.threshold, each.missed, each.needless, each.cost)), mark)
        console.print(table)
