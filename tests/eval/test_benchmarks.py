"""The benchmarks run, in small: their figures are there and make sense."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from eval import generate
from eval.__main__ import workbench
from eval.bench import speed
from rag.config import ROOT, load
from rag.text import language_of


def test_generated_text_is_the_same_every_time_and_hardly_repeats() -> None:
    texts = [generate.document(number, "en") for number in range(20)]
    assert texts == [generate.document(number, "en") for number in range(20)]
    sections = [section for text in texts for section in text.split("\n\n")]
    assert len(set(sections)) > 0.98 * len(sections)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_generated_text_is_of_its_language_and_of_real_length(language: generate.Language) -> None:
    bodies = generate.document(3, language).split("\n\n")[2::2]
    assert len(bodies) == generate.SECTIONS
    assert {language_of(body) for body in bodies} == {language}
    assert all(100 < len(body) < 1000 for body in bodies)


def test_a_corpus_has_its_share_of_chinese(tmp_path: Path) -> None:
    assert generate.write_corpus(tmp_path, 80, chinese=0.2) == 10
    read = [language_of(path.read_text(encoding="utf-8")) for path in sorted(tmp_path.iterdir())]
    assert read.count("zh") == 2


@pytest.mark.slow
def test_speed_measures_every_step(tmp_path: Path) -> None:
    figures = speed.run(workbench(load()), tmp_path, chunks=80, questions=20)
    assert figures["store"]["passages"] >= 80
    assert {"first sentence", "understand", "retrieve", "decide", "· embedding", "· candidates"} <= figures.keys()
    assert 0 < figures["retrieve"]["p50"] <= figures["first sentence"]["p50"] <= figures["first sentence"]["p95"]


@pytest.mark.slow
@pytest.mark.parametrize("system", ["ours", "llama_index"])
def test_both_systems_take_in_the_same_files(system: str, tmp_path: Path) -> None:
    generate.write_corpus(tmp_path / "documents", 40)
    command = [
        sys.executable,
        "-m",
        "eval",
        "bench",
        "ingest-one",
        system,
        str(tmp_path / "documents"),
        str(tmp_path / "d"),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=100)
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout.splitlines()[-1])
    assert 36 <= figures["chunks"] <= 70
    assert figures["peak_rss_mb"] > 50
