"""Colours, measures, fonts and paragraph styles of the PDF documents."""

from __future__ import annotations

import os
from functools import cache

from markup import Document
from reportlab.lib import colors
from reportlab.lib.enums import TA_LEFT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

TEAL = colors.HexColor("#0F5C63")
PALE = colors.HexColor("#E8F1F1")
AMBER = colors.HexColor("#FFF4DC")
AMBER_LINE = colors.HexColor("#D99A1C")
GREY = colors.HexColor("#5B6770")
LINE = colors.HexColor("#9DB4B6")

CJK_FONT_NAME = "WenQuanYiMicroHei"
CJK_FONT_FILE = "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc"

MARGIN = 20 * mm
BAND = 42 * mm
WIDTH = A4[0] - 2 * MARGIN


@cache
def register_cjk_font() -> str:
    """Register the Chinese font once and return its name."""
    path = os.environ.get("VOUCH_CJK_FONT", CJK_FONT_FILE)
    pdfmetrics.registerFont(TTFont(CJK_FONT_NAME, path, subfontIndex=0))
    pdfmetrics.registerFontFamily(
        CJK_FONT_NAME, CJK_FONT_NAME, CJK_FONT_NAME, CJK_FONT_NAME, CJK_FONT_NAME
    )
    return CJK_FONT_NAME


def check_glyphs(document: Document) -> None:
    """Fail if the Chinese font lacks a character, which would print as a gap."""
    known = pdfmetrics.getFont(register_cjk_font()).face.charToGlyph
    texts = [document.title, document.subtitle, document.footer]
    texts += [block.text for block in document.blocks]
    texts += [str(item) for block in document.blocks for item in block.items]
    missing = {char for text in texts for char in text if ord(char) not in known}
    if missing:
        raise ValueError(f"{document.output}: no glyph for {sorted(missing)}")


def font_names(document: Document) -> tuple[str, str]:
    """Return the regular and the heading font of a document."""
    if document.is_chinese:
        name = register_cjk_font()
        return name, name
    return "Helvetica", "Helvetica-Bold"


def make_styles(document: Document) -> dict[str, ParagraphStyle]:
    """Build the paragraph styles for the document's language."""
    regular, bold = font_names(document)
    base = ParagraphStyle(
        "body", fontName=regular, fontSize=10, leading=15, alignment=TA_LEFT,
        spaceAfter=6, wordWrap="CJK" if document.is_chinese else None,
    )
    return {
        "para": base,
        "h1": ParagraphStyle("h1", base, fontName=bold, fontSize=15, leading=20,
                             textColor=TEAL, spaceBefore=12, spaceAfter=6),
        "h2": ParagraphStyle("h2", base, fontName=bold, fontSize=12, leading=16,
                             spaceBefore=8, spaceAfter=4),
        "item": ParagraphStyle("item", base, spaceAfter=3),
        "cell": ParagraphStyle("cell", base, fontSize=9, leading=12.5, spaceAfter=0),
        "head": ParagraphStyle("head", base, fontName=bold, fontSize=9, leading=12.5,
                               textColor=colors.white, spaceAfter=0),
        "note": ParagraphStyle("note", base, fontSize=9.5, leading=14, spaceAfter=0),
    }
