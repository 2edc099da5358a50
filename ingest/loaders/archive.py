"""Office files are archives of XML: look at the archive before a library opens it.

Guards against archives that grow without end and against XML that defines entities. Also turns the strict variant
of the standard into the common one, which is all the libraries read.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from ingest.loaders.signatures import encrypted
from rag.errors import Refused

MAX_TOTAL = 300 * 2**20
MAX_ENTRIES = 10_000
MAX_RATIO = 200  # XML packs 10 to 50 times; only small archives may exceed it
_HARMLESS = 20 * 2**20
_MANIFEST = "META-INF/manifest.xml"  # old OpenDocument writers name its document type; nothing here parses it
_UNSAFE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_STRICT = b"http://purl.oclc.org/ooxml/"
_STRICT_NAMES = (
    (b"http://purl.oclc.org/ooxml/officeDocument/", b"http://schemas.openxmlformats.org/officeDocument/2006/"),
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (b"http://purl.oclc.org/ooxml/spreadsheetml/main", b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"),
    (b"http://purl.oclc.org/ooxml/drawingml/", b"http://schemas.openxmlformats.org/drawingml/2006/"),
)


def checked_office(raw: bytes) -> bytes:
    """The same file, safe to open, in the common variant. Raises ARCHIVE_TOO_LARGE, UNSAFE_XML, ENCRYPTED, BROKEN."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            check_sizes(archive, len(raw))
            parts = {}
            for entry in archive.infolist():
                content = unpacked(archive, entry)  # also what nobody here needs: libraries would unpack it blindly
                if _is_xml(entry.filename):
                    parts[entry.filename] = content
            _check_xml(parts)
            strict = any(_STRICT in part for part in parts.values())
            return _translated(archive, parts) if strict else raw
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, zlib.error) as problem:
        raise broken(f"its archive is damaged ({problem})") from problem


def broken(what: str) -> Refused:
    """The refusal of a damaged file; `what` continues "The file is damaged: …"."""
    return Refused("BROKEN", f"The file is damaged: {what}.", "Open it in the program it comes from and save it again.")


def check_sizes(archive: zipfile.ZipFile, packed: int) -> None:
    """Refuse by the table of contents; what an entry really holds beyond that, `unpacked` leaves packed."""
    entries = archive.infolist()
    total = sum(entry.file_size for entry in entries)
    if any(entry.flag_bits & 1 for entry in entries):
        raise encrypted()
    if len(entries) > MAX_ENTRIES or total > MAX_TOTAL or (total > _HARMLESS and total > packed * MAX_RATIO):
        raise Refused(
            "ARCHIVE_TOO_LARGE",
            f"Unpacked, the file would hold {len(entries):,} parts and {total / 2**20:,.0f} MB.",
            f"Split it into files of less than {MAX_TOTAL // 2**20} MB unpacked.",
        )


def unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """What the entry holds; zipfile raises BadZipFile if that is not what it claims.

    Asked for a size, it unpacks no more than that; asked for everything, all that the stream grows to.
    """
    with archive.open(entry) as opened:
        return opened.read(entry.file_size)


def _is_xml(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels"))


def _check_xml(parts: dict[str, bytes]) -> None:
    for name, part in parts.items():
        # In UTF-16 the declaration has a zero in every other byte.
        if name != _MANIFEST and _UNSAFE.search(part[:65536].replace(b"\x00", b"")):
            raise Refused(
                "UNSAFE_XML",
                f"The part {name} of the file defines a document type or entities, which Office never writes.",
                "Open it in Word, Excel or LibreOffice and save it again.",
            )


def _translated(archive: zipfile.ZipFile, parts: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as copy:
        for entry in archive.infolist():
            content = parts.get(entry.filename) or unpacked(archive, entry)
            if entry.filename in parts:
                for strict, common in _STRICT_NAMES:
                    content = content.replace(strict, common)
            copy.writestr(entry.filename, content)
    return made.getvalue()
