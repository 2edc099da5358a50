"""Taking the answer away: what is hidden is not found, and everything else is as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval import datasets, declining
from eval.__main__ import workbench
from eval.beir import Benchmark, Entry, Question
from eval.bench import decline
from eval.declining import CASES, cases, collect
from rag.confidence import SIGNS
from rag.config import ROOT, load
from rag.text import language_of

CORPUS = [
    Entry("kettle", "Descale the kettle", "Boil one litre of water with 20 g of citric acid, and rinse twice."),
    Entry("filter", "Change the filter", "Replace the filter of the purifier after eight months."),
    Entry("parcel", "Track a parcel", "Open the e-mail and tap the link to see where the parcel is."),
]
QUESTIONS = [Question("1", "How do I descale the kettle?"), Question("2", "When is the filter changed?")]
RELEVANT = {"1": {"kettle": 1.0}, "2": {"filter": 1.0}}


def test_the_cases_name_documents_that_are_there_in_both_languages() -> None:
    made = cases()
    assert CASES.is_file()
    assert all((ROOT / "knowledge" / source).is_file() for gold in made.relevant.values() for source in gold)
    languages = [language_of(each.text) for each in made.questions]
    assert min(languages.count("en"), languages.count("zh")) >= 60
    assert len({each.text for each in made.questions}) == len(made.questions)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(datasets.DATASETS, "small", lambda source: Benchmark(CORPUS, QUESTIONS, RELEVANT))
    one_sided = [QUESTIONS[0], Question("2", "Who descaled the kettle first?", answerable=False)]
    both = {"1": {"kettle": 1.0}, "2": {"kettle": 1.0}}
    monkeypatch.setitem(datasets.DATASETS, "sided", lambda source: Benchmark(CORPUS, one_sided, both))
    monkeypatch.setattr(declining, "_of_knowledge", lambda bench: iter(()))
    monkeypatch.setattr(declining, "_of_cases", lambda bench: iter(()))
    monkeypatch.setattr(declining, "_elsewhere", lambda bench, store, language: [])


@pytest.mark.slow
@pytest.mark.usefixtures("small")
def test_each_question_is_asked_with_and_without_its_answer(tmp_path: Path) -> None:
    found = collect(workbench(load()), {"small": tmp_path})
    assert [(each.group, each.answerable) for each in found] == [
        (gold, side) for gold in ("0000000.txt", "0000001.txt") for side in (True, False)
    ]
    for with_it, without in zip(found[::2], found[1::2], strict=True):
        assert with_it.signals["meaning"] > without.signals["meaning"]
        assert with_it.plain > without.plain
        assert set(SIGNS) <= set(without.signals)


@pytest.mark.slow
@pytest.mark.usefixtures("small")
def test_a_set_that_says_what_cannot_be_answered_hides_nothing(tmp_path: Path) -> None:
    found = collect(workbench(load()), {"sided": tmp_path})
    assert [each.answerable for each in found] == [True, False]
    assert found[1].signals["unsaid"] < 0.5  # the kettle's document was there


@pytest.mark.slow
@pytest.mark.usefixtures("small")
def test_the_benchmark_sets_ours_beside_plain(tmp_path: Path) -> None:
    held = [each for each in collect(workbench(load()), {"small": tmp_path}) if each.held]
    figures = decline.run(held)
    assert set(figures) == ({"small"} if held else set())
    for systems in figures.values():
        assert all(found["auroc"] == 1.0 for found in systems.values())
