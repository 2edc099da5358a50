"""A LlamaIndex embedding as a plug-in would bring it, over hashed words."""

from __future__ import annotations

from llama_index.core.base.embeddings.base import BaseEmbedding

from tests.doubles.embedder import HashEmbedder

_hashing = HashEmbedder()


class HashedWords(BaseEmbedding):
    def _get_text_embedding(self, text: str) -> list[float]:
        return [float(value) for value in _hashing.embed_texts([text])[0]]

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)
