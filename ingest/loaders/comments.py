"""What reviewers wrote beside a document: whether it goes in, and how it is told from the document itself.

It does not by default: reviewers write to each other, not to customers. Knows no file format.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from ingest.loaders.blocks import heading, one_line
from rag.text import HAN
from rag.types import Block

_taken: ContextVar[bool] = ContextVar("comments", default=False)


@dataclass(frozen=True, slots=True)
class Comment:
    """One remark; author and day (2026-01-31) are empty where the file does not say."""

    text: str
    author: str = ""
    day: str = ""
    page: int | None = None


@contextmanager
def taking(wanted: bool) -> Iterator[None]:
    """Within it, loaders take comments in if `wanted`. Without it they leave them out."""
    token = _taken.set(wanted)
    try:
        yield
    finally:
        _taken.reset(token)


def warned(found: object, where: str) -> list[str]:
    """What editors are told of comments that were left out of `where`, if any were found."""
    if not found or _taken.get():
        return []
    return [f"Comments in the {where} were left out (ingest.comments in config.yaml takes them in)."]


def comment_blocks(comments: Sequence[Comment], level: int) -> Iterator[Block]:
    """The comments under a heading that says what they are, if they are to be taken in.

    By the heading every passage made of them is labelled, whichever of its sentences is cited.
    """
    said = [each for each in comments if one_line(each.text)] if _taken.get() else []
    if said:
        name = "批注" if re.search(f"[{HAN}]", "".join(each.text for each in said)) else "Comments"
        yield heading(name, level, said[0].page)
    for each in said:
        by = ", ".join(filter(None, (one_line(each.author), each.day)))
        yield Block("text", f"{by}: {one_line(each.text)}" if by else one_line(each.text), page=each.page)


def day_of(moment: str | None) -> str:
    """The day of an ISO date and time, "" where there is none."""
    day = (moment or "")[:10]
    return day if len(day) == 10 and day.replace("-", "").isdigit() else ""


def words_of(node: Any) -> str:
    """All text below an XML node, its paragraphs on lines of their own. Paragraphs of Word, DrawingML or OpenDocument."""
    lines = [part for part in node.iter() if isinstance(part.tag, str) and part.tag.endswith("}p")]
    return "\n".join("".join(line.itertext()) for line in lines) if lines else "".join(node.itertext())
