"""Web pages: what a reader sees of the main content. Nothing is fetched and no markup survives."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.loaders.blocks import one_line
from ingest.loaders.encoding import decode
from ingest.loaders.html_hidden import hidden_tags
from ingest.loaders.html_pictures import FindPicture, embedded_only
from ingest.loaders.html_walk import tree_blocks
from ingest.loaders.pictures import Pictures
from rag.types import Block, Document

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

_NEVER_TEXT = ["script", "style", "noscript", "svg", "iframe", "object", "annotation"]
_FURNITURE = ["nav", "footer", "aside"]
_MENU_ITEMS = 10
_DROPPED_ROLES = ["navigation", "search"]
_CHARSET = re.compile(rb"<(?:meta|\?xml)[^>]*?(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Page:
    """What a reader sees of a page, and how many characters of it are hidden."""

    title: str  # what <title> says
    blocks: tuple[Block, ...]
    hidden: int = 0


def load(raw: bytes, name: str) -> Document:
    """A web page. Its title is the only h1 if <title> repeats it, else <title>, else the first h1."""
    del name
    pictures = Pictures()
    page = read_page(source_of(raw), embedded_only(pictures))
    title, blocks = _titled(page.title, page.blocks)
    return Document(title, blocks, warnings=hidden_warnings(page.hidden), pictures=pictures.found)


def source_of(raw: bytes, declared: str = "") -> str:
    """The text of a page; `declared` is the encoding that came with it, which counts for more than its own word."""
    found = None if declared else _CHARSET.search(raw[:4096])
    return decode(raw, found[1].decode("ascii") if found else declared)


def read_page(source: str, find: FindPicture, whole: bool = False) -> Page:
    """The page; if `whole`, as in books and mails, without a guess at what is its main part."""
    soup = _soup(source)
    title = one_line(soup.title.get_text()) if soup.title else ""
    hidden = _prune(soup, [] if whole else _FURNITURE)
    return Page(title, tree_blocks((soup.body or soup) if whole else _main(soup), find), hidden)


def fragment_blocks(source: str, find: FindPicture | None = None) -> tuple[Block, ...]:
    """The blocks of a piece of HTML, such as Markdown may hold."""
    soup = _soup(source)
    _prune(soup, _FURNITURE)
    return tree_blocks(soup, find)


def hidden_warnings(characters: int) -> tuple[str, ...]:
    """The warning that as many characters were left out, if any were."""
    if not characters:
        return ()
    return (f"Text that readers cannot see was left out: {characters:,} characters in hidden or collapsed parts.",)


def _soup(source: str) -> BeautifulSoup:
    import warnings

    from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning, XMLParsedAsHTMLWarning

    with warnings.catch_warnings():
        # Neither a text that looks like a path nor XHTML is a mistake here.
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        return BeautifulSoup(source, "lxml")


def _prune(soup: BeautifulSoup, furniture: list[str]) -> int:
    """Take out what is not content; how many characters of words were among it that somebody hid."""
    from bs4.element import Comment, PreformattedString

    for mark in soup.find_all(string=lambda text: isinstance(text, (Comment, PreformattedString))):
        mark.extract()
    hidden = hidden_tags(soup)
    for tag in soup.find_all(_NEVER_TEXT):
        tag.extract()
    texts = [one_line(" ".join(tag.strings)) for tag in hidden]
    for tag in hidden:
        tag.extract()
    if furniture:
        for tag in soup.find_all(furniture) + soup.find_all(True, role=_DROPPED_ROLES) + _menus(soup):
            tag.extract()
    return sum(len(text) for text in texts if re.search(r"\w{2}", text))


def _menus(soup: BeautifulSoup) -> list[Tag]:
    """Long lists of nothing but links above the page's title: other languages, other parts of the site."""
    title = soup.h1
    lists = title.find_all_previous(["ul", "ol"]) if title else []
    return [each for each in lists if len(each.find_all("li")) >= _MENU_ITEMS and _link_share(each) > 0.9]


def _link_share(tag: Tag) -> float:
    linked = sum(len(link.get_text(strip=True)) for link in tag.find_all("a"))
    return linked / max(len(tag.get_text(strip=True)), 1)


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
