"""How far a judge agrees with people: labelled answers, Cohen's kappa, and what is known of it from earlier checks."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from eval import journal
from eval.judge import DETERMINISTIC, VALUES, Material, Verdict
from eval.statistics import Kappa, cohen_kappa
from rag.errors import VouchError

FILE = "agreement.jsonl"
VERDICTS: tuple[Verdict, ...] = tuple(VALUES)
Opine = Callable[[Material], tuple[Verdict | None, str]]  # the verdict and why; None where the judge failed


class LabelsError(VouchError):
    """A file of labelled answers that cannot be used: one line a mistake."""


class Label(Material):
    """An answer and what a person says of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    label: Verdict


class Agreement(BaseModel):
    """A check of a judge, as it is stored. κ is None where it is undefined."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    judge: str
    at: str  # ISO 8601, UTC
    labels: str  # hash of the labelled answers
    kappa: float | None
    low: float
    high: float
    agreed: float  # share of the judged
    items: int  # judged
    failed: int  # the judge gave no verdict

    @property
    def text(self) -> str:
        """κ with its interval, as it stands beside numbers."""
        kappa = Kappa(self.kappa, self.low, self.high, self.agreed, self.items).text
        failed = f", {self.failed} without a verdict" if self.failed else ""
        return f"agreement with people {kappa} labelled answers{failed}"


@dataclass(frozen=True, slots=True)
class Opinionated:
    """A labelled answer and the judge's verdict."""

    label: Label
    verdict: Verdict | None
    why: str


def read_labels(file: Path) -> list[Label]:
    """The labelled answers of a JSONL file. Raises LabelsError with the line of each mistake."""
    try:
        lines = file.read_text(encoding="utf-8-sig").split("\n")
    except OSError as error:
        raise LabelsError(f"{file}: cannot be read: {error.strerror}. Check its name and rights.") from None
    except UnicodeDecodeError as error:
        raise LabelsError(f"{file}: byte {error.start + 1} is not UTF-8. Save the file as UTF-8.") from None
    labels, mistakes = dict[str, Label](), list[str]()
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            label = Label.model_validate_json(line)
        except ValidationError as error:
            told = (f"{'.'.join(map(str, each['loc']))} {each['msg']}".strip() for each in error.errors())
            mistakes += [f"{file}:{number}: {each}" for each in told]
            continue
        if label.id in labels:
            mistakes.append(f"{file}:{number}: the id {label.id!r} is used twice. Give it another.")
        labels[label.id] = label
    if mistakes or not labels:
        raise LabelsError("\n".join(mistakes) or f"{file}: holds no labelled answers.")
    return list(labels.values())


def judged(labels: Sequence[Label], opine: Opine, parallel: int, done: Callable[[], None]) -> list[Opinionated]:
    """The judge's verdict of each, in order; `done` is called after each."""

    def one(label: Label) -> Opinionated:
        found = Opinionated(label, *opine(label))
        done()
        return found

    with ThreadPoolExecutor(parallel) as pool:
        return list(pool.map(one, labels))


def kappa_of(found: Sequence[Opinionated]) -> Kappa:
    """Over those the judge gave a verdict of."""
    some = [each for each in found if each.verdict]
    return cohen_kappa([each.label.label for each in some], [each.verdict for each in some])


def right_or_not(found: Sequence[Opinionated]) -> Kappa:
    """The same where only right and not right are told apart."""
    some = [each for each in found if each.verdict]
    return cohen_kappa([each.label.label == "right" for each in some], [each.verdict == "right" for each in some])


def agreement(judge: str, found: Sequence[Opinionated]) -> Agreement:
    """What a check came to."""
    kappa = kappa_of(found)
    told = hashlib.sha256("\n".join(each.label.model_dump_json() for each in found).encode()).hexdigest()[:12]
    return Agreement(
        judge=judge,
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        labels=told,
        kappa=kappa.value,
        low=kappa.low,
        high=kappa.high,
        agreed=kappa.agreed,
        items=kappa.items,
        failed=len(found) - kappa.items,
    )


def store(runs: Path, found: Agreement) -> None:
    """Keep it beside the runs."""
    journal.append(runs / FILE, found)


def note(runs: Path, judge: str) -> str:
    """What stands beside every number a judge made: empty for rules, else its newest measured agreement."""
    if judge == DETERMINISTIC:
        return ""
    known = [each for each in journal.read(runs / FILE, Agreement) if each.judge == judge]
    return f"judge {judge}: {known[-1].text if known else 'agreement with people unmeasured'}"
