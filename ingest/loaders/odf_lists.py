"""The markers of list entries and numbered headings in OpenDocument text. Knows list styles, not the text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ingest.loaders.numerals import written
from ingest.loaders.odf_package import Styles, q

BULLET = "•"
_FORMS = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_FORMS |= {"一, 二, 三, ...": "chineseCounting", "①, ②, ③, ...": "decimalEnclosedCircle"}
_DEEPEST = 10


@dataclass(frozen=True, slots=True)
class _Level:
    form: str  # "" for a number that is not shown
    before: str
    after: str
    shown: int  # how many levels the number shows: 2 for "1.3"
    start: int


class Counter:
    """Counts the entries of one list, or of all headings."""

    def __init__(self, style: Any | None) -> None:
        """`style` is a text:list-style, a text:outline-style or None."""
        self.style = style.get(q("style:name"), "") if style is not None else ""
        self._levels: dict[int, _Level | None] = {}  # None for a bullet
        self._counts: dict[int, int] = {}
        for each in style if style is not None else ():
            level = each.get(q("text:level"), "")
            if level.isdigit():
                numbered = each.tag in (q("text:list-level-style-number"), q("text:outline-level-style"))
                self._levels[int(level) - 1] = _level(each) if numbered else None

    def entry(self, level: int, start: str) -> Iterator[str]:
        """The one marker of an entry, counted when it is taken: an entry without text is none."""
        yield self.marker(level, start)

    def marker(self, level: int, start: str = "") -> str:
        """The marker of the next entry at `level` (from 0); `start` is the number it has of its own."""
        own = self._levels.get(level)
        for deeper in [key for key in self._counts if key > level]:
            del self._counts[deeper]
        if own is None:
            return BULLET
        self._counts[level] = int(start) if start.isdigit() else self._counts.get(level, own.start - 1) + 1
        if not own.form:
            return ""
        parts = []
        for upper in range(max(level - own.shown + 1, 0), level + 1):
            at = self._levels.get(upper) or own
            parts.append(written(self._counts.get(upper, at.start), at.form or own.form))
        return f"{own.before}{'.'.join(parts)}{own.after}".strip()


class Lists:
    """The counters of a document's lists: one that continues another goes on counting."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self._last: dict[str, Counter] = {}  # by name of style
        self._named: dict[str, Counter] = {}  # by xml:id
        self.headings = Counter(styles.outline) if styles.outline is not None else None

    def counter(self, node: Any, style: str) -> Counter:
        """The counter of a text:list of the outermost level."""
        continued = self._named.get(node.get(q("text:continue-list"), ""))
        if continued is None and node.get(q("text:continue-numbering")) == "true":
            continued = self._last.get(style)
        counter = continued or Counter(self._styles.lists.get(style))
        self._last[style] = counter
        if key := node.get("{http://www.w3.org/XML/1998/namespace}id"):
            self._named[key] = counter
        return counter


def _level(each: Any) -> _Level:
    start, shown = each.get(q("text:start-value"), "1"), each.get(q("text:display-levels"), "1")
    form = each.get(q("style:num-format"), "")
    return _Level(
        _FORMS.get(form, "decimal") if form else "",
        each.get(q("style:num-prefix"), ""),
        each.get(q("style:num-suffix"), ""),
        min(int(shown), _DEEPEST) if shown.isdigit() else 1,
        int(start) if start.isdigit() else 1,
    )
