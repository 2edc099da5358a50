"""Where in a document a passage stands, as people say it: a page, a slide, a minute. Knows no language."""

from __future__ import annotations

from pathlib import PurePath
from typing import Literal

SLIDES = (".odp", ".potx", ".pps", ".ppsx", ".ppt", ".pptm", ".pptx")


def unit(source: str) -> Literal["page", "slide"]:
    """What the numbers of this document count."""
    return "slide" if PurePath(source).suffix.lower() in SLIDES else "page"


def clock(second: float) -> str:
    """Seconds into a recording as its player shows them: 1:05, 1:02:05."""
    minutes, seconds = divmod(int(second), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
