"""What a Word paragraph is by its style: heading, title, list entry, code. Knows styles, not the text."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from docx.oxml.ns import qn

_HEADING = re.compile(
    r"(?:heading|überschrift|titre|título|titolo|kop|rubrik|заголовок|标题|標題|見出し)\s*([1-9])$", re.I
)
_TITLE = frozenset({"title", "titel", "标题", "標題", "表題"})
_CODE = re.compile(r"\b(?:code|source|listing|preformatted|macro text)\b", re.I)


_SPECK = 4  # half points: two points are a few pixels high
_COLOURED = frozenset(map(qn, ("w:tbl", "w:txbxContent")))  # their styles may fill them


@dataclass(frozen=True, slots=True)
class Look:
    """What the style, and what it is based on, says about a paragraph."""

    level: int = 0  # of a heading, 1–9; 0 for none
    title: bool = False
    code: bool = False
    hidden: bool = False
    list: str = ""  # numId
    depth: int | None = None  # ilvl


class Styles:
    """The looks of all paragraph styles of a document, by style id."""

    def __init__(self, root: Any) -> None:
        self._styles = {style.get(qn("w:styleId")): style for style in root.iterchildren(qn("w:style"))}
        self._looks: dict[str, Look] = {}
        self._default = next(
            (key for key, style in self._styles.items() if style.get(qn("w:default")) == "1" and _is_paragraph(style)),
            "",
        )

    def look(self, paragraph: Any) -> Look:
        """The look of a w:p: its style's, changed by its own properties."""
        own = paragraph.find(qn("w:pPr"))
        style = value(own, "w:pStyle") or self._default
        return _changed(self._look(style, depth=0), own)

    def hidden_run(self, run: Any) -> bool:
        """Whether nobody who looks at the page can read a w:r: hidden, a speck, or white on what must be paper."""
        said = run.find(qn("w:rPr"))
        if _is_on(said, "w:vanish"):
            return True
        size = value(said, "w:sz")
        if size.isdigit() and int(size) <= _SPECK:
            return True
        return value(said, "w:color").upper() == "FFFFFF" and not _may_stand_on_colour(run)

    def _look(self, key: str, depth: int) -> Look:
        if key not in self._looks:
            style = self._styles.get(key)
            if style is None or depth > 20:  # a style may be based on itself
                return Look()
            base = self._look(value(style, "w:basedOn"), depth + 1)
            self._looks[key] = _changed(
                _named(base, value(style, "w:name")), style.find(qn("w:pPr")), style.find(qn("w:rPr"))
            )
        return self._looks[key]


def _is_paragraph(style: Any) -> bool:
    return bool(style.get(qn("w:type"), "paragraph") == "paragraph")


def _named(look: Look, name: str) -> Look:
    folded = name.strip().casefold()
    if found := _HEADING.match(folded):
        return replace(look, level=int(found[1]), title=False)
    if folded in _TITLE:
        return replace(look, title=True)
    return replace(look, code=look.code or bool(_CODE.search(folded)))


def _changed(look: Look, properties: Any | None, run: Any | None = None) -> Look:
    """The look after w:pPr (and a style's w:rPr) had their say."""
    outline = value(properties, "w:outlineLvl")
    if outline.isdigit():
        # Level 9 is body text.
        look = replace(look, level=0 if int(outline) >= 9 else look.level or int(outline) + 1)
    numbering = properties.find(qn("w:numPr")) if properties is not None else None
    if numbering is not None:
        depth = value(numbering, "w:ilvl")
        look = replace(
            look, list=value(numbering, "w:numId") or look.list, depth=int(depth) if depth.isdigit() else look.depth
        )
    return replace(look, hidden=look.hidden or _is_on(run, "w:vanish"))


def _is_on(properties: Any | None, tag: str) -> bool:
    found = properties.find(qn(tag)) if properties is not None else None
    return found is not None and found.get(qn("w:val"), "1") not in ("0", "false", "off")


def _may_stand_on_colour(run: Any) -> bool:
    """Whether something may be behind it: shading, a cell, a shape, or the colour of the whole page."""
    for node in (run, *run.iterancestors()):
        if node.tag in _COLOURED:
            return True
        said = node.find(qn("w:rPr")) if node is run else node.find(qn("w:pPr")) if node.tag == qn("w:p") else None
        if said is not None and (said.find(qn("w:shd")) is not None or said.find(qn("w:highlight")) is not None):
            return True
    return run.getroottree().getroot().find(qn("w:background")) is not None


def value(parent: Any | None, tag: str) -> str:
    """w:val of a child, "" where there is none."""
    found = parent.find(qn(tag)) if parent is not None else None
    return str(found.get(qn("w:val"), "")) if found is not None else ""
