"""Web pages: what a reader sees of the main content. Nothing is fetched and no markup survives."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ingest.loaders.blocks import one_line
from ingest.loaders.encoding import decode
from ingest.loaders.html_walk import tree_blocks
from rag.types import Block, Document

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

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
_MENU_ITEMS = 10
_DROPPED_ROLES = ["navigation", "search"]
_CHARSET = re.compile(rb"<(?:meta|\?xml)[^>]*?(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d]*[1-9])|opacity\s*:\s*0(?![.\d])"
)
_HIDDEN_WARNING = "Text that readers of the page cannot see was left out (hidden or collapsed parts)."


def load(raw: bytes, name: str) -> Document:
    """A web page. Its title is the only h1 if <title> repeats it, else <title>, else the first h1."""
    del name
    declared = _CHARSET.search(raw[:4096])
    soup = _soup(decode(raw, declared[1].decode("ascii") if declared else ""))
    page_title = one_line(soup.title.get_text()) if soup.title else ""
    hidden = _prune(soup)
    blocks = tree_blocks(_main(soup))
    title, blocks = _titled(page_title, blocks)
    return Document(title, blocks, warnings=(_HIDDEN_WARNING,) if hidden else ())


def fragment_blocks(source: str) -> tuple[Block, ...]:
    """The blocks of a piece of HTML, such as Markdown may hold."""
    soup = _soup(source)
    _prune(soup)
    return tree_blocks(soup)


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
    for tag in soup.find_all(_DROPPED) + soup.find_all(True, role=_DROPPED_ROLES):
        tag.decompose()
    hidden = list(soup.find_all(_is_hidden))
    worded = any(re.search(r"\w{2}", tag.get_text()) for tag in hidden)
    for tag in hidden:
        tag.extract()
    for tag in _menus(soup):
        tag.extract()
    return worded


def _menus(soup: BeautifulSoup) -> list[Tag]:
    """Long lists of nothing but links above the page's title: other languages, other parts of the site."""
    title = soup.h1
    lists = title.find_all_previous(["ul", "ol"]) if title else []
    return [each for each in lists if len(each.find_all("li")) >= _MENU_ITEMS and _link_share(each) > 0.9]


def _link_share(tag: Tag) -> float:
    linked = sum(len(link.get_text(strip=True)) for link in tag.find_all("a"))
    return linked / max(len(tag.get_text(strip=True)), 1)


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
