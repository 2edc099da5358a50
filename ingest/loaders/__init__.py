"""From a file's bytes to a Document, by its extension. Knows no path, no store and no process limits.

A new format is one more file with a `load(raw, name)` and one more line in LOADERS. The loaders import their
libraries inside the functions that need them, so that importing this package stays quick.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path, PurePath

from ingest.loaders import (
    asciidoc,
    docx,
    eml,
    epub,
    html,
    image,
    jsonl,
    mail,
    markdown,
    msg,
    notebook,
    odf,
    pdf,
    pptx,
    sheets,
    subtitles,
    text,
    tracks,
    xls,
    xlsx,
)
from ingest.loaders.blocks import clean, one_line
from ingest.loaders.signatures import PICTURES, check_type
from ingest.recordings import CONTENT_TYPES, is_recording
from rag.errors import Refused
from rag.types import Block, Document

Loader = Callable[[bytes, str], Document]

MAX_CHARACTERS = 10_000_000  # some thirty novels; cutting and embedding more would hold up everything else
MAILS: dict[str, mail.Parse] = {".eml": eml.parsed, ".msg": msg.parsed}


def _mail(raw: bytes, name: str) -> Document:
    return mail.document(MAILS[PurePath(name).suffix.lower()](raw), MAILS, load)


LOADERS: dict[str, Loader] = {
    ".adoc": asciidoc.load,
    ".asciidoc": asciidoc.load,
    ".ass": subtitles.load,
    ".csv": sheets.load,
    ".docx": docx.load,
    ".eml": _mail,
    ".epub": epub.load,
    ".htm": html.load,
    ".html": html.load,
    ".ipynb": notebook.load,
    ".json": jsonl.load,
    ".jsonl": jsonl.load,
    ".markdown": markdown.load,
    ".md": markdown.load,
    ".msg": _mail,
    ".ndjson": jsonl.load,
    ".odp": odf.load,
    ".ods": odf.load,
    ".odt": odf.load,
    ".pdf": pdf.load,
    ".pptm": pptx.load,
    ".pptx": pptx.load,
    ".ppsx": pptx.load,
    ".srt": subtitles.load,
    ".ssa": subtitles.load,
    ".text": text.load,
    ".tsv": sheets.load,
    ".txt": text.load,
    ".vtt": subtitles.load,
    ".xls": xls.load,
    ".xlsm": xlsx.load,
    ".xlsx": xlsx.load,
    **dict.fromkeys(sorted(PICTURES), image.load),
}

_SUCCESSORS = {".doc": ".docx", ".dot": ".docx", ".pps": ".pptx", ".ppt": ".pptx", ".rtf": ".docx", ".xlsb": ".xlsx"}
_ADVICE = {  # for what editors have and expect to work
    "": "Give its name the ending of what it is, such as .txt, .md or .pdf.",
    ".heic": "Save the picture as .jpg or .png.",
    ".key": "Export it from Keynote as .pptx or .pdf.",
    ".mht": "Save the page as .html or print it to .pdf.",
    ".mhtml": "Save the page as .html or print it to .pdf.",
    ".numbers": "Export it from Numbers as .xlsx.",
    ".pages": "Export it from Pages as .docx or .pdf.",
    ".svg": "Save the picture as .png.",
    ".yaml": "If it says something about a document, call it by that document's full name and .meta.yaml.",
    ".yml": "If it says something about a document, call it by that document's full name and .meta.yaml.",
    ".zip": "Unpack it and put in the documents it holds.",
}


def load_file(path: Path, name: str) -> Document:
    """The document in a file; as load(), without holding a whole recording in memory."""
    if not is_recording(name):
        return load(path.read_bytes(), name)
    if path.stat().st_size == 0:
        raise _empty()
    return _checked(tracks.load(path, name), name)


def load(raw: bytes, name: str) -> Document:
    """The document in `raw`; `name` gives its format and, where it says no title itself, its title.

    Raises Refused with a stable code; anything else a loader raises is a fault of the file that no check
    foresaw, and the sandbox turns it into BROKEN.
    """
    suffix = PurePath(name).suffix.lower()
    if suffix not in LOADERS:
        raise unsupported(suffix)
    if not raw.strip(b" \t\r\n\x0b\x0c\x00\xef\xbb\xbf\xfe\xff"):
        raise _empty()
    check_type(raw, suffix)
    return _checked(LOADERS[suffix](raw, name), name)


def unsupported(suffix: str) -> Refused:
    """Why a file with this ending cannot be read, and what to do."""
    return Refused(
        "UNSUPPORTED",
        f"Files of the type {suffix or 'without extension'} cannot be read.",
        f"Open it in Office or LibreOffice and save it as {_SUCCESSORS[suffix]}."
        if suffix in _SUCCESSORS
        else _ADVICE.get(suffix) or f"Convert it to one of these: {', '.join(sorted({*LOADERS, *CONTENT_TYPES}))}.",
    )


def _empty() -> Refused:
    return Refused("EMPTY", "The file is empty.", "Save it again with its content, or remove it.")


def _checked(document: Document, name: str) -> Document:
    """Clean text in every block, no block without text, a title in any case."""
    cleaned = map(_cleaned, document.blocks)
    blocks = tuple(block for block in cleaned if block.text or block.picture or any(map(any, block.rows)))
    size = sum(len(block.text) + sum(len(cell) for row in block.rows for cell in row) for block in blocks)
    if size > MAX_CHARACTERS:
        raise Refused(
            "OUTPUT_TOO_LARGE",
            f"The file holds {size / 1e6:,.0f} million characters; {MAX_CHARACTERS // 10**6} million are the most.",
            "Split it into smaller files, or leave out the data nobody asks about.",
        )
    title = one_line(document.title)
    if not blocks and not title:
        raise Refused("NO_TEXT", "There is no text in the file.", "Add text to it, or remove it.")
    if not title:
        title = one_line(PurePath(name).stem.replace("_", " "))
    return replace(document, title=title, blocks=blocks)


def _cleaned(block: Block) -> Block:
    if block.kind == "table":
        return replace(block, rows=tuple(tuple(one_line(cell) for cell in row) for row in block.rows))
    words = clean(block.text).strip("\n") if block.kind == "code" else clean(block.text).strip()
    return replace(block, text=words if words.strip() else "", marker=one_line(block.marker))
