"""How well upset customers are told from the others in dialogues labelled by somebody else, beside TF-IDF + regression.

Ours is the shipped model as it stands, by the risk it gives; the baseline is fitted within the file, on folds by dialogue.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eval.metrics import Array, Mask
from eval.mood_data import Dialogue, read_dialogues
from eval.mood_fit import baseline
from eval.rates import Rates, rates
from rag.mood import learned_mood
from rag.types import Language, Turn

FOLDS = 5


@dataclass(frozen=True, slots=True)
class Judged:
    """What both say of the dialogues of one language, 0 … 1; and the processor time of ours, in ms a dialogue."""

    ours: Array
    baseline: Array
    positive: Mask
    milliseconds: tuple[float, ...]


def run(file: Path, first_turn: bool) -> dict[str, dict[str, Rates]]:
    """Figures by language and of all together, of "ours" and "baseline"; "ours" with the processor time it takes."""
    dialogues = read_dialogues(file)
    languages = sorted({each.language for each in dialogues})
    found = {
        name: judged([each for each in dialogues if each.language == name], name, first_turn) for name in languages
    }
    every = Judged(
        np.concatenate([each.ours for each in found.values()]),
        np.concatenate([each.baseline for each in found.values()]),
        np.concatenate([each.positive for each in found.values()]),
        tuple(time for each in found.values() for time in each.milliseconds),
    )
    return {"all": _figures(every)} | {str(name): _figures(each) for name, each in found.items()}


def judged(dialogues: Sequence[Dialogue], language: Language, first_turn: bool) -> Judged:
    """The chance of a dissatisfied customer by both."""
    model, ours, times = learned_mood(), [], []
    for dialogue in dialogues:
        turns = _begun(dialogue.turns) if first_turn else dialogue.turns
        began = time.thread_time()
        ours.append(model.mood(turns).risk)
        times.append((time.thread_time() - began) * 1000)
    scores = baseline(dialogues, language, FOLDS, 0, first_turn)
    chance = np.asarray(1 / (1 + np.exp(-scores)))
    return Judged(np.array(ours), chance, np.array([each.dissatisfied for each in dialogues]), tuple(times))


def _begun(turns: Sequence[Turn]) -> tuple[Turn, ...]:
    """Up to the first answer after the customer's first words."""
    begun: list[Turn] = []
    for turn in turns:
        if turn.role != "customer" and any(each.role == "customer" for each in begun):
            break
        begun.append(turn)
    return tuple(begun)


def _figures(found: Judged) -> dict[str, Rates]:
    times = np.array(found.milliseconds)
    spent = {"p50_ms": float(np.median(times)), "p95_ms": float(np.percentile(times, 95))}
    return {"ours": rates(found.ours, found.positive) | spent, "baseline": rates(found.baseline, found.positive)}
