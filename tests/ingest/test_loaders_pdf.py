"""PDF."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont

from ingest.loaders import load, pdf
from rag.errors import Refused
from rag.types import Block, Document
from tests.ingest.files import pdf_file, pdf_lines

PROSE = [
    "You can send back every article within thirty days of its arrival, and the",
    "money will be on your account after five working days. Keep the informa-",
    "tion that came with the parcel until then.",
]
PARAGRAPH = (
    "You can send back every article within thirty days of its arrival, and the money will be on your account after "
    "five working days. Keep the information that came with the parcel until then."
)


def read(draw: Any, **options: Any) -> Document:
    return load(pdf_file(draw, **options), "a.pdf")


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks]


def test_headings_by_size_and_paragraphs_rebuilt() -> None:
    def draw(canvas: Any) -> None:
        y = pdf_lines(canvas, ["Return policy"], size=20, step=40)
        y = pdf_lines(canvas, ["How long do I have?"], y=y, size=14, step=24)
        y = pdf_lines(canvas, PROSE, y=y, step=14)
        pdf_lines(canvas, PROSE, y=y - 14, step=14)

    document = read(draw)
    assert document.title == "Return policy"
    assert [(block.kind, block.level, block.page) for block in document.blocks] == [
        ("question", 2, 1),
        ("text", 0, 1),
        ("text", 0, 1),
    ]
    assert texts(document)[1:] == [PARAGRAPH, PARAGRAPH]


def test_running_heads_and_page_numbers_are_left_out() -> None:
    def draw(canvas: Any) -> None:
        for page in range(1, 5):
            pdf_lines(canvas, [f"Acme handbook {page}"], y=810, size=9)
            pdf_lines(canvas, [f"Text of page {page}.", *PROSE])
            pdf_lines(canvas, [str(page)], x=300, y=30, size=9)
            canvas.showPage()

    document = read(draw)
    assert "Acme" not in str(document)
    assert [block.page for block in document.blocks] == [1, 2, 3, 4]
    assert "2" not in texts(document)


def test_a_paragraph_runs_on_over_the_page() -> None:
    def draw(canvas: Any) -> None:
        pdf_lines(canvas, PROSE[:1])
        canvas.showPage()
        pdf_lines(canvas, PROSE[1:])

    assert texts(read(draw)) == [PARAGRAPH]


def test_list_items() -> None:
    def draw(canvas: Any) -> None:
        y = pdf_lines(canvas, PROSE)
        for marker, words in (("1.", "Open the lid and take the"), ("", "filter out."), ("2.", "Close it.")):
            pdf_lines(canvas, [marker], y=y)
            y = pdf_lines(canvas, [words], x=90, y=y)
        pdf_lines(canvas, ["•"], x=90, y=y)
        pdf_lines(canvas, ["Mind the edge."], x=104, y=y)

    assert [(b.kind, b.marker, b.text, b.level) for b in read(draw).blocks[1:]] == [
        ("item", "1.", "Open the lid and take the filter out.", 0),
        ("item", "2.", "Close it.", 0),
        ("item", "•", "Mind the edge.", 1),
    ]


def test_columns_are_read_one_after_the_other() -> None:
    left = [f"Left line number {number} of the column" for number in range(8)]
    right = [f"Right line number {number} of the column" for number in range(8)]

    def draw(canvas: Any) -> None:
        for number in range(8):  # written row by row, as some programs do
            pdf_lines(canvas, [left[number]], x=60, y=700 - 14 * number)
            pdf_lines(canvas, [right[number]], x=320, y=700 - 14 * number)

    text = " ".join(texts(read(draw)))
    places = [text.index(line) for line in (*left, *right)]
    assert all(before < after for before, after in pairwise(places))


@pytest.mark.parametrize("ruled", [True, False])
def test_tables_stand_in_their_place_once(ruled: bool) -> None:
    rows = [["Article", "Price", "Days"], ["Lamp", "3.50", "2"], ["Chair", "12.00", "5"], ["Desk", "99.00", "7"]]

    def draw(canvas: Any) -> None:
        y = pdf_lines(canvas, PROSE) - 20
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                canvas.drawString(80 + 120 * column, y - 20 * at, cell)
        if ruled:
            canvas.grid([72, 192, 312, 432], [y + 14 - 20 * line for line in range(5)])
        pdf_lines(canvas, PROSE, y=y - 120)

    blocks = read(draw).blocks
    assert [block.kind for block in blocks] == ["text", "table", "text"]
    assert blocks[1] == Block("table", rows=tuple(map(tuple, rows)), page=1)


def test_text_is_kept_where_tables_cannot_be_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise KeyError("Xref")

    monkeypatch.setattr("ingest.loaders.pdf_tables.TableFinder.on_page", fail)
    document = read(lambda canvas: pdf_lines(canvas, PROSE))
    assert texts(document) == [PARAGRAPH]
    assert "KeyError" in document.warnings[0]


def test_chinese_lines_are_joined_without_spaces() -> None:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))

    def draw(canvas: Any) -> None:
        canvas.setFont("STSong-Light", 12)
        for at, line in enumerate(
            ["我们会在七个工作日之内把货款退回到您付款时所用的账户，请", "您留意银行的短信通知。"]
        ):
            canvas.drawString(72, 700 - 18 * at, line)

    assert texts(read(draw)) == ["我们会在七个工作日之内把货款退回到您付款时所用的账户，请您留意银行的短信通知。"]


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_turned_pages(turn: int) -> None:
    def draw(canvas: Any) -> None:
        canvas.setPageRotation(turn)
        canvas.translate(*{90: (595, 0), 180: (595, 842), 270: (0, 595)}[turn])  # turned, the page is 842 by 595
        canvas.rotate({90: 90, 180: 180, 270: 270}[turn])
        pdf_lines(canvas, PROSE, y=400)

    assert texts(read(draw)) == [PARAGRAPH]


def test_a_password_is_named() -> None:
    with pytest.raises(Refused) as raised:
        read(lambda canvas: canvas.drawString(72, 700, "x"), encrypt=StandardEncryption("secret"))
    assert raised.value.code == "ENCRYPTED"


def test_pictures_of_text_are_named() -> None:
    with pytest.raises(Refused, match="OCR") as raised:
        read(lambda canvas: canvas.rect(10, 10, 100, 100))
    assert raised.value.code == "NO_TEXT"


def test_pages_without_text_are_a_warning() -> None:
    def draw(canvas: Any) -> None:
        pdf_lines(canvas, PROSE)
        canvas.showPage()
        canvas.rect(10, 10, 100, 100)

    assert read(draw).warnings == ("No text was found on page 2.",)


def test_too_many_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MAX_PAGES", 1)

    def draw(canvas: Any) -> None:
        canvas.showPage()
        canvas.drawString(72, 700, "x")

    with pytest.raises(Refused) as raised:
        read(draw)
    assert raised.value.code == "PDF_LIMIT"
