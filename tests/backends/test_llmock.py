"""The same client before somebody else's server: what LLMock breaks is survived, and its verdict finds no mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from backends.openai_chat import OpenAIChat
from rag.config import Endpoint, Writer
from rag.errors import ModelError
from rag.types import Usage
from tests.doubles.shelf import count_words

if TYPE_CHECKING:
    from llmock.pytest_plugin import LLMock

pytestmark = pytest.mark.timeout(30)
SETTINGS = Writer(first_token_seconds=1.5, total_seconds=3, attempts=3)
ANSWER = "The filter lasts 12 months [1]. It costs 44 pounds [1]."


def model(llmock: LLMock) -> OpenAIChat:
    return OpenAIChat(Endpoint(base_url=llmock.base_url(), model="gpt-4o-mini"), "key", SETTINGS, count_words)


def test_an_answer_with_its_usage(llmock: LLMock) -> None:
    llmock.reply(ANSWER)
    found = list[Usage]()
    assert "".join(model(llmock).stream("system", "user", 3, found.append)) == ANSWER
    assert [each.estimated for each in found] == [False]
    assert found[0].tokens_out > 0
    llmock.assert_resilient(strict=True)


@pytest.mark.parametrize("fault", ["busy", "down"])
def test_what_passes_is_waited_for(llmock: LLMock, fault: str) -> None:
    if fault == "busy":
        llmock.rate_limit(times=1, retry_after=0.5)
    else:
        llmock.fail(503, times=1)
    llmock.reply(ANSWER)
    assert "".join(model(llmock).stream("system", "user", 3)) == ANSWER
    llmock.assert_resilient()


@pytest.mark.parametrize("fault", ["key", "prompt", "dropped", "cut", "corrupt", "stalled", "late"])
def test_what_does_not_pass_is_a_model_error(llmock: LLMock, fault: str) -> None:
    breaks = {
        "key": lambda: llmock.fail(401, times=None),
        "prompt": llmock.context_overflow,
        "dropped": lambda: llmock.disconnect(after_chunks=3),
        "cut": lambda: llmock.truncate(after_chunks=3),
        "corrupt": lambda: llmock.corrupt(after_chunks=3),
        "stalled": lambda: llmock.stall(seconds=20),
        "late": lambda: llmock.slow_first_token(20),
    }
    llmock.reply(ANSWER)
    breaks[fault]()
    with pytest.raises(ModelError):
        list(model(llmock).stream("system", "user", 1))
    if fault != "cut":  # there it takes "not asked again" for "taken as it is", which the error above says it is not
        llmock.assert_resilient()
