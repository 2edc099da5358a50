"""Make Office files reproducible: fixed times inside and on the zip entries."""

from __future__ import annotations

import re
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

ENTRY_TIME = (2026, 1, 1, 9, 0, 0)
MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")


def fixed_content(name: str, data: bytes) -> bytes:
    """Replace the time of saving, which openpyxl sets to the current time."""
    if name == "docProps/core.xml":
        return MODIFIED.sub(rb"\g<1>2026-01-01T09:00:00Z\g<2>", data)
    return data


def rewrite_zip(path: Path) -> None:
    """Rewrite a zip file in place with constant entry metadata."""
    with ZipFile(path) as source:
        entries = [(info.filename, source.read(info)) for info in source.infolist()]
    with ZipFile(path, "w", ZIP_DEFLATED) as target:
        for name, data in entries:
            info = ZipInfo(name, ENTRY_TIME)
            info.compress_type = ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            target.writestr(info, fixed_content(name, data))
