"""The parts of a book in an EPUB archive: its metadata, its chapters in reading order, their names.

Reads nothing outside the archive. Knows no chapter's content; `epub.py` reads those.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

from ingest.loaders.archive import broken
from ingest.loaders.blocks import one_line
from rag.errors import Refused

if TYPE_CHECKING:
    from lxml.etree import _Element

_ENTITY = re.compile(rb"<!\s*ENTITY", re.IGNORECASE)
_ABSOLUTE = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)
_FONT_ONLY = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_FONTS = (".ttf", ".otf", ".ttc", ".woff", ".woff2")
_PAGES = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml", "text/x-oeb1-document")


@dataclass(frozen=True, slots=True)
class Book:
    """`chapters` are paths within the archive, in reading order; `names` what the table of contents calls them."""

    title: str
    authors: tuple[str, ...]
    description: str
    chapters: tuple[str, ...]
    names: dict[str, str]
    missing: int  # chapters that are listed but not there


class Parts:
    """The files in the archive by path; a path that leaves it leads nowhere."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._entries = {entry.filename: entry for entry in archive.infolist()}
        self._folded = {name.casefold(): name for name in self._entries}

    def path(self, base: str, address: str) -> str:
        """What `address`, written in the part `base`, names; "" if that is not in the archive."""
        if not address or _ABSOLUTE.match(address):
            return ""
        wanted = unquote(re.split("[#?]", address)[0])
        joined = posixpath.normpath(posixpath.join(posixpath.dirname(base), wanted))
        return joined if joined in self._entries else self._folded.get(joined.casefold(), "")

    def read(self, path: str) -> bytes:
        """The content of a part."""
        return self._archive.read(self._entries[path])

    def markup(self, path: str) -> bytes:
        """The content of a part that is XML. Raises UNSAFE_XML if it defines entities."""
        raw = self.read(path)
        # In UTF-16 the declaration has a zero in every other byte.
        if _ENTITY.search(raw[:65536].replace(b"\x00", b"")):
            raise Refused(
                "UNSAFE_XML",
                f"The part {path} of the book defines entities.",
                "Convert the book again, for example with Calibre, and put that in.",
            )
        return raw

    def tree(self, path: str) -> _Element:
        """A part as XML: nothing is fetched, no entity resolved, small mistakes forgiven."""
        from lxml import etree

        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
        try:
            root = etree.fromstring(self.markup(path), parser)
        except etree.XMLSyntaxError:
            root = None
        if root is None:
            raise broken(f"its part {path} is no XML")
        return root


def book(parts: Parts) -> Book:
    """What the package document says. Raises ENCRYPTED, BROKEN, UNSAFE_XML."""
    _check_rights(parts)
    container = parts.path("", "META-INF/container.xml")
    roots = [_get(each, "full-path") for each in _all(parts.tree(container), "rootfile")] if container else []
    package = next(filter(None, (parts.path("", root) for root in roots)), "")
    if not package:
        raise broken("it does not say where its chapters are")
    root = parts.tree(package)
    items = {_get(each, "id"): each for each in _all(root, "item")}
    spine = list(dict.fromkeys(_get(each, "idref") for each in _all(root, "itemref")))
    read = [items[each] for each in spine if each in items and _get(items[each], "media-type") in _PAGES]
    paths = [parts.path(package, _get(each, "href")) for each in read if "nav" not in _get(each, "properties").split()]
    contents = _contents(parts, package, root)
    chapters = [path for path in dict.fromkeys(paths) if path]
    chapters = [path for path in chapters if path not in contents] or chapters
    return Book(
        title=next(_texts(root, "title"), ""),
        authors=tuple(_texts(root, "creator")),
        description=next(_texts(root, "description"), ""),
        chapters=tuple(chapters),
        names=_names(parts, package, items),
        missing=paths.count("") + sum(each not in items for each in spine),
    )


def _contents(parts: Parts, package: str, root: _Element) -> set[str]:
    """The chapters that are nothing but a table of contents."""
    addresses = [_get(each, "href") for each in _all(root, "reference") if _get(each, "type") == "toc"]
    return {parts.path(package, address) for address in addresses if "#" not in address}


def _check_rights(parts: Parts) -> None:
    path = parts.path("", "META-INF/encryption.xml")
    for each in _all(parts.tree(path), "EncryptedData") if path else ():
        methods = {_get(method, "Algorithm") for method in _all(each, "EncryptionMethod")}
        covers = [_get(reference, "URI").lower() for reference in _all(each, "CipherReference")]
        if not methods <= {*_FONT_ONLY} and not all(name.endswith(_FONTS) for name in covers or [""]):
            raise Refused(
                "ENCRYPTED",
                "The book is protected against copying (DRM); its text cannot be read.",
                "Put in a copy without the protection.",
            )


def _names(parts: Parts, package: str, items: dict[str, _Element]) -> dict[str, str]:
    """Path of a chapter → the first name the table of contents has for it, of EPUB 3 or else EPUB 2."""
    kinds = {
        "nav": [each for each in items.values() if "nav" in _get(each, "properties").split()],
        "ncx": [each for each in items.values() if _get(each, "media-type") == "application/x-dtbncx+xml"],
    }
    names: dict[str, str] = {}
    for kind, found in kinds.items():
        path = parts.path(package, _get(found[0], "href")) if found else ""
        if path and not names:
            for address, name in _links(parts.tree(path)) if kind == "nav" else _points(parts.tree(path)):
                if name and (chapter := parts.path(path, address)):
                    names.setdefault(chapter, name)
    return names


def _links(root: _Element) -> Iterator[tuple[str, str]]:
    for each in _all(root, "a"):
        yield _get(each, "href"), one_line("".join(each.itertext()))


def _points(root: _Element) -> Iterator[tuple[str, str]]:
    for each in _all(root, "navPoint"):
        content, label = next(_children(each, "content"), None), next(_children(each, "navLabel"), None)
        if content is not None and label is not None:
            yield _get(content, "src"), one_line("".join(label.itertext()))


def _all(root: _Element, name: str) -> Iterator[_Element]:
    """Elements by their name in any namespace: old books have none or the wrong one."""
    yield from root.iter(f"{{*}}{name}")


def _children(root: _Element, name: str) -> Iterator[_Element]:
    yield from root.iterchildren(f"{{*}}{name}")


def _get(element: _Element, name: str) -> str:
    return str(element.get(name) or "").strip()


def _texts(root: _Element, name: str) -> Iterator[str]:
    return filter(None, (one_line("".join(each.itertext())) for each in _all(root, name)))
