"""Which parts of a page its readers cannot see, by attributes and inline styles. Knows no style sheets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_FAR_AWAY = re.compile(
    r"-\s*(?:[5-9]\d\d|\d{4,}|\d{2,}(?:\.\d+)?(?:r?em|v[wh])|1\d\d%)"
)  # beyond an edge of the screen
_NOTHING = re.compile(r"[+]?(?:0+(?:\.0*)?|\.0+)(?:[a-z]+|%)?$")
_TINY = re.compile(r"[+]?(?:0*1(?:\.\d*)?|0*\.\d+)(?:px|pt)$")
_NO_CLIP = re.compile(
    r"rect\(\s*[01](?:px)?[\s,]+[01](?:px)?[\s,]+[01](?:px)?[\s,]+[01](?:px)?\s*\)|inset\(\s*(?:50|100)%"
)
_COLOUR = re.compile(r"#[0-9a-f]{3,8}|rgba?\([^)]*\)|\b(?:white|black|transparent)\b")
_DECIMAL = re.compile(r"\d{1,9}(?:\.\d{1,9})?|\.\d{1,9}")
_NAMED = {"white": "ffffff", "black": "000000"}
_SHEETS = re.compile(r"stylesheet")


def hidden_tags(soup: BeautifulSoup) -> list[Tag]:
    """The outermost tags that are not shown. Call it before style sheets are taken out of the tree."""
    paper = "" if soup.find("style") or soup.find("link", rel=_SHEETS) else "ffffff"
    found: list[Tag] = []
    for tag in soup.find_all(lambda each: _is_hidden(each, paper)):
        if not any(parent is former for former in found[-1:] for parent in tag.parents):
            found.append(tag)
    return found


def _is_hidden(tag: Tag, paper: str) -> bool:
    if tag.name in ("html", "body"):
        return False
    if tag.name == "template" or (tag.has_attr("hidden") and tag["hidden"] != "until-found"):
        return True
    if str(tag.get("aria-hidden", "")).strip().lower() == "true":
        return True
    style = _declarations(tag)
    return bool(style or tag.has_attr("color")) and (
        _not_drawn(style) or _out_of_sight(style) or _like_paper(tag, paper)
    )


def _declarations(tag: Tag) -> dict[str, str]:
    """The inline style, property → value, in lower case."""
    pairs = (each.partition(":") for each in _COMMENT.sub("", str(tag.get("style", ""))).lower().split(";"))
    return {name.strip(): value.replace("!important", "").strip() for name, colon, value in pairs if colon}


def _not_drawn(style: dict[str, str]) -> bool:
    return (
        style.get("display") == "none"
        or style.get("visibility") in ("hidden", "collapse")
        or style.get("content-visibility") == "hidden"
        or style.get("mso-hide") == "all"
        or bool(_NOTHING.match(style.get("opacity", "")))
        or any(pattern.match(style.get("font-size", "")) for pattern in (_NOTHING, _TINY))
    )


def _out_of_sight(style: dict[str, str]) -> bool:
    if _FAR_AWAY.match(style.get("text-indent", "")) or _NO_CLIP.match(style.get("clip-path", "")):
        return True
    cut = style.get("overflow", "").startswith(("hidden", "clip"))
    if cut and any(_NOTHING.match(style.get(side, "")) for side in ("width", "height", "max-width", "max-height")):
        return True
    if style.get("position") not in ("absolute", "fixed"):
        return False
    away = any(_FAR_AWAY.match(style.get(side, "")) for side in ("left", "right", "top", "bottom"))
    return away or bool(_NO_CLIP.match(style.get("clip", "")))


def _like_paper(tag: Tag, paper: str) -> bool:
    """Whether the words have the colour of what they stand on; `paper` is the page's own, if that is known."""
    ink = _colour(_declarations(tag).get("color", "") or str(tag.get("color", "")).lower())
    if not ink:
        return False
    if ink == "transparent":
        return True
    for each in (tag, *tag.parents):
        style = _declarations(each)
        ground = style.get("background-color") or style.get("background") or str(each.get("bgcolor", "")).lower()
        if ground and _colour(ground) != "transparent":
            return "url(" not in ground and _colour(ground) == ink
    return ink == paper


def _colour(value: str) -> str:
    """Six hexadecimal digits, "transparent", or nothing if it is neither said nor known."""
    found = _COLOUR.search(value)
    if not found:
        return ""
    word = found[0]
    if word.startswith("#"):
        digits = word[1:]
        if len(digits) == 8 and digits.endswith("00"):
            return "transparent"
        return "".join(digit * 2 for digit in digits[:3]) if len(digits) < 6 else digits[:6]
    if word.startswith("rgb"):
        numbers = [float(each) for each in _DECIMAL.findall(word)]
        if len(numbers) == 4 and numbers[3] == 0:
            return "transparent"
        return "".join(f"{min(int(number), 255):02x}" for number in numbers[:3])
    return _NAMED.get(word, word)
