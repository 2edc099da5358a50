"""The page's HTML: whatever people, documents and models write stays text, and all of it is there."""

from __future__ import annotations

from datetime import datetime

import pytest
from bs4 import BeautifulSoup, Tag
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.handoff import Handoff, State
from desk.records import Message, Ticket
from desk.service import View
from desk.surveys import Ending, Survey
from rag.types import AnswerSentence, Chunk, Citation, Decision, Outcome, Reply, Sentence, SentenceKind
from ui import render
from ui.texts import EN, TEXTS, ZH, chosen

NOW = datetime(2026, 1, 2)
HOSTILE = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            "<script>alert(1)</script>",
            '"><img src=x onerror=alert(1)>',
            "' onmouseover='alert(1)",
            "</textarea></div><iframe src=//evil.example>",
            "[click](javascript:alert(1)) ![x](http://evil.example/x.png)",
            "{{ 7 * 7 }} {% raw %} ${alert(1)} `x`",
            "<b>• 1. a: b; c: d</b>",
            "\u202e\u2066txt\x00\x08",
        ]
    ),
)
KINDS: st.SearchStrategy[SentenceKind] = st.sampled_from(["text", "item", "row", "code"])
TAGS = {
    "div", "section", "h1", "h2", "p", "ul", "li", "article", "span", "svg", "path", "circle", "button", "dl", "dt",
    "dd", "pre", "table", "thead", "tbody", "tr", "th", "td", "i", "aside", "mark", "figure", "img", "figcaption",
    "strong", "form", "label", "input", "header", "nav", "video", "audio", "details", "summary", "fieldset", "legend",
}  # fmt: skip


def citation(number: int = 1, text: str = "T", chunk: int = 2**60, start: int = 0, end: int = 5) -> Citation:
    return Citation(number, chunk, text, text, 3, (text,), 2, start, end, text)


def answered(*sentences: AnswerSentence, outcome: Outcome = "answer", note: str = "", rating: int = 0) -> Message:
    reply = Reply(Decision(outcome, 1.0, ()), sentences, "en", "extractive", note)
    return Message(2, "assistant", reply.text, NOW, reply, rating)  # type: ignore[arg-type]


def shown(*messages: Message, said: tuple[AnswerSentence, ...] | None = None, notice: str = "") -> BeautifulSoup:
    return parsed(render.transcript(View("c", messages, None, said), EN, suggestions=("Try me",), notice=notice))


def parsed(html: str) -> BeautifulSoup:
    page = BeautifulSoup(html, "html.parser")
    for tag in page.find_all(True):
        assert tag.name in TAGS
        assert not [name for name in tag.attrs if name.startswith("on")]
        assert tag.get("href") is None
        assert str(tag.get("src", "/page/")).startswith(("/page/", "/picture/", "/media/"))
    return page


def one(page: BeautifulSoup | Tag, selector: str) -> Tag:
    (found,) = page.select(selector)
    return found


@settings(deadline=None)  # time says nothing on a machine under load
@given(HOSTILE, KINDS, HOSTILE, HOSTILE)
def test_nothing_anybody_writes_becomes_markup(text: str, kind: SentenceKind, title: str, note: str) -> None:
    asked = Message(1, "customer", text, NOW)
    sentence = AnswerSentence(text, (citation(text=title),), kind)
    page = shown(asked, answered(sentence, sentence, note=note), said=(sentence,), notice=note)
    assert one(page, ".v-customer .v-bubble").text.split() == text.split()  # the parser here folds blanks
    assert len(page.select(".v-cite")) == 3


@settings(deadline=None)
@given(HOSTILE, HOSTILE)
def test_what_agents_write_is_text_under_their_name(text: str, name: str) -> None:
    page = shown(Message(1, "notice", text, NOW), Message(2, "agent", text, NOW, author=name))
    assert one(page, ".v-line").text.split() == text.split()
    assert one(page, ".v-agent .v-bubble").text.split() == text.split()
    assert [each.text.split() for each in page.select(".v-author")] == ([name.split()] if name else [])
    assert not page.select(".v-agent .v-rate")


