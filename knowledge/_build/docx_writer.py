"""Write parsed documents as DOCX with python-docx."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from docx import Document as new_document
from docx.document import Document as DocxDocument
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import _Row
from docx.text.paragraph import Paragraph
from markup import Block, Document, runs
from zip_fixed import rewrite_zip

FIXED = datetime(2026, 1, 1, 9, 0, 0)
TEAL = RGBColor(0x0F, 0x5C, 0x63)
EAST_ASIAN_FONTS = {"zh-Hans": "Microsoft YaHei", "zh-Hant": "Microsoft JhengHei"}
LANG_TAGS = {"en": "en-GB", "zh-Hans": "zh-CN", "zh-Hant": "zh-TW"}


def set_language(docx: DocxDocument, lang: str) -> None:
    """Set fonts and language of the Normal and heading styles."""
    for name in ("Normal", "Title", "Heading 1", "Heading 2"):
        style = docx.styles[name]
        properties = style.element.get_or_add_rPr()
        fonts = properties.get_or_add_rFonts()
        for attribute in list(fonts.attrib):
            if attribute.endswith("Theme"):
                del fonts.attrib[attribute]
        style.font.name = "Calibri"
        if lang in EAST_ASIAN_FONTS:
            fonts.set(qn("w:eastAsia"), EAST_ASIAN_FONTS[lang])
        if name != "Normal":
            style.font.color.rgb = TEAL
    tag = OxmlElement("w:lang")
    tag.set(qn("w:eastAsia" if lang.startswith("zh") else "w:val"), LANG_TAGS[lang])
    docx.styles["Normal"].element.get_or_add_rPr().append(tag)
    docx.styles["Normal"].font.size = Pt(10.5)


def add_runs(paragraph: Paragraph, text: str) -> None:
    """Add text with bold runs."""
    for piece, is_bold in runs(text):
        paragraph.add_run(piece).bold = is_bold or None


def new_numbering(docx: DocxDocument) -> int:
    """Create a numbering instance of "List Number" that restarts at 1."""
    numbering = docx.part.numbering_part.numbering_definitions._numbering
    style = docx.styles["List Number"].element
    base = style.pPr.numPr.numId.val
    abstract = numbering.num_having_numId(base).abstractNumId.val
    instance = numbering.add_num(abstract)
    instance.add_lvlOverride(ilvl=0).add_startOverride(1)
    return instance.numId


def add_list(docx: DocxDocument, block: Block) -> None:
    """Add a numbered or bulleted list with the built-in list styles."""
    number = new_numbering(docx) if block.kind == "steps" else None
    style = "List Number" if block.kind == "steps" else "List Bullet"
    for text in block.items:
        paragraph = docx.add_paragraph(style=style)
        add_runs(paragraph, text)
        if number is not None:
            properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
            properties.get_or_add_ilvl().val = 0
            properties.get_or_add_numId().val = number


def mark_header(row: _Row) -> None:
    """Mark a row as a header that repeats on every page."""
    flag = OxmlElement("w:tblHeader")
    flag.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(flag)


def add_table(docx: DocxDocument, block: Block) -> None:
    """Add a table with a bold header row."""
    table = docx.add_table(rows=0, cols=len(block.items[0]), style="Light Grid Accent 1")
    for number, values in enumerate(block.items):
        row = table.add_row()
        for cell, value in zip(row.cells, values, strict=True):
            add_runs(cell.paragraphs[0], value)
        if number == 0:
            mark_header(row)
    docx.add_paragraph()


def add_note(docx: DocxDocument, block: Block) -> None:
    """Add a note as an intense quotation."""
    add_runs(docx.add_paragraph(style="Intense Quote"), block.text)


def add_block(docx: DocxDocument, block: Block) -> None:
    """Add one block."""
    if block.kind in ("h1", "h2"):
        docx.add_heading(block.text, level=int(block.kind[1]))
    elif block.kind in ("steps", "bullets"):
        add_list(docx, block)
    elif block.kind == "table":
        add_table(docx, block)
    elif block.kind == "note":
        add_note(docx, block)
    else:
        add_runs(docx.add_paragraph(), block.text)


def set_properties(docx: DocxDocument, document: Document) -> None:
    """Fill the core properties with fixed values."""
    core = docx.core_properties
    core.title, core.subject = document.title, document.subtitle
    core.author = core.last_modified_by = "Aurel Home"
    core.comments = core.keywords = ""
    core.created = core.modified = FIXED
    core.revision = 1
    core.language = LANG_TAGS[document.lang]


def write(document: Document, target: Path) -> None:
    """Write a DOCX file with fixed timestamps."""
    docx = new_document()
    set_language(docx, document.lang)
    set_properties(docx, document)
    page = docx.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.2)
    page.footer.paragraphs[0].text = document.footer
    docx.add_heading(document.title, level=0)
    if document.subtitle:
        docx.add_paragraph(document.subtitle, style="Subtitle")
    for block in document.blocks:
        add_block(docx, block)
    docx.save(str(target))
    rewrite_zip(target)
