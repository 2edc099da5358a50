"""Gradio's theme, quietened: system fonts (nothing is fetched) and our colours. The look is in static/style.css."""

from __future__ import annotations

import gradio as gr

FONTS = (
    "system-ui",
    "-apple-system",
    "Segoe UI",
    "Roboto",
    "Noto Sans",
    "PingFang SC",
    "Microsoft YaHei",
    "sans-serif",
)


def theme() -> gr.themes.Base:
    """A theme without outside fonts, on the page's own background."""
    return gr.themes.Base(font=FONTS, font_mono=("ui-monospace", "Menlo", "Consolas", "monospace")).set(
        body_background_fill="#f6f4f0",
        body_background_fill_dark="#151716",
        background_fill_primary="transparent",
        background_fill_primary_dark="transparent",
        block_background_fill="transparent",
        block_background_fill_dark="transparent",
        block_border_width="0px",
        block_shadow="none",
    )
