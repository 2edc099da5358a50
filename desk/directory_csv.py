"""Customers' records from CSV files: customers.csv, orders.csv, complaints.csv, visits.csv, whichever there are.

Everything is read and checked before anything is written; what is wrong is told with file and line, all at once.
What a file holds takes the place of what has the same key; what it does not hold stays.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from desk.directory_schema import TABLES
from desk.directory_sql import SQLDirectory
from desk.tokens import CUSTOMER_ID
from rag.config_base import nearest
from rag.errors import VouchError

LONGEST = 2_000  # characters of one cell
TOLD = 20  # complaints of one import
NAMES = tuple(table.name for table in TABLES)
_BOOLEANS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_KEYS = {"customers": ("id",), "orders": ("number",), "complaints": ("number",), "visits": ("customer", "on", "what")}


class NotImported(VouchError):
    """Something in the files is wrong; nothing was imported."""


def _text(cell: str) -> str:
    return " ".join(cell.split())


def _needed(cell: str) -> str:
    if not cell.strip():
        raise ValueError("is empty")
    return _text(cell)


def _id(cell: str) -> str:
    if not CUSTOMER_ID.fullmatch(cell.strip()):
        raise ValueError(f"{cell[:40]!r} is no customer's id: at most 64 letters, digits and . _ @ + - without blanks")
    return cell.strip()


def _date(cell: str) -> date:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", cell.strip()):
        raise ValueError(f"{cell[:40]!r} is no date; write it as 2026-05-31")
    try:
        return date.fromisoformat(cell.strip())
    except ValueError:
        raise ValueError(f"{cell[:40]!r} is a day that no calendar has") from None


def _maybe_date(cell: str) -> date | None:
    return _date(cell) if cell.strip() else None


def _items(cell: str) -> list[str]:
    return [_text(item) for item in cell.split(";") if item.strip()]


def _boolean(cell: str) -> bool:
    if cell.strip().lower() not in _BOOLEANS:
        raise ValueError(f"{cell[:40]!r} is neither yes nor no")
    return _BOOLEANS[cell.strip().lower()]


Reader = Callable[[str], object]
COLUMNS: Mapping[str, Mapping[str, Reader]] = {
    "customers": {
        "id": _id, "name": _text, "email": _text, "phone": _text, "language": _text, "region": _text, "tier": _text,
        "since": _maybe_date,
    },
    "orders": {
        "number": _needed, "customer": _id, "placed_on": _date, "status": _needed, "items": _items, "total": _text,
        "carrier": _text, "tracking": _text, "expected_on": _maybe_date, "delivered_on": _maybe_date,
    },
    "complaints": {"number": _needed, "customer": _id, "opened_on": _date, "subject": _needed, "open": _boolean},
    "visits": {"customer": _id, "on": _date, "what": _needed},
}  # fmt: skip


@dataclass(slots=True)
class _Read:
    rows: dict[str, list[dict[str, object]]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    owners: dict[str, str] = field(default_factory=dict)  # customer's id → where it is first referred to


def import_files(paths: Sequence[Path], directory: SQLDirectory) -> dict[str, int]:
    """Bring the files, or those of a folder, in: rows by table. Raises NotImported, and imports nothing."""
    found = _Read()
    for file in _files(paths):
        _read_file(file, found)
    # Rows that could not be read would only seem to be missing.
    found.wrong = found.wrong or list(_without_customer(found, directory))
    if found.wrong:
        more = len(found.wrong) - TOLD
        told = [*found.wrong[:TOLD], *([f"and {more} more"] if more > 0 else [])]
        raise NotImported("\n".join([*told, "Nothing was imported. Correct the files and import them again."]))
    directory.write(found.rows)
    return {name: len(found.rows[name]) for name in NAMES if name in found.rows}


def _without_customer(found: _Read, directory: SQLDirectory) -> Iterator[str]:
    new = {row["id"] for row in found.rows.get("customers", ())}
    missing = [each for each in found.owners if each not in new]
    known = directory.known(missing)
    yield from (f"{found.owners[each]}: there is no customer {each!r}" for each in missing if each not in known)


def _files(paths: Sequence[Path]) -> list[Path]:
    files = [each for path in paths for each in ([path / f"{name}.csv" for name in NAMES] if path.is_dir() else [path])]
    files = [each for each in files if each.is_file() or each in paths]
    stems = [each.stem.lower() for each in files]
    expected = ", ".join(f"{name}.csv" for name in NAMES)
    if not files:
        raise NotImported(f"{paths[0] if paths else 'The folder'} holds none of {expected}. Nothing was imported.")
    for file, stem in zip(files, stems, strict=True):
        if stem not in NAMES or stems.count(stem) > 1:
            why = "is given twice" if stem in NAMES else f"is none of {expected}"
            raise NotImported(f"{file} {why}. Nothing was imported.")
    return files


def _read_file(file: Path, found: _Read) -> None:
    table, seen = file.stem.lower(), dict[tuple[object, ...], int]()
    rows = found.rows.setdefault(table, [])
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            reader = csv.reader(opened, strict=True)
            header = [name.strip().lower() for name in next(reader, [])]
            if wrong := list(_wrong_columns(header, list(COLUMNS[table]))):
                found.wrong += [f"{file}:1: {each}" for each in wrong]
                return
            for cells in reader:
                place = f"{file}:{reader.line_num}"
                if cells and (row := _row(place, table, header, cells, found)):
                    key = tuple(row[name] for name in _KEYS[table])
                    if (before := seen.setdefault(key, reader.line_num)) != reader.line_num:
                        said = " ".join(str(each) for each in key)
                        found.wrong.append(f"{place}: {said!r} stands in line {before} already")
                    rows.append(row)
    except UnicodeDecodeError:
        found.wrong.append(f"{file}: it is not UTF-8. Save it as “CSV UTF-8”.")
    except csv.Error as error:
        found.wrong.append(f"{file}:{reader.line_num}: it is not CSV ({error}).")
    except OSError as error:
        found.wrong.append(f"{file}: it cannot be read ({error.strerror}).")


def _wrong_columns(header: Sequence[str], expected: Sequence[str]) -> Iterator[str]:
    if not any(name in expected for name in header):
        yield f"the first line must name the columns: {','.join(expected)}"
        return
    yield from (f"the column {name!r} is missing" for name in expected if name not in header)
    yield from (f"there is no column {name!r}.{nearest(name, expected)}" for name in header if name not in expected)
    yield from (f"the column {name!r} stands there twice" for name in expected if header.count(name) > 1)


def _row(place: str, table: str, header: Sequence[str], cells: Sequence[str], found: _Read) -> dict[str, object]:
    """The row by column; empty, with what is wrong noted, if it cannot be used."""
    wrong, row = list[str](), dict[str, object]()
    if len(cells) != len(header):
        wrong.append(f"it has {len(cells)} cells, but there are {len(header)} columns")
    for name, cell in zip(header, cells, strict=False):
        try:
            if len(cell) > LONGEST:
                raise ValueError(f"has {len(cell):,} characters; at most {LONGEST:,} fit")
            row[name] = COLUMNS[table][name](cell)
        except ValueError as error:
            wrong.append(f"{name}: {error}")
    found.wrong += [f"{place}: {each}" for each in wrong]
    if not wrong and "customer" in row:
        found.owners.setdefault(str(row["customer"]), place)
    return {} if wrong else row