@pytest.mark.parametrize(("state", "attended"), [("waiting", "true"), ("claimed", "true"), ("resolved", "false")])
def test_a_page_asks_for_news_while_a_person_is_asked_for(state: State, attended: str) -> None:
    ticket = Ticket(7, "c", Handoff(state, NOW), "r", "why", "en", NOW, version=3)
    view = View("c", (Message(9, "notice", "x", NOW),), ticket)
    found = one(parsed(render.transcript(view, EN)), ".v-transcript")
    assert (found["data-attended"], found["data-mark"]) == (attended, "9-7.3")
    # While somebody waits the line says how long, later who is writing.
    status = parsed(render.status(view, Ending(state == "resolved"), "Ada is writing…", EN))
    assert bool(status.select("[data-form=contact]")) == (attended == "true")
    assert bool(status.select("[data-form=survey]")) == (state == "resolved")
    assert [each.text for each in status.select(".v-queue")] == ([] if state == "resolved" else ["Ada is writing…"])


@settings(deadline=None)
@given(HOSTILE, HOSTILE, st.lists(st.tuples(st.integers(-5, 90), st.integers(-5, 90)), max_size=4))
def test_a_passage_is_shown_whole_and_as_text(text: str, title: str, spans: list[tuple[int, int]]) -> None:
    chunk = Chunk(1, title, 1, 0, title, (title, text), title, text, (Sentence(0, len(text), page=4),), "en")
    page = parsed(render.passage(chunk, spans, (0, 3), "/page/1/4.png", EN))
    assert one(page, ".v-text").text.split() == text.split()


@settings(deadline=None)
@given(HOSTILE)
def test_the_frame_is_escaped(text: str) -> None:
    parsed(render.header(text, ZH))
    ticket = Ticket(7, "c", Handoff("waiting", NOW), "r", text, "en", NOW, contact=text)
    parsed(render.status(View("c", (), ticket), Ending(), text, EN))
    parsed(render.status(View("c", (), None), Ending(True, Survey(4, text)), "", ZH))
    parsed(render.news(text, text, text))
    parsed(render.transcript(View(text, (), None), EN, suggestions=(text,), greeting=text))


@settings(deadline=None)
@given(st.text(max_size=80), st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), max_size=5))
def test_pieces_are_the_text_again_with_the_spans_marked(text: str, spans: list[tuple[int, int]]) -> None:
    cut = render.pieces(text, spans, (2, 4))
    assert "".join(piece.text for piece in cut) == text
    marked = [piece.marked for piece in cut for _ in piece.text]
    assert marked == [any(a <= place < b for a, b in (*spans, (2, 4))) for place in range(len(text))]


def test_citations_are_buttons_that_name_their_source() -> None:
    page = shown(answered(AnswerSentence("24 months.", (citation(text="Warranty", start=7, end=17),))))
    mark = one(page, ".v-cite")
    assert mark.name == "button"
    assert (mark["data-chunk"], mark["data-focus"], mark.text) == (str(2**60), "7-17", "1")
    assert mark["aria-label"] == "Source 1: Warranty"
    assert "page 2" in one(page, ".v-sources").text


RECORD = Citation(
    1, 0, "record:orders/AH-1", "Your order AH-1", 0, (), None, 0, 24, "Order: AH-1\nStatus: packed: 2 boxes"
)


def test_a_cited_record_opens_its_lines_and_no_passage() -> None:
    view = View("c", (answered(AnswerSentence("It is packed.", (RECORD,))),), None)
    mark = one(parsed(render.transcript(view, EN)), ".v-cite")
    assert (mark["data-event"], mark["data-record"], mark.get("data-chunk")) == ("cite", "record:orders/AH-1", None)
    cited = render.cited_record(view, "record:orders/AH-1")
    assert cited == RECORD
    panel = parsed(render.record(RECORD, EN))
    assert [each.text for each in panel.select("dt")] == ["Order", "Status"]
    assert [each.text for each in panel.select("dd")] == ["AH-1", "packed: 2 boxes"]
    assert one(panel, "h2").text == "Your order AH-1"


