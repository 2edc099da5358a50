"""The mood of a conversation: what was learned from labelled dialogues, and what shows on the face of the words.

`risk` and `satisfaction` are learned (`rag/mood.json`, how and how well: `rag/mood.md`); anger, urgency and frustration
are sums of signs that an agent can read. Sees the customer's own messages and whether an answer failed; numpy only.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.mood_feelings import feelings
from rag.mood_signs import BUCKETS, FACE, Array, face, hashed
from rag.people import Mood
from rag.text import language_of, well_formed
from rag.types import Language, Turn

FILE = Path(__file__).with_name("mood.json")
RISK_OF_ANGER = 0.2  # of the anger that shows, as a risk of its own; more cost order on what was learned from


@dataclass(frozen=True, slots=True)
class Numbers:
    """What was learned for a language. A conversation's score is grams · n-grams + face · signs + bias."""

    grams: Array  # [2 * BUCKETS]
    face: Array  # [FACE]
    bias: float
    risk: tuple[float, float]  # slope and offset of the score in log odds
    satisfaction: tuple[float, float]  # slope and offset of the score, on the scale 0 … 1

    def score(self, said: Sequence[str], language: Language) -> float:
        """How dissatisfied a customer sounds who said this, on a scale of its own."""
        buckets, values = hashed(said, language)
        return float(self.grams[buckets] @ values + self.face @ face(said) + self.bias)


class LearnedMood:
    """A MoodModel by the numbers of each language."""

    def __init__(self, numbers: Mapping[Language, Numbers]) -> None:
        self._numbers = numbers

    def mood(self, turns: Sequence[Turn]) -> Mood:
        """Of the conversation, whose last turn is the customer's newest message; at ease where nothing was said."""
        said = messages(turns)
        if not said:
            return Mood()
        shown = feelings(said, failures(turns))
        language = language_of("\n".join(said))
        numbers = self._numbers[language]
        score = numbers.score(said, language)
        content = float(np.clip(numbers.satisfaction[0] * score + numbers.satisfaction[1], 0, 1))
        return Mood(
            satisfaction=round(content * (1 - shown.anger), 3),
            anger=round(shown.anger, 3),
            urgency=round(shown.urgency, 3),
            frustration=round(shown.frustration, 3),
            risk=round(risk_of(score, numbers.risk, shown.anger), 3),
            signs=shown.signs,
        )


def risk_of(score: float, line: tuple[float, float], anger: float) -> float:
    """The chance of dissatisfaction: the score's, by slope and offset in log odds, or by the anger that shows."""
    learned = 1 / (1 + np.exp(-(line[0] * score + line[1])))
    return float(1 - (1 - learned) * (1 - RISK_OF_ANGER * anger))


def messages(turns: Sequence[Turn]) -> tuple[str, ...]:
    """What the customer said, in order; messages sent in a row are one."""
    said: list[str] = []
    for before, turn in zip((None, *turns), turns, strict=False):
        if turn.role == "customer":
            text = well_formed(turn.text).strip()
            if said and before is not None and before.role == "customer":
                said[-1] += "\n" + text
            else:
                said.append(text)
    return tuple(said)


def failures(turns: Sequence[Turn]) -> int:
    """How many of the assistant's turns, the last before the newest message, gave no answer one after the other."""
    count = 0
    for turn in reversed(turns):
        if turn.role != "assistant":
            continue
        if turn.outcome != "decline":
            break
        count += 1
    return count


# --- the file --------------------------------------------------------------------------------------------------


@cache
def learned_mood() -> LearnedMood:
    """The model that comes with the project."""
    read: dict[Language, dict[str, object]] = json.loads(FILE.read_text(encoding="utf-8"))["languages"]
    return LearnedMood({language: unpacked(row) for language, row in read.items()})


def packed(numbers: Numbers) -> dict[str, object]:
    """As JSON: the weights of n-grams as signed bytes, deflated, in base64, with the step from one to the next."""
    step = float(f"{max(float(np.abs(numbers.grams).max()), 1e-9) / 127:.4g}")
    small = np.clip(np.round(numbers.grams / step), -127, 127).astype(np.int8)
    return {
        "bias": round(numbers.bias, 4),
        "risk": [round(each, 4) for each in numbers.risk],
        "satisfaction": [round(each, 4) for each in numbers.satisfaction],
        "face": [round(each, 4) for each in numbers.face.tolist()],
        "step": step,
        "grams": base64.b64encode(zlib.compress(small.tobytes(), 9)).decode(),
    }


def unpacked(row: Mapping[str, object]) -> Numbers:
    """The numbers of one language. Raises ValueError where they do not fit this code."""
    small: NDArray[np.int8] = np.frombuffer(zlib.decompress(base64.b64decode(str(row["grams"]))), np.int8)
    signs = np.array(row["face"], float)
    if len(small) != 2 * BUCKETS or len(signs) != FACE:
        raise ValueError("rag/mood.json was made by other code: run 'python -m eval train mood' again")
    (slope, offset), (rise, middle) = np.array(row["risk"], float), np.array(row["satisfaction"], float)
    bias, step = (float(str(row[name])) for name in ("bias", "step"))
    return Numbers(
        np.asarray(small * step, float), signs, bias, (float(slope), float(offset)), (float(rise), float(middle))
    )
