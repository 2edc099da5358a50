"""Pictures that a page carries within itself, as data: addresses. Knows no files; nothing is ever fetched."""

from __future__ import annotations

import binascii
import re
from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from ingest.loaders.pictures import Pictures
from rag.types import Block

FindPicture = Callable[[str, str], Block | None]
"""(what `src` names, what the page says about it) → a block, or None if there is nothing to show."""

_DATA = re.compile(r"\s*data:image/[\w.+-]+((?:;[^,;]*)*),", re.IGNORECASE)


def embedded_only(pictures: Pictures) -> FindPicture:
    """Finds data: pictures; any other address stands for nothing."""

    def find(source: str, says: str) -> Block | None:
        raw = data_bytes(source)
        return pictures.block(raw, says) if raw else None

    return find


def data_bytes(source: str) -> bytes | None:
    """What a data: address of a picture holds; None for other addresses and for damaged ones."""
    head = _DATA.match(source)
    if not head:
        return None
    raw = unquote_to_bytes(source[head.end() :])
    if not head[1].lower().endswith(";base64"):
        return raw
    try:
        return binascii.a2b_base64(raw)
    except binascii.Error:
        return None
