"""Does the content match the extension? Knows signatures and extensions, nothing of what is inside."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from ingest.loaders.encoding import looks_binary
from rag.errors import Refused

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
PICTURES = frozenset({".bmp", ".gif", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"})
_PICTURE = re.compile(rb"\x89PNG\r\n|\xff\xd8\xff|GIF8|BM|II\*\0|MM\0\*|RIFF....WEBP", re.DOTALL)
_TEXT = frozenset(
    {
        ".adoc",
        ".asciidoc",
        ".ass",
        ".csv",
        ".htm",
        ".html",
        ".ipynb",
        ".json",
        ".jsonl",
        ".markdown",
        ".md",
        ".ndjson",
        ".srt",
        ".ssa",
        ".text",
    }
    | {".tsv", ".txt", ".vtt"}
)
_OFFICE_FOLDERS = {".docx": "word/", ".ppsx": "ppt/", ".pptm": "ppt/", ".pptx": "ppt/", ".xlsm": "xl/", ".xlsx": "xl/"}
_OFFICE_NAMES = {"word/": "a Word document", "xl/": "an Excel workbook", "ppt/": "a PowerPoint presentation"}
_OPEN_DOCUMENTS = {
    ".odp": b"application/vnd.oasis.opendocument.presentation",
    ".ods": b"application/vnd.oasis.opendocument.spreadsheet",
    ".odt": b"application/vnd.oasis.opendocument.text",
}
_OPEN_NAMES = {".odp": "OpenDocument slides", ".ods": "an OpenDocument sheet", ".odt": "OpenDocument text"}
_OLD_NAMES = {
    "WordDocument": "a Word document of the old format (.doc)",
    "PowerPoint Document": "a PowerPoint presentation of the old format (.ppt)",
    "Workbook": "an Excel workbook of the old format (.xls)",
    "Book": "an Excel workbook of the old format (.xls)",
    "": "data in the container of old Office files",
}
_BARE_SHEETS = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08")
_LONGEST_MANIFEST = 2**20
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")


def check_type(raw: bytes, suffix: str) -> None:
    """Raise TYPE_MISMATCH, or ENCRYPTED for Office files locked with a password."""
    if suffix == ".pdf":
        _check_pdf(raw)
    elif suffix in _OFFICE_FOLDERS:
        _check_office(raw, suffix)
    elif suffix == ".xls":
        _check_old_excel(raw)
    elif suffix in _OPEN_DOCUMENTS:
        _check_open_document(raw, suffix)
    elif suffix in PICTURES and not _PICTURE.match(raw):  # one kind of picture under another's name does no harm
        raise mismatch(suffix, kind_of(raw) if looks_binary(raw) else "text")
    elif suffix in _TEXT and looks_binary(raw):
        raise mismatch(suffix, kind_of(raw))


def mismatch(suffix: str, found: str) -> Refused:
    """The refusal of a file that is not what its name says."""
    return Refused(
        "TYPE_MISMATCH",
        f"The file is named {suffix} but holds {found}.",
        "Give it the extension of what it is, or save it again in the format its name says.",
    )


def kind_of(raw: bytes) -> str:
    """What the bytes are, in words."""
    if raw.startswith(b"%PDF-"):
        return "a PDF"
    if raw.startswith(ZIP) and (folder := _office_folder(raw)):
        return _OFFICE_NAMES[folder]
    if raw.startswith(ZIP) and (found := _open_document(raw)):
        return _OPEN_NAMES[found]
    if raw.startswith(OLE):
        return _OLD_NAMES[_old_office(raw)]
    return _by_magic(raw)


def _by_magic(raw: bytes) -> str:
    import puremagic

    try:
        # The first bytes are enough, and its deeper looks into containers trust what they find there.
        names = [match.name for match in puremagic.magic_string(raw[:4096]) if match.name]
    except (puremagic.PureError, ValueError):
        names = []
    return f"other data ({re.sub(r'[^ -~]', '', names[0])})" if names else "binary data"


def _check_pdf(raw: bytes) -> None:
    # The standard lets some bytes stand before the signature, and mail gateways put them there.
    if b"%PDF-" not in raw[:1024]:
        raise mismatch(".pdf", "text" if not looks_binary(raw) else kind_of(raw))


def _check_office(raw: bytes, suffix: str) -> None:
    if raw.startswith(OLE):
        if _ENCRYPTED_STREAM in raw:
            raise encrypted()
        raise mismatch(suffix, kind_of(raw))
    if not raw.startswith(b"PK"):
        raise mismatch(suffix, "text" if not looks_binary(raw) else kind_of(raw))
    folder = _office_folder(raw)
    if folder and folder != _OFFICE_FOLDERS[suffix]:
        raise mismatch(suffix, _OFFICE_NAMES[folder])
    if not folder:
        found = _open_document(raw)
        raise mismatch(suffix, _OPEN_NAMES[found] if found else "another kind of archive")


def _check_open_document(raw: bytes, suffix: str) -> None:
    if not raw.startswith(b"PK"):
        raise mismatch(suffix, "text" if not looks_binary(raw) else kind_of(raw))
    found = _open_document(raw)
    if found != suffix:
        raise mismatch(suffix, _OPEN_NAMES[found] if found else kind_of(raw))


def _open_document(raw: bytes) -> str:
    """The extension that fits an OpenDocument file, "" for another archive. Raises BROKEN or ENCRYPTED."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            with archive.open("mimetype") as entry:
                kind = entry.read(200).strip()
            with archive.open("META-INF/manifest.xml") as entry:
                locked = b"encryption-data" in entry.read(_LONGEST_MANIFEST)
    except KeyError:
        return ""
    except (
        zipfile.BadZipFile,
        ValueError,
        OSError,
        EOFError,
        RuntimeError,
        NotImplementedError,
        zlib.error,
    ) as problem:
        raise _damaged(problem) from problem
    if locked:
        raise encrypted()
    # A template is the same but for its name.
    return next((suffix for suffix, known in _OPEN_DOCUMENTS.items() if kind in (known, known + b"-template")), "")


def _check_old_excel(raw: bytes) -> None:
    # Before Excel 5 the records stood in the file without the container.
    if raw.startswith(OLE):
        if _ENCRYPTED_STREAM in raw:
            raise encrypted()
        if _old_office(raw) not in ("Workbook", "Book"):
            raise mismatch(".xls", kind_of(raw))
    elif not raw.startswith(_BARE_SHEETS):
        raise mismatch(".xls", "text" if not looks_binary(raw) else kind_of(raw))


def _old_office(raw: bytes) -> str:
    """The name of the stream that tells the programs apart, as the container lists it; "" for another program."""
    return next((name for name in _OLD_NAMES if name and f"{name}\0".encode("utf-16-le") in raw), "")


def encrypted() -> Refused:
    """The refusal of a file locked with a password."""
    return Refused(
        "ENCRYPTED", "The file is protected with a password.", "Save a copy without the password and put that in."
    )


def _office_folder(raw: bytes) -> str:
    """word/, xl/ or ppt/, or nothing if it is another archive; raises BROKEN if it cannot be opened."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as problem:
        raise _damaged(problem) from problem
    return next((folder for folder in _OFFICE_NAMES if any(name.startswith(folder) for name in names)), "")


def _damaged(problem: Exception) -> Refused:
    return Refused(
        "BROKEN",
        f"The file is damaged: its archive cannot be opened ({problem}).",
        "Open it in the program it comes from and save it again.",
    )
