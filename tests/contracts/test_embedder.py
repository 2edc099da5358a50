"""What any embedder promises, held against each; and what the endpoint's does when the endpoint fails."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from backends import build
from backends.embeddings import BREAKER_FAILURES
from rag.config import Embedding, Settings, load
from rag.errors import ConfigError, ModelError
from rag.ports import Embedder
from tests.doubles.embedder import HashEmbedder

PASSAGES = [
    ("Delivery", ["Parcels arrive in two days.", "Weekends do not count."]),
    ("Returns", ["You may return anything within thirty days."]),
    ("Care", []),
]


def embeddings(request: Request) -> Response:
    """`/embeddings` as endpoints answer it, out of order as some do, over hashed words."""
    texts = json.loads(request.data)["input"]
    rows = [
        {"object": "embedding", "index": number, "embedding": (vector * 3).tolist()}
        for number, vector in enumerate(HashEmbedder().embed_texts(texts))
    ]
    usage = {"prompt_tokens": 1, "total_tokens": 1}
    answer = {"object": "list", "model": "hash", "data": rows[::-1], "usage": usage}
    return Response(json.dumps(answer), content_type="application/json")


def endpoint(httpserver: HTTPServer) -> Embedder:
    return configured(backend="openai", model="hash", base_url=httpserver.url_for("/v1"))


def configured(**fields: object) -> Embedder:
    return build.embedder(Settings(embedding=Embedding.model_validate(fields), paths=load().paths))


def _int8(_server: HTTPServer) -> Embedder:
    return configured(backend="minilm", precision="int8")


def _fp32(_server: HTTPServer) -> Embedder:
    return configured(backend="minilm", precision="fp32")


def _openai(server: HTTPServer) -> Embedder:
    server.expect_request("/v1/embeddings").respond_with_handler(embeddings)
    return endpoint(server)


def _llama_index(_server: HTTPServer) -> Embedder:
    return configured(backend="llama_index", model="tests.doubles.llama:HashedWords?model_name=hashed")


BUILDERS: dict[str, Callable[[HTTPServer], Embedder]] = {
    "minilm-int8": _int8,
    "minilm-fp32": _fp32,
    "openai": _openai,
    "llama_index": _llama_index,
}


@pytest.fixture(params=sorted(BUILDERS))
def embedder(request: pytest.FixtureRequest, httpserver: HTTPServer) -> Iterator[Embedder]:
    made = BUILDERS[request.param](httpserver)
    yield made
    close = getattr(made, "close", None)
    if close:
        close()


def test_texts_give_unit_vectors_in_order(embedder: Embedder) -> None:
    texts = ["Parcels arrive in two days.", "A completely different matter", "parcels and their arrival"]
    vectors = embedder.embed_texts(texts)
    assert vectors.shape == (3, embedder.dimensions)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert vectors[0] @ vectors[2] > vectors[0] @ vectors[1]


def test_no_texts_give_no_vectors(embedder: Embedder) -> None:
    assert embedder.embed_texts([]).shape == (0, embedder.dimensions)
    assert embedder.embed_passages([]) == []


def test_a_passage_gives_its_vector_its_labels_and_one_a_sentence(embedder: Embedder) -> None:
    found = embedder.embed_passages(PASSAGES)
    assert [each.sentences.shape for each in found] == [(n, embedder.dimensions) for n in (2, 1, 0)]
    for each in found:
        rows = np.stack([each.passage, each.label, *each.sentences])
        assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


def test_a_question_is_nearest_to_the_sentence_that_answers_it(embedder: Embedder) -> None:
    first, second, _ = embedder.embed_passages(PASSAGES)
    (question,) = embedder.embed_texts(["In how many days do parcels arrive?"])
    assert question @ first.sentences[0] > max(question @ first.sentences[1], question @ second.sentences[0])
    assert question @ first.passage > question @ second.passage


def test_empty_and_odd_texts_do_no_harm(embedder: Embedder) -> None:
    vectors = embedder.embed_texts(["", " ", "😀", "退货", "\x00", "<|endoftext|>"])
    assert np.isfinite(vectors).all()
    (found,) = embedder.embed_passages([("", [""])])
    assert np.isfinite(found.passage).all()


def test_the_fingerprint_is_the_same_next_time(embedder: Embedder, httpserver: HTTPServer) -> None:
    assert embedder.fingerprint
    assert embedder.languages <= {"en", "zh"}


def test_many_texts_go_in_batches(httpserver: HTTPServer) -> None:
    embedder = _openai(httpserver)
    texts = [f"text {number}" for number in range(150)]
    assert np.allclose(embedder.embed_texts(texts), HashEmbedder().embed_texts(texts), atol=1e-5)
    assert max(len(json.loads(request.data)["input"]) for request, _ in httpserver.log) < 150


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_endpoint_is_asked_again(httpserver: HTTPServer, status: int) -> None:
    embedder = _openai(httpserver)
    httpserver.expect_oneshot_request("/v1/embeddings").respond_with_data("busy", status=status)
    assert embedder.embed_texts(["text"]).shape == (1, 48)


def test_a_refused_key_is_not_tried_again_and_the_message_says_what_to_check(httpserver: HTTPServer) -> None:
    embedder = _openai(httpserver)
    httpserver.clear()
    httpserver.expect_request("/v1/embeddings").respond_with_data("no", status=401)
    with pytest.raises(ModelError, match="key's environment variable"):
        embedder.embed_texts(["text"])
    assert len(httpserver.log) == 1


def test_too_few_vectors_are_an_error_not_a_shift(httpserver: HTTPServer) -> None:
    embedder = _openai(httpserver)
    httpserver.clear()
    row = {"object": "embedding", "index": 0, "embedding": [0.5] * 48}
    httpserver.expect_request("/v1/embeddings").respond_with_json({"object": "list", "model": "m", "data": [row]})
    with pytest.raises(ModelError, match="1 vectors for 2 texts"):
        embedder.embed_texts(["one", "two"])


def test_an_answer_that_is_no_answer_is_a_model_error(httpserver: HTTPServer) -> None:
    embedder = _openai(httpserver)
    httpserver.clear()
    httpserver.expect_request("/v1/embeddings").respond_with_data("<html>login</html>", content_type="text/html")
    with pytest.raises(ModelError):
        embedder.embed_texts(["one"])


@pytest.mark.parametrize("path", ["nowhere.at.all:Class", "tests.doubles.llama:Missing", "no colon"])
def test_an_unknown_class_is_a_config_error(path: str) -> None:
    with pytest.raises(ConfigError, match="cannot be loaded"):
        configured(backend="llama_index", model=path)


def test_an_endpoint_without_a_model_is_a_config_error() -> None:
    with pytest.raises(ConfigError, match=r"embedding\.model is empty"):
        configured(backend="openai")


# --- a question does not wait ------------------------------------------------------------------------------


def test_a_question_is_not_held_up_by_a_silent_endpoint(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedder, asleep = _openai(httpserver), threading.Event()
    monkeypatch.setattr("backends.embeddings.QUESTION_SECONDS", 0.2)
    httpserver.clear()

    def silence(_request: Request) -> Response:
        asleep.wait(10)
        return Response("")

    httpserver.expect_request("/v1/embeddings").respond_with_handler(silence)
    began = time.monotonic()
    for _ in range(BREAKER_FAILURES):
        with pytest.raises(ModelError, match="took longer"):
            embedder.embed_texts(["How long?"])
    with pytest.raises(ModelError, match="rests"):
        embedder.embed_texts(["How long?"])
    assert time.monotonic() - began < 5
    asleep.set()
