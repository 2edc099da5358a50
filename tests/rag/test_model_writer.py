"""What a model streams, as sentences: cut the same wherever the stream breaks, markers read, links and markup gone."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.errors import ModelError
from rag.model_writer import ModelWriter, complete_sentences, parse_sentence
from rag.ports import Spent, TokenCounter, unmetered
from rag.types import Chunk, Hit, Turn
from rag.understand import understand
from tests.rag.passages import hit, passage

CHUNKS = [passage("One.", number=1), passage("Two.", number=2), passage("Three.", number=3)]


class Saying:
    """A ChatModel that says what it is told to, in pieces, and keeps what it was asked."""

    name = "saying"

    def __init__(self, *pieces: str) -> None:
        self.pieces, self.asked = pieces, ("", "")

    def stream(self, system: str, user: str, seconds: float, spent: Spent = unmetered) -> Iterator[str]:
        self.asked = system, user
        yield from self.pieces


def cited(text: str) -> list[int]:
    return [span.chunk.id for span in parse_sentence(text, CHUNKS).spans]


def plain(text: str) -> str:
    return parse_sentence(text, CHUNKS).text


# --- the stream cut into sentences -------------------------------------------------------------------------

ANSWERS = [
    "It lasts 8 months. [1] Then stop [2].\n1. Open it [1]\n2. Close it [1]\n",
    "It weighs 3.5 kg [1]. Use e.g. a cloth. [1][2] Ok?! Wait... no. A",
    "滤芯8个月。[1]然后说“停。”[2]好【3】。结束",
    "No. 5 fits.  [1]\n\n[2] Next.\n\n- a\n- b",
]


@pytest.mark.parametrize("answer", ANSWERS)
@given(data=st.data())
def test_it_does_not_matter_where_the_stream_breaks(answer: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(answer)), max_size=12)))
    pieces = [answer[start:end] for start, end in zip([0, *cuts], [*cuts, len(answer)], strict=True)]
    assert list(complete_sentences(pieces)) == list(complete_sentences([answer]))


@given(st.text(alphabet="ab 3.5!?。”[1]【】,\n-eg", max_size=60), st.lists(st.integers(0, 60), max_size=8))
def test_nothing_is_lost_or_reordered_whatever_comes(text: str, cuts: list[int]) -> None:
    places = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    pieces = [text[start:end] for start, end in pairwise(places)]
    assert "".join("".join(complete_sentences(pieces)).split()) == "".join(text.split())
    assert list(complete_sentences(pieces)) == list(complete_sentences(list(text)))


def test_a_number_is_not_cut_at_its_point() -> None:
    assert list(complete_sentences(["It weighs 3.", "5 kg [1]. ", "Next."])) == ["It weighs 3.5 kg [1].", " Next."]


def test_a_sentence_is_there_before_the_stream_ends() -> None:
    def stream() -> Iterator[str]:
        yield "It lasts 8 months [1]. Th"
        raise AssertionError("asked for more than the first sentence needs")

    assert next(complete_sentences(stream())) == "It lasts 8 months [1]."


def test_markers_behind_the_full_stop_belong_to_the_sentence_before() -> None:
    assert list(complete_sentences(["It lasts. [1][2] It ends. 【3】"])) == ["It lasts. [1][2]", " It ends. 【3】"]


# --- markers -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("It lasts [2].", [2]),
        ("It lasts. [2]", [2]),
        ("It lasts【1】。", [1]),
        ("It lasts［1］。", [1]),
        ("It lasts [1, 2].", [1, 2]),
        ("It lasts [1，3]。", [1, 3]),
        ("It lasts [1][2].", [1, 2]),
        ("It lasts [1-3].", [1, 2, 3]),
        ("It lasts [2], and so on [2].", [2]),
        ("It lasts [^1].", [1]),
        ("It lasts [1](http://evil.example).", [1]),
        ("It lasts [9].", []),
        ("It lasts [99].", []),
        ("It lasts [2024].", []),
        ("It lasts [1-9999].", [1, 2, 3]),
        ("It lasts [0].", []),
        ("It lasts [99-1].", []),
        ("It lasts (1).", []),
        ("It lasts.", []),
    ],
)
def test_markers(text: str, numbers: list[int]) -> None:
    assert cited(text) == numbers


def test_markers_are_not_shown() -> None:
    assert plain("It lasts [1], or 【2】 not [1, 3].") == "It lasts, or not."
    assert plain("It lasts [99] or [123] or [1-9999].") == "It lasts or or."


# --- links and markup --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("See [here](http://evil.example) now [1].", ""),
        ("See https://evil.example/a?b=c now [1].", ""),
        ("See HTTPS://EVIL.example now [1].", ""),
        ("See www.evil.example now [1].", ""),
        ("See ftp://evil.example now [1].", ""),
        ("Run javascript:alert(1) now [1].", ""),
        ("![look](http://evil.example/a.png) Fine [1].", ""),
        ("<img src=x onerror=alert(1)> Fine [1].", ""),
        ("<a href='http://evil.example'>Fine</a> [1].", ""),
        ("Fine <script src=//evil.example", ""),
        ("Fine <img src='" + "a" * 500 + "'> so [1].", ""),
        ("<b>Fine</b> so<br> [1].", "Fine so."),
        ("## Heading [1]", "Heading"),
        ("> Quoted [1].", "Quoted."),
        ("**Bold**, __bold__ and `code` [1].", "Bold, bold and code."),
        ("***Very*** bold [1].", "Very bold."),
    ],
)
def test_links_and_markup_are_taken_out(text: str, left: str) -> None:
    assert plain(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "Keep it <5 bar and >3 bar.",
        "2 * 3 * 4 is 24.",
        "Order AP_F300 or AP_F400.",
        "Press [Mode] twice.",
        "Data: 5 GB.",
    ],
)
def test_what_only_looks_like_markup_stays(text: str) -> None:
    assert plain(text) == text


def test_steps_are_items() -> None:
    assert [parse_sentence(text, CHUNKS).kind for text in ("1. Open [1]", "- Open", "2) Open", "Open.", "3.5 kg")] == [
        *["item"] * 3,
        *["text"] * 2,
    ]


# --- writing -----------------------------------------------------------------------------------------------


def write(model: Saying, chunks: list[Chunk], question: str = "How long?", budget: int = 3000) -> list[str]:
    hits: list[Hit] = [hit(chunk, [1.0] * len(chunk.sentences)) for chunk in chunks]
    writer = ModelWriter(model, lambda text: len(text.split()), budget)
    request = writer.request(understand([Turn("customer", question)]), hits)
    return [draft.text for draft in writer.write(request, 5)]


def test_the_model_gets_numbered_passages_and_the_question() -> None:
    model = Saying("One [1].")
    write(model, CHUNKS[:2])
    assert "[1] Guide\nOne." in model.asked[1]
    assert "[2] Guide\nTwo." in model.asked[1]
    assert model.asked[1].rstrip().endswith("How long?")
    assert "NO_ANSWER" in model.asked[0]


def test_the_prompt_is_in_the_customers_language() -> None:
    model = Saying("好[1]。")
    write(model, CHUNKS[:1], question="多久？")
    assert "编号" in model.asked[0]


def test_only_what_fits_the_budget_is_sent_the_best_in_any_case() -> None:
    model = Saying("One [1].")
    write(model, [passage("word " * 400, number=1), passage("Second.", number=2)], budget=500)
    assert "[1] Guide" in model.asked[1]
    assert "Second." not in model.asked[1]


@pytest.mark.parametrize("pieces", [("NO_ANSWER",), ("NO_", "ANSWER"), ("NO_ANSWER.\n",), ("**NO_ANSWER**",)])
def test_a_model_that_finds_nothing_writes_nothing(pieces: tuple[str, ...]) -> None:
    assert write(Saying(*pieces), CHUNKS) == []


def test_an_answer_that_is_only_markup_writes_nothing() -> None:
    assert write(Saying("<img src=x>\n", "[1]\n", "https://evil.example\n"), CHUNKS) == []


def test_what_a_passage_says_to_the_model_is_no_variable() -> None:
    model = Saying("One [1].")
    write(model, [passage("Write {{question}} twice.")], question="Why {{passages}}?")
    assert "Write {{question}} twice." in model.asked[1]
    assert "Why {{passages}}?" in model.asked[1]


# --- the answer's language ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How long?", "这个滤芯大约可以使用十二个月。[1]"),
        ("多久？", "The filter lasts for 12 months and it can be washed [1]."),
    ],
)
def test_an_answer_in_another_language_is_no_answer(question: str, answer: str) -> None:
    with pytest.raises(ModelError, match="another language"):
        write(Saying(answer), CHUNKS, question)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Which button?", "Press 开始清扫 on the panel [1]."),
        ("有哪些型号？", "AirPure 300S, Sweep R2 Pro [1]."),
        ("多久？", "AirPure 300S Pro 的 HEPA filter 是12个月。[1]"),
    ],
)
def test_names_of_another_language_are_no_other_language(question: str, answer: str) -> None:
    assert len(write(Saying(answer), CHUNKS, question)) == 1


# --- the prompt's budget -----------------------------------------------------------------------------------

WORDS = st.sampled_from(
    ["filter ", "滤芯可以使用八个月。", "12.5 kg. ", "Sauberkeit, ", "<|endoftext|>", "\n", "a" * 30]
)
LONG = st.lists(WORDS, max_size=300).map("".join)


@given(asked=LONG, earlier=st.lists(LONG, max_size=3), texts=st.lists(LONG, min_size=1, max_size=6))
@settings(deadline=None, max_examples=40)
def test_the_prompt_keeps_to_its_budget_and_passages_stay_whole(
    asked: str, earlier: list[str], texts: list[str], count_tokens: TokenCounter
) -> None:
    budget, chunks = 1500, [passage(text or "x", number=at) for at, text in enumerate(texts, 1)]
    writer = ModelWriter(Saying(), count_tokens, budget)
    query = understand([Turn("customer", text) for text in (*earlier, asked)])
    request = writer.request(query, [hit(chunk, [1.0]) for chunk in chunks])
    sent = count_tokens(request.system) + count_tokens(request.user)
    assert sent <= budget or len(request.chunks) == 1
    assert sent <= budget + count_tokens(chunks[0].text)
    assert list(request.chunks) == chunks[: len(request.chunks)]
    assert all(chunk.text in request.user for chunk in request.chunks)


def test_a_long_story_leaves_room_for_passages_and_keeps_its_question(count_tokens: TokenCounter) -> None:
    story = "我的净化器是去年买的，一直放在客厅里。" * 100 + "滤芯多久换一次？"
    writer = ModelWriter(Saying(), count_tokens, 1500)
    query = understand([Turn("customer", story), Turn("customer", story)])
    request = writer.request(query, [hit(passage("滤芯可以使用八个月。", number=at), [1.0]) for at in (1, 2, 3)])
    assert len(request.chunks) == 3
    assert request.user.rstrip().endswith("滤芯多久换一次？")


def test_half_a_sentence_at_the_length_limit_is_left_out() -> None:
    class Cut(Saying):
        def stream(self, system: str, user: str, seconds: float, spent: Spent = unmetered) -> Iterator[str]:
            yield from self.pieces
            raise ModelError("The answer ran into its length limit.", "cut")

    assert write(Cut("One [1]. Two and"), CHUNKS) == ["One."]


def test_a_sentence_without_an_end_is_left_out_and_what_follows_is_not() -> None:
    endless = [f"Word{at} " for at in range(200)]
    assert write(Saying("One [1]. ", *endless, "end. ", "Two [2]."), CHUNKS) == ["One.", "Two."]


def test_there_is_nothing_to_ask_without_time() -> None:
    model = Saying("One [1].")
    writer = ModelWriter(model, lambda text: 1, 500)
    request = writer.request(understand([Turn("customer", "How?")]), [hit(CHUNKS[0], [1.0])])
    with pytest.raises(ModelError, match="no time"):
        list(writer.write(request, 0))
    assert model.asked == ("", "")
