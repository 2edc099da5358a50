"""All endpoints of a run with their replies kept and played again: chat models by `eval/replay.py`, and here
embedders and rerankers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from eval.parts import Parts
from eval.replay import Mode, RecordedChat, Recordings, key_of, tell_failure
from eval.workbench import Workbench
from rag.config import Settings
from rag.errors import ModelError
from rag.ports import ChatModel, Embedder, Reranker
from rag.types import PassageVectors, Vectors


def recorded(parts: Parts, recordings: Recordings, mode: Mode) -> Parts:
    """The parts, with every endpoint among them recorded. What the bundled embedder says is not kept: it is free."""

    def chat_models(settings: Settings) -> list[ChatModel]:
        return [RecordedChat(each, recordings, mode) for each in parts.chat_models(settings)]

    def reranker(settings: Settings) -> Reranker | None:
        inner = parts.reranker(settings)
        return inner and RecordedReranker(inner, settings.reranking.model, recordings, mode)

    def workbench(settings: Settings) -> Workbench:
        bench = parts.workbench(settings)
        if settings.embedding.backend == "minilm":
            return bench
        return replace(bench, embedder=RecordedEmbedder(bench.embedder, recordings, mode))

    return replace(parts, chat_models=chat_models, reranker=reranker, workbench=workbench)


class RecordedEmbedder:
    """An Embedder whose vectors of questions are kept; passages are embedded once, when they are taken in."""

    def __init__(self, inner: Embedder, recordings: Recordings, mode: Mode) -> None:
        self._inner, self._recordings, self._mode = inner, recordings, mode
        self.languages, self.fingerprint, self.dimensions = inner.languages, inner.fingerprint, inner.dimensions

    def knows(self, word: str) -> bool:
        return self._inner.knows(word)

    def embed_passages(self, passages: Sequence[tuple[str, Sequence[str]]]) -> list[PassageVectors]:
        return self._inner.embed_passages(passages)

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        """Vectors [len(texts), dimensions]. Raises ModelError, of kind "unrecorded" in strict mode."""
        keys = {text: key_of("embedding", self.fingerprint, text) for text in texts}
        kept = {text: self._recordings.find(key, self._mode) for text, key in keys.items()}
        missing = [text for text, row in kept.items() if row is None]
        if missing and self._mode == "strict":
            raise ModelError("No vector of this text is recorded.", "unrecorded")
        if missing:
            self._recordings.count_asked()
            for text, vector in zip(missing, self._inner.embed_texts(missing), strict=True):
                kept[text] = {"key": keys[text], "vector": vector.tolist()}
                self._recordings.keep(kept[text] or {})
        rows = [row["vector"] for text in texts if (row := kept[text])]
        return np.array(rows, np.float32).reshape(len(texts), self.dimensions)


class RecordedReranker:
    """A Reranker whose scores are kept. Its failures are told, because the order of passages hides them."""

    def __init__(self, inner: Reranker, name: str, recordings: Recordings, mode: Mode) -> None:
        self._inner, self._name, self._recordings, self._mode = inner, name, recordings, mode

    def scores(self, question: str, texts: Sequence[str]) -> Mapping[int, float]:
        """Place of a text → how well it answers. Raises ModelError, of kind "unrecorded" in strict mode."""
        key = key_of("reranker", self._name, question, *texts)
        if row := self._recordings.find(key, self._mode):
            return {int(place): float(score) for place, score in row["scores"].items()}
        try:
            if self._mode == "strict":
                raise ModelError(f"No scores of {self._name} are recorded for these passages.", "unrecorded")
            self._recordings.count_asked()
            found = self._inner.scores(question, texts)
        except ModelError as error:
            tell_failure(str(error))
            raise
        self._recordings.keep({"key": key, "scores": {str(place): score for place, score in found.items()}})
        return found