def test_a_record_that_was_not_cited_in_the_conversation_is_not_there() -> None:
    view = View("c", (answered(AnswerSentence("It is packed.", (RECORD,)), AnswerSentence("x", (citation(),))),), None)
    assert render.cited_record(view, "record:orders/AH-2") is None
    assert render.cited_record(view, "T") is None


@settings(deadline=None)
@given(HOSTILE, HOSTILE)
def test_what_stands_in_a_record_is_text(title: str, text: str) -> None:
    parsed(render.record(Citation(1, 0, "record:orders/1", title, 0, (), None, 0, 1, f"Items: {text}"), ZH))


def test_rows_of_one_table_share_their_header_and_others_do_not() -> None:
    same = [AnswerSentence(f"Zone: {zone}; Charge: €{zone}", (citation(),), "row") for zone in (1, 2)]
    page = shown(answered(*same))
    assert [each.text for each in page.select("th")] == ["Zone", "Charge", ""]
    assert [each.text for each in page.select("td")] == ["1", "€1", "1", "2", "€2", "1"]
    page = shown(answered(same[0], AnswerSentence("Part: Filter; Price: £9; each", (), "row")))
    assert [each.text for each in page.select("dd")] == ["1", "€1", "Filter", "£9; each"]


def test_list_entries_keep_their_numbers() -> None:
    items = [AnswerSentence(text, (), "item") for text in ("1. First", "2) Second", "• Third", "Fourth", "3.5 litres")]
    page = shown(answered(*items))
    assert [each.text for each in page.select(".v-marker")] == ["1.", "2)", "•", "•", "•"]
    assert [each.text for each in page.select(".v-sentence")] == ["First", "Second", "Third", "Fourth", "3.5 litres"]


def test_a_live_answer_shows_what_was_said_and_that_more_comes() -> None:
    page = shown(Message(1, "customer", "?", NOW), said=())
    assert EN.searching in one(page, ".v-live").text
    assert one(page, ".v-transcript")["data-busy"] == "true"
    page = shown(Message(1, "customer", "?", NOW), said=(AnswerSentence("Yes."),))
    assert EN.searching not in one(page, ".v-live").text
    assert "Yes." in one(page, ".v-live").text


def test_ratings_notes_and_offers_stand_below_the_answer() -> None:
    page = shown(answered(AnswerSentence("Yes."), note="Out of reach.", rating=1))
    up, down = page.select(".v-rate button")
    assert (up["aria-pressed"], up["data-value"]) == ("true", "0")
    assert (down["aria-pressed"], down["data-value"]) == ("false", "-1")
    assert one(page, ".v-note").text == "Out of reach."
    assert not page.select(".v-offer")
    assert shown(answered(AnswerSentence("No."), outcome="decline")).select(".v-offer")


def test_suggestions_only_where_nothing_was_said() -> None:
    assert one(shown(), ".v-chips").text == "Try me"
    assert not shown(answered(AnswerSentence("Yes."))).select(".v-chips")


def chunk_from(source: str, *sentences: Sentence) -> Chunk:
    text = "First sentence. Second sentence."
    return Chunk(7, source, 1, 0, "T", (), "", text, sentences or (Sentence(0, 15), Sentence(16, 32)), "en")


FIRST, SECOND = (0, 15), (16, 32)


@pytest.mark.parametrize(("source", "kind"), [("a.mp4", "video"), ("a.WEBM", "video"), ("a.mp3", "audio")])
def test_a_recording_is_played_from_the_cited_second(source: str, kind: str) -> None:
    chunk = chunk_from(source, Sentence(0, 15, second=5.0), Sentence(16, 32, second=65.5))
    page = parsed(render.passage(chunk, [FIRST, SECOND], SECOND, "", EN))
    player = one(page, kind)
    assert player["src"] == "/media/7#t=65.5"
    assert (player["data-second"], player["data-citation"], player["preload"]) == ("65.5", "7:16-32", "metadata")
    assert "controls" in player.attrs
    assert "autoplay" not in player.attrs
    assert "at 1:05" in one(page, ".v-facts").text
    assert "1:05 处" in render.passage(chunk, [FIRST, SECOND], SECOND, "", ZH)


