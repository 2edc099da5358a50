"""Word and Excel."""

from __future__ import annotations

import io
from datetime import date, datetime, time
from typing import Any

import pytest

from ingest.loaders import load
from ingest.loaders.numerals import chinese, letters, roman
from ingest.loaders.xlsx_cells import shown
from rag.types import Block, Document
from tests.ingest.files import docx_file, part, png_file, with_part, xlsx_file


def word(*steps: Any) -> Document:
    def fill(document: Any) -> None:
        for step in steps:
            step(document)

    return load(docx_file(fill), "a.docx")


def paragraph(text: str, style: str | None = None) -> Any:
    return lambda document: document.add_paragraph(text, style)


def edited(raw: bytes, old: str, new: str) -> Document:
    body = part(raw, "word/document.xml").decode()
    assert old in body
    return load(with_part(raw, "word/document.xml", body.replace(old, new).encode()), "a.docx")


def sheet(*rows: list[Any]) -> Document:
    def fill(workbook: Any) -> None:
        workbook.active.title = "Prices"
        for row in rows:
            workbook.active.append(row)

    return load(xlsx_file(fill), "a.xlsx")


def test_title_headings_and_questions() -> None:
    document = word(
        paragraph("Handbook", "Title"),
        paragraph("Returns", "Heading 1"),
        paragraph("How long?", "Heading 2"),
        paragraph("Two days."),
    )
    assert document.title == "Handbook"
    assert [(block.kind, block.level, block.text) for block in document.blocks] == [
        ("heading", 1, "Returns"),
        ("question", 2, "How long?"),
        ("text", 0, "Two days."),
    ]


def test_a_style_of_ones_own_with_an_outline_level_is_a_heading() -> None:
    raw = docx_file(lambda document: document.add_paragraph("Rückgabe"))
    document = edited(raw, "<w:p><w:r>", '<w:p><w:pPr><w:outlineLvl w:val="1"/></w:pPr><w:r>')
    assert document.blocks == (Block("heading", "Rückgabe", level=2),)


def test_numbered_lists_have_their_numbers() -> None:
    blocks = word(
        paragraph("Open", "List Number"), paragraph("Close", "List Number"), paragraph("Note", "List Bullet")
    ).blocks
    assert [(block.kind, block.marker) for block in blocks] == [("item", "1."), ("item", "2."), ("item", "•")]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (roman(1994), "mcmxciv"),
        (letters(28), "bb"),
        (chinese(10), "十"),
        (chinese(25), "二十五"),
        (chinese(3), "三"),
    ],
)
def test_how_numbers_are_written(written: str, expected: str) -> None:
    assert written == expected


def test_tables_stand_in_their_place_and_merged_cells_are_filled() -> None:
    def fill(document: Any) -> None:
        document.add_paragraph("Before")
        table = document.add_table(3, 3)
        for row, words in enumerate(["Size Post Van", "S 1 2", "M 3 4"]):
            for column, word in enumerate(words.split()):
                table.cell(row, column).text = word
        table.cell(1, 2).merge(table.cell(2, 2)).text = "5"
        document.add_paragraph("After")

    blocks = load(docx_file(fill), "a.docx").blocks
    assert [block.kind for block in blocks] == ["text", "table", "text"]
    assert blocks[1].rows == (("Size", "Post", "Van"), ("S", "1", "5"), ("M", "3", "5"))


def test_deleted_and_hidden_text_is_left_out() -> None:
    raw = docx_file(lambda document: document.add_paragraph("MARK"))
    run = '<w:r><w:t xml:space="preserve">Free </w:t></w:r><w:del><w:r><w:delText>never </w:delText></w:r></w:del>'
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r><w:ins><w:r><w:t>returns</w:t></w:r></w:ins>"
    document = edited(raw, "<w:r><w:t>MARK</w:t></w:r>", run + hidden)
    assert [block.text for block in document.blocks] == ["Free returns"]
    assert document.warnings == ("Hidden text in the document was left out.",)


