"""The chat on other sites: the script that puts it there, and who may frame it. Other sites are those of
`server.embed_origins`; without any, the chat is framed by its own site alone.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from fastapi import FastAPI, Response
from starlette.datastructures import Headers

from ui.document import STATIC

BRIEFLY = {"cache-control": "public, max-age=300"}


def embed_routes(app: FastAPI, origins: Sequence[str]) -> None:
    """/embed.js. It names the sites it works on: browsers read the same names in the chat's policy."""
    script = (STATIC / "embed.js").read_text(encoding="utf-8").replace("__ORIGINS__", json.dumps(list(origins)))

    @app.get("/embed.js")
    def embed() -> Response:
        if not origins:
            told = "No site may show this chat. List those that may in server.embed_origins of config.yaml.\n"
            return Response(told, 403, media_type="text/plain")
        return Response(script, media_type="text/javascript", headers=BRIEFLY)


def ancestors(origins: Sequence[str]) -> str:
    """Who may frame the chat, as a Content-Security-Policy has it."""
    return " ".join(("'self'", *origins))


def framed(headers: Headers) -> bool:
    """Whether a page is asked for to stand in another site's frame. Browsers say so over https, where it matters to
    cookies; a frame of the same site (another port or subdomain) has the ordinary ones."""
    return headers.get("sec-fetch-dest") == "iframe" and headers.get("sec-fetch-site") == "cross-site"
