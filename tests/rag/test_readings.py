"""When the assistant asks back, and between what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from rag.phrases import own_words
from rag.readings import meant, readings
from rag.types import Chunk, Decision, DocumentMeta, Hit, Language, Query, Sentence, Turn
from rag.understand import understand
from tests.rag.passages import hit, passage

PRODUCTS = frozenset({"AirPure", "AirPure 300", "AirPure 300S", "Mist M2"})
OLD = passage("Hold Filter for 5 seconds to reset the filter lamp.", number=1, product="AirPure 300")
NEW = passage("Hold Mode and Fan to reset the filter lamp.", number=2, product="AirPure 300S")
FAMILY = passage("Reset the filter lamp after each change.", number=3, product="AirPure")
QUESTION = "How do I reset the filter lamp?"


def asked(*texts: str) -> Query:
    return understand([Turn("customer", text) for text in texts], PRODUCTS)


def found(*chunks: Chunk, scores: Sequence[float] = ()) -> list[Hit]:
    each = scores or [1.0 - 0.05 * at for at in range(len(chunks))]
    return [hit(chunk, [1.0] * len(chunk.sentences), score) for chunk, score in zip(chunks, each, strict=True)]


def regional(text: str, number: int, region: str) -> Chunk:
    return Chunk(
        number,
        f"{region}.md",
        1,
        0,
        "Contact",
        (),
        "",
        text,
        (Sentence(0, len(text)),),
        "en",
        DocumentMeta(region=region),
    )


def test_twins_that_answer_differently() -> None:
    assert readings(asked(QUESTION), found(OLD, NEW), PRODUCTS) == ("AirPure 300", "AirPure 300S")
    assert readings(asked(QUESTION), found(NEW, OLD), PRODUCTS) == ("AirPure 300S", "AirPure 300")


def test_no_question_when_the_product_is_named_now_or_before() -> None:
    for said in (["How do I reset the filter lamp of my 300s?"], ["I have an airpur 300", QUESTION]):
        assert readings(asked(*said), found(OLD, NEW), PRODUCTS) == ()


def test_no_question_when_the_answers_are_the_same_but_for_the_name() -> None:
    one = passage("The AirPure 300 has a filter lamp.", number=1, product="AirPure 300")
    two = passage("The AirPure 300S has a filter lamp.", number=2, product="AirPure 300S")
    assert readings(asked("Is there a filter lamp?"), found(one, two), PRODUCTS) == ()


def test_no_question_when_the_best_passage_answers_for_all() -> None:
    assert readings(asked(QUESTION), found(FAMILY, OLD, NEW), PRODUCTS) == ()
    both = passage("To reset the filter lamp, hold Filter (AirPure 300) or Mode and Fan (AirPure 300S).", number=4)
    assert readings(asked(QUESTION), found(both, OLD, NEW), PRODUCTS) == ()


def test_no_question_about_what_is_found_far_behind() -> None:
    assert readings(asked(QUESTION), found(OLD, NEW, scores=[1.0, 0.5]), PRODUCTS) == ()


def test_no_question_when_a_word_tells_strangers_apart() -> None:
    tilted = passage("E2: the humidifier is tilted.", number=5, product="Mist M2")
    sensor = passage("E2: the dust sensor is faulty.", number=6, product="AirPure 300S")
    assert readings(asked("What does E2 mean?"), found(sensor, tilted), PRODUCTS) == ("AirPure 300S", "Mist M2")
    assert readings(asked("What does E2 mean on a humidifier?"), found(sensor, tilted), PRODUCTS) == ()


def test_statements_of_one_passage_that_name_their_products() -> None:
    faq = passage(
        "AirPure 300S: hold Mode and Fan.", "AirPure 300: hold Filter.", question=QUESTION, product="AirPure", number=7
    )
    assert readings(asked("How do I reset the filter light?"), found(faq), PRODUCTS) == ("AirPure 300S", "AirPure 300")
    assert readings(asked(QUESTION), found(faq), PRODUCTS) == ()  # just what its author answers, for both


def test_a_code_is_asked_about_without_the_words_around_it() -> None:
    tilted = passage("E2: tilted.", number=5, product="Mist M2")
    sensor = passage("E2: dust sensor.", number=6, title="Codes on the display", product="AirPure 300S")
    query = asked("The display shows E2. What should I do?")
    assert readings(query, found(sensor, tilted), PRODUCTS) == ("AirPure 300S", "Mist M2")


NAMES = ("Mist M2", "AirPure 300", "Kettle K1", "Brew One")
LIST = passage(*(f"{name}: hold the button." for name in NAMES), number=20, title="Factory reset")
GENERAL = passage("Reset it before you give it away.", number=21, title="Factory reset")


def test_a_list_with_an_entry_for_each_product_is_asked_back() -> None:
    assert readings(asked("How do I reset the machine?"), found(GENERAL, LIST), NAMES) == NAMES


def test_a_list_is_not_asked_back_where_a_word_tells_the_product() -> None:
    manual = passage("Clean the coffee machine.", number=22, title="Coffee machine Brew One", product="Brew One")
    for text, more in (("How do I reset the kettle?", ()), ("How do I reset the coffee machine?", (manual,))):
        assert readings(asked(text), found(GENERAL, LIST, *more), NAMES) == ()
    assert readings(asked("How do I reset the machine?"), found(GENERAL, LIST, scores=[1.0, 0.75]), NAMES) == ()


def test_a_passage_that_says_more_words_but_fits_less_does_not_ask_back() -> None:
    rug = passage("Dark surfaces look like a step.", number=23, title="Rugs")
    lamp = passage(
        "The AirPure 300 drifts on dark carpet.",
        "The AirPure 300S needs no lamp on dark carpet.",
        number=24,
        title="Rugs",
    )
    query = asked("Why does it refuse the dark carpet?")
    assert readings(query, found(rug, lamp, scores=[1.0, 0.85]), PRODUCTS) == ()
    assert readings(query, found(rug, lamp, scores=[1.0, 0.95]), PRODUCTS) == ("AirPure 300", "AirPure 300S")


def test_regions() -> None:
    uk, eu = regional("Call us on 0113.", 8, "UK"), regional("Call us on 0800.", 9, "EU")
    assert readings(asked("Can I call you?"), found(uk, eu), ()) == ("United Kingdom", "European Union")
    assert readings(asked("Can I call you from Germany?"), found(uk, eu), ()) == ()


OPENED = passage("Opened items: 20 % off.", number=11, heading=("2 Return of opened items",))
FAULTY = passage("Faulty items: within 30 days.", number=12, heading=("Return of faulty items",))


@pytest.mark.parametrize("text", ["return", "I want to return", "returns please"])
def test_a_topic_alone_is_asked_back_with_the_headings_that_say_more(text: str) -> None:
    hits = found(OPENED, FAULTY)
    assert readings(asked(text), hits, ()) == ("Return of opened items", "Return of faulty items")


@pytest.mark.parametrize("text", ["How do I return it?", "return faulty", "return an opened broken blue kettle"])
def test_more_than_a_topic_is_answered(text: str) -> None:
    assert readings(asked(text), found(OPENED, FAULTY), ()) == ()


def test_a_heading_that_is_the_topic_answers_it() -> None:
    assert (
        readings(asked("return"), found(OPENED, FAULTY, passage("Send it.", number=13, heading=("Returns",))), ()) == ()
    )


def test_many_readings_are_not_all_offered() -> None:
    products = [f"Lamp L{number}" for number in range(1, 7)]
    chunks = [passage(f"It costs £{at}0.", number=at, product=name) for at, name in enumerate(products, 1)]
    query = understand([Turn("customer", "What does it cost?")], products)
    assert readings(query, found(*chunks), products) == ("Lamp L1", "Lamp L2", "Lamp L3")


def test_the_same_question_is_asked_back_once() -> None:
    back = Turn("assistant", "Which?", ("AirPure 300", "AirPure 300S"))
    for answer in ("AirPure 300S", "the S one", "I don't know", QUESTION):
        query = understand([Turn("customer", QUESTION), back, Turn("customer", answer)], PRODUCTS)
        assert query.asked_back
        assert readings(query, found(OLD, NEW), PRODUCTS) == ()
    other = understand(
        [Turn("customer", QUESTION), back, Turn("customer", "What does the code E2 mean then?")], PRODUCTS
    )
    assert not other.asked_back


def test_an_option_completes_the_question() -> None:
    back = Turn("assistant", "Which?", ("AirPure 300", "AirPure 300S"))
    query = understand([Turn("customer", QUESTION), back, Turn("customer", "AirPure 300S")], PRODUCTS)
    assert (query.leans, query.named, query.history) == (True, ("AirPure 300S",), (QUESTION,))


def test_passages_about_another_product_are_left_out_unless_they_are_the_best() -> None:
    one, other = Hit(OLD, 1.0, {"other_product": 0.0}, (1.0,)), Hit(NEW, 0.9, {"other_product": 1.0}, (1.0,))
    assert meant([one, other]) == [one]
    assert meant([other, one]) == [other, one]
    assert meant([]) == []


@pytest.mark.parametrize(
    ("options", "language", "words"),
    [
        (("A 1", "A 2"), "en", "A 1 or A 2?"),
        (("A 1", "A 2", "B"), "en", "A 1, A 2, B, or another one?"),
        (("A 1", "A 2"), "zh", "A 1 还是 A 2？"),
        (("A 1", "A 2", "B"), "zh", "A 1、A 2、B，还是其他？"),
    ],
)
def test_the_question_back_names_its_options(options: tuple[str, ...], language: Language, words: str) -> None:
    query = replace(asked(QUESTION), language=language)
    assert own_words(Decision("clarify", 0.5, (), options), query)[0].text.endswith(words)
