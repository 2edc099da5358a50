"""What is drawn or set in Word documents: pictures, charts, SmartArt, equations."""

from __future__ import annotations

import io
from typing import Any

import pytest
from lxml import etree

from ingest.loaders import load
from ingest.loaders.omml import MATH, linear
from ingest.loaders.ooxml_drawing import CHART, DIAGRAM, DRAWING, chart_blocks, diagram_blocks
from rag.types import Block, Document
from tests.ingest.files import docx_file, part, png_file, with_part


def edited(raw: bytes, old: str, new: str) -> Document:
    body = part(raw, "word/document.xml").decode()
    assert old in body
    return load(with_part(raw, "word/document.xml", body.replace(old, new, 1).encode()), "a.docx")


def pictured(document: Any, says: str = "", color: str = "red") -> None:
    run = document.add_paragraph("Press it.").add_run()
    shape = run.add_picture(io.BytesIO(png_file(color=color)))
    shape._inline.docPr.set("descr", says)


def test_pictures_follow_their_paragraph_with_what_their_author_says() -> None:
    document = load(docx_file(lambda document: pictured(document, "The reset button")), "a.docx")
    assert [(block.kind, block.text) for block in document.blocks] == [
        ("text", "Press it."),
        ("picture", "The reset button"),
    ]
    assert set(document.pictures) == {document.blocks[1].picture}


def test_what_a_program_guessed_about_a_picture_is_not_kept() -> None:
    for says in ("IMG_001.png", "A screenshot\n\nDescription automatically generated", "AI 生成的内容可能不正确。"):
        document = load(docx_file(lambda document, says=says: pictured(document, says)), "a.docx")
        assert document.blocks[1].text == ("A screenshot" if "screenshot" in says else "")


def test_pictures_that_float_are_kept_too() -> None:
    raw = docx_file(lambda document: pictured(document, "Afloat"))
    body = (
        part(raw, "word/document.xml").decode().replace("<wp:inline", "<wp:anchor").replace("wp:inline>", "wp:anchor>")
    )
    document = load(with_part(raw, "word/document.xml", body.encode()), "a.docx")
    assert [block.text for block in document.blocks] == ["Press it.", "Afloat"]


