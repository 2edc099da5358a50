"""Chat Completions of any OpenAI-compatible endpoint, streamed, within a time budget.

Retries only before the first word, because afterwards a customer may have seen some. Knows no prompt.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import httpx
import openai
import tenacity

from backends.patience import OutOfPatience, Reading
from rag.config import Endpoint, Writer
from rag.errors import ModelError

_PASSING = (openai.APIConnectionError, openai.RateLimitError, openai.InternalServerError)
_FINISHED = ("stop", "eos", "length")
_pause = tenacity.wait_random_exponential(multiplier=0.2, max=2)


class OpenAIChat:
    """A ChatModel over one endpoint."""

    def __init__(self, endpoint: Endpoint, key: str, settings: Writer) -> None:
        self.name = endpoint.model
        self._where, self._settings = endpoint.base_url, settings
        # The SDK would retry by itself and wait ten minutes; the budget is ours.
        self._client = openai.OpenAI(
            base_url=endpoint.base_url, api_key=key or "none", max_retries=0, timeout=settings.total_seconds
        )

    def stream(self, system: str, user: str, seconds: float) -> Iterator[str]:
        """Pieces of the answer as they come, all within `seconds`.

        Raises ModelError when the endpoint fails, also half-way or too slowly.
        """
        deadline = time.monotonic() + seconds
        try:
            reading, first = self._begin(system, user, deadline)
            try:
                yield from self._pieces(first, reading, deadline)
            finally:
                reading.close()
        except openai.OpenAIError as error:
            raise self._failed(str(error) or type(error).__name__) from error
        except OutOfPatience:
            raise self._failed(f"it took longer than {seconds:.3g} seconds") from None
        except (httpx.HTTPError, OSError) as error:
            raise self._failed(f"the connection broke ({error})") from error
        except (ValueError, TypeError, AttributeError) as error:  # a frame that is not what the protocol says
            raise self._failed(f"it sent something unreadable ({error})") from error

    def _begin(self, system: str, user: str, deadline: float) -> tuple[Reading[Any], Any]:
        """The stream at its first word. Retries what may pass, as long as there is time for it."""
        patient = tenacity.Retrying(
            stop=lambda state: (
                state.attempt_number >= self._settings.attempts or time.monotonic() + state.upcoming_sleep >= deadline
            ),
            wait=_wait,
            retry=tenacity.retry_if_exception_type(_PASSING),
            reraise=True,
        )
        return patient(self._open, system, user, deadline)

    def _open(self, system: str, user: str, deadline: float) -> tuple[Reading[Any], Any]:
        reading = Reading(lambda: self._request(system, user))
        began = time.monotonic()
        patience = min(deadline - began, self._settings.first_token_seconds)
        try:
            while (frame := reading.next(began + patience)) is not None:
                # Frames without a word, however many, do not make a customer's wait shorter.
                if _word(frame):
                    return reading, frame
        except OutOfPatience:
            reading.close()
            # Not retried: who was silent for so long is left to the next endpoint.
            raise self._failed(f"no word within {patience:.2g} seconds") from None
        except BaseException:
            reading.close()
            raise
        reading.close()
        raise self._failed("it said nothing")

    def _request(self, system: str, user: str) -> Iterator[Any]:
        answer: Iterator[Any] = self._client.chat.completions.create(
            model=self.name,
            messages=[{"role": "system", "content": system}, {"role": "user", "content": user}],
            max_tokens=self._settings.answer_tokens,
            temperature=0,
            stream=True,
        )
        return answer

    def _pieces(self, first: Any, reading: Reading[Any], deadline: float) -> Iterator[str]:
        frame, finished = first, ""
        while frame is not None:
            if word := _word(frame):
                yield word
            finished = (frame.choices and frame.choices[0].finish_reason) or finished
            frame = reading.next(deadline)
        if finished not in _FINISHED:
            raise self._failed("the answer broke off")

    def _failed(self, reason: str) -> ModelError:
        return ModelError(f"The model {self.name} at {self._where} failed: {reason}.")


def _word(frame: Any) -> str:
    """What a frame says; some endpoints send frames without choices, or without content."""
    choice = frame.choices[0] if frame.choices else None
    return (choice.delta.content or "") if choice and choice.delta else ""


def _wait(state: tenacity.RetryCallState) -> float:
    """As long as the endpoint asks for (Retry-After, in seconds), else a moment that grows."""
    error = state.outcome.exception() if state.outcome else None
    asked = error.response.headers.get("retry-after", "") if isinstance(error, openai.APIStatusError) else ""
    return float(asked) if asked.replace(".", "", 1).isdigit() else _pause(state)
