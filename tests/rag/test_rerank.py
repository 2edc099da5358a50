"""A reranker puts found passages in another order, and nothing it does costs an answer."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from backends import build
from rag.config import Reranking, Settings
from rag.errors import ConfigError, ModelError
from rag.ports import Reranker
from rag.retrieve import Retriever
from rag.types import Hit
from tests.doubles.shelf import EVERYBODY, Shelf, asked

ASKED = "When do parcels arrive?"


@pytest.fixture
def shelf(shelf: Shelf) -> Shelf:
    for name, text in (
        ("a", "Parcels arrive in two days."),
        ("b", "Parcels arrive on Friday."),
        ("c", "Parcels are heavy."),
    ):
        shelf.write(f"{name}.txt", text)
    shelf.sync()
    return shelf


def served(server: HTTPServer, answer: Callable[[Request], Response] | str, seconds: float = 2.0) -> Reranker:
    handler = answer if callable(answer) else (lambda _request: Response(answer, content_type="application/json"))
    server.expect_request("/v1/rerank", method="POST").respond_with_handler(handler)
    chosen = Reranking(backend="http", base_url=server.url_for("/v1"), model="judge", seconds=seconds)
    made = build.reranker(Settings(reranking=chosen))
    assert made is not None
    return made


def found(shelf: Shelf, reranker: Reranker | None) -> list[Hit]:
    return Retriever(shelf.knowledge(), shelf.hashing, 0.3, reranker, 20).retrieve(asked(ASKED), EVERYBODY, 6)


def by_name_backwards(request: Request) -> Response:
    """The text that comes last in the alphabet is the best."""
    body = json.loads(request.data)
    assert (body["model"], body["query"]) == ("judge", ASKED)
    order = sorted(range(len(body["documents"])), key=lambda at: body["documents"][at])
    return Response(json.dumps({"results": [{"index": at, "relevance_score": n} for n, at in enumerate(order)]}))


def test_the_order_is_the_rerankers(shelf: Shelf, httpserver: HTTPServer) -> None:
    plain, other = found(shelf, None), found(shelf, served(httpserver, by_name_backwards))
    texts = [f"{hit.chunk.label}\n{hit.chunk.text}" for hit in other]
    assert texts == sorted(texts, reverse=True)
    assert {hit.chunk.id for hit in plain} == {hit.chunk.id for hit in other}
    assert other[0].signals["reranked"] == 2


def test_what_it_leaves_out_comes_last(shelf: Shelf, httpserver: HTTPServer) -> None:
    plain = found(shelf, None)
    other = found(
        shelf,
        served(httpserver, '{"results": [{"index": 2, "relevance_score": 0.1}, {"index": 9, "relevance_score": 1}]}'),
    )
    assert [hit.chunk.id for hit in other] == [plain[at].chunk.id for at in (2, 0, 1)]


@pytest.mark.parametrize(
    "answer",
    ["", "{}", '{"results": [{"index": "one"}]}', '{"results": [{"index": -1, "relevance_score": 1}]}', "<html>"],
)
def test_nonsense_leaves_the_order(shelf: Shelf, httpserver: HTTPServer, answer: str) -> None:
    assert [hit.chunk.id for hit in found(shelf, served(httpserver, answer))] == [
        hit.chunk.id for hit in found(shelf, None)
    ]


def test_a_reranker_that_hangs_is_not_waited_for_and_then_left_alone(shelf: Shelf, httpserver: HTTPServer) -> None:
    def hang(_request: Request) -> Response:
        time.sleep(1)
        return Response("{}")

    reranker = served(httpserver, hang, seconds=0.1)
    plain = [hit.chunk.id for hit in found(shelf, None)]
    for _ in range(3):
        assert [hit.chunk.id for hit in found(shelf, reranker)] == plain
    with pytest.raises(ModelError, match="left alone"):
        reranker.scores(ASKED, ["a"])


def test_half_a_setting_is_refused() -> None:
    with pytest.raises(ConfigError, match="base_url or model is empty"):
        build.reranker(Settings(reranking=Reranking(backend="http", model="judge")))
    assert build.reranker(Settings()) is None