def test_text_boxes_are_read_once() -> None:
    raw = docx_file(lambda document: document.add_paragraph("MARK"))
    box = "<w:txbxContent><w:p><w:r><w:t>In the box</w:t></w:r></w:p></w:txbxContent>"
    mc = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    choices = f'<mc:Choice Requires="wps">{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>'
    twice = f'<w:r><mc:AlternateContent xmlns:mc="{mc}">{choices}</mc:AlternateContent></w:r>'
    document = edited(raw, "<w:r><w:t>MARK</w:t></w:r>", "<w:r><w:t>Outside</w:t></w:r>" + twice)
    assert [block.text for block in document.blocks] == ["Outside", "In the box"]


def test_headers_are_not_text() -> None:
    def fill(document: Any) -> None:
        document.sections[0].header.paragraphs[0].text = "Acme confidential"
        document.add_paragraph("Body")

    assert [block.text for block in load(docx_file(fill), "a.docx").blocks] == ["Body"]


def test_a_sheet_is_a_heading_and_a_table() -> None:
    document = sheet(["Article", "Price"], ["Lamp", 3.0], ["Chair", 12.5])
    assert document.blocks == (
        Block("heading", "Prices", level=1),
        Block("table", rows=(("Article", "Price"), ("Lamp", "3"), ("Chair", "12.5"))),
    )


def test_a_caption_and_a_second_table() -> None:
    document = sheet(["Prices of 2026"], ["Article", "Price"], ["Lamp", 3], [], ["City", "Days"], ["Rome", 2])
    kinds = [(block.kind, block.text or block.rows[0]) for block in document.blocks[1:]]
    assert kinds == [("text", "Prices of 2026"), ("table", ("Article", "Price")), ("table", ("City", "Days"))]


def test_merged_cells_stand_in_each_row_they_cover() -> None:
    def fill(workbook: Any) -> None:
        for row in (["Zone", "City", "Days"], ["North", "Kiel", 1], [None, "Bremen", 2]):
            workbook.active.append(row)
        workbook.active.merge_cells("A2:A3")

    assert load(xlsx_file(fill), "a.xlsx").blocks[1].rows[2] == ("North", "Bremen", "2")


def test_questions_in_a_sheet() -> None:
    blocks = sheet(["ID", "Question", "Answer"], [1, "How long?", "Two days."]).blocks
    assert [block.kind for block in blocks] == ["heading", "question", "text"]


def test_other_columns_of_a_question_stay_with_its_answer() -> None:
    blocks = sheet(["No.", "Question", "Answer", "Product"], [1, "How long?", "Two days.", "X100"]).blocks
    assert [block.text for block in blocks] == ["Prices", "How long?", "Two days.", "Product: X100"]


def test_labels_beside_an_empty_column_stay_with_their_rows() -> None:
    blocks = sheet(["Voltage", None, "V", "230"], ["Current", None, "A", "16"], ["Phases", None, None, "3"]).blocks
    assert blocks[1].rows[1:] == (("Voltage", "V", "230"), ("Current", "A", "16"), ("Phases", "", "3"))


def test_tables_side_by_side_are_two() -> None:
    blocks = sheet(["a", "b", None, "c", "d"], ["1", "2", None, "3", "4"]).blocks
    assert [block.rows for block in blocks[1:]] == [(("a", "b"), ("1", "2")), (("c", "d"), ("3", "4"))]


