"""`python -m eval vary` as a person starts it: what it plays and prints, and what it writes."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from eval.__main__ import app
from eval.archive import RUNS, ids
from eval.cases import read_cases
from rag.cli import run
from rag.ports import Embedder
from tests.rag.shop import FILTER, open_shop

ROWS = [
    {"id": "filter", "turns": [FILTER], "expect": "answer", "split": "dev"},
    {"id": "zh", "turns": ["可以退货吗？"], "expect": "answer", "language": "zh", "tags": ["returns"]},
]
Vary = Callable[..., tuple[int, str, str]]


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    file = tmp_path / "some.cases.jsonl"
    file.write_text("".join(json.dumps(each) + "\n" for each in ROWS), encoding="utf-8")
    return file


@pytest.fixture
def vary(cases: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Vary:
    """Runs the command in this process: (exit code, stdout, stderr)."""

    def call(*words: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["eval", "vary", "--cases", str(cases), *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            run(app)
        return int(ended.value.code or 0), *capsys.readouterr()

    return call


def test_cases_and_variants_are_played_and_compared(vary: Vary, tmp_path: Path, minilm: Embedder) -> None:
    shop, figures = open_shop(tmp_path, minilm), tmp_path / "out.json"
    shop.close()
    code, said, problems = vary("--data", shop.data, "--rule", "punctuation", "--rule", "script", "--json", figures)
    assert code == 0, problems
    assert "punctuation" in said
    made = json.loads(figures.read_text(encoding="utf-8"))
    assert (made["seed"], made["changed"]) == (0, [])
    assert {(rule, language) for rule, row in made["shares"].items() for language in row} == {
        *((rule, language) for rule in ("all", "punctuation") for language in ("all", "en", "zh")),
        *(("script", language) for language in ("all", "zh")),
    }
    assert (made["shares"]["all"]["all"]["same"], made["shares"]["all"]["all"]["scored"]) == (3, 3)
    assert ids(shop.data / RUNS) == []  # nothing is left that `history` would take for a run


def test_variants_are_written_as_cases_that_can_be_read(vary: Vary, tmp_path: Path) -> None:
    file = tmp_path / "variants.cases.jsonl"
    assert vary("--write", file, "--seed", "3")[0] == 0
    made = read_cases([file])
    assert {each.id.partition("~")[0] for each in made} == {"filter", "zh"}
    assert all(f"varied-{each.id.partition('~')[2]}" in each.tags for each in made)
    assert vary("--write", file, "--split", "dev")[0] == 0
    assert {each.id.partition("~")[0] for each in read_cases([file])} == {"filter"}


def test_a_rule_that_is_not_there_is_told_with_those_that_are(vary: Vary) -> None:
    code, _, problems = vary("--rule", "shouting")
    assert (code, "shouting" in problems, "politeness" in problems) == (2, True, True)
