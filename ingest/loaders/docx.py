"""Word documents: headings, lists with their numbers, tables, pictures, charts, equations, text boxes, footnotes.

Left out: headers and footers, deleted and hidden text (with a warning), and editors' comments (with a warning, unless
the settings take them in).
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from ingest.loaders.archive import broken, checked_office
from ingest.loaders.blocks import heading, one_line
from ingest.loaders.comments import Comment, comment_blocks, day_of, warned, words_of
from ingest.loaders.pictures import Pictures
from rag.types import Block, Document

if TYPE_CHECKING:
    from ingest.loaders.docx_walk import Walker

_HIDDEN_WARNING = "Hidden text in the document was left out."


def load(raw: bytes, name: str) -> Document:
    """A .docx file. Its title is the first paragraph of style Title, else its only top heading, else its property."""
    del name
    package = _opened(checked_office(raw))
    pictures = Pictures()
    walker = _walker(package, pictures)
    blocks = tuple(walker.blocks(package.element.body))
    title = one_line(walker.title) or _sole_top(blocks)
    if title and blocks and blocks[0] == heading(title, 1) and blocks[0].kind == "heading":
        blocks = blocks[1:]
    comments = list(_comments(package.part))
    return Document(
        title or one_line(package.core_properties.title or ""),
        (*blocks, *comment_blocks(comments, 1)),
        warnings=((_HIDDEN_WARNING,) if walker.hidden else ()) + tuple(warned(comments, "document")),
        pictures=pictures.found,
    )


def _opened(raw: bytes) -> Any:
    import docx
    from docx.opc.exceptions import OpcError
    from lxml.etree import LxmlError

    try:
        return docx.Document(io.BytesIO(raw))
    except (KeyError, ValueError, OpcError, LxmlError, AttributeError) as problem:
        raise broken(f"it is no complete Word document ({problem})") from problem


def _walker(package: Any, pictures: Pictures) -> Walker:
    from docx.opc.constants import RELATIONSHIP_TYPE as KIND

    from ingest.loaders.docx_walk import Walker

    roots = {
        name: _part_root(package.part, kind)
        for name, kind in (("numbering", KIND.NUMBERING), ("footnotes", KIND.FOOTNOTES), ("endnotes", KIND.ENDNOTES))
    }
    notes = {key: roots[key] for key in ("footnotes", "endnotes")}
    return Walker(package.styles.element, roots["numbering"], notes, partial(_related, package.part), pictures)


def _related(main: Any, key: str | None) -> bytes | None:
    """The bytes of a part the document refers to; what is linked from outside is never fetched."""
    relation = main.rels.get(key) if key else None
    return None if relation is None or relation.is_external else bytes(relation.target_part.blob)


def _part_root(main: Any, kind: str) -> Any | None:
    """The XML of a part that python-docx may or may not have parsed."""
    from lxml import etree

    for relation in main.rels.values():
        if relation.reltype == kind and not relation.is_external:
            parser = etree.XMLParser(resolve_entities=False, no_network=True)
            return etree.fromstring(relation.target_part.blob, parser)
    return None


def _sole_top(blocks: tuple[Block, ...]) -> str:
    """The heading that opens the document, if no other has its level."""
    tops = [block for block in blocks if block.kind in ("heading", "question") and block.level == 1]
    return tops[0].text if len(tops) == 1 and blocks[0] is tops[0] else ""


def _comments(main: Any) -> Iterator[Comment]:
    from docx.opc.constants import RELATIONSHIP_TYPE as KIND
    from docx.oxml.ns import qn

    root = _part_root(main, KIND.COMMENTS)
    for node in root.iterchildren(qn("w:comment")) if root is not None else ():
        yield Comment(words_of(node), node.get(qn("w:author"), ""), day_of(node.get(qn("w:date"))))
