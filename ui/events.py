"""What a page's script sent with an event. Anything may stand there."""

from __future__ import annotations

import gradio as gr


def field(event: gr.EventData, name: str) -> str:
    """A field as text; empty where it is missing or something else."""
    value = getattr(event, name, "")
    return value if isinstance(value, str) else ""


def number(event: gr.EventData, name: str) -> int:
    """A field as a number; 0 where it is none."""
    value = field(event, name)
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 19 else 0


def offsets(spans: str) -> list[tuple[int, int]]:
    """ "3-9,20-31" as pairs; what is not of that form is passed over."""
    found = [each.split("-") for each in spans[:2000].split(",")]
    pairs = [each for each in found if len(each) == 2 and all(part.isdecimal() and len(part) < 9 for part in each)]
    return [(int(first), int(last)) for first, last in pairs]
