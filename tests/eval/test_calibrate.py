"""The arithmetic of fitting and judging confidence, by values made by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from eval import calibrate
from eval.calibrate import Scored, confidences, crossed, curve, fit, layout, left_out, point, reliability, threshold_for
from eval.declining import Example
from eval.metrics import auroc, threshold_at, wilson
from eval.show_declining import pairs
from rag.confidence import SIGNS
from rag.errors import ConfigError

SCORES = np.array([0.9, 0.8, 0.7, 0.4, 0.6, 0.3, 0.2, 0.1])
ANSWERABLE = np.array([True] * 4 + [False] * 4)


def example(name: str, answerable: bool, **signals: float) -> Example:
    return Example(name, "group", "en", answerable, signals, 0.0)


def noisy(name: str, seed: int = 1, questions: int = 400) -> list[Example]:
    """Answerable where `meaning` is high; `unsaid` of the wrong sign by accident; the rest says nothing."""
    chance, rows = np.random.default_rng(seed), []
    for _ in range(questions):
        answerable = bool(chance.random() < 0.5)
        meaning = chance.normal(0.7 if answerable else 0.4, 0.15)
        rows.append(example(name, answerable, meaning=meaning, unsaid=0.5 + 0.2 * answerable + chance.normal(0, 0.1)))
    return rows


def test_auroc() -> None:
    assert auroc(SCORES, ANSWERABLE) == 15 / 16
    assert auroc(-SCORES, ANSWERABLE) == 1 / 16
    assert auroc(np.ones(8), ANSWERABLE) == 0.5
    assert auroc(np.ones(4), np.ones(4, bool)) == 0.5


def test_the_threshold_covers_what_it_should_and_no_more() -> None:
    assert [threshold_at(SCORES, ANSWERABLE, share) for share in (0.25, 0.5, 0.75, 0.8, 1.0)] == [
        0.9,
        0.8,
        0.7,
        0.4,
        0.4,
    ]


def test_wilson() -> None:
    assert wilson(10, 100) == pytest.approx((0.0552, 0.1744), abs=1e-4)
    assert wilson(0, 20)[0] == 0
    assert wilson(0, 20)[1] == pytest.approx(0.1611, abs=1e-4)
    assert wilson(0, 0) == (0.0, 1.0)


def test_a_point_of_the_curve() -> None:
    found = point(SCORES, ANSWERABLE, 0.5)
    assert (found.coverage, found.wrongly, found.risk) == (0.75, 0.25, 0.25)
    assert (found.low, found.high) == wilson(1, 4)
    assert [each.coverage for each in curve(SCORES, ANSWERABLE)] == sorted(
        each.coverage for each in curve(SCORES, ANSWERABLE)
    )


@pytest.mark.parametrize(("wanted", "wrongly", "coverage"), [(0.0, 0, 0.75), (0.25, 0.25, 1.0), (1.0, 1.0, 1.0)])
def test_the_threshold_for_a_wanted_error(wanted: float, wrongly: float, coverage: float) -> None:
    found = threshold_for(SCORES, ANSWERABLE, wanted)
    assert (found.wrongly, found.coverage) == (wrongly, coverage)


def test_the_fit_finds_what_tells_and_drops_what_has_the_wrong_sign() -> None:
    weights = fit(calibrate.scored(noisy("a")))
    assert set(weights) == {"bias", *SIGNS}
    assert weights["meaning"] > 0
    assert weights["unsaid"] == 0  # more of it goes with an answer here, which can only be chance
    assert weights["denied"] == 0  # nothing to learn from


def test_a_small_set_has_its_say() -> None:
    many, few = (
        noisy("many", 1, 2000),
        [example("few", each.answerable, keyword=each.answerable) for each in noisy("x")],
    )
    alone = fit(calibrate.scored(few))
    both = fit(calibrate.scored(many + few))
    assert both["keyword"] > 0.2 * alone["keyword"] > 0


def test_reliability_sets_confidence_beside_what_came_true() -> None:
    data = Scored(np.zeros((8, len(SIGNS))), ANSWERABLE, ("a",) * 8)
    low, high = reliability(SCORES, data, bins=2)
    assert (low.examples, high.examples) == (4, 4)
    assert (low.answerable, low.confidence) == pytest.approx((0.25, 0.25))
    assert (high.answerable, high.confidence) == pytest.approx((0.75, 0.75))


def test_a_set_left_out_is_judged_by_the_others() -> None:
    area, points = left_out([*noisy("a", 1), *noisy("b", 2)])["a"]
    others = fit(calibrate.scored(noisy("b", 2)))
    data = calibrate.scored(noisy("a", 1))
    assert area == auroc(confidences(others, data), data.answerable) > 0.85
    assert len(points) == len(calibrate.COVERAGES)
    assert left_out(noisy("alone")) == {}


def test_a_half_is_judged_by_the_other_half() -> None:
    made = [replace(each, group=str(at)) for at, each in enumerate(noisy("a"))]
    low, high = ([each for each in made if each.held == held] for held in (False, True))
    swapped = [replace(each, answerable=not each.answerable) for each in high]  # then each side has learned the reverse
    assert crossed([*low, *high])["a"][0] > 0.85
    assert crossed([*low, *swapped])["a"][0] < 0.5
    assert crossed(low) == {}


def test_no_document_is_on_both_sides() -> None:
    made = [Example(f"s{at % 3}", f"g{at % 50}", "en", bool(at % 2), {}, 0.0) for at in range(600)]
    sides: dict[tuple[str, str], set[bool]] = {}
    for each in made:
        sides.setdefault((each.set, each.group), set()).add(each.held)
    assert all(len(side) == 1 for side in sides.values())
    assert 0.3 < sum(each.held for each in made) / len(made) < 0.7


def test_weights_are_written_beside_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "weights.json"
    file.write_text('{"retrieval": {"en": {"keyword": 1.5}}, "confidence": {"zh": {"bias": 2.0}}}', encoding="utf-8")
    monkeypatch.setattr(calibrate, "FILE", file)
    calibrate.write({"en": {"bias": -1.0}})
    read = json.loads(file.read_text(encoding="utf-8"))
    assert read == {
        "retrieval": {"en": {"keyword": 1.5}},
        "confidence": {"zh": {"bias": 2.0}, "en": {"bias": -1.0}},
    }
    assert file.read_text(encoding="utf-8") == layout(read)


def test_sets_come_in_pairs() -> None:
    assert pairs(["a", "x", "b", "y"]) == {"a": Path("x"), "b": Path("y")}
    with pytest.raises(ConfigError, match="stands alone"):
        pairs(["a", "x", "b"])