def test_pictures_in_a_table_follow_it() -> None:
    def fill(document: Any) -> None:
        table = document.add_table(2, 2)
        for at, text in enumerate(("Part", "Looks", "Lamp", "")):
            table.cell(at // 2, at % 2).text = text
        table.cell(1, 1).paragraphs[0].add_run().add_picture(io.BytesIO(png_file()))

    blocks = load(docx_file(fill), "a.docx").blocks
    assert [block.kind for block in blocks] == ["table", "picture"]
    assert blocks[0].rows == (("Part", "Looks"), ("Lamp", ""))


def test_pictures_linked_from_outside_are_not_fetched() -> None:
    raw = docx_file(pictured)
    relations = part(raw, "word/_rels/document.xml.rels").decode()
    linked = relations.replace('Target="media/image1.png"', 'Target="http://127.0.0.1:1/x.png" TargetMode="External"')
    assert linked != relations
    document = load(with_part(raw, "word/_rels/document.xml.rels", linked.encode()), "a.docx")
    assert document.blocks == (Block("text", "Press it."),)


def test_a_damaged_picture_costs_the_picture_only() -> None:
    raw = with_part(docx_file(pictured), "word/media/image1.png", b"\x89PNG\r\n\x1a\nnothing")
    assert load(raw, "a.docx").blocks == (Block("text", "Press it."),)


def test_charts_in_a_document_are_tables() -> None:
    chart = (
        f'<c:chartSpace xmlns:c="{CHART[1:-1]}"><c:chart><c:plotArea><c:lineChart><c:ser><c:tx><c:strRef><c:strCache>'
        '<c:pt idx="0"><c:v>Price</c:v></c:pt></c:strCache></c:strRef></c:tx><c:val><c:numRef><c:numCache>'
        '<c:pt idx="0"><c:v>9.50</c:v></c:pt></c:numCache></c:numRef></c:val></c:ser></c:lineChart></c:plotArea>'
        "</c:chart></c:chartSpace>"
    )
    raw = with_part(docx_file(pictured), "word/media/image1.png", chart.encode())
    drawn = '<c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" r:id='
    body = part(raw, "word/document.xml").decode()
    start, end = body.index("<a:blip r:embed="), body.index("</pic:blipFill>")
    key = body[start:end].split('"')[1]
    body = f'{body[:start]}{drawn}"{key}"/>{body[end:]}'
    document = load(with_part(raw, "word/document.xml", body.encode()), "a.docx")
    assert document.blocks[1] == Block("table", rows=(("Price",), ("9.5",)))


def chart_of(series: str) -> list[Block]:
    return list(
        chart_blocks(
            etree.fromstring(f'<c:chartSpace xmlns:c="{CHART[1:-1]}"><c:chart>{series}</c:chart></c:chartSpace>')
        )
    )


def points(*values: str, kind: str = "num", form: str = "") -> str:
    held = "".join(f'<c:pt idx="{at}"><c:v>{value}</c:v></c:pt>' for at, value in enumerate(values))
    code = f"<c:formatCode>{form}</c:formatCode>" if form else ""
    return f"<c:{kind}Ref><c:{kind}Cache>{code}{held}</c:{kind}Cache></c:{kind}Ref>"


def test_dates_along_a_chart_are_dates_and_points_have_their_x() -> None:
    dated = f"<c:ser><c:cat>{points('45352', form='dd/mm/yy')}</c:cat><c:val>{points('0.5', form='0%')}</c:val></c:ser>"
    assert chart_of(dated)[0].rows == (("", ""), ("2024-03-01", "50%"))
    scattered = f"<c:ser><c:xVal>{points('1', '2')}</c:xVal><c:yVal>{points('10', 'x')}</c:yVal></c:ser>"
    assert chart_of(scattered)[0].rows[1:] == (("1", "10"), ("2", "x"))
    assert chart_of("<c:ser/>") == []


def test_smartart_is_a_list_in_the_order_it_shows() -> None:
    def point(key: str, text: str) -> str:
        return f'<d:pt modelId="{key}"><d:t><a:p><a:r><a:t>{text}</a:t></a:r></a:p></d:t></d:pt>'

    links = (("0", "2", 1), ("0", "1", 0), ("1", "3", 0), ("3", "1", 0))  # the last goes in a circle
    root = etree.fromstring(
        f'<d:dataModel xmlns:d="{DIAGRAM[1:-1]}" xmlns:a="{DRAWING[1:-1]}"><d:ptLst><d:pt modelId="0" type="doc"/>'
        + "".join(point(*each) for each in (("1", "Order"), ("2", "Pay"), ("3", "online")))
        + "</d:ptLst><d:cxnLst>"
        + "".join(f'<d:cxn srcId="{a}" destId="{b}" srcOrd="{at}"/>' for a, b, at in links)
        + "</d:cxnLst></d:dataModel>"
    )
    assert [(block.level, block.text) for block in diagram_blocks(root)] == [(0, "Order"), (1, "online"), (0, "Pay")]


def run(text: str) -> str:
    return f"<m:r><m:t>{text}</m:t></m:r>"


def up(base: str, exponent: str) -> str:
    return f"<m:sSup><m:e>{base}</m:e><m:sup>{exponent}</m:sup></m:sSup>"


def over(above: str, below: str) -> str:
    return f"<m:f><m:num>{above}</m:num><m:den>{below}</m:den></m:f>"


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        (over(run("a+b"), run("2c")), "(a+b)/(2c)"),
        (up(run("x"), run("2")) + run("y"), "x^2 y"),
        (up(over(run("x"), run("v")), run("n+1")), "(x/v)^(n+1)"),
        (f"<m:rad><m:deg/><m:e>{run('b-4')}</m:e></m:rad>", "√(b-4)"),
        (f"<m:rad><m:deg>{run('5')}</m:deg><m:e>{run('x')}</m:e></m:rad>", "5√x"),
        (f"<m:d><m:dPr><m:begChr m:val='['/><m:endChr m:val='['/></m:dPr><m:e>{run('a')}</m:e></m:d>", "[a["),
        (
            f"<m:nary><m:naryPr><m:chr m:val='∑'/></m:naryPr><m:sub>{run('i=1')}</m:sub><m:sup>{run('n')}</m:sup>"
            f"<m:e>{run('i')}</m:e></m:nary>",
            "∑_(i=1)^n i",
        ),
        (f"<m:func><m:fName>{run('log')}</m:fName><m:e>{run('x')}</m:e></m:func>", "log x"),
        (f"<m:m><m:mr><m:e>{run('1')}</m:e><m:e>{run('0')}</m:e></m:mr></m:m>", "[1, 0]"),
    ],
)
def test_equations_in_a_line(inner: str, expected: str) -> None:
    assert linear(etree.fromstring(f'<m:oMath xmlns:m="{MATH[1:-1]}">{inner}</m:oMath>')) == expected


def test_equations_stand_in_their_sentence() -> None:
    equation = f'<m:oMath xmlns:m="{MATH[1:-1]}">{up(run("r"), run("2"))}</m:oMath>'
    raw = docx_file(lambda document: document.add_paragraph("The area is HERE."))
    assert edited(raw, "HERE.</w:t></w:r>", f"</w:t></w:r>{equation}<w:r><w:t>.</w:t></w:r>").blocks == (
        Block("text", "The area is r^2."),
    )
