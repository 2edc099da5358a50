"""Write parsed workbooks as XLSX with openpyxl."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from markup import Workbook
from openpyxl import Workbook as NewWorkbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from zip_fixed import rewrite_zip

FIXED = datetime(2026, 1, 1, 9, 0, 0)
NUMBER = re.compile(r"^-?\d+(\.\d+)?$")
SIDE = Side(style="thin", color="9DB4B6")
BORDER = Border(left=SIDE, right=SIDE, top=SIDE, bottom=SIDE)
HEADER_FILL = PatternFill("solid", start_color="0F5C63")


def to_value(text: str) -> str | int | float | None:
    """Convert plain numbers; keep everything else as text."""
    if not text:
        return None
    if NUMBER.match(text) and not (len(text) > 1 and text[0] == "0" and "." not in text):
        return float(text) if "." in text else int(text)
    return text


def display_width(text: str) -> int:
    """Width of a text in character cells, Chinese characters counting twice."""
    return sum(2 if ord(char) > 0x2E80 else 1 for char in text)


def fill_sheet(sheet: Worksheet, rows: list[list[str]]) -> None:
    """Write the rows with a styled, frozen header and an automatic filter."""
    for number, row in enumerate(rows, start=1):
        for column, text in enumerate(row, start=1):
            cell = sheet.cell(number, column, text if number == 1 else to_value(text))
            cell.border = BORDER
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            if isinstance(cell.value, float):
                cell.number_format = "0.00"
            if number == 1:
                cell.font = Font(bold=True, color="FFFFFF")
                cell.fill = HEADER_FILL
    for column, texts in enumerate(zip(*rows, strict=True), start=1):
        width = min(max(map(display_width, texts)) + 3, 48)
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions


def write(workbook: Workbook, target: Path) -> None:
    """Write an XLSX file with fixed timestamps."""
    book = NewWorkbook()
    book.remove(book.active)
    for name, rows in workbook.sheets:
        fill_sheet(book.create_sheet(name), rows)
    book.properties.title = workbook.title
    book.properties.creator = "Aurel Home"
    book.properties.created = FIXED
    book.save(str(target))
    rewrite_zip(target)
