"""A run as one HTML page that stands alone, and as JSON. Cases, documents and answers are foreign text: all of it is
escaped, the page runs no script, and its policy lets it load nothing. Knows what to show; the template knows how.
"""

from __future__ import annotations

import base64
import hashlib
import json
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from eval.judge import DETERMINISTIC, JUDGED
from eval.results import Answered, Result, Run
from eval.shares import shares
from eval.summary import summarise
from eval.verdicts import printable, reason, state

TEMPLATES = Path(__file__).parent / "templates"
LONGEST_TRACE = 20_000  # characters shown; results.jsonl has all
STEPS = (1, 1.5, 2, 3, 5, 7)  # of a decade, where a class of times begins


@dataclass(frozen=True, slots=True)
class Times:
    """A class of times, in milliseconds, and how many replies fall into it."""

    low: float
    high: float
    replies: int


def page(run: Run, judge: str) -> str:
    """The HTML page. `judge`: what is known of the model that judged, where one did."""
    summary = summarise(run)
    return (
        _environment()
        .get_template("report.html")
        .render(
            css=Markup(_css()),
            policy=policy(),
            run=run,
            summary=summary,
            scores=shares(run, summary),
            judge=judge,
            judged=judged_by_model(run),
            unscored=sum(state(each) == "unscored" for each in run.results),
            outcomes=sorted({*summary.confusion, *(got for row in summary.confusion.values() for got in row)}),
            times=classes([turn.total_ms for each in run.results for turn in each.turns]),
            failed=[each for each in run.results if state(each) == "failed"],
            lost=[each for each in run.results if state(each) == "unscored"],
        )
    )


def policy() -> str:
    """The page's Content-Security-Policy: its own styles, and nothing else at all."""
    digest = base64.b64encode(hashlib.sha256(_css().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def _css() -> str:
    return (TEMPLATES / "report.css").read_text(encoding="utf-8")


def figures(run: Run, judge: str) -> dict[str, Any]:
    """The run's figures and every case in short, as plain values."""
    summary = summarise(run)
    return {
        "header": run.header.model_dump(mode="json"),
        "judge": judge,
        "summary": summary.model_dump(mode="json"),
        "scores": {name: each.model_dump() for name, each in shares(run, summary).items()},
        "cases": [_short(each) for each in run.results],
    }


def _short(result: Result) -> dict[str, Any]:
    last = result.turns[-1] if result.turns else None
    return {
        "key": result.key,
        "turns": result.case.turns,
        "expected": result.case.expect,
        "got": last.outcome if last else None,
        "answer": last.text if last else None,
        "state": state(result),
        "reason": reason(result),
        "scores": {name: each.model_dump() for name, each in result.scores.items()},
        "tags": result.case.tags,
    }


def judged_by_model(run: Run) -> frozenset[str]:
    """The scores that the configured model gave."""
    return frozenset({JUDGED}) if run.header.judge != DETERMINISTIC else frozenset()


def classes(times: Sequence[float]) -> list[Times]:
    """How many of the times fall between neighbouring steps, from the first class with any to the last."""
    edges = [step * 10**power for power in range(7) for step in STEPS]
    counts = [0] * (len(edges) + 1)
    for each in times:
        counts[bisect_right(edges, each)] += 1
    bounds = list(zip([0.0, *edges], [*edges, float("inf")], counts, strict=True))
    filled = [at for at, count in enumerate(counts) if count]
    return [Times(*each) for each in bounds[filled[0] : filled[-1] + 1]] if filled else []


def trace(turn: Answered) -> str:
    """The steps of a reply as indented JSON, cut where it is too long to read."""
    told = json.dumps(turn.trace, ensure_ascii=False, indent=1, default=str)
    return told if len(told) <= LONGEST_TRACE else f"{told[:LONGEST_TRACE]}\n… cut; the rest stands in results.jsonl"


def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_printable,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"state": state, "reason": reason, "trace": trace}
    made.filters |= {"milliseconds": milliseconds}
    return made


def _printable(shown: object) -> object:
    """Control characters of foreign text replaced."""
    if not isinstance(shown, str) or isinstance(shown, Markup):
        return shown
    return printable(shown)


def milliseconds(time: float) -> str:
    """A time as people read it."""
    return f"{time / 1000:g} s" if time >= 1000 else f"{time:g} ms"
