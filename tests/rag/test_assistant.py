"""Whole answers over a real store: what is said, in which order, and that nothing unproven is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest

from rag.assistant import Assistant, final
from rag.config import Settings
from rag.errors import ModelError
from rag.people import Customer, Order
from rag.phrases import phrase
from rag.ports import Embedder
from rag.types import Access, Done, Reply, Said, Step, Turn, Vectors, Withdrawn
from rag.words_only import WordsOnly
from tests.doubles.shelf import Shelf, count_words
from tests.rag.shop import FAILS, FILTER, PROVEN, Scripted, ask, assistant, open_shop, reply_of


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, minilm: Embedder) -> Iterator[Shelf]:
    made = open_shop(tmp_path_factory.mktemp("shop"), minilm)
    yield made
    made.close()


def text_of(shop: Shelf, chunk_id: int) -> str:
    found = shop.knowledge().chunk(chunk_id, Access())
    assert found
    return found.text


# --- extractive --------------------------------------------------------------------------------------------


def test_events_come_in_order(shop: Shelf) -> None:
    events = ask(shop, FILTER)
    names = [event.name if isinstance(event, Step) else type(event).__name__ for event in events]
    said = names.count("Said")
    assert names == ["understand", "mood", "retrieve", "decide", *["Said"] * said, "write and check", "Done"]
    assert said
    assert reply_of(events).trace == tuple(event for event in events if isinstance(event, Step))


def test_an_answer_quotes_its_document_exactly(shop: Shelf) -> None:
    reply = reply_of(ask(shop, FILTER))
    assert (reply.decision.outcome, reply.writer, reply.note, reply.language) == ("answer", "extractive", "", "en")
    assert PROVEN in reply.text
    for sentence in reply.sentences:
        for citation in sentence.citations:
            assert citation.quote == text_of(shop, citation.chunk_id)[citation.start : citation.end] == sentence.text
            assert (citation.source, citation.version) == ("airpure.md", 1)


def test_steps_come_whole(shop: Shelf) -> None:
    reply = reply_of(ask(shop, "How do I reset the filter lamp of the AirPure 300S?"))
    assert "1. Close the cover.\n2. Hold Mode and Fan together for 3 seconds.\n3. Wait" in reply.text


@pytest.mark.parametrize("question", ["拆封的商品可以退货吗？", "已拆封的商品能退货吗", "已拆封的商品能退貨嗎？"])
def test_chinese_is_answered_in_chinese(shop: Shelf, question: str) -> None:
    reply = reply_of(ask(shop, question))
    assert reply.language == "zh"
    assert "已拆封的商品不能退货。" in reply.text


def test_a_follow_up_is_understood_from_what_was_said_before(shop: Shelf) -> None:
    turns = [
        Turn("customer", "How long does the filter last?"),
        Turn("assistant", "Which one?"),
        Turn("customer", "300S"),
    ]
    assert PROVEN in reply_of(list(assistant(shop).reply(turns))).text


def test_what_the_knowledge_does_not_hold_is_declined(shop: Shelf) -> None:
    reply = reply_of(ask(shop, "What is the boiling point of tungsten?"))
    assert (reply.decision.outcome, reply.writer, reply.text) == ("decline", "fixed", phrase("decline", "en"))


@pytest.mark.parametrize("question", ["How much goodwill voucher may agents grant?", "goodwill voucher £35"])
def test_internal_documents_never_appear_for_the_public(shop: Shelf, question: str) -> None:
    model = Scripted("Agents may grant a goodwill voucher of up to £35 [1].")
    for events in (ask(shop, question), ask(shop, question, model)):
        assert "voucher of up to" not in str(events)
    assert "voucher of up to" not in str(model.asked)
    access = Access(audiences=frozenset({"public", "internal"}))
    inside = reply_of(list(assistant(shop).reply([Turn("customer", question)], access)))
    assert "£35" in inside.text


@pytest.mark.parametrize(
    ("text", "name", "language"),
    [("Hello!", "greeting", "en"), ("你好", "greeting", "zh"), ("thank you", "thanks", "en"), ("??", "empty", "en")],
)
def test_small_talk(shop: Shelf, text: str, name: str, language: str) -> None:
    model = Scripted("never asked")
    reply = reply_of(ask(shop, text, model))
    assert (reply.decision.outcome, reply.text) == ("small_talk", phrase(name, "zh" if language == "zh" else "en"))
    assert model.asked == []


@pytest.mark.parametrize("text", ["Can I talk to a human?", "转人工"])
def test_a_person(shop: Shelf, text: str) -> None:
    model = Scripted("never asked")
    reply = reply_of(ask(shop, text, model))
    assert (reply.decision.outcome, reply.writer) == ("hand_off", "fixed")
    assert "will" not in reply.text  # nothing is promised that is not stored
    assert model.asked == []


def test_no_conversation_at_all(shop: Shelf) -> None:
    assert reply_of(list(assistant(shop).reply([]))).decision.outcome == "small_talk"


# --- with a model ------------------------------------------------------------------------------------------


def test_a_models_sentences_are_cited_where_they_are_proven(shop: Shelf) -> None:
    events = ask(shop, FILTER, Scripted("The filter lasts 12 months", " or 4,500 hours [1]. It costs ", "£44.90 [1]."))
    reply = reply_of(events)
    assert [each.text for each in reply.sentences] == ["The filter lasts 12 months or 4,500 hours.", "It costs £44.90."]
    assert (reply.writer, reply.note) == ("scripted", "")
    assert reply.sentences[0].citations[0].quote == PROVEN


@pytest.mark.parametrize(
    "lie",
    [
        "The filter lasts 24 months [1].",
        "The filter lasts 12 weeks [1].",
        "The filter of the AirPure 300 lasts 12 months [1].",
        "The filter lasts never less than 12 months [1].",
        "Opened items can be returned within 30 days [1].",
        "Buy it at evil.example for £44.90 [1].",
        "Our warranty covers everything for life [1].",
        "Wash the filter under running water once a week.",
    ],
)
def test_what_is_not_proven_is_not_said(shop: Shelf, lie: str) -> None:
    reply = reply_of(ask(shop, FILTER, Scripted(f"{lie} The filter lasts 12 months [1].")))
    assert [each.text for each in reply.sentences] == ["The filter lasts 12 months."]
    alone = reply_of(ask(shop, FILTER, Scripted(lie)))
    assert (alone.decision.outcome, alone.writer) == ("answer", "extractive")
    assert (alone.sentences[0].text, alone.note) == (PROVEN, phrase("model_unproven", "en"))


@pytest.mark.parametrize("marker", ["[5]", "[9]", "", "[0]", "【3】"])
def test_a_wrong_citation_becomes_the_right_one(shop: Shelf, marker: str) -> None:
    reply = reply_of(ask(shop, FILTER, Scripted(f"The filter lasts 12 months {marker}.")))
    assert reply.sentences[0].citations[0].quote == PROVEN
    assert reply.sentences[0].citations[0].number == 1


@pytest.mark.parametrize(
    "link",
    [
        "[shop](http://evil.example)",
        "http://evil.example",
        "<img src=http://evil.example>",
        "![x](http://evil.example)",
    ],
)
def test_links_of_a_model_are_never_shown(shop: Shelf, link: str) -> None:
    events = ask(shop, FILTER, Scripted(f"The filter lasts 12 months {link} [1]."))
    assert all("evil" not in event.sentence.text for event in events if isinstance(event, Said))
    assert "evil" not in reply_of(events).text


def test_a_model_that_finds_nothing(shop: Shelf) -> None:
    reply = reply_of(ask(shop, FILTER, Scripted("NO_ANSWER")))
    assert reply.decision.outcome == "decline"
    assert reply.text.startswith("I understood that you ask about AirPure 300S and filter, but I could not find")
    assert reply.decision.reasons[-1] == "the model found no answer in the passages"


@pytest.mark.parametrize("text", ["NO_ANSWER. The filter lasts 12 months [1].", "It lasts forever [1]. NO_ANSWER"])
def test_a_model_that_finds_nothing_and_goes_on_is_not_heard(shop: Shelf, text: str) -> None:
    assert reply_of(ask(shop, FILTER, Scripted(text))).decision.outcome == "decline"


def test_what_was_proven_before_a_model_gave_up_stands(shop: Shelf) -> None:
    reply = reply_of(ask(shop, FILTER, Scripted("The filter lasts 12 months [1]. For the rest: NO_ANSWER")))
    assert reply.text == "The filter lasts 12 months."


def test_the_trace_holds_the_prompt_and_every_verdict(shop: Shelf) -> None:
    model = Scripted("The filter lasts 12 months [1]. The filter lasts 24 months [1].")
    trace = {step.name: step.detail for step in reply_of(ask(shop, FILTER, model)).trace}
    written = trace["write and check"]
    prompt, said = written["prompt"], written["said"]
    assert isinstance(prompt, dict)
    assert isinstance(said, list)
    assert (prompt["name"], len(prompt["hash"])) == ("answer.en", 12)
    assert prompt["text"] == "\n\n".join(model.asked[0][:2])
    assert [each["supported"] for each in said] == [True, False]
    assert "24 month" in said[1]["reason"]


# --- when the embedder fails -------------------------------------------------------------------------------


class Unreachable(WordsOnly):
    """An embedder whose endpoint is away."""

    def __init__(self, real: Embedder) -> None:
        super().__init__(real)
        self.languages = real.languages

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        raise ModelError("The embedding endpoint is away.", "unreachable")


def test_without_the_embedder_words_alone_find_the_answer(shop: Shelf) -> None:
    away = Assistant(shop.knowledge(), Unreachable(shop.store.embedder), [], count_words, Settings())
    reply = reply_of(list(away.reply([Turn("customer", "已拆封的商品可以退货吗？")])))
    assert "已拆封的商品不能退货。" in reply.text
    reply = reply_of(list(away.reply([Turn("customer", FILTER)])))
    steps = {step.name: step.detail for step in reply.trace}
    assert steps["embedding failed"]["kind"] == "unreachable"
    assert steps["retrieve"]["hits"]
    assert reply.text


# --- when a model fails ------------------------------------------------------------------------------------


def test_a_model_out_of_reach_is_replaced_by_the_documents(shop: Shelf) -> None:
    events = ask(shop, FILTER, Scripted(FAILS))
    reply = reply_of(events)
    assert PROVEN in reply.text
    assert (reply.decision.outcome, reply.writer, reply.note) == ("answer", "extractive", phrase("model_failed", "en"))


def test_a_model_that_fails_half_way_is_withdrawn(shop: Shelf) -> None:
    events = ask(shop, FILTER, Scripted("The filter lasts 12 months [1]. It costs ", FAILS))
    kinds = [type(event).__name__ for event in events if not isinstance(event, Step)]
    assert kinds.index("Said") < kinds.index("Withdrawn") < len(kinds) - 1
    reply = reply_of(events)
    assert "The filter lasts 12 months." not in [each.text for each in reply.sentences]
    assert reply.note == phrase("model_failed", "en")


def test_the_next_model_is_asked_before_the_documents_are_quoted(shop: Shelf) -> None:
    second = Scripted("The filter lasts 12 months [1].", name="second")
    events = ask(shop, FILTER, Scripted(FAILS, name="first"), second)
    reply = reply_of(events)
    assert (reply.writer, reply.note) == ("second", "")
    failed = next(step.detail for step in reply.trace if step.name == "model failed")
    assert failed["model"] == "first"
    assert any(isinstance(event, Withdrawn) for event in events)


def test_the_second_model_gets_the_time_that_is_left(shop: Shelf) -> None:
    first, second = Scripted(FAILS), Scripted(FAILS)
    ask(shop, FILTER, first, second)
    assert 20 >= first.asked[0][2] > second.asked[0][2] > 0


def test_nothing_said_of_a_failed_model_reaches_done(shop: Shelf) -> None:
    (done,) = [event for event in ask(shop, FILTER, Scripted("It lasts ", FAILS)) if isinstance(event, Done)]
    assert done.reply.writer == "extractive"
    assert all(sentence.citations for sentence in done.reply.sentences)


TWINS = {
    "r2.md": "---\nproduct: Sweep R2\n---\n# Sweep R2\n\n## Dust box\n\nThe dust box holds 400 ml.\n",
    "pro.md": "---\nproduct: Sweep R2 Pro\n---\n# Sweep R2 Pro\n\n## Dust box\n\nThe dust box holds 350 ml.\n",
}


def test_twins_are_asked_about_once_and_then_answered_for(tmp_path: Path, minilm: Embedder) -> None:
    shelf = Shelf(tmp_path, minilm)
    for source, text in TWINS.items():
        shelf.write(source, text)
    shelf.sync()
    asked = [Turn("customer", "How much does the dust box hold?")]
    back = final(assistant(shelf).reply(asked))
    assert (back.decision.outcome, back.writer) == ("clarify", "fixed")
    assert set(back.options) == {"Sweep R2", "Sweep R2 Pro"}
    assert all(option in back.text for option in back.options)
    cases = {"Sweep R2 Pro": ["350"], "Sweep R2": ["400"], "R2pro": ["350"], "the pro": ["350"], "both": ["350", "400"]}
    for said, holds in cases.items():
        turns = [*asked, Turn("assistant", back.text, back.options), Turn("customer", said)]
        reply = final(assistant(shelf).reply(turns))
        assert (reply.decision.outcome, reply.options) == ("answer", ()), said
        assert [figure for figure in ("350", "400") if figure in reply.text] == holds, said
    turns = [*asked, Turn("assistant", back.text, back.options), Turn("customer", "no idea")]
    assert final(assistant(shelf).reply(turns)).decision.outcome != "clarify"
    shelf.close()


# --- from the customer's record ----------------------------------------------------------------------------

ORDER = Order("AH-1001", date(2026, 11, 12), "shipped", ("AirPure 300S",), "£229", "Parcelway", "PW8812")
ANNA = Customer("C-1", "Anna", orders=(ORDER,))


@pytest.mark.parametrize("models", [(), (Scripted("Your order AH-2002 comes tomorrow [1]."),)])
def test_their_own_order_is_answered_from_the_record_and_no_model_hears_of_it(
    shop: Shelf, models: tuple[Scripted, ...]
) -> None:
    events = list(assistant(shop, *models).reply([Turn("customer", "Where is my order?")], customer=ANNA))
    reply = reply_of(events)
    assert (reply.decision.outcome, reply.writer) == ("answer", "record")
    assert {citation.source for each in reply.sentences for citation in each.citations} == {"record:orders/AH-1001"}
    assert "PW8812" in reply.text
    assert [model.asked for model in models] == [[]] * len(models)


def test_a_guest_is_told_how_to_be_known(shop: Shelf) -> None:
    reply = reply_of(list(assistant(shop).reply([Turn("customer", "Where is my order?")])))
    assert (reply.decision.outcome, reply.writer, reply.text) == ("decline", "fixed", phrase("order_guest", "en"))


def test_a_customers_questions_to_documents_are_answered_as_anybodys(shop: Shelf) -> None:
    reply = reply_of(list(assistant(shop).reply([Turn("customer", FILTER)], customer=ANNA)))
    assert PROVEN in reply.text


# --- escalation ---------------------------------------------------------------------------------------------


def test_an_upset_customer_is_handed_to_a_person_with_the_reason(shop: Shelf) -> None:
    reply = reply_of(ask(shop, "This is unacceptable! Your AirPure 300S is rubbish and nobody answers my mails."))
    assert (reply.decision.outcome, reply.decision.rule, reply.writer) == ("hand_off", "anger", "fixed")
    assert "a person should look at" in reply.text
    mood = next(step.detail for step in reply.trace if step.name == "mood")
    assert mood["anger"] >= 0.4  # type: ignore[operator]
    assert mood["signs"]


def test_an_answer_that_cannot_be_proven_counts_as_declined(shop: Shelf) -> None:
    turns = [Turn("customer", "Do you rent robots?"), Turn("assistant", "…", outcome="decline")] * 2
    asked = [*turns, Turn("customer", FILTER)]
    nothing = assistant(shop, Scripted("NO_ANSWER"))
    assert reply_of(list(nothing.reply(asked))).decision.rule == "repeated"


# --- segments ----------------------------------------------------------------------------------------------

VIP = {"name": "vip", "when": {"tier": ["vip"]}}


def treated(shop: Shelf, text: str, *models: Scripted, **rule: object) -> Reply:
    settings = Settings.model_validate({"segments": [{**VIP, **rule}]})
    vip = Customer("C-1", "Anna", tier="vip")
    return reply_of(list(assistant(shop, *models, settings=settings).reply([Turn("customer", text)], customer=vip)))


def test_a_segments_greeting_tone_and_threshold_reach_the_answer(shop: Shelf) -> None:
    assert treated(shop, "Hello!", greeting={"en": "Dear {name}!"}).text == "Dear Anna!"
    model = Scripted(f"{PROVEN} [1]")
    assert PROVEN in treated(shop, FILTER, model, tone="very formal").text
    assert "Keep this tone: very formal." in model.asked[0][0]
    assert treated(shop, FILTER, answer_above=1.0).decision.rule == "vip"  # declined, and a VIP is not left with that
    assert treated(shop, FILTER, answer_above=0.0).decision.outcome == "answer"


def test_a_trace_holds_no_numbers_or_addresses_of_persons(shop: Shelf) -> None:
    asked = f"My mail is anna@example.org and my card 4111 1111 1111 1111. {FILTER}"
    model = Scripted(f"{PROVEN} [1]")
    trace = str(reply_of(ask(shop, asked, model)).trace)
    assert "anna@example.org" not in trace
    assert "4111" not in trace
    assert "[card]" in trace
