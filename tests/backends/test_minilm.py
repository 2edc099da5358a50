"""The bundled model: it means what it should, and how texts are batched does not matter."""

from __future__ import annotations

import numpy as np
import pytest

from backends.minilm import MiniLM
from rag.config import load
from rag.ports import Embedder
from rag.types import Vectors

# As sentence-transformers computes them with the original weights in fp32.
KNOWN = [
    ("A man is eating food.", "A man is eating a piece of bread.", 0.755),
    ("The cat sits outside", "The dog plays in the garden", 0.284),
    ("How do I return a parcel?", "What is your policy on sending goods back?", 0.50),
]


@pytest.fixture(scope="module")
def fp32() -> MiniLM:
    return MiniLM(load().paths.models, "fp32")


@pytest.mark.parametrize(("one", "other", "expected"), KNOWN[:2])
def test_similarities_are_those_of_the_original(
    fp32: MiniLM, minilm: Embedder, one: str, other: str, expected: float
) -> None:
    # Sentences here are averaged without [CLS] and [SEP]: near the original's figure, not equal to it.
    for embedder in (fp32, minilm):
        a, b = embedder.embed_texts([one, other])
        assert float(a @ b) == pytest.approx(expected, abs=0.06)


def _noise(one: Vectors, other: Vectors) -> float:
    return float(1 - np.sum(one * other, axis=1).min())


def texts() -> list[str]:
    return [f"Number {number}: " + "the lid opens when you press it " * (number % 9) for number in range(60)]


def test_batching_does_not_change_vectors_in_fp32(fp32: MiniLM) -> None:
    together = fp32.embed_texts(texts())
    assert _noise(together, np.concatenate([fp32.embed_texts([each]) for each in texts()])) < 1e-5
    assert _noise(together, fp32.embed_texts(texts()[::-1])[::-1]) < 1e-5


def test_batching_changes_int8_vectors_by_no_more_than_its_noise(minilm: Embedder) -> None:
    together = minilm.embed_texts(texts())
    assert _noise(together, np.concatenate([minilm.embed_texts([each]) for each in texts()])) < 0.02
    assert _noise(together, minilm.embed_texts(texts()[::-1])[::-1]) < 0.02


def test_the_same_batch_gives_the_same_bytes(minilm: Embedder) -> None:
    assert np.array_equal(minilm.embed_texts(texts()), minilm.embed_texts(texts()))


def test_int8_is_near_fp32(minilm: Embedder, fp32: MiniLM) -> None:
    assert _noise(minilm.embed_texts(texts()), fp32.embed_texts(texts())) < 0.05


def test_a_passage_longer_than_the_window_is_read_to_its_end(minilm: Embedder) -> None:
    filler = [f"The {word} is made of steel and has no moving part at all." for word in ("base", "lid", "pump") * 12]
    (found,) = minilm.embed_passages([("Manual", [*filler, "Penguins live in Antarctica."])])
    assert found.sentences.shape == (37, 384)
    (question,) = minilm.embed_texts(["Where do penguins live?"])
    scores = found.sentences @ question
    assert int(scores.argmax()) == 36
    assert scores[36] > 0.5


def test_a_sentence_longer_than_the_window_is_read_to_its_end(minilm: Embedder) -> None:
    long = "steel pump lid base " * 120 + "and penguins live in Antarctica where penguins breed on the ice"
    plain = "steel pump lid base " * 120
    question, with_end, without = minilm.embed_texts(["penguins in Antarctica", long, plain])
    assert question @ with_end > question @ without


def test_a_sentence_knows_its_neighbours(minilm: Embedder) -> None:
    """Late pooling: "it" takes on what was said before."""
    alone, kettle = minilm.embed_passages(
        [("", ["It takes two minutes."]), ("Kettle", ["The kettle boils a litre of water.", "It takes two minutes."])]
    )
    (question,) = minilm.embed_texts(["How long does the kettle take to boil?"])
    assert question @ kettle.sentences[1] > question @ alone.sentences[0]


def test_an_empty_text_is_a_vector_like_any_other(minilm: Embedder) -> None:
    (vector,) = minilm.embed_texts([""])
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)
