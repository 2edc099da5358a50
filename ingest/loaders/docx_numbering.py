"""The numbers Word computes for list items and headings: "2.", "b)", "1.3". Knows numbering.xml, not the text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ingest.loaders.numerals import written

BULLET = "•"


@dataclass(frozen=True, slots=True)
class _Level:
    format: str
    pattern: str  # "%1.%2."
    start: int


class Numbering:
    """Hands out the marker of each numbered paragraph, in the order of the document."""

    def __init__(self, root: Any | None, name: Callable[[str], str]) -> None:
        """`root` is the w:numbering element or None; `name` qualifies a tag or attribute ("w:lvl")."""
        self._name = name
        self._levels: dict[str, dict[int, _Level]] = {}  # by numId
        self._family: dict[str, str] = {}  # numId → abstractNumId: lists of one family go on counting
        self._counts: defaultdict[str, dict[int, int]] = defaultdict(dict)
        if root is not None:
            self._read(root)

    def marker(self, number: str, level: int) -> str:
        """The marker of the next paragraph of list `number` at `level`; "" if it shows none."""
        levels = self._levels.get(number, {})
        own = levels.get(level)
        if own is None:
            return BULLET
        counts = self._counts[self._family[number]]
        counts[level] = counts.get(level, own.start - 1) + 1
        for deeper in [key for key in counts if key > level]:
            del counts[deeper]
        if own.format == "bullet":
            return BULLET
        if own.format == "none":
            return ""
        text = own.pattern
        for upper in range(level + 1):
            at = levels.get(upper, own)
            text = text.replace(f"%{upper + 1}", written(counts.setdefault(upper, at.start), at.format))
        return text.strip()

    def _read(self, root: Any) -> None:
        w = self._name
        abstract = {
            each.get(w("w:abstractNumId")): {
                int(level.get(w("w:ilvl"), "0")): self._level(level) for level in each.iter(w("w:lvl"))
            }
            for each in root.iterchildren(w("w:abstractNum"))
        }
        for each in root.iterchildren(w("w:num")):
            number, family = each.get(w("w:numId")), self._value(each, "w:abstractNumId")
            overrides = list(each.iterchildren(w("w:lvlOverride")))
            self._levels[number] = dict(abstract.get(family, {}))
            # A list that starts anew counts for itself.
            restarted = any(self._value(over, "w:startOverride") for over in overrides)
            self._family[number] = f"{family}/{number}" if restarted else family
            for over in overrides:
                self._override(number, over)

    def _override(self, number: str, over: Any) -> None:
        levels, at = self._levels[number], int(over.get(self._name("w:ilvl"), "0"))
        for level in over.iterchildren(self._name("w:lvl")):
            levels[at] = self._level(level)
        start = self._value(over, "w:startOverride")
        if start and at in levels:
            levels[at] = _Level(levels[at].format, levels[at].pattern, int(start))

    def _level(self, level: Any) -> _Level:
        start = self._value(level, "w:start")
        return _Level(
            self._value(level, "w:numFmt") or "decimal",
            self._value(level, "w:lvlText"),
            int(start) if start.isdigit() else 1,
        )

    def _value(self, parent: Any, tag: str) -> str:
        found = parent.find(self._name(tag))
        return str(found.get(self._name("w:val"), "")) if found is not None else ""
