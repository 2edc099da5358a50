"""The bundled embedder: all-MiniLM-L6-v2 on onnxruntime, late-pooled.

Late pooling: a passage's label and sentences go through the transformer together, once, in windows of at
most 256 tokens; the token states of each are then averaged. One pass gives the passage's vector, its
label's and every sentence's, and each has seen its neighbours. Knows nothing of chunks, files or stores.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from backends.minilm_build import WIDTH, prepare
from rag.types import PassageVectors, Vector, Vectors

WINDOW = 256  # tokens the model was trained on, [CLS] and [SEP] included
BATCH_TOKENS = 1024  # padded tokens in one run: small enough to stay in a core's cache


@dataclass(slots=True)
class _Window:
    """One run of the transformer over whole sentences of one text: ids and, per sentence, its token range."""

    text: int
    ids: list[int]
    spans: list[tuple[int, int, int]]  # part (0 is the label), first token, end token


class MiniLM:
    """Embeds English well and other languages hardly at all. 384 dimensions, unit length."""

    dimensions = WIDTH
    languages = frozenset({"en"})

    def __init__(
        self, folder: Path, precision: str = "int8", threads: int = 0, say: Callable[[str], None] = lambda text: None
    ) -> None:
        """`threads`: batches under way at once, by default as many as there are cores."""
        options = onnxruntime.SessionOptions()
        # A thread for each batch keeps the cores busier than several threads within one, and waits for nobody.
        options.intra_op_num_threads = 1
        self._pool = ThreadPoolExecutor(threads or os.cpu_count() or 1, "minilm")
        path = prepare(folder, precision, say)
        # The fused kernel is one slow loop: without it a batch takes a quarter less time.
        slow = ["SkipLayerNormFusion"]
        self._session = onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"], disabled_optimizers=slow
        )
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._start, self._end = (int(self._tokenizer.token_to_id(name) or 0) for name in ("[CLS]", "[SEP]"))
        self.fingerprint = f"all-MiniLM-L6-v2/{precision}/late-pooled/1"

    def embed_passages(self, passages: Sequence[tuple[str, Sequence[str]]]) -> list[PassageVectors]:
        """For each passage, given as (label, sentences): its own vector, its label's and one per sentence."""
        parts = [[label, *sentences] for label, sentences in passages]
        encoded = iter(
            self._tokenizer.encode_batch([part for each in parts for part in each], add_special_tokens=False)
        )
        windows = []
        for number, each in enumerate(parts):
            windows += self._pack(number, [next(encoded).ids for _ in each])
        sums = [np.zeros(WIDTH, np.float32) for _ in parts]
        pooled = [np.zeros((len(each), WIDTH), np.float32) for each in parts]
        for window, states in self._run(windows):
            sums[window.text] += states.sum(axis=0)
            for part, first, end in window.spans:
                pooled[window.text][part] += states[first:end].sum(axis=0)
        return [
            PassageVectors(_unit(total), _unit(each[0]), _unit(each[1:]))
            for total, each in zip(sums, pooled, strict=True)
        ]

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        """Vectors [len(texts), 384] of short texts: questions, titles."""
        if not texts:
            return np.zeros((0, WIDTH), np.float32)
        return np.stack([vectors.label for vectors in self.embed_passages([(text, ()) for text in texts])])

    def knows(self, word: str) -> bool:
        """Whether the word is in the model's vocabulary as one piece: frequent in English, so hardly misspelt."""
        return self._tokenizer.token_to_id(word) is not None

    def _pack(self, text: int, parts: list[list[int]]) -> list[_Window]:
        """Fill windows with whole parts; only one longer than a window is cut, into several."""
        room = WINDOW - 2
        windows: list[_Window] = []
        for number, ids in enumerate(parts):
            for piece in [ids[at : at + room] for at in range(0, len(ids), room)] or [[]]:
                if not windows or len(windows[-1].ids) + len(piece) > WINDOW - 1:
                    windows.append(_Window(text, [self._start], []))
                first = len(windows[-1].ids)
                windows[-1].ids += piece
                # A part without a token has the state of [CLS]: a vector like any other, where none would be no direction.
                windows[-1].spans.append((number, first, first + len(piece)) if piece else (number, 0, 1))
        for window in windows:
            window.ids.append(self._end)
        return windows

    def _run(self, windows: list[_Window]) -> Iterator[tuple[_Window, NDArray[np.float32]]]:
        """Token states [tokens, 384] of each window; windows of like length share a batch, so little is padding."""
        batches = list(_batches(sorted(windows, key=lambda window: len(window.ids), reverse=True)))
        # A single batch, as every question is, spares itself the way through another thread.
        done = self._pool.map(self._states, batches) if len(batches) > 1 else map(self._states, batches)
        for batch, states in zip(batches, done, strict=True):
            for window, of_window in zip(batch, states, strict=True):
                yield window, of_window[: len(window.ids)]

    def _states(self, batch: list[_Window]) -> NDArray[np.float32]:
        ids = np.zeros((len(batch), len(batch[0].ids)), np.int64)
        mask = np.zeros_like(ids)
        for row, window in enumerate(batch):
            ids[row, : len(window.ids)] = window.ids
            mask[row, : len(window.ids)] = 1
        states: NDArray[np.float32] = self._session.run(["states"], {"input_ids": ids, "attention_mask": mask})[0]
        return states


def _batches(windows: list[_Window]) -> Iterator[list[_Window]]:
    """As many windows, the longest first, as BATCH_TOKENS has room for."""
    at = 0
    while at < len(windows):
        batch = windows[at : at + max(1, BATCH_TOKENS // len(windows[at].ids))]
        at += len(batch)
        yield batch


def _unit(vectors: NDArray[np.float32]) -> Vector:
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(length, 1e-12), np.float32)