def test_a_recording_whose_times_nobody_knows_is_shown_all_the_same() -> None:
    player = one(parsed(render.passage(chunk_from("a.mp3"), [], FIRST, "", EN)), "audio")
    assert player["src"] == "/media/7"
    assert "data-second" not in player.attrs


def test_pictures_beside_the_cited_sentences_are_shown_once() -> None:
    chunk = chunk_from("a.html", Sentence(0, 15, pictures=("aa", "bb")), Sentence(16, 32, pictures=("bb", "cc")))
    both = parsed(render.passage(chunk, [FIRST, SECOND], FIRST, "", EN))
    assert [each["src"] for each in both.select("img")] == [f"/picture/7/{name}" for name in ("aa", "bb", "cc")]
    second = parsed(render.passage(chunk, [], SECOND, "", EN))
    assert [each["src"] for each in second.select("img")] == ["/picture/7/bb", "/picture/7/cc"]
    assert not parsed(render.passage(chunk, [], (15, 16), "", EN)).select("img, video, audio")


@pytest.mark.parametrize(
    ("source", "page", "second", "english", "chinese"),
    [
        ("a.pdf", 3, None, "page 3", "第 3 页"),
        ("a.PPTX", 3, None, "slide 3", "第 3 张幻灯片"),
        ("a.mp4", None, 3725.9, "at 1:02:05", "1:02:05 处"),
        ("a.srt", None, 0.0, "at 0:00", "0:00 处"),
        ("a.md", None, None, "", ""),
    ],
)
def test_where_a_citation_stands(
    source: str, page: int | None, second: float | None, english: str, chinese: str
) -> None:
    assert render.place(source, page, second, EN) == english
    assert render.place(source, page, second, ZH) == chinese
    cited = Citation(1, 7, source, "T", 1, ("H",), page, 0, 5, "First", second)
    shown_place = one(shown(answered(AnswerSentence("First.", (cited,)))), ".v-source-place").text.strip()
    assert shown_place == (f"H · {english}" if english else "H")


@pytest.mark.parametrize(
    ("cookie", "accepted", "language"),
    [
        ("", "", "en"),
        ("", "zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("", "de-DE,de;q=0.9,zh-TW;q=0.8", "zh"),
        ("en", "zh-CN", "en"),
        ("zh", "en-GB", "zh"),
        ("<script>", "fr", "en"),
    ],
)
def test_the_page_speaks_what_was_picked_or_what_the_browser_asks_for(
    cookie: str, accepted: str, language: str
) -> None:
    assert chosen({"vouch_language": cookie}, accepted).language == language


def test_both_languages_fill_in_the_same_values() -> None:
    for name in EN.__dataclass_fields__:
        english, chinese = (str(getattr(texts, name)) for texts in TEXTS.values())
        assert english
        assert {part.split("}")[0] for part in english.split("{")[1:]} == {
            part.split("}")[0] for part in chinese.split("{")[1:]
        }


def test_rows_of_two_documents_are_told_apart_by_a_label() -> None:
    def row(number: int, title: str) -> AnswerSentence:
        text = "Product: K1; Price: 5"
        return AnswerSentence(text, (Citation(number, number, "a.md", title, 1, (), None, 0, len(text), text),), "row")

    one, other = row(1, "United Kingdom"), row(2, "Germany")
    assert [group.label for group in render.groups([one, one])] == [""]
    assert [(group.label, group.sentences) for group in render.groups([one, other])] == [
        ("United Kingdom", [one]),
        ("Germany", [other]),
    ]
