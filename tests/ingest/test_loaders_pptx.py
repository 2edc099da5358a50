"""PowerPoint."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from lxml import etree
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.oxml.ns import qn
from pptx.util import Inches

from ingest.loaders import load
from ingest.loaders.slides import Placed, reading_order
from rag.errors import Refused
from rag.types import Block, Document
from tests.ingest.comments import LEFT_OUT
from tests.ingest.files import docx_file, part, png_file, pptx_file, with_part

TITLE_SLIDE, CONTENT, COMPARISON, TITLE_ONLY, BLANK = 0, 1, 4, 5, 6


def slide(deck: Any, layout: int, title: str = "") -> Any:
    made = deck.slides.add_slide(deck.slide_layouts[layout])
    if title:
        made.shapes.title.text = title
    return made


def box(on: Any, text: str, left: float, top: float, width: float = 2, height: float = 0.5) -> Any:
    made = on.shapes.add_textbox(Inches(left), Inches(top), Inches(width), Inches(height))
    made.text_frame.text = text
    return made


def deck_of(fill: Callable[[Any], None], name: str = "a.pptx") -> Document:
    return load(pptx_file(fill), name)


def words(document: Document) -> list[str]:
    return [block.text for block in document.blocks if block.kind != "table"]


def edited(raw: bytes, old: str, new: str, at: str = "ppt/slides/slide1.xml") -> bytes:
    body = part(raw, at).decode()
    assert old in body
    return with_part(raw, at, body.replace(old, new).encode())


def test_slides_are_headings_below_the_title_slide() -> None:
    def fill(deck: Any) -> None:
        slide(deck, TITLE_SLIDE, "Returns handbook").placeholders[1].text = "For our shops"
        slide(deck, CONTENT, "How long?").placeholders[1].text = "Thirty days"

    document = deck_of(fill)
    assert document.title == "Returns handbook"
    assert document.blocks == (
        Block("heading", "Returns handbook", level=1, page=1),
        Block("text", "For our shops", page=1),
        Block("question", "How long?", level=2, page=2),
        Block("item", "Thirty days", marker="•", page=2),
    )


def test_a_deck_without_title_slide_is_named_by_its_property() -> None:
    def fill(deck: Any) -> None:
        deck.core_properties.title = "Price list"
        slide(deck, TITLE_ONLY, "Spring")

    document = deck_of(fill)
    assert document.title == "Price list"
    assert document.blocks == (Block("heading", "Spring", level=1, page=1),)


def test_the_property_every_file_has_is_no_title() -> None:
    def fill(deck: Any) -> None:
        deck.core_properties.title = "PowerPoint Presentation"
        slide(deck, TITLE_ONLY, "Spring")

    assert deck_of(fill).title == "Spring"


def test_list_entries_have_levels_and_numbers() -> None:
    def fill(deck: Any) -> None:
        frame = slide(deck, CONTENT, "Steps").placeholders[1].text_frame
        for text, level in (("Open", 0), ("the lid", 1), ("Close", 0)):
            added = frame.paragraphs[0] if text == "Open" else frame.add_paragraph()
            added.text, added.level = text, level
            if not level:
                etree.SubElement(added._p.get_or_add_pPr(), qn("a:buAutoNum"), type="alphaLcParenR")

    items = [block for block in deck_of(fill).blocks if block.kind == "item"]
    assert [(block.marker, block.level, block.text) for block in items] == [
        ("a)", 0, "Open"),
        ("•", 1, "the lid"),
        ("b)", 0, "Close"),
    ]


def test_text_boxes_have_no_bullets() -> None:
    document = deck_of(lambda deck: box(slide(deck, TITLE_ONLY, "Hours"), "9 to 5", 1, 2))
    assert document.blocks[1] == Block("text", "9 to 5", page=1)


def test_boxes_are_read_as_they_stand_not_as_they_were_drawn() -> None:
    def fill(deck: Any) -> None:
        on = slide(deck, TITLE_ONLY, "Plans")
        box(on, "below", 1, 5)
        box(on, "right", 5, 2)
        box(on, "left", 1, 2)

    assert words(deck_of(fill)) == ["Plans", "left", "right", "below"]


def test_what_stands_under_a_columns_heading_stays_with_it() -> None:
    def fill(deck: Any) -> None:
        on = slide(deck, COMPARISON, "Plans")
        for at, text in ((1, "Basic"), (3, "Pro"), (2, "5 users"), (4, "50 users")):
            on.placeholders[at].text = text

    assert words(deck_of(fill)) == ["Plans", "Basic", "5 users", "Pro", "50 users"]


def test_overlapping_boxes_have_an_order() -> None:
    boxes = [Placed("b", 1, 1, 9, 9), Placed("a", 0, 0, 10, 10), Placed("c", 2, 2, 1, 1)]
    assert [each.shape for each in reading_order(boxes)] == ["a", "b", "c"]


def test_groups_are_walked() -> None:
    def fill(deck: Any) -> None:
        group = slide(deck, TITLE_ONLY, "Map").shapes.add_group_shape()
        inner = group.shapes.add_group_shape()
        inner.shapes.add_textbox(0, 0, 10, 10).text_frame.text = "deep inside"

    assert words(deck_of(fill)) == ["Map", "deep inside"]


def test_a_thousand_groups_within_each_other_end_in_a_refusal_or_a_document() -> None:
    raw = pptx_file(lambda deck: slide(deck, TITLE_ONLY, "Map"))
    group = '<p:grpSp><p:nvGrpSpPr><p:cNvPr id="9" name="g"/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>'
    deep = group * 1000 + "</p:grpSp>" * 1000
    with pytest.raises(Refused, match="BROKEN"):
        load(edited(raw, "</p:spTree>", deep + "</p:spTree>"), "a.pptx")
    shallow = group * 60 + "</p:grpSp>" * 60
    assert words(load(edited(raw, "</p:spTree>", shallow + "</p:spTree>"), "a.pptx")) == ["Map"]


def test_tables_have_their_header_and_merged_cells_in_every_place() -> None:
    def fill(deck: Any) -> None:
        made = slide(deck, TITLE_ONLY, "Prices").shapes.add_table(3, 2, 0, Inches(2), Inches(4), Inches(2)).table
        for at, text in enumerate(("Plan", "Price", "Basic", "9 €", "", "12 €")):
            made.cell(at // 2, at % 2).text = text
        made.cell(1, 0).merge(made.cell(2, 0))

    assert deck_of(fill).blocks[1] == Block(
        "table", rows=(("Plan", "Price"), ("Basic", "9 €"), ("Basic", "12 €")), page=1
    )


def test_charts_are_tables_of_their_values() -> None:
    def fill(deck: Any) -> None:
        data = CategoryChartData(number_format="0%")
        data.categories = ["2023", "2024"]
        data.add_series("Shops", (0.25, 0.5))
        data.add_series("Online", (0.75, None))
        chart = slide(deck, TITLE_ONLY, "Sales").shapes.add_chart(
            XL_CHART_TYPE.COLUMN_CLUSTERED, 0, Inches(2), Inches(4), Inches(3), data
        )
        chart.chart.has_title = True
        chart.chart.chart_title.text_frame.text = "Share by year"

    assert deck_of(fill).blocks[1:] == (
        Block("text", "Share by year", page=1),
        Block("table", rows=(("", "Shops", "Online"), ("2023", "25%", "75%"), ("2024", "50%", "")), page=1),
    )


def test_notes_follow_the_slide() -> None:
    def fill(deck: Any) -> None:
        on = slide(deck, CONTENT, "Offer")
        on.notes_slide.notes_text_frame.text = "Mention the discount."
        on.placeholders[1].text = "Half price"

    assert deck_of(fill).blocks[1:] == (
        Block("item", "Half price", marker="•", page=1),
        Block("text", "Mention the discount.", page=1),
    )


def test_pictures_are_kept_with_what_their_author_says() -> None:
    def fill(deck: Any) -> None:
        on = slide(deck, TITLE_ONLY, "Router")
        for at, says in enumerate(("The reset button", "photo_12.png")):
            shape = on.shapes.add_picture(
                io.BytesIO(png_file(color=("red", "blue")[at])), Inches(1), Inches(2 + 2 * at)
            )
            shape._element.nvPicPr.cNvPr.set("descr", says)

    document = deck_of(fill)
    assert [(block.kind, block.text, block.page) for block in document.blocks[1:]] == [
        ("picture", "The reset button", 1),
        ("picture", "", 1),
    ]
    assert {block.picture for block in document.blocks[1:]} == set(document.pictures)


def test_hidden_slides_and_comments_are_left_out_with_a_warning() -> None:
    def fill(deck: Any) -> None:
        slide(deck, TITLE_ONLY, "Now")
        slide(deck, TITLE_ONLY, "Next year")._element.set("show", "0")

    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
    comments = f'<Relationship Id="rId9" Type="{kind}" Target="../comments/comment1.xml"/></Relationships>'
    raw = with_part(
        pptx_file(fill),
        "ppt/comments/comment1.xml",
        b"<p:cmLst xmlns:p='p'><p:cm><p:text>too cheap</p:text></p:cm></p:cmLst>",
    )
    document = load(edited(raw, "</Relationships>", comments, "ppt/slides/_rels/slide1.xml.rels"), "a.pptx")
    assert words(document) == ["Now"]
    assert document.warnings == ("Hidden slides were left out: 2.", LEFT_OUT.format("presentation"))


def test_a_slide_without_title_has_a_heading_all_the_same() -> None:
    def fill(deck: Any) -> None:
        box(slide(deck, BLANK), "Opening hours", 1, 1)
        slide(deck, BLANK)
        slide(deck, BLANK).shapes.add_picture(io.BytesIO(png_file()), 0, 0)

    assert [(block.kind, block.text, block.page) for block in deck_of(fill).blocks] == [
        ("heading", "Opening hours", 1),
        ("heading", "Slide 3", 3),
        ("picture", "", 3),
    ]


def test_equations_are_one_line_of_text() -> None:
    raw = pptx_file(lambda deck: box(slide(deck, TITLE_ONLY, "Interest"), "FORMULA", 1, 2))
    math = "http://schemas.openxmlformats.org/officeDocument/2006/math"
    fraction = (
        f'<m:oMath xmlns:m="{math}"><m:r><m:t>k=</m:t></m:r><m:f><m:num><m:r><m:t>p</m:t></m:r></m:num>'
        "<m:den><m:r><m:t>1-q</m:t></m:r></m:den></m:f></m:oMath>"
    )
    document = load(edited(raw, "<a:r><a:t>FORMULA</a:t></a:r>", fraction), "a.pptx")
    assert words(document) == ["Interest", "k=p/(1-q)"]


def test_shows_and_decks_with_macros_are_read_as_well() -> None:
    kind = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
    raw = pptx_file(lambda deck: slide(deck, TITLE_ONLY, "Hello"))
    for suffix, other in (
        (".ppsx", "application/vnd.openxmlformats-officedocument.presentationml.slideshow.main+xml"),
        (".pptm", "application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml"),
    ):
        assert words(load(edited(raw, kind, other, "[Content_Types].xml"), f"a{suffix}")) == ["Hello"]


def test_what_is_no_presentation_is_refused() -> None:
    word = docx_file(lambda document: document.add_paragraph("x"))
    with pytest.raises(Refused, match="TYPE_MISMATCH"):
        load(word, "a.pptx")
    with pytest.raises(Refused, match="BROKEN"):
        load(with_part(pptx_file(lambda deck: slide(deck, TITLE_ONLY, "x")), "ppt/presentation.xml", b"<p/>"), "a.pptx")
    bomb = b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    unsafe = with_part(pptx_file(lambda deck: slide(deck, TITLE_ONLY, "x")), "ppt/slides/slide1.xml", bomb)
    with pytest.raises(Refused, match="UNSAFE_XML"):
        load(unsafe, "a.pptx")
