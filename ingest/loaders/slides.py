"""What slides of every format have in common: their heading, and the order in which they are read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ingest.loaders.blocks import heading
from rag.types import Block

_LONGEST_TITLE = 80  # of a first line that stands in for a title
_OVERLAP = 0.1  # of a side: boxes drawn by hand overlap a little


@dataclass(frozen=True, slots=True)
class Placed:
    """A shape with its box, in any unit, the origin at the top left."""

    shape: Any
    left: float = 0
    top: float = 0
    width: float = 0
    height: float = 0


def headed(title: str, content: list[Block], page: int, level: int) -> list[Block]:
    """The slide's content under a heading of its own: what stands under none would count to the slide before."""
    if not title and content and content[0].kind == "text" and len(content[0].text) <= _LONGEST_TITLE:
        title, content = content[0].text, content[1:]
    return [heading(title or f"Slide {page}", level, page), *content] if title or content else []


def reading_order(shapes: Iterable[Placed]) -> list[Placed]:
    """From top to bottom and left to right, column after column where a gap between columns is the widest.

    The recursive cut at the widest gap (Nagy and Seth, 1984): a heading over each of two columns stays with its
    column, and a title over both comes first.
    """
    rest = list(shapes)
    rows, gap = _split(rest, [(each.top, each.height) for each in rest])
    columns, between = _split(rest, [(each.left, each.width) for each in rest])
    if len(rows) < 2 and len(columns) < 2:
        return sorted(rest, key=lambda each: (each.top, each.left))
    groups = columns if len(rows) < 2 or (len(columns) > 1 and between > gap) else rows
    return [each for group in groups for each in reading_order(group)]


def _split(shapes: list[Placed], spans: list[tuple[float, float]]) -> tuple[list[list[Placed]], float]:
    """The two groups beside the widest gap along one axis, and its width; one group where there is none."""
    ends = sorted(
        ((start + size * _OVERLAP, start + size * (1 - _OVERLAP), at) for at, (start, size) in enumerate(spans))
    )
    widest, cut, reach = -1.0, 0, float("-inf")
    for place, (start, end, _) in enumerate(ends):
        if place and start >= reach and start - reach > widest:
            widest, cut = start - reach, place
        reach = max(reach, end)
    if not cut:
        return [shapes], widest
    return [[shapes[at] for _, _, at in part] for part in (ends[:cut], ends[cut:])], widest
