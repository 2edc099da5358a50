"""Chat Completions of any OpenAI-compatible endpoint, streamed, within a time budget.

Retries only before the first word, because afterwards a customer may have seen some. Only an answer's text is read:
tool calls, reasoning and whatever else a frame may hold are passed over. Knows no prompt.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import openai
import tenacity

from backends.breaker import Breaker
from backends.patience import OutOfPatience, Reading
from rag.config import Endpoint, Writer
from rag.errors import ModelError
from rag.ports import Spent, TokenCounter, unmetered
from rag.types import Usage

_PASSING = (openai.APIConnectionError, openai.RateLimitError, openai.InternalServerError, httpx.TransportError)
_FINISHED = ("stop", "eos", "tool_calls", "function_call")
_KINDS: tuple[tuple[type[openai.OpenAIError], str], ...] = (
    (openai.AuthenticationError, "unauthorised"),
    (openai.PermissionDeniedError, "unauthorised"),
    (openai.NotFoundError, "unknown"),
    (openai.RateLimitError, "busy"),
    (openai.BadRequestError, "refused"),
    (openai.UnprocessableEntityError, "refused"),
    (openai.APIConnectionError, "unreachable"),
)
_OPTIONAL = ("stream_options", "temperature", "max_tokens")
_UNSUPPORTED = re.compile(r"support|unrecogni|unknown|unexpected|extra|not permitted|not allowed", re.IGNORECASE)
CHARACTERS = 8  # of a token, at the very most: an answer longer than that ignores its limit
_pause = tenacity.wait_random_exponential(multiplier=0.2, max=2)


class OpenAIChat:
    """A ChatModel over one endpoint, shared by all threads."""

    def __init__(
        self,
        endpoint: Endpoint,
        key: str,
        settings: Writer,
        count: TokenCounter,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = endpoint.model
        self._endpoint, self._key, self._settings, self._count = endpoint, key, settings, count
        self._breaker = Breaker(settings.breaker_failures, settings.breaker_seconds, clock)
        self._options: dict[str, Any] = {
            "max_tokens": settings.answer_tokens,
            "temperature": 0,
            "stream_options": {"include_usage": True},
        }
        # The SDK would retry by itself and wait ten minutes; the budget is ours.
        self._client = openai.OpenAI(
            base_url=endpoint.base_url, api_key=key or "none", max_retries=0, timeout=settings.total_seconds
        )
        # The SDK imports this part when it is first used, for a third of a second: not in a customer's time.
        self._create: Any = self._client.chat.completions.create

    def stream(self, system: str, user: str, seconds: float, spent: Spent = unmetered) -> Iterator[str]:
        """Pieces of the answer as they come, all within `seconds`. Raises ModelError, also half-way or when too slow.

        An endpoint that failed `writer.breaker_failures` times on end is not asked for `writer.breaker_seconds`.
        """
        if not self._breaker.allows():
            raise self._failed(f"it failed too often and is tried again in {self._breaker.waits():.0f} s", "resting")
        tell = self._breaker.succeeded  # also when the caller has heard enough
        try:
            yield from self._answer(system, user, seconds, spent)
        except ModelError as error:
            tell = self._verdict(error, seconds)
            raise
        finally:
            tell()

    def _verdict(self, error: ModelError, seconds: float) -> Callable[[], None]:
        """What a failure means for those who ask next. Too little time, or a question refused, says nothing of it."""
        if error.kind == "cut":
            return self._breaker.succeeded
        hurried = error.kind == "slow" and seconds < self._settings.first_token_seconds
        return self._breaker.left if hurried or error.kind == "refused" else self._breaker.failed

    def _answer(self, system: str, user: str, seconds: float, spent: Spent) -> Iterator[str]:
        """The answer's pieces, with whatever goes wrong as a ModelError."""
        deadline = time.monotonic() + seconds

        def end(attempt: _Attempt) -> None:
            attempt.close()
            if attempt.frames:  # who sent nothing asks no price
                spent(self._usage(attempt, system, user))

        try:
            attempt, first = self._begin(system, user, deadline, end)
            try:
                yield from self._pieces(first, attempt, deadline)
            finally:
                end(attempt)
        except openai.OpenAIError as error:
            kind = next((kind for type_, kind in _KINDS if isinstance(error, type_)), "broken")
            raise self._failed(str(error) or type(error).__name__, kind) from error
        except OutOfPatience:
            raise self._failed(f"it took longer than {seconds:.3g} seconds", "slow") from None
        except (httpx.HTTPError, OSError) as error:
            raise self._failed(f"the connection broke ({error})", "broken") from error
        except (ValueError, TypeError, AttributeError) as error:  # a frame that is not what the protocol says
            raise self._failed(f"it sent something unreadable ({error})", "broken") from error

    def _begin(self, system: str, user: str, deadline: float, end: Callable[[_Attempt], None]) -> tuple[_Attempt, str]:
        """The stream at its first word. Retries what may pass, as long as there is time for it."""
        patient = tenacity.Retrying(
            stop=lambda state: (
                state.attempt_number >= self._settings.attempts or time.monotonic() + state.upcoming_sleep >= deadline
            ),
            wait=_wait,
            retry=tenacity.retry_if_exception_type(_PASSING),
            reraise=True,
        )
        return patient(self._open, system, user, deadline, end)

    def _open(self, system: str, user: str, deadline: float, end: Callable[[_Attempt], None]) -> tuple[_Attempt, str]:
        attempt = _Attempt(lambda: self._request(system, user))
        began = time.monotonic()
        patience = min(deadline - began, self._settings.first_token_seconds)
        try:
            while (word := attempt.next(began + patience)) is not None:
                # Frames without a word, however many, do not make a customer's wait shorter.
                if word:
                    return attempt, word
        except OutOfPatience:
            end(attempt)
            # Not retried: who was silent for so long is left to the next endpoint.
            raise self._failed(f"no word within {patience:.2g} seconds", "slow") from None
        except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
            end(attempt)
            if self._drop_option(str(error)):
                return self._open(system, user, deadline, end)
            raise
        except BaseException:
            end(attempt)
            raise
        end(attempt)
        raise self._failed("it said nothing", "silent")

    def _drop_option(self, complaint: str) -> bool:
        """Whether the endpoint refused a setting it can do without; it is not sent again."""
        named = next((name for name in _OPTIONAL if name in self._options and name in complaint), "")
        if not named or not _UNSUPPORTED.search(complaint):
            return False
        kept = {name: value for name, value in self._options.items() if name != named}
        if named == "max_tokens":  # its newer name
            kept["max_completion_tokens"] = self._options[named]
        self._options = kept
        return True

    def _request(self, system: str, user: str) -> Iterator[Any]:
        messages = [{"role": "system", "content": system}, {"role": "user", "content": user}]
        answer: Iterator[Any] = self._create(model=self.name, messages=messages, stream=True, **self._options)
        return answer

    def _pieces(self, first: str, attempt: _Attempt, deadline: float) -> Iterator[str]:
        word: str | None = first
        left = CHARACTERS * self._settings.answer_tokens
        while word is not None and left >= 0:
            if word:
                yield word[:left]
            left -= len(word)
            word = attempt.next(deadline) if left >= 0 else None
        if left < 0 or attempt.finish == "length":
            raise self._failed("the answer ran into its length limit", "cut")
        if attempt.finish not in _FINISHED:
            refused = attempt.finish == "content_filter"
            raise self._failed("the answer broke off", "refused" if refused else "broken")

    def _usage(self, attempt: _Attempt, system: str, user: str) -> Usage:
        """As the endpoint says, else as counted here."""
        tokens_in = getattr(attempt.usage, "prompt_tokens", None)
        tokens_out = getattr(attempt.usage, "completion_tokens", None)
        estimated = False
        if not (isinstance(tokens_in, int) and isinstance(tokens_out, int)):
            estimated = True
            tokens_in = self._count(system) + self._count(user)
            tokens_out = self._count("".join(attempt.said))
        cost = (tokens_in * self._endpoint.price_in + tokens_out * self._endpoint.price_out) / 1_000_000
        return Usage(self.name, tokens_in, tokens_out, cost, estimated)

    def _failed(self, reason: str, kind: str) -> ModelError:
        told = reason.replace(self._key, "…") if self._key else reason
        return ModelError(f"The model {self.name} at {self._endpoint.base_url} failed: {told[:300]}.", kind)


