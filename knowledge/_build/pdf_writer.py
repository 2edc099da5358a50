"""Write parsed documents as PDF with ReportLab."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import escape

from markup import Block, Document, runs
from pdf_style import (
    AMBER,
    AMBER_LINE,
    BAND,
    GREY,
    LINE,
    MARGIN,
    PALE,
    TEAL,
    WIDTH,
    check_glyphs,
    font_names,
    make_styles,
)
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    ListFlowable,
    ListItem,
    PageTemplate,
    Paragraph,
    Table,
    TableStyle,
)


def inline(text: str, document: Document) -> str:
    """Convert ``**bold**`` to ReportLab mark-up; the Chinese font has no bold."""
    parts = []
    for piece, is_bold in runs(text):
        piece = escape(piece)
        if is_bold and document.is_chinese:
            piece = f'<font color="#B03A2E">{piece}</font>'
        elif is_bold:
            piece = f"<b>{piece}</b>"
        parts.append(piece)
    return "".join(parts)


class Heading(Paragraph):
    """A heading which also adds an entry to the PDF outline."""

    def __init__(self, text: str, style: ParagraphStyle, level: int, key: str) -> None:
        super().__init__(escape(text), style)
        self.outline = (text, key, level)

    def draw(self) -> None:
        """Draw the heading and record its position."""
        text, key, level = self.outline
        self.canv.bookmarkPage(key)
        self.canv.addOutlineEntry(text, key, level, closed=False)
        super().draw()


def make_table(block: Block, document: Document, styles: dict) -> Table:
    """Build a ruled table; column widths follow the longest cell."""
    rows = [
        [Paragraph(inline(cell, document), styles["head" if n == 0 else "cell"])
         for cell in row]
        for n, row in enumerate(block.items)
    ]
    columns = list(zip(*block.items, strict=True))
    unit = 2 if document.is_chinese else 1
    weights = [min(max(max(len(c) for c in column) * unit, 8), 44) for column in columns]
    widths = [WIDTH * weight / sum(weights) for weight in weights]
    table = Table(rows, colWidths=widths, repeatRows=1, spaceBefore=4, spaceAfter=10)
    table.setStyle(TableStyle([
        ("BACKGROUND", (0, 0), (-1, 0), TEAL),
        ("ROWBACKGROUNDS", (0, 1), (-1, -1), [colors.white, PALE]),
        ("GRID", (0, 0), (-1, -1), 0.5, LINE),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("TOPPADDING", (0, 0), (-1, -1), 3.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3.5),
    ]))
    return table


def make_note(block: Block, document: Document, styles: dict) -> Table:
    """Build a tinted box with a coloured left edge."""
    box = Table([[Paragraph(inline(block.text, document), styles["note"])]],
                colWidths=[WIDTH], spaceBefore=4, spaceAfter=8)
    box.setStyle(TableStyle([
        ("BACKGROUND", (0, 0), (-1, -1), AMBER),
        ("LINEBEFORE", (0, 0), (0, -1), 3, AMBER_LINE),
        ("LEFTPADDING", (0, 0), (-1, -1), 9),
        ("TOPPADDING", (0, 0), (-1, -1), 5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 6),
    ]))
    return box


def make_list(block: Block, document: Document, styles: dict) -> ListFlowable:
    """Build a numbered or bulleted list."""
    numbered = block.kind == "steps"
    items = [ListItem(Paragraph(inline(text, document), styles["item"]))
             for text in block.items]
    return ListFlowable(
        items, bulletType="1" if numbered else "bullet",
        bulletFormat="%s." if numbered else None, start=1 if numbered else "•",
        bulletFontName="Helvetica", bulletFontSize=10,
        leftIndent=18, bulletColor=TEAL, spaceAfter=6,
    )


def make_story(document: Document) -> list[Flowable]:
    """Turn the blocks into flowables."""
    styles = make_styles(document)
    story: list[Flowable] = []
    for number, block in enumerate(document.blocks):
        if block.kind in ("h1", "h2"):
            level = 0 if block.kind == "h1" else 1
            story.append(CondPageBreak(38 * mm))
            story.append(Heading(block.text, styles[block.kind], level, f"s{number}"))
        elif block.kind == "table":
            story.append(make_table(block, document, styles))
        elif block.kind == "note":
            story.append(make_note(block, document, styles))
        elif block.kind in ("steps", "bullets"):
            story.append(make_list(block, document, styles))
        else:
            story.append(Paragraph(inline(block.text, document), styles["para"]))
    return story


def draw_band(canvas: Canvas, document: Document) -> None:
    """Draw the title band of the first page."""
    regular, bold = font_names(document)
    top = A4[1]
    canvas.setFillColor(TEAL)
    canvas.rect(0, top - BAND, A4[0], BAND, stroke=0, fill=1)
    canvas.setFillColor(colors.white)
    canvas.setFont(bold, 9.5)
    canvas.drawString(MARGIN, top - 13 * mm,
                      "奥睿家居 AUREL HOME" if document.is_chinese else "AUREL HOME")
    canvas.setFont(bold, 22)
    canvas.drawString(MARGIN, top - 25 * mm, document.title)
    canvas.setFont(regular, 10.5)
    canvas.drawString(MARGIN, top - 33.5 * mm, document.subtitle)


def draw_footer(canvas: Canvas, document: Document, total: int) -> None:
    """Draw the running footer with the page number."""
    regular, _ = font_names(document)
    canvas.setStrokeColor(LINE)
    canvas.setLineWidth(0.5)
    canvas.line(MARGIN, 15 * mm, A4[0] - MARGIN, 15 * mm)
    canvas.setFillColor(GREY)
    canvas.setFont(regular, 8)
    canvas.drawString(MARGIN, 10.5 * mm, document.footer)
    page = canvas.getPageNumber()
    label = f"第 {page} 页，共 {total} 页" if document.is_chinese else f"Page {page} of {total}"
    canvas.drawRightString(A4[0] - MARGIN, 10.5 * mm, label)


def render(document: Document, target: Path, total: int) -> int:
    """Render once and return the number of pages."""
    def first(canvas: Canvas, _: BaseDocTemplate) -> None:
        canvas.setCreator("Aurel Home documentation")
        draw_band(canvas, document)
        draw_footer(canvas, document, total)

    def later(canvas: Canvas, _: BaseDocTemplate) -> None:
        draw_footer(canvas, document, total)

    bottom = 20 * mm
    frames = [
        Frame(MARGIN, bottom, WIDTH, A4[1] - bottom - head, 0, 0, 0, 0)
        for head in (BAND + 6 * mm, 18 * mm)
    ]
    template = BaseDocTemplate(
        str(target), pagesize=A4, title=document.title, author="Aurel Home",
        subject=document.subtitle, lang=document.lang, invariant=1,
    )
    template.addPageTemplates([
        PageTemplate("first", [frames[0]], onPage=first, autoNextPageTemplate="later"),
        PageTemplate("later", [frames[1]], onPage=later),
    ])
    template.build(make_story(document))
    return template.page


def write(document: Document, target: Path) -> None:
    """Write a PDF; the first pass only counts the pages."""
    if document.is_chinese:
        check_glyphs(document)
    render(document, target, render(document, target, 0))
