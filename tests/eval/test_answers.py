"""What counts as held by an answer, and how a quoted answer is judged."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from eval.bench import answers, extracts
from rag.errors import ConfigError


@pytest.mark.parametrize(
    ("text", "golds", "held"),
    [
        ("It began in October 1973.", ["october 1973"], True),
        ("It cost $12, nearly.", ["$12"], True),
        ("There were 1120 of them.", ["12"], False),
        ("Nothing of the kind.", ["12", "nothing"], True),
        ("由光荣和ω-force开发的续作。", ["光荣和ω－FORCE"], True),
        ("该游戏于1998年发行。", ["1998"], True),
        ("It says %.", ["%"], False),
    ],
)
def test_a_span_is_held_as_whole_words_whatever_its_case_and_punctuation(
    text: str, golds: list[str], held: bool
) -> None:
    assert answers.holds(text, golds) is held


def test_paragraphs_and_questions_with_an_answer_are_read(tmp_path: Path) -> None:
    asked = [{"question": "Who?", "answers": [{"text": "Ann"}, {"text": "Ann"}]}, {"question": "Why?", "answers": []}]
    data = {"data": [{"paragraphs": [{"context": "Ann came.", "qas": asked}]}]}
    (tmp_path / answers.FILES["squad2"]).write_bytes(gzip.compress(json.dumps(data).encode()))
    entries, found = answers.read("squad2", tmp_path)
    assert [entry.text for entry in entries] == ["Ann came."]
    assert found == [answers.Asked("Who?", ("Ann",), 0)]
    with pytest.raises(ConfigError, match="Known: squad2, cmrc2018"):
        answers.read("other", tmp_path)


def test_the_cases_are_well_formed() -> None:
    cases = extracts.read()
    assert len({case.question for case in cases}) == len(cases) >= 100
    assert all(case.must and case.most > 0 for case in cases)


def test_a_quoted_answer_is_judged_by_what_it_holds() -> None:
    case = extracts.Case("first", "How long?", "fact", ("8 months|eight months", "hours"), ("£5",), 2)
    judged = extracts.judge(case, ["It lasts eight months.", "It costs £5.", "Call us."])
    assert (judged.missing, judged.wrong, judged.too_many) == (("hours",), ("£5",), 1)
