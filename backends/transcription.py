"""Transcripts from `/audio/transcriptions` of any OpenAI-compatible endpoint.

Asks for segments with their times and takes plain text from endpoints that know none. Knows no document.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Literal

import httpx
import openai
import tenacity

from backends.patience import OutOfPatience, Reading
from rag.config import Transcription
from rag.errors import ModelError
from rag.types import Segment

ATTEMPTS = 2
_PASSING = (openai.APIConnectionError, openai.RateLimitError, openai.InternalServerError)
_UNKNOWN_FORMAT = (openai.BadRequestError, openai.UnprocessableEntityError)
_Format = Literal["verbose_json", "json"]


class OpenAITranscriber:
    """A Transcriber over one endpoint."""

    def __init__(self, settings: Transcription, key: str) -> None:
        self.max_bytes = settings.max_mb * 1_000_000
        self._settings = settings
        # The SDK would retry by itself; the budget is ours.
        self._client = openai.OpenAI(
            base_url=settings.base_url, api_key=key or "none", max_retries=0, timeout=settings.seconds
        )

    def transcribe(self, path: Path, name: str) -> Sequence[Segment]:
        """What is said in the file, in order. Raises ModelError; whatever the endpoint does, within its seconds."""
        deadline = time.monotonic() + self._settings.seconds
        try:
            try:
                return self._asked(path, name, "verbose_json", deadline)
            except _UNKNOWN_FORMAT:
                return self._asked(path, name, "json", deadline)  # newer models know no times
        except OutOfPatience:
            raise self._failed(f"it took longer than {self._settings.seconds:.3g} seconds") from None
        except openai.OpenAIError as error:
            raise self._failed(str(error)[:300] or type(error).__name__) from error
        except (httpx.HTTPError, OSError) as error:
            raise self._failed(f"the connection broke ({error})") from error
        except (ValueError, TypeError, KeyError) as error:
            raise self._failed(f"it sent something unreadable ({error})") from error

    def _asked(self, path: Path, name: str, form: _Format, deadline: float) -> list[Segment]:
        patient = tenacity.Retrying(
            stop=lambda state: state.attempt_number >= ATTEMPTS or time.monotonic() + state.upcoming_sleep >= deadline,
            wait=tenacity.wait_random_exponential(multiplier=0.3, max=4),
            retry=tenacity.retry_if_exception_type(_PASSING),
            reraise=True,
        )
        return segments(json.loads(patient(self._answer, path, name, form, deadline)))

    def _answer(self, path: Path, name: str, form: _Format, deadline: float) -> str:
        def request() -> Iterator[str]:
            with path.open("rb") as file:
                answer = self._client.audio.transcriptions.with_raw_response.create(
                    file=(name, file), model=self._settings.model, response_format=form
                )
                yield answer.text

        # A timeout of the socket counts from byte to byte; this one counts in all.
        with closing(Reading(request)) as reading:
            return reading.next(deadline) or ""

    def _failed(self, reason: str) -> ModelError:
        return ModelError(
            f"The transcription model {self._settings.model} at {self._settings.base_url} failed: {reason}."
        )


def segments(answer: Any) -> list[Segment]:
    """What an endpoint's answer says, with times where it has them. Raises ValueError, TypeError or KeyError."""
    found = answer.get("segments") if isinstance(answer, dict) else None
    if found:
        return [Segment(_second(each["start"]), _second(each["end"]), _text(each["text"])) for each in found]
    return [Segment(None, None, _text(answer["text"]))]


def _second(value: Any) -> float:
    second = float(value)
    if not math.isfinite(second):
        raise ValueError(f"{value} is no time")
    return max(0.0, second)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{type(value).__name__} instead of text")
    return value.strip()
