"""Excel before 2007. No library writes it: the records are put together here, as the format's description has them."""

from __future__ import annotations

import struct

import pytest

from ingest.loaders import load
from ingest.loaders.signatures import OLE
from rag.errors import Refused
from rag.types import Block, Document
from tests.ingest.files import docx_file

Value = str | float | bool | tuple[float, str]  # the last a number with its format


def record(code: int, *parts: bytes) -> bytes:
    payload = b"".join(parts)
    return struct.pack("<HH", code, len(payload)) + payload


def words(text: str, width: str = "<H") -> bytes:
    return struct.pack(width, len(text)) + b"\1" + text.encode("utf-16-le")


def opening(kind: int) -> bytes:
    return record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0, 1997, 0, 0))


def cell(row: int, column: int, value: Value, formats: list[str]) -> bytes:
    place = struct.pack("<HH", row, column)
    match value:
        case str():
            return record(0x0204, place, struct.pack("<H", 0), words(value))
        case bool():
            return record(0x0205, place, struct.pack("<HBB", 0, value, 0))
        case (number, form):
            return record(0x0203, place, struct.pack("<Hd", formats.index(form) + 1, number))
        case _:
            return record(0x0203, place, struct.pack("<Hd", 0, value))


def sheet_records(rows: list[list[Value]], formats: list[str], merges: list[tuple[int, int, int, int]]) -> bytes:
    cells = b"".join(cell(row, at, value, formats) for row, line in enumerate(rows) for at, value in enumerate(line))
    merged = record(0x00E5, struct.pack("<H", len(merges)), *(struct.pack("<HHHH", *each) for each in merges))
    return opening(0x0010) + cells + merged + record(0x000A)


def xls_file(
    sheets: dict[str, list[list[Value]]],
    hidden: tuple[str, ...] = (),
    merges: list[tuple[int, int, int, int]] | None = None,
    locked: bool = False,
) -> bytes:
    """A workbook of BIFF8 records outside a container, which Excel and xlrd both take; `merges` are rows, columns."""
    formats = sorted(
        {value[1] for rows in sheets.values() for row in rows for value in row if isinstance(value, tuple)}
    )
    head = opening(0x0005) + (record(0x002F, b"\1\0" + bytes(52)) if locked else b"")
    for at, form in enumerate(formats):
        head += record(0x041E, struct.pack("<H", 164 + at), words(form))
    for key in (0, *(164 + at for at in range(len(formats)))):
        head += record(0x00E0, struct.pack("<HHH", 0, key, 0), bytes(14))
    bodies = [sheet_records(rows, formats, merges or []) for rows in sheets.values()]
    start = len(head) + sum(len(record(0x0085, bytes(6), words(name, "<B"))) for name in sheets) + 4
    listing = b""
    for (name, _), body in zip(sheets.items(), bodies, strict=True):
        listing += record(0x0085, struct.pack("<IBB", start, name in hidden, 0), words(name, "<B"))
        start += len(body)
    return head + listing + record(0x000A) + b"".join(bodies)


def read(*rows: list[Value]) -> Document:
    return load(xls_file({"Prices": list(rows)}), "prices.xls")


def test_sheets_are_headings_with_tables_as_people_see_them() -> None:
    document = read(
        ["Item", "Price", "Discount", "From", "In stock"],
        ["Lamp", (9.5, '0.00" €"'), (0.25, "0%"), (45352.0, "dd/mm/yyyy"), True],
        ["Desk", 120.0, "", (45352.75, "dd/mm/yyyy hh:mm"), False],
    )
    assert document.title == "prices"
    assert document.blocks == (
        Block("heading", "Prices", level=1),
        Block(
            "table",
            rows=(
                ("Item", "Price", "Discount", "From", "In stock"),
                ("Lamp", "9.50 €", "25%", "2024-03-01", "TRUE"),
                ("Desk", "120", "", "2024-03-01 18:00", "FALSE"),
            ),
        ),
    )


def test_merged_cells_stand_in_every_place() -> None:
    raw = xls_file({"S": [["Plan", "Month"], ["Basic", 9.0], ["", 90.0]]}, merges=[(1, 2, 0, 0)])
    assert load(raw, "a.xls").blocks[1].rows[1:] == (("Basic", "9"), ("Basic", "90"))


def test_hidden_sheets_are_left_out_with_a_warning() -> None:
    document = load(xls_file({"Open": [["yes"]], "Costs": [["secret"]]}, hidden=("Costs",)), "a.xls")
    assert [block.text for block in document.blocks] == ["Open", "yes"]
    assert document.warnings == ("Hidden sheets were left out: Costs.",)


def test_a_locked_workbook_is_refused() -> None:
    with pytest.raises(Refused, match="ENCRYPTED"):
        load(xls_file({"S": [["a"]]}, locked=True), "a.xls")


@pytest.mark.parametrize("kept", [30, 60, 100, 150, 200])
def test_a_workbook_cut_short_is_refused_or_read(kept: int) -> None:
    raw = xls_file({"S": [["Item", "Price"], ["Lamp", (9.5, "0.00")]]})
    with pytest.raises(Refused, match=r"BROKEN|NO_TEXT"):
        load(raw[:kept], "a.xls")


def test_what_is_no_workbook_is_refused() -> None:
    for raw in (b"Item;Price\n", docx_file(lambda document: document.add_paragraph("x")), OLE + bytes(1000)):
        with pytest.raises(Refused, match="TYPE_MISMATCH"):
            load(raw, "a.xls")
    with pytest.raises(Refused, match="BROKEN"):
        load(OLE + bytes(1000) + "Workbook\0".encode("utf-16-le"), "a.xls")


@pytest.mark.parametrize(("name", "successor"), [("a.doc", ".docx"), ("a.ppt", ".pptx")])
def test_old_formats_that_are_not_read_are_told_what_to_become(name: str, successor: str) -> None:
    with pytest.raises(Refused) as refused:
        load(OLE + bytes(1000), name)
    assert refused.value.code == "UNSUPPORTED"
    assert refused.value.advice.endswith(f"save it as {successor}.")


def test_an_old_document_under_a_new_name_is_called_what_it_is() -> None:
    with pytest.raises(Refused, match=r"old format \(\.doc\)"):
        load(OLE + bytes(1000) + "WordDocument\0".encode("utf-16-le"), "a.docx")
