"""What belongs to a sheet of an Excel workbook beside its cells: merges, notes, charts, pictures, text boxes.

The library reads none of it row by row, so this follows the package's own relations. Knows no cell.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ingest.loaders.blocks import one_line
from ingest.loaders.comments import Comment, day_of
from ingest.loaders.grids import Box, Place
from ingest.loaders.ooxml_drawing import DRAWING, drawn_blocks, parsed
from ingest.loaders.pictures import Pictures
from rag.types import Block

_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')
_HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row\s[^>]*?\bhidden="(?:1|true)"[^>]*>')
_HIDDEN_COLUMN = re.compile(rb'<(?:\w+:)?col\s[^>]*?\bhidden="(?:1|true)"[^>]*>')
MOST_COLUMNS = 16_384
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_SHEET_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_THREADED = "[Threaded comment]"  # the stand-in for old programs


@dataclass(frozen=True, slots=True)
class Notes:
    """The notes of a sheet by the cell they are about, and what editors say to each other about cells."""

    by_place: dict[Place, str]
    comments: tuple[Comment, ...]


class Parts:
    """The parts of a workbook by their relations."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        main = next(iter(self._related("", "/officeDocument")), "")
        targets = self._relations(main)
        sheets = self._xml(main)
        self.paths = {  # of the sheets and chart sheets, by name
            sheet.get("name", ""): targets[sheet.get(_ID)][1]
            for sheet in (sheets.iter(f"{_MAIN}sheet") if sheets is not None else ())
            if sheet.get(_ID) in targets
        }
        self._persons = {  # who discuss cells, by id
            person.get("id", ""): person.get("displayName", "")
            for target in self._related(main, "/person")
            if (root := self._xml(target)) is not None
            for person in root.iter("{*}person")
        }

    def merges(self, path: str) -> list[Box]:
        """The merged ranges of a sheet."""
        from openpyxl.utils import range_boundaries

        xml = self._read(path) or b""
        # They stand after the rows; a part is at most as large as the check of the archive allowed.
        found = []
        for reference in _MERGE.findall(xml[xml.rfind(b"</sheetData>") :]):
            left, top, right, bottom = range_boundaries(reference.decode())
            found.append(Box(top, left, bottom, right))
        return found

    def hidden(self, path: str) -> tuple[list[int], list[int]]:
        """The rows and the columns of a sheet that are hidden, by number from 1, in order."""
        xml = self._read(path) or b""
        rows = {int(number) for tag in _HIDDEN_ROW.findall(xml) if (number := _attribute(tag, b"r"))}
        columns = set[int]()
        for tag in _HIDDEN_COLUMN.findall(xml):
            first, last = _attribute(tag, b"min"), _attribute(tag, b"max")
            columns |= set(range(int(first or 1), min(int(last or 0), MOST_COLUMNS) + 1))
        return sorted(rows), sorted(columns)

    def notes(self, path: str) -> Notes:
        """What is noted at cells; discussions among editors are not for readers."""
        from openpyxl.utils import range_boundaries

        found: dict[Place, str] = {}
        for target in self._related(path, "/comments"):
            root = self._xml(target)
            authors = [author.text or "" for author in root.iter(f"{_MAIN}author")] if root is not None else []
            for note in root.iter(f"{_MAIN}comment") if root is not None else ():
                text = "".join(piece.text or "" for piece in note.iter(f"{_MAIN}t")).strip()
                reference, author = note.get("ref", ""), note.get("authorId", "")
                if text.startswith(_THREADED) or not re.fullmatch(r"[A-Z]{1,3}\d{1,7}", reference):
                    continue
                if author.isdigit() and int(author) < len(authors):  # Excel opens a note with its author's name
                    text = text.removeprefix(f"{authors[int(author)]}:").strip()
                column, row, _, _ = range_boundaries(reference)
                found[row, column] = text
        return Notes(found, tuple(self._comments(path)))

    def _comments(self, path: str) -> Iterator[Comment]:
        for target in self._related(path, "/threadedComment"):
            root = self._xml(target)
            for node in root.iter("{*}threadedComment") if root is not None else ():
                author = self._persons.get(node.get("personId", ""), "")
                yield Comment(node.findtext("{*}text") or "", author, day_of(node.get("dT")))

    def drawn(self, path: str, pictures: Pictures) -> Iterator[Block]:
        """Charts, pictures and the text of shapes, by the cell where each begins."""
        for target in self._related(path, "/drawing"):
            root = self._xml(target)
            relations = self._relations(target)

            def related(key: str | None, relations: dict[str, tuple[str, str]] = relations) -> bytes | None:
                return self._read(relations[key][1]) if key in relations else None

            for anchor in sorted(root if root is not None else (), key=_begins):
                for line in anchor.iterfind(f".//{_SHEET_DRAWING}txBody/{DRAWING}p"):
                    if words := one_line("".join(piece.text or "" for piece in line.iter(f"{DRAWING}t"))):
                        yield Block("text", words)
                yield from drawn_blocks(anchor, related, pictures)

    def _related(self, path: str, kind: str) -> list[str]:
        return [target for found, target in self._relations(path).values() if found.endswith(kind)]

    def _relations(self, path: str) -> dict[str, tuple[str, str]]:
        """Kind and part by relation; what is linked from outside is left out."""
        folder, name = posixpath.split(path)
        root = self._xml(posixpath.join(folder, "_rels", f"{name}.rels"))
        return {
            relation.get("Id", ""): (
                relation.get("Type", ""),
                posixpath.normpath(posixpath.join("/", folder, relation.get("Target", ""))).lstrip("/"),
            )
            for relation in (root if root is not None else ())
            if relation.get("TargetMode") != "External"
        }

    def _xml(self, path: str) -> Any | None:
        raw = self._read(path)
        return parsed(raw) if raw is not None else None

    def _read(self, path: str) -> bytes | None:
        try:
            return self._archive.read(path)
        except KeyError:
            return None


def _attribute(tag: bytes, name: bytes) -> str:
    found = re.search(rb"\s" + name + rb'="(\d{1,7})"', tag)
    return found[1].decode() if found else ""


def _begins(anchor: Any) -> Place:
    row = anchor.findtext(f"{_SHEET_DRAWING}from/{_SHEET_DRAWING}row") or ""
    column = anchor.findtext(f"{_SHEET_DRAWING}from/{_SHEET_DRAWING}col") or ""
    return (int(row) if row.isdigit() else 0, int(column) if column.isdigit() else 0)
