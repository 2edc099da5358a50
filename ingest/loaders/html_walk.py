"""Goes through a tree of HTML and makes its blocks. Knows tags, not pages: what is hidden is gone before."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.loaders.archive import broken
from ingest.loaders.blocks import heading, is_question, one_line
from ingest.loaders.html_pictures import FindPicture
from ingest.loaders.html_tables import is_layout, table_block
from rag.types import Block

if TYPE_CHECKING:
    from bs4 import Tag
    from bs4.element import PageElement

_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu ol p pre section summary "
    "table tbody td tfoot th thead tr ul".split()
)
_SUMMARY_LEVEL = 4  # of what opens a collapsed part, and of a term that is a question


def tree_blocks(root: Tag, find: FindPicture | None = None) -> tuple[Block, ...]:
    """The blocks of what stands below a tag; `find` knows its pictures. Without it their words alone are kept."""
    walker = _Walker(find)
    try:
        walker.children(root)
    except RecursionError as problem:
        raise broken("its parts are nested too deeply for any page") from problem
    walker.flush()
    return tuple(walker.blocks)


class _Walker:
    """Goes through the tree once; inline text gathers in `run` until a block-level tag ends it."""

    def __init__(self, find: FindPicture | None) -> None:
        self.find = find
        self.pictures: list[Block] = []  # met in the run, or in the table or heading under way
        self.blocks: list[Block] = []
        self.run: list[str] = []
        self.marker = ""  # of the list item whose first words are still to come
        self.depth = -1  # of the list being walked

    def children(self, tag: Tag) -> None:
        for child in list(tag.children):
            self.element(child)

    def element(self, node: PageElement) -> None:
        from bs4 import Tag
        from bs4.element import NavigableString

        if isinstance(node, NavigableString):
            self.run.append(re.sub(r"\s+", " ", node))
        elif isinstance(node, Tag):
            self.tag(node)

    def tag(self, tag: Tag) -> None:
        if special := _SPECIAL.get(tag.name):
            special(self, tag)
        elif tag.name in _BLOCKS:
            self.flush()
            self.children(tag)
            self.flush()
        else:
            self.children(tag)

    def flush(self) -> None:
        """End the paragraph or list item under way."""
        words = re.sub(r" *\n *", "\n", re.sub(r" +", " ", "".join(self.run))).strip()
        self.run = []
        pictures, self.pictures = self.pictures, []
        if words and words == one_line(" ".join(picture.text for picture in pictures)):
            words = self.marker = ""  # nothing but pictures: each keeps its own words
        elif words:
            pictures = [replace(picture, text="") for picture in pictures]
        if words:
            self.paragraph(words)
        self.blocks += pictures

    def paragraph(self, words: str) -> None:
        if self.marker:
            self.blocks.append(Block("item", words, level=max(self.depth, 0), marker=self.marker))
            self.marker = ""
        else:
            self.blocks.append(Block("text", words))

    def line_break(self, tag: Tag) -> None:
        del tag
        self.run.append("\n")

    def image(self, tag: Tag) -> None:
        """Its words stay where they stand; what it shows follows the paragraph."""
        says = one_line(str(tag.get("alt", "")))
        self.run.append(f" {says} ")
        if self.find and (picture := self.find(str(tag.get("src", "")), says)):
            self.pictures.append(picture)

    def heading(self, tag: Tag) -> None:
        self.flush()
        if words := one_line(self.text(tag)):
            self.blocks.append(heading(words, _SUMMARY_LEVEL if tag.name == "summary" else int(tag.name[1])))
        self.show()

    def text(self, tag: Tag) -> str:
        """All the words below a tag on one line, with spaces where blocks meet; its pictures wait for show()."""
        walker = _Walker(self.find)
        walker.children(tag)
        walker.flush()
        self.pictures += [replace(block, text="") for block in walker.blocks if block.kind == "picture"]
        return " ".join(
            " ".join(filter(None, map(" ".join, block.rows))) if block.rows else _marked(block)
            for block in walker.blocks
        )

    def show(self) -> None:
        """The pictures of the heading or table that has just ended."""
        self.blocks += self.pictures
        self.pictures = []

    def preformatted(self, tag: Tag) -> None:
        self.flush()
        self.marker = ""
        self.blocks.append(Block("code", tag.get_text().strip("\n")))

    def listing(self, tag: Tag) -> None:
        self.flush()
        self.depth += 1
        number = _integer(tag.get("start"), 1)
        for child in list(tag.children):
            if getattr(child, "name", None) == "li":
                self.marker = f"{number}." if tag.name == "ol" else "•"
                number += 1
            self.element(child)
            self.flush()
            self.marker = ""
        self.depth -= 1

    def definitions(self, tag: Tag) -> None:
        """A term and its definition are one item; a term that is a question has it as its answer."""
        self.flush()
        for part in tag.find_all(["dt", "dd"]):
            if part.find_parent("dl") is not tag:
                continue
            words = one_line(self.text(part)) if part.name == "dt" else ""
            if is_question(words):
                self.blocks.append(heading(words, _SUMMARY_LEVEL))
            elif words:
                self.marker = self.marker or "•"
                self.run.append(f"{', ' if self.run else ''}{words}")
            else:
                if self.run:
                    self.run.append(": ")
                self.children(part)
                self.flush()
        self.flush()

    def table(self, tag: Tag) -> None:
        self.flush()
        if is_layout(tag):
            self.children(tag)
            self.flush()
            return
        if tag.caption:
            self.children(tag.caption)
            self.flush()
        if (block := table_block(tag, self.text)).rows[1:] or any(block.rows[0]):
            self.blocks.append(block)
        self.show()


_SPECIAL: dict[str, Callable[[_Walker, Tag], None]] = {
    "br": _Walker.line_break,
    "dl": _Walker.definitions,
    "h1": _Walker.heading,
    "h2": _Walker.heading,
    "h3": _Walker.heading,
    "h4": _Walker.heading,
    "h5": _Walker.heading,
    "h6": _Walker.heading,
    "img": _Walker.image,
    "menu": _Walker.listing,
    "ol": _Walker.listing,
    "pre": _Walker.preformatted,
    "summary": _Walker.heading,
    "table": _Walker.table,
    "ul": _Walker.listing,
}


def _marked(block: Block) -> str:
    return f"{block.marker} {block.text}" if block.marker not in ("", "•") else block.text


def _integer(value: object, default: int) -> int:
    return int(str(value)) if re.fullmatch(r"-?\d{1,6}", str(value)) else default