def test_notes_charts_pictures_and_shapes_of_a_sheet_follow_its_cells() -> None:
    def fill(workbook: Any) -> None:
        from openpyxl.chart import BarChart, Reference
        from openpyxl.comments import Comment
        from openpyxl.drawing.image import Image

        on = workbook.active
        for row in (["Way", "Price"], ["Express", 9], ["Post", 4]):
            on.append(row)
        on["B2"].comment = Comment("Jane:\nOn weekdays only", "Jane")
        chart = BarChart()
        chart.add_data(Reference(on, min_col=2, min_row=1, max_row=3), titles_from_data=True)
        on.add_chart(chart, "D2")
        on.add_image(Image(io.BytesIO(png_file())), "D30")

    raw = xlsx_file(fill)
    values = '<numCache><pt idx="0"><v>9</v></pt><pt idx="1"><v>4</v></pt></numCache></numRef></val>'
    chart = part(raw, "xl/charts/chart1.xml").decode().replace("</numRef></val>", values)
    raw = with_part(raw, "xl/charts/chart1.xml", chart.encode())
    box = (
        '<xdr:twoCellAnchor xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><xdr:sp><xdr:txBody><a:p><a:r><a:t>Free above '
        "50 €</a:t></a:r></a:p></xdr:txBody></xdr:sp></xdr:twoCellAnchor>"
    )
    drawing = part(raw, "xl/drawings/drawing1.xml").decode()
    at = drawing.rindex("</")
    raw = with_part(raw, "xl/drawings/drawing1.xml", (drawing[:at] + box + drawing[at:]).encode())
    document = load(raw, "a.xlsx")
    assert document.blocks[2:5] == (
        Block("text", "Express, 9: On weekdays only"),
        Block("text", "Free above 50 €"),
        Block("table", rows=(("",), ("9",), ("4",))),
    )
    assert document.blocks[5].picture in document.pictures


def test_hidden_sheets_are_left_out_with_a_warning() -> None:
    def fill(workbook: Any) -> None:
        workbook.active.append(["Seen"])
        other = workbook.create_sheet("Margins")
        other.append(["Secret"])
        other.sheet_state = "hidden"

    document = load(xlsx_file(fill), "a.xlsx")
    assert "Secret" not in str(document.blocks)
    assert document.warnings == ("Hidden sheets were left out: Margins.",)


def test_formulas_never_show() -> None:
    assert "SUM" not in str(sheet(["a", "b"], [1, "=SUM(A1:A9)"]).blocks)


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (3.0, "General", "3"),
        (0.1 + 0.2, "General", "0.3"),
        (0.19, "0%", "19%"),
        (0.195, "0.0%", "19.5%"),
        (1234.5, "#,##0.00", "1,234.50"),
        (-5, '"$"#,##0.00', "-$5.00"),
        (9.9, "#,##0.00 [$€-407]", "9.90 €"),
        (12, '0" kg"', "12 kg"),
        (12.5, "0.##", "12.5"),
        (7, "@", "7"),
        (date(2026, 3, 1), "d/m/yy", "2026-03-01"),
        (datetime(2026, 3, 1, 9, 30), "General", "2026-03-01 09:30"),
        (datetime(2026, 3, 1), "General", "2026-03-01"),
        (datetime(2026, 3, 1), "mm-dd-yy", "2026-03-01"),  # what Excel calls the reader's own short date
        (datetime(2026, 3, 1, 9, 5, 7), r"yyyy\-mm\-dd\ h:mm:ss", "2026-03-01 9:05:07"),
        (datetime(2026, 3, 1), 'yyyy"年"m"月"d"日"', "2026年3月1日"),
        (datetime(2026, 3, 1), "mmm yyyy", "Mar 2026"),
        (datetime(2026, 3, 1), "dddd, d mmmm", "Sunday, 1 March"),
        (datetime(2026, 3, 1), "[$-804]aaaa;@", "星期日"),
        (time(21, 30), "[$-409]h:mm AM/PM;@", "9:30 PM"),
        (time(9, 30), "h:mm", "9:30"),
        (time(9, 30), "General", "09:30"),
        (True, "General", "TRUE"),
        ("#N/A", "General", ""),
    ],
)
def test_cells_show_what_a_person_would_write(value: object, form: str, text: str) -> None:
    assert shown(value, form) == text
