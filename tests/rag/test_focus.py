"""How likely a sentence answers: shares that sum to one, names that must fit, the kind of thing asked for."""

from __future__ import annotations

import pytest

from rag.focus import focus
from rag.types import Hit, Turn
from rag.understand import understand
from tests.rag.passages import hit, passage


def best(question: str, *hits: Hit) -> str:
    """The sentence most likely to answer."""
    found = focus(understand([Turn("customer", question)]), hits)
    assert sum(each.share for each in found) == pytest.approx(1)
    number, at = max(found, key=lambda each: each.share).place
    return hits[number].chunk.quote(at)


@pytest.mark.parametrize(
    ("question", "sentences", "expected"),
    [
        ("How heavy is the lamp?", ("The lamp has 5 scenes.", "The lamp is 3 kg."), 1),
        ("How loud is the fan?", ("The fan has 3 speeds.", "The fan makes 40 dB(A)."), 1),
        ("What does the lid cost?", ("The lid has 2 hinges.", "The lid is £9."), 1),
        ("When was the lamp first sold?", ("The lamp was sold by our shop.", "The lamp was sold from March 2023."), 1),
        (
            "Who designed the lamp?",
            ("The lamp was designed for homes.", "The lamp was designed by Marit Verhoeven."),
            1,
        ),
        ("What is the phone number?", ("The number of lamps is 12.", "The number is 0113 496 0142."), 1),
        ("台灯多少钱？", ("台灯有5种场景。", "台灯是349元。"), 1),
        ("保修多久？", ("保修由我们负责。", "保修24个月。"), 1),
    ],
)
def test_the_kind_of_thing_asked_for_decides(question: str, sentences: tuple[str, str], expected: int) -> None:
    assert best(question, hit(passage(*sentences), [0.5, 0.5])) == sentences[expected]


@pytest.mark.parametrize(
    "said", ["The R2 Pro is reset with two keys.", "Reset the R2 Pro with two keys.", "R2 Pro：两个键"]
)
def test_the_variant_asked_for(said: str) -> None:
    assert best("How is the R2 Pro reset?", hit(passage("The R2 is reset with a pin.", said), [0.5, 0.5])) == said


def test_what_the_heading_says_counts_for_every_sentence_under_it() -> None:
    spec = passage(("Property: Weight; Value: 5 kg", "row"), title="Lamp L4", number=1)
    other = passage("The Lamp L4 is often confused with another.", number=2)
    assert best("How heavy is the Lamp L4?", hit(other, [0.5]), hit(spec, [0.5])) == "Property: Weight; Value: 5 kg"


def test_words_that_none_of_the_passages_has_take_nothing_away() -> None:
    chunk = passage("Lamps shine.", "Forks are sold.")
    assert best("Do lamps flabbergast?", hit(chunk, [0.5, 0.5])) == "Lamps shine."


def test_a_sentence_that_only_refers_elsewhere_does_not_answer() -> None:
    chunk = passage("See the page on pre-orders.", "A pre-order can be cancelled at any time until it is prepared.")
    assert best("Can I cancel a pre-order?", hit(chunk, [0.6, 0.5])).startswith("A pre-order")
