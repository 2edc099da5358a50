"""The settings about traces that leave for an OpenTelemetry collector."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from rag.config_base import Seconds, Section


def _address(text: str) -> str:
    if text and not text.startswith(("http://", "https://")):
        raise ValueError(f"{text!r} is no address. Write it like http://127.0.0.1:4318/v1/traces")
    return text


class Traces(Section):
    """Where spans of replies and tickets are sent; no endpoint: nowhere. `content`: also what was said, masked."""

    endpoint: Annotated[str, AfterValidator(_address)] = ""
    key_env: str = "VOUCH_TRACES_KEY"
    service: str = "vouch"
    content: bool = False
    seconds: Seconds = 5
