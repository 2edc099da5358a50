"""Backends by name: plain dicts from a name in config.yaml to a small builder. No plug-in framework."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from rag.config import Embedding, Settings, Transcription, secret
from rag.errors import ConfigError
from rag.ports import (
    ChatModel,
    CustomerDirectory,
    Embedder,
    Notifier,
    Reranker,
    Spans,
    TokenCounter,
    Transcriber,
    VectorIndex,
)

Say = Callable[[str], None]


def silent(_text: str) -> None:
    """Say nothing."""


def _minilm(settings: Embedding, models: Path, say: Say) -> Embedder:
    from backends.minilm import MiniLM

    return MiniLM(models, settings.precision, say=say)


def _openai(settings: Embedding, _models: Path, _say: Say) -> Embedder:
    from backends.embeddings import OpenAIEmbedder

    return OpenAIEmbedder(settings.base_url, secret(settings.api_key_env), settings.model, settings.languages)


def _llama_index(settings: Embedding, _models: Path, _say: Say) -> Embedder:
    from backends.embeddings import LlamaIndexEmbedder, load_llama_index

    return LlamaIndexEmbedder(load_llama_index(settings.model), settings.model, settings.languages)


EMBEDDERS: dict[str, Callable[[Embedding, Path, Say], Embedder]] = {
    "minilm": _minilm,
    "openai": _openai,
    "llama_index": _llama_index,
}


def embedder(settings: Settings, say: Say = silent) -> Embedder:
    """The embedder that config.yaml names. Raises ConfigError or SetupError."""
    chosen = settings.embedding
    if chosen.backend != "minilm" and not chosen.model:
        raise ConfigError(
            f"embedding.backend is {chosen.backend!r} but embedding.model is empty. Name it in config.yaml."
        )
    return EMBEDDERS[chosen.backend](chosen, settings.paths.models, say)


def vector_index(settings: Settings) -> tuple[Callable[[], VectorIndex], Callable[[], None], Path]:
    """How to open Chroma under the data folder, how to throw it away, and where its files are.

    For the process that owns the store.
    """
    from backends import chroma

    folder = settings.paths.data / "chroma"
    return partial(chroma.ChromaIndex, folder), partial(chroma.wipe, folder), folder


def memory_index() -> tuple[Callable[[], VectorIndex], Callable[[], None], None]:
    """The same for a process beside the owner: vectors in memory, nothing on disk."""
    from backends.exact import ExactIndex

    return ExactIndex, lambda: None, None


def token_counter() -> TokenCounter:
    """The counter for passages and prompts."""
    from backends.tokens import TiktokenCounter

    return TiktokenCounter()


def chat_models(settings: Settings) -> list[ChatModel]:
    """The configured endpoints, in order of preference; none for the extractive writer. Raises ConfigError."""
    if settings.writer.backend == "extractive":
        return []
    if not settings.writer.endpoints:
        raise ConfigError("writer.backend is 'openai' but writer.endpoints is empty. Name at least one in config.yaml.")
    from backends.openai_chat import OpenAIChat

    count = token_counter()
    return [OpenAIChat(each, secret(each.api_key_env), settings.writer, count) for each in settings.writer.endpoints]


def reranker(settings: Settings) -> Reranker | None:
    """What puts the best passages in order; None for nothing. Raises ConfigError."""
    chosen = settings.reranking
    if chosen.backend == "none":
        return None
    if not (chosen.base_url and chosen.model):
        raise ConfigError("reranking.backend is 'http' but base_url or model is empty. Name both in config.yaml.")
    from backends.reranker import HTTPReranker

    return HTTPReranker(chosen, secret(chosen.api_key_env))


def notification_channels(settings: Settings) -> dict[str, Notifier]:
    """The ways out that config.yaml names, by name; none where there are none. Raises ConfigError."""
    from backends.notify import EmailChannel, WebhookChannel

    webhook, email, found = settings.notifications.webhook, settings.notifications.email, dict[str, Notifier]()
    if webhook.url:
        if not (key := secret(webhook.secret_env)):
            raise ConfigError(
                f"notifications.webhook.url is set, but the environment variable {webhook.secret_env} is empty. "
                "Put the secret there that the receiver knows."
            )
        found["webhook"] = WebhookChannel(webhook, key, settings.notifications.seconds)
    if email.host:
        if not (email.sender and email.to):
            raise ConfigError("notifications.email.host is set, but sender or to is empty. Name both in config.yaml.")
        found["email"] = EmailChannel(email, secret(email.password_env), settings.notifications.seconds)
    return found


def spans(settings: Settings) -> Spans | None:
    """Where traces go, if anywhere."""
    if not settings.traces.endpoint:
        return None
    from backends.telemetry import Telemetry

    return Telemetry(settings.traces, secret(settings.traces.key_env))


def _openai_transcriber(settings: Transcription) -> Transcriber:
    from backends.transcription import OpenAITranscriber

    return OpenAITranscriber(settings, secret(settings.api_key_env))


TRANSCRIBERS: dict[str, Callable[[Transcription], Transcriber | None]] = {
    "none": lambda _settings: None,
    "openai": _openai_transcriber,
}


def transcriber(settings: Settings) -> Transcriber | None:
    """What makes transcripts of recordings without subtitles; None for nothing. Raises ConfigError."""
    chosen = settings.transcription
    if chosen.backend != "none" and not (chosen.base_url and chosen.model):
        raise ConfigError(
            f"transcription.backend is {chosen.backend!r} but base_url or model is empty. Name both in config.yaml."
        )
    return TRANSCRIBERS[chosen.backend](chosen)


def crm(settings: Settings) -> CustomerDirectory | None:
    """The company's own system of customers, where that is asked; None for none. Raises ConfigError."""
    chosen = settings.customers
    if chosen.backend != "http":
        return None
    if not chosen.crm.base_url:
        raise ConfigError("customers.backend is 'http' but customers.crm.base_url is empty. Name it in config.yaml.")
    from backends.crm_http import HTTPDirectory

    return HTTPDirectory(chosen.crm, secret(chosen.crm.key_env))
