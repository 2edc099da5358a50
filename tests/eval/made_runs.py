"""Runs made up for tests, in memory and as files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from eval.cases import Case
from eval.results import Answered, Cited, Header, Result, Run, Score, Sentence


def case(number: int, **fields: Any) -> Case:
    known = {"id": f"c{number}", "turns": (f"Question {number}?",), "expect": "answer", "tags": ("plain",)}
    return Case(**known | fields)


def answered(text: str = "The filter lasts 12 months.", **fields: Any) -> Answered:
    cited = Cited(source="faq/a.md", quote="12 months", supported=True)
    known: dict[str, Any] = {
        "outcome": "answer",
        "language": "en",
        "writer": "extractive",
        "confidence": 0.9,
        "sentences": (Sentence(text=text, citations=(cited,)),),
        "first_ms": 20.0,
        "total_ms": 40.0,
        "trace": ({"name": "decide", "milliseconds": 1.5, "detail": {"confidence": 0.9}},),
    }
    return Answered(**known | fields)


def result(of: Case, value: float | None, *, repeat: int = 0, why: str = "as expected", **scores: float) -> Result:
    """With this resolution; None: the assistant failed."""
    if value is None:
        return Result(case=of, repeat=repeat, error="ModelError: the endpoint was away")
    forbidden = Score(value=None, why="does not apply")
    given = {"resolution": Score(value=value, why=why), "nothing_forbidden": forbidden} | {
        name: Score(value=each) for name, each in scores.items()
    }
    return Result(case=of, repeat=repeat, turns=(answered(),), scores=given)


def run(values: Sequence[float | None], id: str = "r1", **header: Any) -> Run:
    """Cases c0, c1 … with these resolutions."""
    results = tuple(result(case(number), value) for number, value in enumerate(values))
    return made(results, id, **header)


def made(results: Sequence[Result], id: str = "r1", **header: Any) -> Run:
    at = "2026-11-20T10:00:00+00:00"
    known = {"id": id, "started_at": at, "finished_at": at, "knowledge": "live", "release": 3}
    return Run(header=Header(**known | header), results=tuple(results))


def stored(runs: Path, made_run: Run) -> Run:
    """The same run, as files below `runs`."""
    folder = runs / made_run.header.id
    folder.mkdir(parents=True)
    (folder / "header.json").write_text(made_run.header.model_dump_json(), encoding="utf-8")
    lines = "".join(f"{each.model_dump_json()}\n" for each in made_run.results)
    (folder / "results.jsonl").write_text(lines, encoding="utf-8")
    return made_run
