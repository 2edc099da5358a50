"""Ranking measures against figures worked out by hand, and data files that do not hold what they should."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from eval import beir
from eval.beir import DataError
from eval.datasets import convert
from eval.metrics import ndcg_at, percentile, recall_at, reciprocal_rank_at
from rag.errors import ConfigError
from rag.types import Turn

RANKED = ["a", "b", "c", "d"]


def test_recall_counts_the_relevant_among_the_first() -> None:
    assert recall_at(RANKED, {"b": 1, "z": 1}, 2) == 0.5
    assert recall_at(RANKED, {"b": 1}, 1) == 0


def test_reciprocal_rank_is_of_the_first_relevant() -> None:
    assert reciprocal_rank_at(RANKED, {"c": 1, "d": 1}, 10) == pytest.approx(1 / 3)
    assert reciprocal_rank_at(RANKED, {"d": 1}, 3) == 0


def test_ndcg_discounts_by_rank_and_weighs_by_grade() -> None:
    # Gained 1/log2(3) + 2/log2(4); at best 2/log2(2) + 1/log2(3).
    expected = (1 / math.log2(3) + 2 / 2) / (2 + 1 / math.log2(3))
    assert ndcg_at(RANKED, {"b": 1, "c": 2}, 10) == pytest.approx(expected)
    assert ndcg_at(RANKED, {"a": 1}, 10) == 1


def test_percentiles_are_interpolated() -> None:
    assert percentile([4, 1, 3, 2], 0.5) == 2.5
    assert percentile([1, 2, 3, 4, 5], 0.95) == pytest.approx(4.8)
    assert percentile([], 0.5) == 0


def write(folder: Path, corpus: str, queries: str, qrels: str) -> Path:
    for name, text in (("corpus.jsonl", corpus), ("queries.jsonl", queries), ("qrels.tsv", qrels)):
        (folder / name).write_text(text, encoding="utf-8")
    return folder


CORPUS = json.dumps({"_id": "d1", "title": "T", "text": "Text."}) + "\n"
QUERIES = json.dumps({"_id": "q1", "text": "What?", "history": [{"role": "user", "text": "Before."}]}) + "\n"


def test_a_benchmark_is_read_with_its_history(tmp_path: Path) -> None:
    data = beir.read(write(tmp_path, CORPUS, QUERIES, "query-id\tcorpus-id\tscore\nq1\td1\t2\nq2\td1\t0\n"))
    assert data.relevant == {"q1": {"d1": 2.0}}
    assert data.questions[0].history == (Turn("customer", "Before."),)


@pytest.mark.parametrize(
    ("corpus", "queries", "qrels", "message"),
    [
        ("{broken\n", QUERIES, "q1\td1\t1\n", r"corpus.jsonl line 1 is not a JSON object"),
        (CORPUS, '{"_id": "q1"}\n', "q1\td1\t1\n", r"queries.jsonl line 1 lacks text"),
        (CORPUS, QUERIES, "q1 d1 1\n", r"qrels.tsv line 1 is not"),
        ("7\n", QUERIES, "q1\td1\t1\n", r"corpus.jsonl line 1 is not a JSON object"),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, corpus: str, queries: str, qrels: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        beir.read(write(tmp_path, corpus, queries, qrels))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"qrels.tsv is not there"):
        beir.read(tmp_path)


def test_an_unknown_data_set_lists_the_known(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="Known: stackfaq"):
        convert("stackfax", tmp_path, tmp_path)
