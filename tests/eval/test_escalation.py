"""`bench escalation`, `train mood` and the cost of thresholds, on small dialogues made here."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from eval.bench import escalation
from eval.mood_cost import costs
from eval.mood_data import read_dialogues
from eval.mood_fit import fold_of
from eval.rates import COLUMNS, rates
from rag.errors import ConfigError


def dialogue(number: int, text: str, label: int) -> str:
    turns = [
        {"sender": "customer", "text": text},
        {"sender": "agent", "text": "Sorry!"},
        {"sender": "customer", "text": text},
    ]
    return json.dumps({"id": str(number), "turns": turns, "label": label})


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    rows = [dialogue(n, f"You are thieves, order {n} never came, this is outrageous!", 1) for n in range(10)]
    rows += [dialogue(n, f"How do I clean filter {n}?", 0) for n in range(10, 20)]
    rows += [dialogue(n, f"骗子，{n}号订单没发货，太过分了！", 1) for n in range(20, 30)]
    rows += [dialogue(n, f"{n}号滤芯怎么清洗？", 0) for n in range(30, 40)]
    file = tmp_path / "dialogues.jsonl"
    file.write_text("\n".join(rows), encoding="utf-8")
    return file


@pytest.mark.parametrize("first_turn", [False, True])
def test_the_benchmark_gives_every_figure_for_each_language_and_side(labelled: Path, first_turn: bool) -> None:
    figures = escalation.run(labelled, first_turn)
    assert set(figures) == {"all", "en", "zh"}
    for sides in figures.values():
        assert set(COLUMNS) <= set(sides["ours"])
        assert set(sides["baseline"]) == set(COLUMNS)
    assert figures["all"]["ours"]["auroc"] > 0.95


def test_rates_of_a_known_order() -> None:
    found = rates(np.array([0.9, 0.8, 0.7, 0.6]), np.array([True, False, True, False]))
    assert found["auroc"] == 0.75
    assert found["average_precision"] == pytest.approx((1 + 2 / 3) / 2)
    assert (found["recall@p0.5"], found["recall@p0.7"], found["recall@p0.9"]) == (1.0, 0.5, 0.5)


def test_equal_scores_find_no_order() -> None:
    found = rates(np.zeros(4), np.array([True, False, False, False]))
    assert (found["auroc"], found["recall@p0.5"]) == (0.5, 0.0)


def test_own_logs_are_read_from_csv_and_from_jsonl(tmp_path: Path) -> None:
    table = tmp_path / "logs.csv"
    table.write_text(
        "conversation,sender,text,outcome\na,customer,It is broken,\na,agent,Sorry,\na,customer,Bye,unresolved\n"
        "b,customer,Thanks,resolved\n",
        encoding="utf-8",
    )
    first, second = read_dialogues(table)
    assert (first.said, first.dissatisfied, second.dissatisfied) == (("It is broken", "Bye"), True, False)
    lines = tmp_path / "logs.jsonl"
    row = {"id": 1, "turns": [{"sender": "customer", "text": "你好"}], "satisfaction": -2}
    lines.write_text(json.dumps(row), encoding="utf-8")
    assert [(each.language, each.satisfaction) for each in read_dialogues(lines)] == [("zh", -2.0)]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.jsonl", '{"id": 1}', "line 1"),
        ("a.jsonl", '\n{"id": 1, "turns": [{"sender": "customer", "text": "a"}]}', "line 2"),
        ("a.csv", "id,text\n1,a\n", "conversation, sender and text"),
        ("a.csv", "conversation,sender,text\n1,customer,a\n", "satisfaction, label or outcome"),
        ("a.jsonl", "", "no dialogue"),
    ],
)
def test_what_is_wrong_in_logs_is_told_with_its_place(tmp_path: Path, name: str, text: str, said: str) -> None:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=said):
        read_dialogues(file)


def test_a_dialogue_is_in_one_fold_whatever_its_language() -> None:
    folds = {fold_of(str(number), 5, 1) for number in range(100)}
    assert folds == {0, 1, 2, 3, 4}
    assert fold_of("42", 5, 1) == fold_of("42", 5, 1)


def test_a_higher_threshold_misses_more_and_transfers_less() -> None:
    curve = costs(np.array([0.1, 0.3, 0.5, 0.9]), np.array([False, True, False, True]), thresholds=(0.2, 0.4, 0.95))
    assert [each.missed for each in curve] == [0.0, 0.5, 1.0]
    assert [each.needless for each in curve] == [0.5, 0.5, 0.0]
