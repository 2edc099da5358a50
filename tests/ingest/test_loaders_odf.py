"""OpenDocument: text, sheets, slides."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from odf import dc, draw, office, presentation, style, svg, table, text
from odf.namespaces import PRESENTATIONNS
from odf.opendocument import OpenDocumentPresentation, OpenDocumentSpreadsheet, OpenDocumentText

from ingest.loaders import load
from rag.errors import Refused
from rag.types import Block, Document
from tests.ingest.comments import LEFT_OUT
from tests.ingest.files import part, png_file, with_part


def saved(document: Any) -> bytes:
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def odt_file(*elements: Any, styles: tuple[Any, ...] = ()) -> bytes:
    document = OpenDocumentText()
    for each in styles:
        document.automaticstyles.addElement(each)
    for each in elements:
        document.text.addElement(each)
    return saved(document)


def read(*elements: Any, styles: tuple[Any, ...] = ()) -> Document:
    return load(odt_file(*elements, styles=styles), "a.odt")


def holding(parent: Any, *children: Any) -> Any:
    for child in children:
        parent.addElement(child)
    return parent


def numbered(name: str, form: str = "1") -> Any:
    return holding(
        text.ListStyle(name=name),
        text.ListLevelStyleNumber(level="1", numformat=form, numsuffix="."),
        text.ListLevelStyleBullet(level="2", bulletchar="–"),
    )


def entries(*items: Any, **options: Any) -> Any:
    made = text.List(**options)
    for item in items:
        inner = item if isinstance(item, list) else [text.P(text=item)]
        made.addElement(holding(text.ListItem(), *inner))
    return made


def grid(*rows: list[Any], name: str = "Prices", **options: Any) -> Any:
    made = table.Table(name=name, **options)
    for row in rows:
        line = table.TableRow()
        for cell in row:
            line.addElement(holding(table.TableCell(), text.P(text=cell)) if isinstance(cell, str) else cell)
        made.addElement(line)
    return made


def sheets(*tables: Any, styles: tuple[Any, ...] = ()) -> Document:
    document = OpenDocumentSpreadsheet()
    for each in styles:
        document.automaticstyles.addElement(each)
    for each in tables:
        document.spreadsheet.addElement(each)
    return load(saved(document), "a.ods")


def slides(fill: Callable[[Any], None]) -> Document:
    document = OpenDocumentPresentation()
    layout = style.PageLayout(name="L")
    document.automaticstyles.addElement(layout)
    document.masterstyles.addElement(style.MasterPage(name="M", pagelayoutname=layout))
    fill(document)
    return load(saved(document), "a.odp")


def frame(*content: Any, kind: str = "", x: float = 1, y: float = 1) -> Any:
    made = draw.Frame(x=f"{x}cm", y=f"{y}cm", width="5cm", height="1cm")
    if kind:
        made.setAttrNS(PRESENTATIONNS, "class", kind)
    return holding(made, holding(draw.TextBox(), *content))


def edited(raw: bytes, old: str, new: str) -> bytes:
    body = part(raw, "content.xml").decode()
    assert old in body
    return with_part(raw, "content.xml", body.replace(old, new).encode())


def test_headings_questions_and_the_title() -> None:
    document = read(
        text.P(stylename=style.Style(name="Title", family="paragraph"), text="Handbook"),
        text.H(outlinelevel=1, text="Returns"),
        text.H(outlinelevel=2, text="How long?"),
        text.P(text="Two days."),
    )
    assert document.title == "Handbook"
    assert document.blocks == (
        Block("heading", "Returns", level=1),
        Block("question", "How long?", level=2),
        Block("text", "Two days."),
    )


def test_the_title_property_serves_where_no_title_stands() -> None:
    document = OpenDocumentText()
    document.meta.addElement(dc.Title(text="Guide"))
    document.text.addElement(text.P(text="Hello"))
    assert load(saved(document), "a.odt").title == "Guide"


def test_lists_have_levels_and_numbers_and_go_on_where_told() -> None:
    first, second = numbered("N"), numbered("R", "i")
    document = read(
        entries("Open", [text.P(text="Turn"), entries("left"), text.P(text="Slowly.")], stylename=first),
        entries("Close", stylename=first, continuenumbering="true"),
        entries("Anew", stylename=second),
        styles=(first, second),
    )
    assert [(block.kind, block.marker, block.level, block.text) for block in document.blocks] == [
        ("item", "1.", 0, "Open"),
        ("item", "2.", 0, "Turn"),
        ("item", "•", 1, "left"),
        ("text", "", 0, "Slowly."),
        ("item", "3.", 0, "Close"),
        ("item", "i.", 0, "Anew"),
    ]


def test_spaces_breaks_and_notes() -> None:
    paragraph = text.P(text="A")
    note = holding(text.Note(noteclass="footnote"), text.NoteCitation(text="1"))
    holding(
        paragraph,
        text.S(c=3),
        text.Span(text="B"),
        text.LineBreak(),
        holding(note, holding(text.NoteBody(), text.P(text="Below."))),
    )
    paragraph.addText("C")
    assert read(paragraph).blocks == (Block("text", "A B\nC"), Block("text", "Below."))


def test_tables_have_headers_and_merged_cells_in_every_place() -> None:
    wide = holding(table.TableCell(numbercolumnsspanned=2), text.P(text="on request"))
    made = grid(["Plan", "Month", "Year"], ["Basic", "9 €", "90 €"], ["Pro", wide, table.CoveredTableCell()])
    assert read(made).blocks == (
        Block("table", rows=(("Plan", "Month", "Year"), ("Basic", "9 €", "90 €"), ("Pro", "on request", "on request"))),
    )


def test_pictures_are_kept_with_their_description() -> None:
    document = OpenDocumentText()
    name = document.addPicture("reset.png", mediatype="image/png", content=png_file())
    shape = holding(draw.Frame(), draw.Image(href=name), svg.Desc(text="The reset button"))
    document.text.addElement(holding(text.P(text="Press it."), shape))
    made = load(saved(document), "a.odt")
    assert [(block.kind, block.text) for block in made.blocks] == [
        ("text", "Press it."),
        ("picture", "The reset button"),
    ]
    assert set(made.pictures) == {made.blocks[1].picture}


def test_pictures_from_outside_are_not_fetched() -> None:
    shape = holding(draw.Frame(), draw.Image(href="http://127.0.0.1:1/x.png"))
    assert read(holding(text.P(text="Look"), shape)).blocks == (Block("text", "Look"),)


CHART = """<office:document-content
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:chart="urn:oasis:names:tc:opendocument:xmlns:chart:1.0">
<office:body><office:chart><chart:chart><chart:title><text:p>Sales</text:p></chart:title><table:table>
<table:table-header-rows><table:table-row><table:table-cell/><table:table-cell><text:p>Shops</text:p></table:table-cell>
</table:table-row></table:table-header-rows><table:table-rows><table:table-row>
<table:table-cell><text:p>2024</text:p></table:table-cell><table:table-cell><text:p>7</text:p></table:table-cell>
</table:table-row></table:table-rows></table:table></chart:chart></office:chart></office:body></office:document-content>"""
FORMULA = """<math xmlns="http://www.w3.org/1998/Math/MathML"><semantics><mi>a</mi>
<annotation encoding="StarMath 5.0">a over b</annotation></semantics></math>"""


def test_charts_are_tables_and_formulas_their_source() -> None:
    raw = odt_file(*(holding(text.P(), holding(draw.Frame(), draw.Object(href=f"./Object {at}"))) for at in (1, 2)))
    raw = with_part(with_part(raw, "Object 1/content.xml", CHART.encode()), "Object 2/content.xml", FORMULA.encode())
    assert load(raw, "a.odt").blocks == (
        Block("text", "Sales"),
        Block("table", rows=(("", "Shops"), ("2024", "7"))),
        Block("text", "a over b"),
    )


def test_deleted_hidden_and_commented_text_is_left_out() -> None:
    unseen = holding(style.Style(name="H", family="text"), style.TextProperties(display="none"))
    paragraph = text.P(text="Seen")
    holding(paragraph, text.Span(stylename=unseen, text=" secret"), holding(office.Annotation(), text.P(text="Check!")))
    raw = edited(
        odt_file(paragraph, styles=(unseen,)),
        "<office:text>",
        "<office:text><text:tracked-changes><text:changed-region><text:deletion><text:p>gone</text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes>",
    )
    document = load(raw, "a.odt")
    assert document.blocks == (Block("text", "Seen"),)
    assert document.warnings == ("Hidden text in the document was left out.", LEFT_OUT.format("document"))


def test_sheets_are_headings_with_tables() -> None:
    dated = holding(table.TableCell(valuetype="date", datevalue="2024-03-01"), text.P(text="01/03/24"))
    bare = table.TableCell(valuetype="float", value="12.50")
    document = sheets(grid(["Item", "From", "Price"], ["Repair", dated, bare]), grid(["only"], name="Other"))
    assert document.blocks == (
        Block("heading", "Prices", level=1),
        Block("table", rows=(("Item", "From", "Price"), ("Repair", "2024-03-01", "12.5"))),
        Block("heading", "Other", level=1),
        Block("text", "only"),
    )


def test_notes_in_a_sheet_follow_with_what_they_are_about() -> None:
    cell = holding(table.TableCell(), text.P(text="9 €"), holding(office.Annotation(), text.P(text="On weekdays only")))
    assert sheets(grid(["Way", "Price"], ["Express", cell])).blocks[2] == Block(
        "text", "Express, 9 €: On weekdays only"
    )


def test_hidden_sheets_are_left_out_with_a_warning() -> None:
    unseen = holding(style.Style(name="ta", family="table"), style.TableProperties(display="false"))
    document = sheets(grid(["A", "B"]), grid(["secret"], name="Costs", stylename=unseen), styles=(unseen,))
    assert [block.text for block in document.blocks] == ["Prices", "A B"]
    assert document.warnings == ("Hidden sheets were left out: Costs.",)


def test_a_million_repeated_cells_cost_nothing() -> None:
    empty = table.TableCell(numbercolumnsrepeated=1_000_000)
    full = holding(table.TableCell(numbercolumnsrepeated=1_000_000), text.P(text="x"))
    document = sheets(grid(["a", "b", empty], ["c", "d", full]))
    assert len(document.blocks[1].rows[1]) <= 1002
    endless = table.TableCell(numbercolumnsrepeated="9" * 5000)
    assert sheets(grid([endless, "a"])).blocks[1] == Block("text", "a")


def test_slides_with_title_order_lists_and_notes() -> None:
    def fill(document: Any) -> None:
        first, second, third = (draw.Page(masterpagename="M", name=f"p{at}") for at in range(3))
        holding(first, frame(text.P(text="Returns"), kind="title"), frame(text.P(text="2024"), kind="subtitle", y=3))
        notes = holding(presentation.Notes(), frame(text.P(text="Say this."), kind="notes"))
        low, high = frame(text.P(text="below"), y=8), frame(entries("above"), y=3)
        holding(second, low, high, frame(text.P(text="How long?"), kind="title", y=1), notes)
        holding(third, frame(text.P(text="No title here"), y=1), frame(text.P(text="7"), kind="page-number", y=9))
        holding(document.presentation, first, second, third)

    document = slides(fill)
    assert document.title == "Returns"
    assert document.blocks == (
        Block("heading", "Returns", level=1, page=1),
        Block("text", "2024", page=1),
        Block("question", "How long?", level=2, page=2),
        Block("item", "above", marker="•", page=2),
        Block("text", "below", page=2),
        Block("text", "Say this.", page=2),
        Block("heading", "No title here", level=2, page=3),
    )


def test_hidden_slides_are_left_out_with_a_warning() -> None:
    def fill(document: Any) -> None:
        unseen = holding(
            style.Style(name="dp", family="drawing-page"), style.DrawingPageProperties(visibility="hidden")
        )
        document.automaticstyles.addElement(unseen)
        shown, away = draw.Page(masterpagename="M"), draw.Page(masterpagename="M", stylename=unseen)
        holding(shown, frame(text.P(text="Now"), kind="title"))
        holding(away, frame(text.P(text="Later"), kind="title"))
        holding(document.presentation, shown, away)

    document = slides(fill)
    assert [block.text for block in document.blocks] == ["Now"]
    assert document.warnings == ("Hidden slides were left out: 2.",)


def test_what_is_another_file_is_refused() -> None:
    raw = odt_file(text.P(text="Hello"))
    for name in ("a.ods", "a.odp", "a.docx"):
        with pytest.raises(Refused, match="TYPE_MISMATCH"):
            load(raw, name)
    with pytest.raises(Refused, match="TYPE_MISMATCH"):
        load(b"plain words", "a.odt")


def test_locked_damaged_and_hostile_files_are_refused() -> None:
    raw = odt_file(text.P(text="Hello"))
    locked = part(raw, "META-INF/manifest.xml").replace(b"</manifest:", b"<manifest:encryption-data/></manifest:", 1)
    cases = {
        "ENCRYPTED": with_part(raw, "META-INF/manifest.xml", locked),
        "BROKEN": with_part(raw, "content.xml", b"<office"),
        "UNSAFE_XML": with_part(raw, "content.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
        "ARCHIVE_TOO_LARGE": with_part(raw, "Pictures/0.svm", bytes(310 * 2**20)),
    }
    for code, damaged in cases.items():
        with pytest.raises(Refused, match=code):
            load(damaged, "a.odt")


def test_the_document_type_of_an_old_manifest_is_no_harm() -> None:
    raw = odt_file(text.P(text="Hello"))
    doctype = b'<!DOCTYPE manifest:manifest PUBLIC "-//OpenOffice.org//DTD Manifest 1.0//EN" "Manifest.dtd">'
    manifest = part(raw, "META-INF/manifest.xml").replace(b"<manifest:manifest", doctype + b"<manifest:manifest", 1)
    assert load(with_part(raw, "META-INF/manifest.xml", manifest), "a.odt").blocks == (Block("text", "Hello"),)


def test_deep_nesting_ends() -> None:
    raw = odt_file(text.P(text="Hello"))
    for depth, outcome in ((100, "Hello"), (2000, "BROKEN")):
        deep = edited(
            raw, "<text:p>Hello</text:p>", "<draw:g>" * depth + "<text:p>Hello</text:p>" + "</draw:g>" * depth
        )
        if outcome == "BROKEN":
            with pytest.raises(Refused, match=outcome):
                load(deep, "a.odt")
        else:
            assert load(deep, "a.odt").blocks == (Block("text", outcome),)
