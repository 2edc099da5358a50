"""Build the PDF, DOCX and XLSX documents of the demo knowledge base.

Run from anywhere::

    python knowledge/_build/build.py            # write all files
    python knowledge/_build/build.py --list     # only print what would be written

Needs the Python packages ``reportlab``, ``python-docx`` and ``openpyxl``.
Chinese PDFs embed a subset of WenQuanYi Micro Hei, which Debian ships in the
package ``fonts-wqy-microhei``; set ``VOUCH_CJK_FONT`` to use another
TrueType collection with the same coverage.

Sources are plain text: ``sources/*.txt`` (documents) and ``sheets/*.txt``
(workbooks); ``markup.py`` describes the notation.  The output is
deterministic: dates and identifiers are fixed, so that a second run with the
same package versions writes byte-identical files.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

import docx_writer
import pdf_writer
import xlsx_writer
from markup import Document, parse_document, parse_workbook

BUILD_DIR = Path(__file__).resolve().parent
KNOWLEDGE_DIR = BUILD_DIR.parent

DOCUMENT_WRITERS: dict[str, Callable[[Document, Path], None]] = {
    ".pdf": pdf_writer.write,
    ".docx": docx_writer.write,
}


def output_path(relative: str) -> Path:
    """Return the absolute target of an ``output:`` field, inside knowledge/."""
    target = (KNOWLEDGE_DIR / relative).resolve()
    if KNOWLEDGE_DIR not in target.parents:
        raise ValueError(f"output outside the knowledge folder: {relative}")
    return target


def build_documents(dry_run: bool) -> list[Path]:
    """Write every document in ``sources/`` and return the paths."""
    written = []
    for source in sorted((BUILD_DIR / "sources").glob("*.txt")):
        document = parse_document(source.read_text(encoding="utf-8"), source.name)
        target = output_path(document.output)
        writer = DOCUMENT_WRITERS[target.suffix]
        if not dry_run:
            target.parent.mkdir(parents=True, exist_ok=True)
            writer(document, target)
        written.append(target)
    return written


def build_workbooks(dry_run: bool) -> list[Path]:
    """Write every workbook in ``sheets/`` and return the paths."""
    written = []
    for source in sorted((BUILD_DIR / "sheets").glob("*.txt")):
        workbook = parse_workbook(source.read_text(encoding="utf-8"), source.name)
        target = output_path(workbook.output)
        if not dry_run:
            target.parent.mkdir(parents=True, exist_ok=True)
            xlsx_writer.write(workbook, target)
        written.append(target)
    return written


def main(argv: list[str] | None = None) -> int:
    """Command-line entry point."""
    parser = argparse.ArgumentParser(description="Build the binary knowledge files.")
    parser.add_argument("--list", action="store_true", help="print targets, write nothing")
    options = parser.parse_args(argv)
    for path in build_documents(options.list) + build_workbooks(options.list):
        print(path.relative_to(KNOWLEDGE_DIR))
    return 0


if __name__ == "__main__":
    sys.exit(main())
