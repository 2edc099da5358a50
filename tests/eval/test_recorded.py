"""Vectors and orders of passages from endpoints, played again without asking them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from eval.recorded import RecordedEmbedder, RecordedReranker
from eval.replay import Mode, RecordedChat, Recordings, playing
from rag.errors import ModelError
from rag.types import Usage, Vectors
from tests.doubles.embedder import HashEmbedder
from tests.rag.shop import Scripted


class Counting(HashEmbedder):
    """Remembers what it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = list[str]()

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        return super().embed_texts(texts)


def embedder(file: Path, mode: Mode, inner: Counting) -> RecordedEmbedder:
    return RecordedEmbedder(inner, Recordings(file), mode)


def test_only_texts_without_a_vector_are_embedded(tmp_path: Path) -> None:
    file, inner = tmp_path / "replies.jsonl", Counting()
    first = embedder(file, "record", inner).embed_texts(["a lamp", "a filter"])
    again = embedder(file, "replay", inner).embed_texts(["a filter", "a pump", "a lamp"])
    assert inner.asked == ["a lamp", "a filter", "a pump"]
    assert np.array_equal(again[[2, 0]], first)
    strict = embedder(file, "strict", inner)
    assert np.array_equal(strict.embed_texts(["a pump"])[0], again[1])
    assert strict.embed_texts([]).shape == (0, inner.dimensions)
    with pytest.raises(ModelError, match="No vector"):
        strict.embed_texts(["a hose"])
    assert len(inner.asked) == 3


class Reversing:
    """A reranker that is away when told so."""

    def __init__(self) -> None:
        self.asked, self.away = 0, False

    def scores(self, _question: str, texts: Sequence[str]) -> Mapping[int, float]:
        self.asked += 1
        if self.away:
            raise ModelError("The reranker is away.")
        return {at: float(at) for at in range(len(texts))}


def test_an_order_is_played_again_and_a_failure_told(tmp_path: Path) -> None:
    inner, file = Reversing(), tmp_path / "replies.jsonl"
    first = RecordedReranker(inner, "m", Recordings(file), "record").scores("q", ["a", "b"])
    again = RecordedReranker(inner, "m", Recordings(file), "replay")
    assert again.scores("q", ["a", "b"]) == first
    assert inner.asked == 1
    inner.away = True
    with playing(0) as now, pytest.raises(ModelError):
        again.scores("q", ["b", "a"])
    assert now.failures == ["The reranker is away."]


def test_a_reply_heard_in_part_costs_the_same_when_it_is_played_again(tmp_path: Path) -> None:
    class Paid(Scripted):
        def stream(self, system, user, seconds, spent=None):  # type: ignore[no-untyped-def]
            try:
                yield from super().stream(system, user, seconds)
            finally:
                spent(Usage("m", 10, 5))

    for mode in ("record", "strict"):
        paid = list[Usage]()
        chat = RecordedChat(Paid("one", "two", "three"), Recordings(tmp_path / "replies.jsonl"), mode)
        heard = chat.stream("s", "u", 1.0, paid.append)
        assert [next(heard), next(heard)] == ["one", "two"]
        heard.close()  # type: ignore[attr-defined]
        assert paid == [Usage("m", 10, 5)]
