"""What is kept of somebody, as a file: JSON with all of it, or CSV with what was said."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from desk.kept import Rows, of
from desk.schema import messages
from rag.errors import VouchError
from rag.mask import mask


class NothingKept(VouchError):
    """There is nobody of this name in the store."""


def export(engine: Engine, who: str, file: Path, masked: bool = True) -> int:
    """Write all rows kept of a customer or visitor; how many. Raises NothingKept.

    `masked`: with numbers and addresses of persons taken out of the texts, for whoever is not the person.
    """
    with engine.connect() as connection:
        kept = of(connection, who)
    rows = sum(map(len, kept.values()))
    if not rows:
        raise NothingKept(f"Nothing is kept of {who!r}. Give a customer's id, or a visitor's key.")
    text = _csv(kept, _clean(masked)) if file.suffix.lower() == ".csv" else _json(kept, _clean(masked))
    file.touch(0o600)
    file.write_text(text, encoding="utf-8", newline="")
    return rows


def safe_cell(text: str) -> str:
    """The text as a cell that no spreadsheet takes for a formula, whatever it is written into."""
    formula = text.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))
    return f"'{text}" if formula or text.startswith(("\t", "\r", "\n")) else text


def _json(kept: Rows, clean: Callable[[Any], Any]) -> str:
    tables = {table.name: [clean(dict(row)) for row in rows] for table, rows in kept.items() if rows}
    return json.dumps(tables, ensure_ascii=False, indent=2) + "\n"


def _csv(kept: Rows, clean: Callable[[Any], Any]) -> str:
    written = io.StringIO()
    writer = csv.writer(written)
    names = ("conversation", "created_at", "role", "text")
    writer.writerow(names)
    for row in sorted(kept.get(messages, ()), key=lambda each: each["id"]):
        writer.writerow([safe_cell(str(clean(row[name]))) for name in names])
    return written.getvalue()


def _clean(masked: bool) -> Callable[[Any], Any]:
    """Values as JSON has them."""

    def clean(value: Any) -> Any:
        if isinstance(value, str):
            return mask(value) if masked else value
        if isinstance(value, dict):
            return {name: clean(each) for name, each in value.items()}
        if isinstance(value, (list, tuple)):
            return [clean(each) for each in value]
        return value.isoformat() if isinstance(value, (date, datetime)) else value

    return clean
