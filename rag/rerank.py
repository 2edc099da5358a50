"""A second look at the best passages by a reranking model, where one is configured.

It may only put passages that were found into another order. When it fails or takes too long, the order stays.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.errors import ModelError
from rag.ports import Reranker
from rag.types import Hit


def reranked(question: str, hits: Sequence[Hit], reranker: Reranker) -> list[Hit]:
    """The hits in the reranker's order; those it leaves out come last, as they stood. Unchanged if it fails.

    The reranker's score is kept among each hit's signals for the trace; nothing is decided by it.
    """
    try:
        scores = reranker.scores(question, [f"{hit.chunk.label}\n{hit.chunk.text}" for hit in hits])
    except ModelError:
        return list(hits)
    order = sorted(range(len(hits)), key=lambda at: (-scores.get(at, float("-inf")), at))
    return [_with_score(hits[at], scores.get(at)) for at in order]


def _with_score(hit: Hit, score: float | None) -> Hit:
    signals = hit.signals if score is None else {**hit.signals, "reranked": score}
    return Hit(hit.chunk, hit.score, signals, hit.sentence_scores)
