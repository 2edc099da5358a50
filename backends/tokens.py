"""Counting tokens with tiktoken, without the network."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

ENCODING = "cl100k_base"


class TiktokenCounter:
    """Tokens of a text in the encoding most hosted models are close to."""

    def __init__(self) -> None:
        # tiktoken would download its table; LlamaIndex ships the same file. Found without importing the package.
        spec = importlib.util.find_spec("llama_index.core")
        if spec is not None and spec.origin is not None:
            cache = Path(spec.origin).parent / "_static" / "tiktoken_cache"
            os.environ.setdefault("TIKTOKEN_CACHE_DIR", str(cache))
        import tiktoken

        self._encoding = tiktoken.get_encoding(ENCODING)

    def __call__(self, text: str, /) -> int:
        # Words such as <|endoftext|> in a document are text like any other.
        return len(self._encoding.encode_ordinary(text))
