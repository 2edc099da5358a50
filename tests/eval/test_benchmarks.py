"""The benchmarks run, in small: their figures are there and make sense."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from backends import build
from eval import generate
from eval.__main__ import workbench
from eval.bench import documents, ingest, model_server, speed
from rag.config import ROOT, Endpoint, Settings, Writer, load
from rag.errors import SetupError
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
    figures = speed.run(workbench(load()), tmp_path, chunks=80, questions=20, ingesting=True)
    assert figures["store"]["passages"] >= 80
    assert 0 < figures["first sentence, ingesting"]["p50"] <= figures["whole reply, ingesting"]["p95"]
    assert {"first sentence", "understand", "retrieve", "decide", "· embedding", "· candidates"} <= figures.keys()
    assert 0 < figures["retrieve"]["p50"] <= figures["first sentence"]["p50"] <= figures["first sentence"]["p95"]


def test_the_model_of_the_benchmark_writes_sentences_of_its_passages() -> None:
    said = model_server.sentences(
        "Passages\n\n[1] A\nIt lasts. It ends.\n\n[2] B\n可以退货。\n\nThe question\n---\nHow?"
    )
    assert said == [" It lasts [1].", " 可以退货 [2]。"]
    assert model_server.sentences("Conversation\n\nLast message\n---\nAnd the 300S?") == ["And the 300S?"]


@pytest.mark.slow
def test_speed_with_a_model_tells_what_is_our_own(tmp_path: Path) -> None:
    with model_server.serving() as server:
        endpoint = Endpoint(base_url=server.url, model=model_server.MODEL)
        (model,) = build.chat_models(Settings(writer=Writer(backend="openai", endpoints=(endpoint,))))
        figures = speed.run(workbench(load()), tmp_path, chunks=80, questions=20, model=(model, server))
    assert 0 < figures["until the model is asked"]["p50"] < figures["first sentence"]["p95"]
    assert figures["token to display"]["p50"] > 0
    assert "model failed" not in figures


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


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    """Two documents, a broken one, and what should be found in them."""
    (tmp_path / "a.md").write_text("# Kettle\n\nBoils **1.7** litres of 水.", encoding="utf-8")
    (tmp_path / "b.docx").write_bytes(b"PK\x03\x04 no archive")
    (tmp_path / "a.txt").write_text("Kettle: boils [1.7](http://a.b/c) litres of 水 & tea", encoding="utf-8")
    entries = [{"file": "a.md", "expected_text": ["a.txt"]}, {"file": "b.docx", "expected_text": []}]
    (tmp_path / "manifest.json").write_text(json.dumps(entries))
    wanted = {"filename": "a.md", "must_include": ["# kettle", "2 litres", "data:image/png;base64,AAAA"]}
    (tmp_path / "expected_strings.jsonl").write_text(json.dumps(wanted) + "\n")
    return tmp_path


def test_documents_are_scored_by_the_words_that_arrive(papers: Path) -> None:
    figures = documents.table(documents.run(papers, "", load().ingest, lambda: None), "ours")
    assert figures["md"] == {
        "files": 1, "expected": 1, "recall": 7 / 8, "lowest": 7 / 8, "strings": 2, "found": 1, "refused": 0
    }  # fmt: skip
    assert figures["docx"]["refused"] == 1


def test_a_baseline_that_reads_nothing_scores_nothing(papers: Path) -> None:
    stub = papers / "markitdown.py"
    stub.write_text("class MarkItDown:\n    def convert(self, path):\n        raise ValueError(path)\n")
    python = papers / "python"
    python.write_text(f'#!/bin/sh\nPYTHONPATH={papers} exec {sys.executable} "$@"\n')
    python.chmod(0o755)
    scores = documents.run(papers, str(python), load().ingest, lambda: None)
    assert documents.table(scores, "markitdown")["md"]["recall"] == 0
    with pytest.raises(SetupError, match="cannot be run"):
        documents.run(papers, str(papers / "no-python"), load().ingest, lambda: None)


@pytest.mark.slow
def test_the_curve_says_where_vectors_were_drawn(tmp_path: Path) -> None:
    rows = ingest.curve(tmp_path, [60, 20], embedded=30, step=lambda _: None)
    assert [row["random_vectors"] for row in rows] == [0, 1]
    assert rows[0]["chunks"] < rows[1]["chunks"]
