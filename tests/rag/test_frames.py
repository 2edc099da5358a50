"""What a question asks about, without the words that make it one."""

from __future__ import annotations

import pytest

from rag.frames import subject_matter


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("保修期有多长时间？", "保修期"),
        ("屏幕上出来个 E2", "E2"),
        ("屏幕一直显示错误代码 E2 是怎么回事？", "E2 是"),
        ("换好之后显示 E3 是怎么回事？", "E3 是"),
        ("The display shows E2. What should I do?", "E2"),
        ("my humidifier keeps showing error code E2", "my humidifier E2"),
    ],
)
def test_the_frame_is_taken_away(text: str, left: str) -> None:
    assert " ".join(subject_matter(text).split()).rstrip(" .?？") == left


@pytest.mark.parametrize("text", ["How do I reset it?", "The display shows nothing. What should I do?", "怎么办？"])
def test_a_text_without_such_a_frame_or_anything_else_stays(text: str) -> None:
    assert subject_matter(text) == text
