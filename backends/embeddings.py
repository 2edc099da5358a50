"""Other embedders: any OpenAI-compatible endpoint, any LlamaIndex embedding class.

Both embed label, passage and sentences as texts of their own; late pooling needs a model's inner states. Documents are
embedded with patience; a question is not, because a customer waits.
"""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from backends.breaker import Breaker
from backends.patience import OutOfPatience, Reading
from rag.errors import ConfigError, ModelError
from rag.types import PassageVectors, Vectors

BATCH = 64
SECONDS = 30.0
ATTEMPTS = 4
QUESTION_SECONDS = 4.0  # for a question; a customer then gets what keywords alone find
BREAKER_FAILURES, BREAKER_SECONDS = 2, 60.0


class _Separate:
    """Passages by way of `_embed_all`, which the two embedders below supply."""

    _embed_all: Callable[[Sequence[str]], Vectors]

    def embed_passages(self, passages: Sequence[tuple[str, Sequence[str]]]) -> list[PassageVectors]:
        """For each passage, given as (label, sentences): its own vector, its label's and one per sentence."""
        texts = [
            text for label, sentences in passages for text in (label or " ", "\n".join((label, *sentences)), *sentences)
        ]
        vectors, at, found = self._embed_all(texts), 0, []
        for _, sentences in passages:
            end = at + 2 + len(sentences)
            found.append(PassageVectors(vectors[at + 1], vectors[at], vectors[at + 2 : end]))
            at = end
        return found

    def knows(self, _word: str) -> bool:
        """An endpoint does not show its vocabulary."""
        return False


class OpenAIEmbedder(_Separate):
    """Vectors from `/embeddings` of any endpoint that speaks the OpenAI protocol."""

    def __init__(self, base_url: str, key: str, model: str, languages: tuple[str, ...]) -> None:
        from openai import OpenAI

        self._client = OpenAI(base_url=base_url or None, api_key=key or "none", max_retries=0, timeout=SECONDS)
        self._model, self.languages = model, frozenset(languages)
        self._breaker = Breaker(BREAKER_FAILURES, BREAKER_SECONDS, time.monotonic)
        self.fingerprint = f"openai/{base_url}/{model}"
        self.dimensions = self._embed(["dimensions?"]).shape[1]

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        """Vectors [len(texts), dimensions], within QUESTION_SECONDS. Raises ModelError.

        After BREAKER_FAILURES on end the endpoint is not asked for BREAKER_SECONDS.
        """
        if not texts:
            return np.zeros((0, self.dimensions), np.float32)
        if not self._breaker.allows():
            raise ModelError(f"The embedding endpoint for {self._model} failed too often and rests.", "resting")
        reading = Reading(lambda: iter([self._embed_all(texts)]))
        tell = self._breaker.left
        try:
            vectors = reading.next(time.monotonic() + QUESTION_SECONDS)
            assert vectors is not None  # the one item of the reading
            tell = self._breaker.succeeded
        except OutOfPatience:
            tell = self._breaker.failed
            raise ModelError(f"The embedding endpoint took longer than {QUESTION_SECONDS} s for a question.") from None
        except ModelError:
            tell = self._breaker.failed
            raise
        finally:
            reading.close()
            tell()
        return vectors

    def _embed_all(self, texts: Sequence[str]) -> Vectors:
        parts = [self._embed(texts[at : at + BATCH]) for at in range(0, len(texts), BATCH)]
        return np.concatenate(parts) if parts else np.zeros((0, self.dimensions), np.float32)

    def _embed(self, texts: Sequence[str]) -> Vectors:
        import openai
        import tenacity

        patient = tenacity.Retrying(
            stop=tenacity.stop_after_attempt(ATTEMPTS),
            wait=tenacity.wait_random_exponential(multiplier=0.3, max=8),
            retry=tenacity.retry_if_exception_type(
                (openai.APIConnectionError, openai.RateLimitError, openai.InternalServerError)
            ),
            reraise=True,
        )
        try:
            answer = patient(
                self._client.embeddings.create, model=self._model, input=list(texts), encoding_format="float"
            )
        except openai.OpenAIError as error:
            raise ModelError(
                f"The embedding endpoint failed for {self._model}: {error}. Check embedding.base_url, the model's name "
                "and the key's environment variable."
            ) from error
        given = getattr(answer, "data", None) or []  # a proxy's page of HTML comes back as a plain string
        if len(given) != len(texts):
            raise ModelError(
                f"The embedding endpoint gave {len(given)} vectors for {len(texts)} texts. Check embedding.base_url."
            )
        ordered = sorted(given, key=lambda each: each.index)
        return _unit(np.array([each.embedding for each in ordered], np.float32))


class LlamaIndexEmbedder(_Separate):
    """Any embedding that LlamaIndex can load."""

    def __init__(self, model: Any, name: str, languages: tuple[str, ...]) -> None:
        self._model, self.languages = model, frozenset(languages)
        self.fingerprint = f"llama_index/{name}/{model.model_name}"
        self.dimensions = self.embed_texts(["dimensions?"]).shape[1]

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        """Vectors [len(texts), dimensions]."""
        if not texts:
            return np.zeros((0, self.dimensions), np.float32)
        return _unit(np.array(self._model.get_text_embedding_batch(list(texts)), np.float32))

    _embed_all = embed_texts


def load_llama_index(path: str) -> Any:
    """An instance of the class that embedding.model names as 'package.module:Class' or 'package.module:Class?key=value'."""
    from urllib.parse import parse_qsl

    place, _, options = path.partition("?")
    module, _, name = place.partition(":")
    try:
        return getattr(importlib.import_module(module), name)(**dict(parse_qsl(options)))
    except (ImportError, AttributeError, TypeError, ValueError) as error:
        raise ConfigError(
            f"embedding.model {path!r} cannot be loaded: {error}. Write 'llama_index.embeddings.x:Class?model_name=y' "
            "and install its package."
        ) from error


def _unit(vectors: Vectors) -> Vectors:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12), np.float32)
