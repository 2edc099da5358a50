"""Makes Gradio's page ours: its head, its scripts' nonces, and what shows while it loads. Text to text."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from html import escape
from pathlib import Path

STATIC = Path(__file__).parent / "static"

# Gradio advertises itself to link previews, and a manifest for installing it as an app.
_FOREIGN = re.compile(r'<meta\s[^>]*(?:property="og:|name="twitter:)[^>]*/>|<link rel="manifest"[^>]*/?>', re.DOTALL)
_SPLASH = '<div id="vouch-splash" aria-hidden="true"><span></span></div>'


def rewritten(page: str, title: str, nonce: str) -> str:
    """The page with our title, icon, style and script; only its own scripts carry the nonce."""
    page = _FOREIGN.sub("", page)
    head = (
        f"<title>{escape(title)}</title>"
        f'<link rel="icon" type="image/svg+xml" href="{address("favicon.svg")}">'
        f'<link rel="stylesheet" href="{address("style.css")}"><script src="{address("chat.js")}"></script>'
        '<meta name="color-scheme" content="light dark"><meta name="robots" content="noindex">'
    )
    page = page.replace("</head>", f"{head}</head>", 1).replace("<gradio-app", f"{_SPLASH}<gradio-app", 1)
    return page.replace("<script", f'<script nonce="{nonce}"')


@cache
def address(name: str) -> str:
    """Where a static file is served; its address changes with its content, so that browsers may keep it."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/vouch/{digest}/{name}"
