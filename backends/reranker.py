"""Reranking by an endpoint that speaks the common form: POST /rerank {model, query, documents}.

Cohere, Jina, vLLM and others answer {"results": [{"index": 0, "relevance_score": 0.9}, …]}. One try, within a
second or so: a passage order a little worse is better than a customer who waits.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

import httpx
from pydantic import BaseModel, Field, ValidationError

from backends.breaker import Breaker
from rag.config import Reranking
from rag.errors import ModelError

FAILURES = 3  # on end, after which it is left alone
PAUSE = 30.0  # seconds


class _Result(BaseModel):
    index: int = Field(ge=0)
    relevance_score: float


class _Answer(BaseModel):
    results: list[_Result]


class HTTPReranker:
    """A Reranker over one endpoint. Safe to call from several threads."""

    def __init__(self, settings: Reranking, key: str) -> None:
        self._settings = settings
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._client = httpx.Client(timeout=settings.seconds, headers=headers)
        self._breaker = Breaker(FAILURES, PAUSE, time.monotonic)

    def scores(self, question: str, texts: Sequence[str]) -> dict[int, float]:
        """Place of the text → relevance, for those it names. Raises ModelError."""
        if not self._breaker.allows():
            raise ModelError("The reranker is left alone for a while: it failed too often.")
        try:
            found = self._asked(question, texts)
        except ModelError:
            self._breaker.failed()
            raise
        self._breaker.succeeded()
        return found

    def _asked(self, question: str, texts: Sequence[str]) -> dict[int, float]:
        request = {"model": self._settings.model, "query": question, "documents": list(texts)}
        try:
            answer = self._client.post(f"{self._settings.base_url.rstrip('/')}/rerank", json=request)
            answer.raise_for_status()
            results = _Answer.model_validate_json(answer.content).results
        except (httpx.HTTPError, ValidationError) as error:
            said = " ".join(str(error).split())[:200]
            raise ModelError(f"The reranker at {self._settings.base_url} failed: {said}.") from error
        return {each.index: each.relevance_score for each in results if each.index < len(texts)}
