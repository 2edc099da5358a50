"""Typing errors as the benchmarks make them."""

from __future__ import annotations

import random

import pytest

from eval.beir import Benchmark, Question
from eval.typos import EVERY, misspelt, with_typos


def changed(before: str, after: str) -> list[tuple[str, str]]:
    return [pair for pair in zip(before.split(), after.split(), strict=True) if pair[0] != pair[1]]


@pytest.mark.parametrize("seed", range(9))
def test_every_third_content_word_has_one_error(seed: int) -> None:
    text = "How should customers return broken kitchen machines bought abroad last winter 300S"
    found = changed(text, misspelt(text, random.Random(seed)))
    content = ["customers", "return", "broken", "kitchen", "machines", "bought", "abroad", "last", "winter"]
    assert len(found) == len(content) // EVERY
    assert all(before in content and abs(len(before) - len(after)) <= 1 for before, after in found)


def test_chinese_has_errors_in_its_characters() -> None:
    text = "扫地机器人充电需要多长时间"
    found = misspelt(text, random.Random(1))
    assert found != text
    assert len(set(text) - set(found)) <= len(text) // 2 // EVERY + 1


def test_the_same_seed_makes_the_same_errors() -> None:
    data = Benchmark([], [Question("1", "Where can customers return broken machines?")], {})
    assert with_typos(data, 3) == with_typos(data, 3)
    assert with_typos(data, 3) != data
