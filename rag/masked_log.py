"""Logs without personal numbers and addresses: what is logged goes through `rag/mask.py` on its way out."""

from __future__ import annotations

import logging

from rag.mask import mask

_OWN_HANDLERS = ("uvicorn.error",)  # loggers whose records never reach the root


class Masking(logging.Filter):
    """Lets every record pass, masked: its message, and the traceback with it."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = mask(record.getMessage()), None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = mask(record.exc_text)
        return True


def mask_logs() -> None:
    """Warnings and errors of all loggers to standard error, masked. Twice is as good as once."""
    root = logging.getLogger()
    if not any(isinstance(each, Masking) for handler in root.handlers for each in handler.filters):
        handler = logging.StreamHandler()
        handler.setLevel(logging.WARNING)
        handler.addFilter(Masking())
        root.addHandler(handler)
    for name in _OWN_HANDLERS:
        own = logging.getLogger(name)
        if not any(isinstance(each, Masking) for each in own.filters):
            own.addFilter(Masking())
