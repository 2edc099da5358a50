"""Makes Gradio's page ours: its head, its scripts' nonces, and what shows while it loads. Text to text."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path

STATIC = Path(__file__).parent / "static"

# Gradio advertises itself to link previews, and a manifest for installing it as an app.
_FOREIGN = re.compile(r'<meta\s[^>]*(?:property="og:|name="twitter:)[^>]*/>|<link rel="manifest"[^>]*/?>', re.DOTALL)
_SPLASH = '<div id="vouch-splash" aria-hidden="true"><span></span></div>'


@dataclass(frozen=True, slots=True)
class Head:
    """What stands in a page's head. `visitors`: it is the customers' page, whose visitors are known by a cookie."""

    title: str
    styles: tuple[str, ...]
    script: str
    visitors: bool = False


def rewritten(page: str, head: Head, nonce: str) -> str:
    """The page with our title, icon, styles and script; only its own scripts carry the nonce."""
    page = _FOREIGN.sub("", page)
    styles = "".join(f'<link rel="stylesheet" href="{address(name)}">' for name in head.styles)
    ours = (
        f"<title>{escape(head.title)}</title>"
        f'<link rel="icon" type="image/svg+xml" href="{address("favicon.svg")}">'
        f'{styles}<script src="{address(head.script)}"></script>'
        '<meta name="color-scheme" content="light dark"><meta name="robots" content="noindex">'
    )
    page = page.replace("</head>", f"{ours}</head>", 1).replace("<gradio-app", f"{_SPLASH}<gradio-app", 1)
    return page.replace("<script", f'<script nonce="{nonce}"')


@cache
def address(name: str) -> str:
    """Where a static file is served; its address changes with its content, so that browsers may keep it."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/vouch/{digest}/{name}"
