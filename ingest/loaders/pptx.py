"""PowerPoint presentations: each slide a heading with what stands on it in reading order, then its notes.

Left out: hidden slides and editors' comments (each with a warning; the settings may take comments in), dates, footers
and slide numbers.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from ingest.loaders.archive import broken, checked_office
from ingest.loaders.blocks import one_line
from ingest.loaders.comments import Comment, comment_blocks, day_of, warned, words_of
from ingest.loaders.ooxml_drawing import parsed
from ingest.loaders.pictures import Pictures
from ingest.loaders.slides import headed
from rag.types import Block, Document

_UNSAID = frozenset(
    {"powerpoint presentation", "powerpoint-präsentation", "présentation powerpoint", "powerpoint 演示文稿"}
)


def load(raw: bytes, name: str) -> Document:
    """A .pptx, .pptm or .ppsx file. Its title is its title slide's, else its property, else its first slide's."""
    del name
    from lxml.etree import LxmlError
    from pptx.exc import PythonPptxError

    safe = checked_office(raw)
    try:
        return _document(_opened(safe))
    except (KeyError, ValueError, PythonPptxError, LxmlError, AttributeError) as problem:
        raise broken(f"it is no complete presentation ({problem})") from problem


def _opened(raw: bytes) -> Any:
    from pptx.package import Package

    # pptx.Presentation takes no shows (.ppsx); the package behind it does.
    return Package.open(io.BytesIO(raw)).main_document_part.presentation


def _document(deck: Any) -> Document:
    from ingest.loaders.pptx_shapes import SlideReader

    pictures = Pictures()
    blocks: list[Block] = []
    hidden: list[str] = []
    opening = ""
    authors, commented = _authors(deck.part), False
    unseen: list[str] = []
    white: list[str] = []
    for page, slide in enumerate(deck.slides, 1):
        if slide._element.get("show") in ("0", "false"):
            hidden.append(str(page))
            continue
        reader = SlideReader(slide, page, pictures)
        content = list(reader.blocks())
        opening = opening or (reader.title if reader.opens and not blocks else "")
        blocks += headed(reader.title, content, page, 2 if opening and blocks else 1)
        blocks += reader.notes()
        white += [str(page)] if reader.white() else []
        unseen += [str(page)] if reader.hidden else []
        comments = list(_comments(slide.part, page, authors))
        blocks += comment_blocks(comments, 3)
        commented = commented or bool(comments)
    title = opening or _property(deck) or next((block.text for block in blocks if block.kind == "heading"), "")
    warnings = [f"Hidden slides were left out: {', '.join(hidden)}."] if hidden else []
    warnings += [f"Text that nobody can see was left out on slides: {', '.join(unseen)}."] if unseen else []
    warnings += [f"White text with nothing behind it may be unseen on slides: {', '.join(white)}."] if white else []
    warnings += warned(commented, "presentation")
    return Document(title, tuple(blocks), warnings=tuple(warnings), pictures=pictures.found)


def _authors(main: Any) -> dict[str, str]:
    """Reviewers by the numbers that comments give them."""
    return {
        node.get("id", ""): node.get("name", "")
        for root in _related(main, "authors")
        for node in root.iter()
        if isinstance(node.tag, str) and node.tag.endswith(("}cmAuthor", "}author"))
    }


def _comments(part: Any, page: int, authors: dict[str, str]) -> Iterator[Comment]:
    """The comments on a slide with their replies, as PowerPoint wrote them before 2021 and writes them since."""
    for root in _related(part, "/comments"):
        for node in root.iter("{*}cm", "{*}reply"):
            words = next(node.iterchildren("{*}text", "{*}txBody"), None)
            if words is not None:
                day = day_of(node.get("dt") or node.get("created"))
                yield Comment(words_of(words), authors.get(node.get("authorId", ""), ""), day, page)


def _related(part: Any, kind: str) -> Iterator[Any]:
    """The roots of the parts that `part` refers to as this kind, by the end of the kind's name."""
    for relation in part.rels.values():
        theirs = relation.reltype.lower().endswith(kind) and not relation.is_external
        if theirs and (root := parsed(relation.target_part.blob)) is not None:
            yield root


def _property(deck: Any) -> str:
    """The title among the file's properties, unless it is the one PowerPoint gives every file."""
    title = one_line(deck.core_properties.title or "")
    return "" if title.casefold() in _UNSAID else title
