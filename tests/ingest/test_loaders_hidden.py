"""Text in office files that nobody who looks at them can see."""

from __future__ import annotations

from typing import Any

import pytest
from docx.oxml import parse_xml
from docx.shared import Pt, RGBColor
from openpyxl.styles import Font, PatternFill
from pptx.dml.color import RGBColor as SlideColor
from pptx.util import Inches
from pptx.util import Pt as SlidePt

from ingest.loaders import load
from tests.ingest.files import docx_file, pptx_file, xlsx_file

WHITE = RGBColor(255, 255, 255)
SHADING = (
    '<w:shd xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" w:val="clear" w:fill="000080"/>'
)


def test_specks_and_white_on_paper_are_left_out_of_word() -> None:
    def fill(made: Any) -> None:
        made.add_paragraph("Seen.")
        made.add_paragraph().add_run("White secret.").font.color.rgb = WHITE
        made.add_paragraph().add_run("Tiny secret.").font.size = Pt(1)

    document = load(docx_file(fill), "a.docx")
    assert [block.text for block in document.blocks] == ["Seen."]
    assert document.warnings == ("Hidden text in the document was left out.",)


def test_white_on_a_colour_is_read_in_word() -> None:
    def fill(made: Any) -> None:
        shaded = made.add_paragraph()
        shaded.add_run("On blue.").font.color.rgb = WHITE
        shaded._p.get_or_add_pPr().append(parse_xml(SHADING))
        cell = made.add_table(1, 2).cell(0, 0)
        cell.paragraphs[0].add_run("In a header.").font.color.rgb = WHITE

    document = load(docx_file(fill), "a.docx")
    assert {"On blue.", "In a header."} <= {
        text for block in document.blocks for text in (block.text, *sum(block.rows, ()))
    }
    assert not document.warnings


def slide(text: str, size: int = 18, left: float = 1, white: bool = False, behind: bool = False) -> Any:
    def fill(deck: Any) -> None:
        made = deck.slides.add_slide(deck.slide_layouts[5])
        made.shapes.title.text = "Seen"
        box = made.shapes.add_textbox(Inches(left), Inches(2), Inches(4), Inches(1))
        run = box.text_frame.paragraphs[0].add_run()
        run.text, run.font.size = text, SlidePt(size)
        if white:
            run.font.color.rgb = SlideColor(255, 255, 255)
        if behind:
            box.fill.solid()
            box.fill.fore_color.rgb = SlideColor(0, 0, 128)

    return load(pptx_file(fill), "a.pptx")


@pytest.mark.parametrize("look", [{"size": 1}, {"left": 40}, {"left": -9}])
def test_specks_and_what_stands_beside_a_slide_are_left_out(look: dict[str, float]) -> None:
    document = slide("Secret.", **look)  # type: ignore[arg-type]
    assert [block.text for block in document.blocks] == ["Seen"]
    assert document.warnings == ("Text that nobody can see was left out on slides: 1.",)


def test_white_on_a_white_slide_is_warned_of_and_white_on_blue_is_not() -> None:
    assert slide("Secret.", white=True).warnings == ("White text with nothing behind it may be unseen on slides: 1.",)
    blue = slide("Seen too.", white=True, behind=True)
    assert not blue.warnings
    assert blue.blocks[-1].text == "Seen too."


def test_hidden_rows_columns_and_formats_are_left_out_and_white_cells_named() -> None:
    def fill(workbook: Any) -> None:
        on = workbook.active
        for row in (["Way", "Price", "Cost"], ["Post", 9, 4], ["Draft", 1, 1], ["White", 7, 2], ["Blue", 8, 3]):
            on.append(row)
        on.row_dimensions[3].hidden = True
        on.column_dimensions["C"].hidden = True
        on["B2"].number_format = ";;;"
        on["A4"].font = on["A5"].font = Font(color="FFFFFFFF")
        on["A5"].fill = PatternFill("solid", fgColor="FF000080")

    document = load(xlsx_file(fill), "a.xlsx")
    assert document.blocks[-1].rows == (("Way", "Price"), ("Post", ""), ("White", "7"), ("Blue", "8"))
    assert document.warnings == (
        "Hidden rows and columns were left out in: Sheet.",
        "White text with nothing behind it may be unseen in: Sheet!A4.",
    )
