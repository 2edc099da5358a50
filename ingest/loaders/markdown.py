"""Markdown: headings, lists, tables, code, front matter. Raw HTML in it is reduced to its text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ingest.loaders.blocks import clean, heading, join_lines, one_line, table
from ingest.loaders.encoding import decode
from ingest.loaders.fields import Unreadable, read_fields
from ingest.loaders.html import fragment_blocks
from rag.errors import Refused
from rag.types import Block, Document

if TYPE_CHECKING:
    from markdown_it.tree import SyntaxTreeNode

_FRONT = re.compile(r"---[ \t]*\n(.*?)\n?(?:---|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL)
_OPEN_FRONT = re.compile(r"---[ \t]*\n\s*(?:[\w-]+[ \t]*:(?:\s|$)|[A-Za-z][\w-]*[ \t]*：)")
_DROPPED_TAG = re.compile(r"<(/?)(script|style|template)\b", re.IGNORECASE)
_BREAK_TAG = re.compile(r"<br\b", re.IGNORECASE)
_IMAGE_ALT = re.compile(r"<img\b[^>]*?\balt\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)


def load(raw: bytes, name: str) -> Document:
    """A Markdown file with its front matter as fields. The first heading, if of level 1, is its title."""
    del name
    fields, body = _front_matter(clean(decode(raw)).lstrip("\n"))
    blocks = markdown_blocks(body)
    title = str(fields.get("title") or "")
    first = blocks[0] if blocks else None
    if first and first.kind in ("heading", "question") and first.level == 1:
        title = title or first.text
        # A question stays: it is what the text below it answers.
        blocks = blocks[1:] if first.kind == "heading" and one_line(title) == first.text else blocks
    return Document(title, blocks, fields)


def markdown_blocks(text: str) -> tuple[Block, ...]:
    """The blocks of Markdown without front matter."""
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode
    from mdit_py_plugins.footnote import footnote_plugin

    parser = MarkdownIt("commonmark", {"maxNesting": 60}).enable(["table", "strikethrough"]).use(footnote_plugin)
    return tuple(_walk(SyntaxTreeNode(parser.parse(text)).children, depth=0))


def _front_matter(text: str) -> tuple[dict[str, object], str]:
    """Front matter says who may read a document: where it cannot be read, the document must not go in."""
    found = _FRONT.match(text)
    if not found:
        if _OPEN_FRONT.match(text):
            raise _bad_front("it is never closed")
        return {}, text
    try:
        fields = read_fields(found[1])
    except Unreadable as problem:
        raise _bad_front(str(problem)) from problem
    if fields is None:  # text between two rules
        return {}, text
    return fields, text[found.end() :]


def _bad_front(problem: str) -> Refused:
    return Refused(
        "BROKEN",
        f"The front matter at the top of the file cannot be read: {problem}.",
        "Write it as lines of `name: value` between two lines of ---.",
    )


def _walk(nodes: list[SyntaxTreeNode], depth: int) -> Iterator[Block]:
    for node in nodes:
        match node.type:
            case "heading":
                yield heading(_inline(node), int(node.tag[1:]))
            case "paragraph":
                yield Block("text", _inline(node))
            case "bullet_list" | "ordered_list":
                yield from _items(node, depth)
            case "fence" | "code_block":
                yield Block("code", node.content.rstrip("\n"))
            case "table":
                yield _table(node)
            case "html_block":
                yield from fragment_blocks(node.content)
            case _:  # quotes, footnotes: containers; rules and the like have no children
                yield from _walk(node.children, depth)


def _items(node: SyntaxTreeNode, depth: int) -> Iterator[Block]:
    number = int(node.attrs.get("start", 1))
    for item in node.children:
        marker = f"{number}{item.markup}" if node.type == "ordered_list" else "•"
        children = item.children
        if children and children[0].type == "paragraph":
            yield Block("item", _inline(children[0]), level=depth, marker=marker)
            children = children[1:]
        yield from _walk(children, depth + 1)
        number += 1


def _table(node: SyntaxTreeNode) -> Block:
    rows = [[_inline(cell) for cell in row.children] for part in node.children for row in part.children]
    return table(rows, header=any(rows[0]) if rows else False)


def _inline(node: SyntaxTreeNode) -> str:
    """The words of a heading, paragraph or cell; links and emphasis leave their text."""
    text = "".join(_pieces(child for inline in node.children for child in inline.children))
    # A soft break is only where the author's line ended; a hard one is meant.
    lines = "\n".join(join_lines(line.replace("\v", "\n")) for line in text.split("\n"))
    return re.sub(r" *\n *", "\n", re.sub(" +", " ", lines)).strip()


def _pieces(nodes: Iterator[SyntaxTreeNode]) -> Iterator[str]:
    dropping = ""
    for node in nodes:
        tag = _DROPPED_TAG.match(node.content) if node.type == "html_inline" else None
        if tag:
            dropping = "" if tag[1] else tag[2].lower()
        elif not dropping:
            yield _piece(node)


def _piece(node: SyntaxTreeNode) -> str:
    match node.type:
        case "softbreak":
            return "\v"
        case "hardbreak":
            return "\n"
        case "html_inline":
            alt = _IMAGE_ALT.match(node.content)
            return "\n" if _BREAK_TAG.match(node.content) else (alt[1] or alt[2] or "") if alt else ""
        case "footnote_ref" | "footnote_anchor":
            return ""
        case _:
            return "".join(_pieces(iter(node.children))) if node.children else node.content