class _Attempt:
    """One request, and what has come of it so far."""

    def __init__(self, open_stream: Callable[[], Iterator[Any]]) -> None:
        self._reading = Reading(open_stream)
        self.frames, self.finish, self.said = 0, "", list[str]()
        self.usage: Any = None

    def next(self, until: float) -> str | None:
        """What the next frame says, often nothing; None at the end. Raises OutOfPatience, or what the stream raised."""
        frame = self._reading.next(until)
        if frame is None:
            return None
        # Some endpoints send frames without choices, or without content; the usage comes in one of them.
        choice = frame.choices[0] if frame.choices else None
        word = (choice.delta.content or "") if choice and choice.delta else ""
        if not isinstance(word, str):
            raise TypeError("content that is no text")
        self.frames += 1
        self.usage = getattr(frame, "usage", None) or self.usage
        self.finish = (choice.finish_reason if choice else "") or self.finish
        self.said.append(word)
        return word

    def close(self) -> None:
        """Stop reading."""
        self._reading.close()


def _wait(state: tenacity.RetryCallState) -> float:
    """As long as the endpoint asks for (Retry-After, in seconds or as a date), else a moment that grows."""
    error = state.outcome.exception() if state.outcome else None
    asked = error.response.headers.get("retry-after", "") if isinstance(error, openai.APIStatusError) else ""
    if asked.replace(".", "", 1).isdigit():
        return float(asked)
    try:
        return max(0.0, (parsedate_to_datetime(asked) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return float(_pause(state))
