"""Chat Completions of any OpenAI-compatible endpoint, streamed, within a time budget.

Retries only before the first word, because afterwards a customer may have seen some. Knows no prompt.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import openai
import tenacity

from rag.config import Endpoint, Writer
from rag.errors import ModelError

_PASSING = (openai.APIConnectionError, openai.RateLimitError, openai.InternalServerError)


class OpenAIChat:
    """A ChatModel over one endpoint."""

    def __init__(self, endpoint: Endpoint, key: str, settings: Writer) -> None:
        self.name = endpoint.model
        self._where, self._settings = endpoint.base_url, settings
        # The SDK would retry by itself and wait ten minutes; the budget is ours.
        self._client = openai.OpenAI(
            base_url=endpoint.base_url, api_key=key or "none", max_retries=0, timeout=settings.first_token_seconds
        )

    def stream(self, system: str, user: str) -> Iterator[str]:
        """Pieces of the answer as they come. Raises ModelError when the endpoint fails, also half-way or too slowly."""
        deadline = time.monotonic() + self._settings.total_seconds
        try:
            answer = self._open(system, user, deadline)
            yield from self._pieces(answer, deadline)
        except openai.OpenAIError as error:
            raise self._failed(str(error) or type(error).__name__) from error

    def _open(self, system: str, user: str, deadline: float) -> Any:
        patient = tenacity.Retrying(
            stop=tenacity.stop_after_attempt(self._settings.attempts)
            | tenacity.stop_after_delay(max(0.1, deadline - time.monotonic())),
            wait=tenacity.wait_random_exponential(multiplier=0.2, max=2),
            retry=tenacity.retry_if_exception_type(_PASSING),
            reraise=True,
        )
        return patient(
            self._client.chat.completions.create,
            model=self.name,
            messages=[{"role": "system", "content": system}, {"role": "user", "content": user}],
            max_tokens=self._settings.answer_tokens,
            temperature=0,
            stream=True,
        )

    def _pieces(self, answer: Any, deadline: float) -> Iterator[str]:
        finished, said = "", False
        try:
            for frame in answer:
                if time.monotonic() > deadline:
                    raise self._failed(f"it took longer than {self._settings.total_seconds:g} seconds")
                # Some endpoints send frames without choices, or without content.
                choice = frame.choices[0] if frame.choices else None
                if choice is None:
                    continue
                finished = choice.finish_reason or finished
                if choice.delta and choice.delta.content:
                    said = True
                    yield choice.delta.content
        except (ValueError, TypeError, AttributeError) as error:  # a frame that is not what the protocol says
            raise self._failed(f"it sent something unreadable ({error})") from error
        except OSError as error:
            raise self._failed(f"the connection broke ({error})") from error
        finally:
            answer.close()
        if not said:
            raise self._failed("it said nothing")
        if finished not in ("stop", "eos", "length"):
            raise self._failed("the answer broke off")

    def _failed(self, reason: str) -> ModelError:
        return ModelError(f"The model {self.name} at {self._where} failed: {reason}.")
