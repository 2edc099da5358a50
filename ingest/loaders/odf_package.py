"""An OpenDocument file as a package: its parts, its styles. Knows no text.

Read with lxml alone, entities off: the format is plain XML, and a library would only add its own faults.
"""

from __future__ import annotations

import io
import zipfile
from functools import cache
from typing import Any

from ingest.loaders.archive import broken, checked_office

_SPACES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
    "chart": "urn:oasis:names:tc:opendocument:xmlns:chart:1.0",
    "presentation": "urn:oasis:names:tc:opendocument:xmlns:presentation:1.0",
    "svg": "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0",
    "xlink": "http://www.w3.org/1999/xlink",
    "dc": "http://purl.org/dc/elements/1.1/",
    "math": "http://www.w3.org/1998/Math/MathML",
    "calcext": "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0",
}
_DEEPEST = 20  # styles based on styles


@cache
def q(name: str) -> str:
    """The qualified name of a tag or attribute: q("text:p")."""
    space, _, local = name.partition(":")
    return f"{{{_SPACES[space]}}}{local}"


class Package:
    """The parts of an OpenDocument file. Raises Refused as `checked_office` does, and BROKEN without content."""

    def __init__(self, raw: bytes) -> None:
        safe = checked_office(raw)
        self._archive = zipfile.ZipFile(io.BytesIO(safe))
        content = self.xml("content.xml")
        body = content.find(q("office:body")) if content is not None else None
        if content is None or body is None:
            raise broken("it has no content.xml with a body")
        self.body: Any = body
        self.styles = Styles([root for root in (self.xml("styles.xml"), content) if root is not None])
        meta = self.xml("meta.xml")
        found = meta.find(f".//{q('dc:title')}") if meta is not None else None
        self.title = (found.text or "") if found is not None else ""

    def part(self, reference: str) -> bytes | None:
        """The bytes of a part; None if there is none. What is linked from outside is never fetched."""
        try:
            return self._archive.read(reference.removeprefix("./"))
        except KeyError:
            return None

    def xml(self, reference: str) -> Any | None:
        """The root of a part's XML; None if there is none. Raises BROKEN if it is not well-formed."""
        from lxml import etree

        raw = self.part(reference)
        if raw is None:
            return None
        try:
            return etree.fromstring(
                raw, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
            )
        except etree.XMLSyntaxError as problem:
            raise broken(f"its part {reference} is no XML ({problem})") from problem


class Styles:
    """Named properties of paragraphs, text, tables and slides, and the styles of lists."""

    def __init__(self, roots: list[Any]) -> None:
        self._styles: dict[tuple[str, str], Any] = {}
        self.lists: dict[str, Any] = {}
        self.outline: Any | None = None
        for root in roots:
            for style in root.iter(q("style:style")):
                self._styles[style.get(q("style:family"), ""), style.get(q("style:name"), "")] = style
            for style in root.iter(q("text:list-style")):
                self.lists[style.get(q("style:name"), "")] = style
            self.outline = next(root.iter(q("text:outline-style")), self.outline)

    def chain(self, family: str, name: str) -> list[Any]:
        """The style and what it is based on, the nearest first."""
        found: list[Any] = []
        while (style := self._styles.get((family, name))) is not None and len(found) < _DEEPEST:
            found.append(style)
            name = style.get(q("style:parent-style-name"), "")
        return found

    def names(self, family: str, name: str) -> set[str]:
        """The names of the style and of what it is based on."""
        return {name} | {style.get(q("style:parent-style-name"), "") for style in self.chain(family, name)}

    def says(self, family: str, name: str, attribute: str) -> str:
        """What the nearest style says in an attribute of its own or of its properties; "" if none does."""
        key = q(attribute)
        for style in self.chain(family, name):
            for node in (style, *style):
                if (value := node.get(key)) is not None:
                    return str(value)
        return ""
