"""What the pages of editors and testers have in common: five parts, one hidden hub for events, and who is asking.

The script (static/work.js) sends with each event where the page is; the handler answers with the parts as they are there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gradio as gr

from desk.staff import Account, Staff
from rag.types import Language
from ui.session import STAFF_COOKIE
from ui.texts import chosen

PARTS = ("header", "bar", "list", "main", "activity")
MOVING = ("header", "list", "main", "activity")  # all but what is written into
Shown = tuple[str, ...]


def build(page: Any, title: str, events: Sequence[str]) -> gr.Blocks:
    """The parts, and the handlers of `page` that fill them: load, language and, for MOVING, the `events`.

    No handler is a public endpoint.
    """
    with gr.Blocks(title=title, fill_width=True, analytics_enabled=False) as blocks:
        parts = {name: gr.HTML(elem_id=f"work-{name}", js_on_load=None, apply_default_css=False) for name in PARTS}
        names = ", ".join(f"'{name}'" for name in (*events, "language"))
        hub = gr.HTML(elem_id="work-hub", js_on_load=f"work.connect(trigger, [{names}])")
        how: dict[str, Any] = {"queue": False, "trigger_mode": "multiple", "show_progress": "hidden"}
        how["api_visibility"] = "private"
        every, moving = list(parts.values()), [parts[name] for name in MOVING]
        blocks.load(page.load, None, every, **how)
        hub.language(page.language, None, every, **how)
        for name in events:
            getattr(hub, name)(getattr(page, name), None, moving, **how)
    return blocks.queue(api_open=False)


def account_of(staff: Staff, request: gr.Request) -> Account:
    """Who is asking, told from the session's cookie."""
    account = staff.who(request.cookies.get(STAFF_COOKIE, ""))
    if account is None:  # the shield asked the same a moment ago
        raise gr.Error("logged out", print_exception=False)
    return account


def language_of(request: gr.Request) -> Language:
    """The language picked in the page or asked for by the browser."""
    return chosen(request.cookies, request.headers.get("accept-language", "")).language
