"""What is logged, with its traceback, holds no personal numbers."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest

from rag.masked_log import Masking, mask_logs


@pytest.fixture
def written() -> Iterator[tuple[logging.Logger, io.StringIO]]:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(Masking())
    logger = logging.getLogger("tests.masked")
    logger.addHandler(handler)
    yield logger, stream
    logger.removeHandler(handler)


def test_message_and_arguments_are_masked(written: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = written
    logger.warning("No answer for %s (order %s)", "jane@example.com", "AH-UK-204518")
    assert stream.getvalue() == "No answer for [e-mail] (order AH-UK-204518)\n"


def test_a_traceback_is_masked(written: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = written
    try:
        raise ValueError("cannot ring 07700 900121")
    except ValueError:
        logger.exception("failed")
    assert "cannot ring [phone]" in stream.getvalue()
    assert "900121" not in stream.getvalue()


def test_the_log_of_the_app_is_masked_and_set_up_once() -> None:
    root, own = logging.getLogger(), logging.getLogger("uvicorn.error")
    handlers, filters = list(root.handlers), list(own.filters)
    try:
        mask_logs()
        mask_logs()
        (added,) = [each for each in root.handlers if each not in handlers]
        assert isinstance(added, logging.StreamHandler)
        added.setStream(stream := io.StringIO())
        logging.getLogger("desk.service").error("13800138000 asked")
        assert stream.getvalue() == "[phone] asked\n"
        assert len(own.filters) == len(filters) + 1
    finally:
        root.handlers[:], own.filters[:] = handlers, filters
