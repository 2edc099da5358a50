"""What any vector index promises, held against each."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from backends import build
from backends.chroma import ChromaIndex
from backends.exact import ExactIndex, interleaved
from rag.config import Paths, Settings
from rag.ports import VectorIndex
from rag.types import Vectors

WIDTH = 16


@pytest.fixture(params=["chroma", "exact"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[VectorIndex]:
    if request.param == "exact":
        yield ExactIndex()
        return
    opened, wipe, _ = build.vector_index(Settings(paths=Paths(data=tmp_path)))
    made = opened()
    yield made
    assert isinstance(made, ChromaIndex)
    made.close()
    wipe()


def axes(*numbers: int) -> Vectors:
    """Unit vectors along these axes."""
    return np.eye(WIDTH, dtype=np.float32)[list(numbers)]


def test_an_empty_index_finds_nothing(index: VectorIndex) -> None:
    assert index.ids() == set()
    assert index.nearest(axes(0)[0], 5) == []


def test_a_passage_is_found_by_its_own_vector_and_by_its_labels(index: VectorIndex) -> None:
    index.upsert([1, 2, 3], axes(0, 1, 2), axes(3, 4, 5))
    assert index.nearest(axes(1)[0], 1) == [2]
    assert index.nearest(axes(5)[0], 3)[:2].count(3) == 1


def test_the_nearest_comes_first_and_nothing_comes_twice(index: VectorIndex) -> None:
    near = axes(0)[0] * 0.9 + axes(1)[0] * 0.4
    index.upsert([1, 2, 3], axes(1, 0, 2), axes(1, 0, 2))
    found = index.nearest(near / np.linalg.norm(near), 10)
    assert found == [2, 1, 3]


def test_the_limit_holds(index: VectorIndex) -> None:
    index.upsert(list(range(WIDTH)), axes(*range(WIDTH)), axes(*range(WIDTH)))
    assert len(index.nearest(axes(3)[0], 4)) == 4


def test_upserting_again_replaces(index: VectorIndex) -> None:
    index.upsert([1, 2], axes(0, 1), axes(0, 1))
    index.upsert([1], axes(2), axes(2))
    assert index.ids() == {1, 2}
    assert index.nearest(axes(2)[0], 1) == [1]


def test_what_is_deleted_is_gone_and_deleting_twice_does_no_harm(index: VectorIndex) -> None:
    index.upsert([1, 2], axes(0, 1), axes(0, 1))
    for _ in range(2):
        index.delete([1, 77])
    assert index.ids() == {2}
    assert index.nearest(axes(0)[0], 5) == [2]


def test_nothing_to_do_is_done(index: VectorIndex) -> None:
    index.upsert([], axes(), axes())
    index.delete([])
    assert index.ids() == set()


def test_ids_of_63_bits_are_kept_exactly(index: VectorIndex) -> None:
    large = [2**63 - 1, 2**62 + 1]
    index.upsert(large, axes(0, 1), axes(0, 1))
    assert index.ids() == set(large)
    assert index.nearest(axes(1)[0], 1) == [2**62 + 1]


def test_more_than_one_batch(index: VectorIndex) -> None:
    count = 6000
    chance = np.random.default_rng(0)
    vectors = chance.standard_normal((count, WIDTH)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    index.upsert(list(range(count)), vectors, vectors)
    assert index.ids() == set(range(count))
    assert index.nearest(vectors[5500], 1) == [5500]
    index.delete(list(range(1, count)))
    assert index.ids() == {0}


def test_a_write_between_questions_is_quick(tmp_path: Path) -> None:
    """With Chroma's files synced rarely, this took 20 s of processor time: it stops every answer meanwhile."""
    chance = np.random.default_rng(0)
    vectors = chance.standard_normal((2000, 64)).astype(np.float32)
    index = ChromaIndex(tmp_path)
    index.upsert(list(range(2000)), vectors, vectors)
    index.nearest(vectors[0], 5)
    began = time.process_time()
    index.delete([1])
    assert time.process_time() - began < 2
    index.close()


def test_interleaving_takes_turns_without_repeats() -> None:
    assert interleaved([[1, 2, 3], [2, 4]], 10) == [1, 2, 4, 3]
    assert interleaved([[1, 2, 3], [2, 4]], 2) == [1, 2]
