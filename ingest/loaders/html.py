"""Web pages: what a reader sees of the main content. Nothing is fetched and no markup survives."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ingest.loaders.blocks import heading, is_question, one_line
from ingest.loaders.encoding import decode
from ingest.loaders.html_tables import is_layout, table_block
from rag.types import Block, Document

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag
    from bs4.element import PageElement

_DROPPED = [
    "script",
    "style",
    "noscript",
    "template",
    "nav",
    "footer",
    "aside",
    "svg",
    "iframe",
    "object",
    "annotation",
]
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_CHARSET = re.compile(rb"<(?:meta|\?xml)[^>]*?(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d]*[1-9])|opacity\s*:\s*0(?![.\d])"
)
_SUMMARY_LEVEL = 4
_HIDDEN_WARNING = "Text that readers of the page cannot see was left out (hidden or collapsed parts)."


def load(raw: bytes, name: str) -> Document:
    """A web page. Its title is the only h1 if <title> repeats it, else <title>, else the first h1."""
    del name
    declared = _CHARSET.search(raw[:4096])
    soup = _soup(decode(raw, declared[1].decode("ascii") if declared else ""))
    page_title = one_line(soup.title.get_text()) if soup.title else ""
    hidden = _prune(soup)
    blocks = _blocks(_main(soup))
    title, blocks = _titled(page_title, blocks)
    return Document(title, blocks, warnings=(_HIDDEN_WARNING,) if hidden else ())


def fragment_blocks(source: str) -> tuple[Block, ...]:
    """The blocks of a piece of HTML, such as Markdown may hold."""
    soup = _soup(source)
    _prune(soup)
    return _blocks(soup)


def _soup(source: str) -> BeautifulSoup:
    import warnings

    from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning, XMLParsedAsHTMLWarning

    with warnings.catch_warnings():
        # Neither a text that looks like a path nor XHTML is a mistake here.
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        return BeautifulSoup(source, "lxml")


def _prune(soup: BeautifulSoup) -> bool:
    """Take out what is not content; whether words were among it that somebody hid."""
    from bs4.element import Comment, PreformattedString

    for mark in soup.find_all(string=lambda text: isinstance(text, (Comment, PreformattedString))):
        mark.extract()
    for tag in soup.find_all(_DROPPED):
        tag.decompose()
    hidden = list(soup.find_all(_is_hidden))
    worded = any(re.search(r"\w{2}", tag.get_text()) for tag in hidden)
    for tag in hidden:
        tag.extract()
    return worded


def _is_hidden(tag: Tag) -> bool:
    if tag.name in ("html", "body"):
        return False
    if tag.has_attr("hidden") and tag["hidden"] != "until-found":
        return True
    if str(tag.get("aria-hidden", "")).lower() == "true":
        return True
    return bool(tag.has_attr("style") and _HIDDEN_STYLE.search(str(tag["style"]).lower()))


def _main(soup: BeautifulSoup) -> Tag:
    """The part marked as the main one if it holds a fair share of the text, else everything."""
    body = soup.body or soup
    marked = soup.find_all(["main"]) or soup.find_all(True, attrs={"role": "main"}) or soup.find_all("article")
    if len(marked) == 1 and len(marked[0].get_text()) * 4 >= len(body.get_text()):
        return marked[0]
    return body


def _titled(page_title: str, blocks: tuple[Block, ...]) -> tuple[str, tuple[Block, ...]]:
    tops = [block for block in blocks if block.kind in ("heading", "question") and block.level == 1]
    first = tops[0] if tops else None
    if first and (not page_title or (len(tops) == 1 and first.text.casefold() in page_title.casefold())):
        # The title is not repeated as a block, unless it is a question that the text below answers.
        return first.text, blocks if first.kind == "question" else tuple(
            block for block in blocks if block is not first
        )
    return page_title, blocks


def _blocks(root: Tag) -> tuple[Block, ...]:
    walker = _Walker()
    walker.children(root)
    walker.flush()
    return tuple(walker.blocks)


class _Walker:
    """Goes through the tree once; inline text gathers in `run` until a block-level tag ends it."""

    def __init__(self) -> None:
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
        special = getattr(self, f"tag_{tag.name}", None) if tag.name in _SPECIAL else None
        if special:
            special(tag)
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
        if not words:
            return
        if self.marker:
            self.blocks.append(Block("item", words, level=max(self.depth, 0), marker=self.marker))
            self.marker = ""
        else:
            self.blocks.append(Block("text", words))

    def tag_br(self, tag: Tag) -> None:
        del tag
        self.run.append("\n")

    def tag_img(self, tag: Tag) -> None:
        self.run.append(f" {one_line(str(tag.get('alt', '')))} ")

    def tag_h(self, tag: Tag) -> None:
        self.flush()
        if words := one_line(_text(tag)):
            self.blocks.append(heading(words, int(tag.name[1])))

    tag_h1 = tag_h2 = tag_h3 = tag_h4 = tag_h5 = tag_h6 = tag_h

    def tag_summary(self, tag: Tag) -> None:
        self.flush()
        if words := one_line(_text(tag)):
            self.blocks.append(heading(words, _SUMMARY_LEVEL))

    def tag_pre(self, tag: Tag) -> None:
        self.flush()
        self.marker = ""
        self.blocks.append(Block("code", tag.get_text().strip("\n")))

    def tag_ul(self, tag: Tag) -> None:
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

    tag_ol = tag_menu = tag_ul

    def tag_dl(self, tag: Tag) -> None:
        """A term and its definition are one item; a term that is a question has it as its answer."""
        self.flush()
        for part in tag.find_all(["dt", "dd"]):
            if part.find_parent("dl") is not tag:
                continue
            words = one_line(_text(part)) if part.name == "dt" else ""
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

    def tag_table(self, tag: Tag) -> None:
        self.flush()
        if is_layout(tag):
            self.children(tag)
            self.flush()
            return
        if tag.caption:
            self.children(tag.caption)
            self.flush()
        if (block := table_block(tag, _text)).rows[1:] or any(block.rows[0]):
            self.blocks.append(block)


_SPECIAL = frozenset(
    ["br", "img", "h1", "h2", "h3", "h4", "h5", "h6", "summary", "pre", "ul", "ol", "menu", "dl", "table"]
)


def _text(tag: Tag) -> str:
    """All the words below a tag on one line, with spaces where blocks meet."""
    walker = _Walker()
    walker.children(tag)
    walker.flush()
    return " ".join(
        " ".join(filter(None, map(" ".join, block.rows))) if block.rows else _marked(block) for block in walker.blocks
    )


def _marked(block: Block) -> str:
    return f"{block.marker} {block.text}" if block.marker not in ("", "•") else block.text


def _integer(value: object, default: int) -> int:
    return int(str(value)) if re.fullmatch(r"-?\d{1,6}", str(value)) else default
