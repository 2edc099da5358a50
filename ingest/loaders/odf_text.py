"""Goes through OpenDocument text in order: body, cell, text box, slide, note. Knows the text, not the package."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ingest.loaders.blocks import heading, one_line, table, with_one_header
from ingest.loaders.comments import Comment, day_of
from ingest.loaders.grids import rows_of
from ingest.loaders.odf_lists import Counter, Lists
from ingest.loaders.odf_package import Package, q
from ingest.loaders.odf_tables import filled_cells, rows_in
from ingest.loaders.ooxml_drawing import alternative
from ingest.loaders.pictures import Pictures
from rag.types import Block

_SHAPES = frozenset(
    map(
        q,
        (
            *("draw:frame", "draw:custom-shape", "draw:rect", "draw:ellipse", "draw:circle", "draw:line"),
            *("draw:connector", "draw:polygon", "draw:polyline", "draw:path", "draw:caption", "draw:g", "draw:a"),
        ),
    )
)
# Deleted text, tables of contents and other indexes, the pronunciation above characters, labels of notes.
_SKIPPED = frozenset(
    map(
        q,
        (
            *("text:tracked-changes", "text:table-of-content", "text:alphabetical-index", "text:illustration-index"),
            *("text:table-index", "text:object-index", "text:ruby-text", "text:note-citation", "office:forms"),
            *("text:sequence-decls", "text:variable-decls", "text:user-field-decls", "svg:title", "svg:desc"),
        ),
    )
)
_SIGNS = {q("text:s"): " ", q("text:tab"): " ", q("text:line-break"): "\n"}


class Walker:
    """Makes the blocks; afterwards `title`, `hidden` and `comments` say what it met on the way."""

    def __init__(self, package: Package, pictures: Pictures) -> None:
        self._package = package
        self._styles = package.styles
        self._pictures = pictures
        self._lists = Lists(package.styles)
        self._beside: list[Any] = []  # shapes and notes met in the paragraph under way, to follow it
        self.page: int | None = None
        self.title = ""
        self.hidden = False
        self.comments: list[Comment] = []

    def blocks(self, parent: Any) -> Iterator[Block]:
        """The blocks of whatever holds paragraphs, lists, tables and shapes."""
        listing: list[str] = []
        for child in parent:
            if child.tag == q("text:p") and self._is_code(child):
                listing.append(self._text(child))
                continue
            if listing:
                yield Block("code", "\n".join(listing), page=self.page)
                listing = []
            yield from self._block(child)
        if listing:
            yield Block("code", "\n".join(listing), page=self.page)

    def _block(self, child: Any) -> Iterator[Block]:
        if child.tag in (q("text:p"), q("text:h")):
            yield from self._paragraph(child)
        elif child.tag == q("text:list"):
            yield from self._list(child, None, 0)
        elif child.tag == q("table:table"):
            yield from self._table(child)
        elif child.tag in _SHAPES:
            yield from self.shape(child)
        elif child.tag == q("office:annotation"):
            self._comment(child)
        elif child.get(q("text:display")) == "none":  # a section may be hidden as a whole
            self.hidden = True
        elif child.tag not in _SKIPPED:
            yield from self.blocks(child)

    def _comment(self, node: Any) -> None:
        author, day = node.findtext(q("dc:creator")) or "", day_of(node.findtext(q("dc:date")))
        words = "\n".join("".join(line.itertext()) for line in node.iter(q("text:p")))
        self.comments.append(Comment(words, author, day, self.page))

    def shape(self, shape: Any) -> Iterator[Block]:
        """What a frame or a drawn shape says or shows."""
        if shape.tag != q("draw:frame"):
            yield from self.blocks(shape)
            return
        for child in shape:
            if child.tag == q("draw:object") and (found := list(self._object(child))):
                yield from found
                return
        # A frame may hold one thing in several forms; a table has a picture of itself beside it.
        held = [child for child in shape if child.tag in (q("draw:text-box"), q("table:table"))]
        for child in held:
            yield from self._block(child) if child.tag == q("table:table") else self.blocks(child)
        if not held:
            yield from self._picture(shape)

    def words(self, parent: Any) -> str:
        """All of it on one line, as in a cell."""
        return one_line(" ".join(_flat(block) for block in self.blocks(parent)))

    def _paragraph(self, node: Any, marks: Iterator[str] | None = None, level: int = 0) -> Iterator[Block]:
        """A paragraph, then what stands beside it; the first of a list entry takes its mark."""
        outer, self._beside = self._beside, []
        text = self._text(node).strip()
        beside, self._beside = self._beside, outer
        style = node.get(q("text:style-name"), "")
        if text and self._styles.says("paragraph", style, "text:display") == "none":
            self.hidden = True
        elif text and "Title" in self._styles.names("paragraph", style) and not self.title and self.page is None:
            self.title = text
        elif text and node.tag == q("text:h"):
            yield self._heading(node, text)
        elif text:
            marker = next(marks, "") if marks else ""
            yield (
                Block("item", text, level=level, marker=marker, page=self.page)
                if marker
                else Block("text", text, page=self.page)
            )
        for each in beside:
            yield from self.shape(each) if each.tag in _SHAPES else self.blocks(each)

    def _heading(self, node: Any, text: str) -> Block:
        level = node.get(q("text:outline-level"), "1")
        depth = int(level) if level.isdigit() else 1
        silent = node.get(q("text:is-list-header")) == "true" or self._lists.headings is None
        marker = "" if silent or self._lists.headings is None else self._lists.headings.marker(depth - 1)
        return heading(f"{marker} {text}" if marker not in ("", "•") else text, depth, self.page)

    def _list(self, node: Any, counter: Counter | None, level: int) -> Iterator[Block]:
        style = node.get(q("text:style-name"), "")
        if counter is None or (style and style != counter.style):
            counter = self._lists.counter(node, style or self._style_within(node))
        for item in node:
            if item.tag not in (q("text:list-item"), q("text:list-header")):
                continue
            headed = item.tag == q("text:list-header")
            marks = None if headed else counter.entry(level, item.get(q("text:start-value"), ""))
            for child in item:
                if child.tag == q("text:list"):
                    yield from self._list(child, counter, level + 1)
                elif child.tag == q("text:p") and self._numbered(child):
                    yield from self._paragraph(child, marks, level)
                else:
                    yield from self._block(child)

    def _style_within(self, node: Any) -> str:
        """The list style that the paragraphs name where the list itself names none."""
        first = next(node.iter(q("text:p"), q("text:h")), None)
        name = first.get(q("text:style-name"), "") if first is not None else ""
        return self._styles.says("paragraph", name, "style:list-style-name")

    def _numbered(self, paragraph: Any) -> bool:
        name = paragraph.get(q("text:style-name"), "")
        return self._styles.says("paragraph", name, "text:enable-numbering") != "false"

    def _is_code(self, paragraph: Any) -> bool:
        names = self._styles.names("paragraph", paragraph.get(q("text:style-name"), ""))
        return any(name.startswith("Preformatted") for name in names) and not any(
            node.tag in _SHAPES for node in paragraph.iter()
        )

    def _text(self, node: Any) -> str:
        return "".join(self._pieces(node))

    def _pieces(self, node: Any) -> Iterator[str]:
        yield node.text or ""
        for child in node:
            if child.tag in _SIGNS:
                yield _SIGNS[child.tag]
            elif child.tag == q("office:annotation"):
                self._comment(child)
            elif child.tag in _SHAPES or child.tag == q("text:note"):
                self._beside.append(child)
            elif child.tag == q("text:hidden-text") or self._hides(child):
                self.hidden = True
            elif child.tag not in _SKIPPED and isinstance(child.tag, str):
                yield from self._pieces(child)
            yield child.tail or ""

    def _hides(self, span: Any) -> bool:
        name = span.get(q("text:style-name"), "") if span.tag == q("text:span") else ""
        return bool(name) and self._styles.says("text", name, "text:display") == "none"

    def _table(self, node: Any) -> Iterator[Block]:
        boxed = list(rows_in(node))
        if len(boxed) == 1 and len(boxed[0]) == 1:  # a frame round text
            yield from self.blocks(boxed[0][0])
            return
        shown: list[Block] = []
        cells = filled_cells(node, lambda cell: self._cell(cell, shown))
        if cells:
            marked = (
                node.find(q("table:table-header-rows")) is not None
                or node.get(q("table:use-first-row-styles")) == "true"
            )
            lines, named = with_one_header(rows_of(cells))
            yield table(lines, header=marked or named, page=self.page)
        yield from shown

    def _cell(self, cell: Any, pictures: list[Block]) -> str:
        """The words of a cell; its pictures follow the table."""
        blocks = list(self.blocks(cell))
        pictures += [block for block in blocks if block.kind == "picture"]
        return one_line(" ".join(_flat(block) for block in blocks))

    def _picture(self, frame: Any) -> Iterator[Block]:
        says = alternative(frame.findtext(q("svg:desc")) or frame.findtext(q("svg:title")))
        for image in frame.iterchildren(q("draw:image")):
            raw = self._package.part(image.get(q("xlink:href"), ""))
            if raw is not None and (block := self._pictures.block(raw, says, self.page)):
                yield block
                return

    def _object(self, node: Any) -> Iterator[Block]:
        """A chart as the table of its values, a formula as its source."""
        inside = next(iter(node), None)
        if inside is None:
            inside = self._package.xml(f"{node.get(q('xlink:href'), '').rstrip('/')}/content.xml")
        if inside is None:
            return
        for chart in inside.iter(q("chart:chart")):
            title = chart.find(q("chart:title"))
            if title is not None:
                yield Block("text", self.words(title), page=self.page)
            for values in chart.iterchildren(q("table:table")):
                yield from self._table(values)
        formula = next(inside.iter(q("math:annotation")), None)
        if formula is not None and (formula.text or "").strip():
            yield Block("text", one_line(formula.text), page=self.page)


def _flat(block: Block) -> str:
    if block.kind == "picture":
        return ""
    if block.rows:
        return " ".join(cell for row in block.rows for cell in dict.fromkeys(row) if cell)
    return f"{block.marker} {block.text}" if block.marker not in ("", "•") else block.text
