"""Candidates from keywords and vectors, scored by their sentences, best first.

The path from a query to hits; formulas are in `fuse.py`, storage behind the KnowledgeReader.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain

from rag.confidence import with_evidence
from rag.expressions import OtherWords
from rag.frames import subject_matter
from rag.fuse import Scored, fuse, score_candidates
from rag.kinds import measure_missing
from rag.names import codes, other_product, unnamed
from rag.other_words import as_known, in_other_words, other_words, terms_of
from rag.ports import Candidate, Corpus, KnowledgeReader, QuestionEmbedder, Reranker
from rag.rerank import reranked
from rag.spelling import corrected
from rag.synonyms import Groups, ours
from rag.text import tokens
from rag.types import Access, Hit, Query, Vector, Vectors
from rag.weights import weights

NEARLY = 0.8  # of the best passage's score
OTHER_WORDS = 0.97  # what a fit by synonyms counts, of one in the customer's own words


class Retriever:
    """Finds passages for a query; what is found depends on nothing but its arguments and the live knowledge."""

    def __init__(
        self,
        knowledge: KnowledgeReader,
        embedder: QuestionEmbedder,
        history_share: float,
        reranker: Reranker | None = None,
        reread: int = 0,
        synonyms: Callable[[], Groups] = ours,
    ) -> None:
        """`reread`: how many of the best passages the reranker puts in order. `synonyms` may change between questions."""
        self._knowledge, self._embedder, self._history_share = knowledge, embedder, history_share
        self._reranker, self._reread, self._synonyms = reranker, reread, synonyms

    def retrieve(self, query: Query, access: Access, limit: int) -> list[Hit]:
        """The best `limit` passages the asker may see, best first."""
        vectors, ways = self._vectors(query), self._ways(query)
        others = self._other_words(query) if query.wish == "question" else ()
        sought = (*query.tokens, *chain.from_iterable(ways), *terms_of(others))
        candidates, corpus = self._knowledge.candidates(
            replace(query, tokens=tuple(dict.fromkeys(sought))), vectors, access
        )
        vector, retold = vectors[0] if len(vectors) else None, in_other_words(candidates, others)
        told = [score_candidates(way, vector, candidates, corpus) for way in ways]
        told.append(_said_otherwise(told[-1], candidates, retold, ways[-1], vector, as_known(corpus, others)))
        chosen = [self._fitting_way(query, [some[at] for some in told]) for at in range(len(candidates))]
        now = [told[way][at] for at, way in enumerate(chosen)]
        before: Sequence[Scored | None] = [None] * len(candidates)
        if query.history_tokens:
            earlier = vectors[1] if len(vectors) > 1 else None
            before = score_candidates(query.history_tokens, earlier, candidates, corpus)
        names = zip(unnamed(_coded(query), candidates), other_product(query.name_tokens, candidates), strict=True)
        hits = [self._hit(query, *each) for each in zip(candidates, now, before, names, strict=True)]
        # Passages that say the same, as manuals repeat themselves, come in the order of their sources.
        hits.sort(key=lambda hit: (-round(hit.score, 6), hit.chunk.source, hit.chunk.ordinal))
        if self._reranker and hits:
            best = reranked(query.corrected or query.text, hits[: self._reread], self._reranker)
            hits = [*best, *hits[self._reread :]]
        if not hits:
            return []
        hits = measured(query, hits[:limit])
        best_at = next(at for at, each in enumerate(candidates) if each.chunk.id == hits[0].chunk.id)
        return with_evidence(query, (*ways, ways[-1])[chosen[best_at]], hits, retold, corpus)

    def _ways(self, query: Query) -> list[tuple[str, ...]]:
        """Index terms of what is asked: as the customer says it, and without the frame of a question."""
        said = query.corrected or query.text
        plain = subject_matter(said)
        if query.wish != "question" or plain == said:
            return [_asked(query)]
        lead = tokens(subject_matter(query.history[-1])) if query.leans else ()
        named = [token for token in query.tokens if token not in set(tokens(said))]  # as documents spell them
        return [_asked(query), (*lead, *tokens(plain), *named)]

    def _other_words(self, query: Query) -> tuple[OtherWords, ...]:
        said = query.corrected or query.text
        return other_words(f"{query.history[-1]} {said}" if query.leans else said, self._synonyms())

    def _fitting_way(self, query: Query, ways: Sequence[Scored]) -> int:
        """Which of the ways to ask fits a passage best. The customer's own words count a little more."""
        weight = weights()["retrieval"][query.language]
        scores = [fuse(each.signals, weight) * (OTHER_WORDS if at else 1.0) for at, each in enumerate(ways)]
        return max(range(len(scores)), key=lambda at: (scores[at], -at))

    def corrected(self, query: Query, access: Access) -> Query:
        """The query with misspelt words corrected to words the asker may read in the knowledge."""
        if query.wish != "question":
            return query
        frequency = partial(self._knowledge.frequency, access=access)
        text = corrected(query.text, frequency, self._embedder.knows)
        if not text:
            return replace(query, other_words=self._other_words(query))
        written = set(tokens(query.text))  # beside these stand the names of products as documents spell them
        names = (token for token in query.tokens if token not in written)
        found = replace(query, corrected=text, tokens=(*tokens(text), *names))
        return replace(found, other_words=self._other_words(found))

    def _vectors(self, query: Query) -> Vectors:
        """Of the message and, where there is one, of what was said before; none for a language it cannot embed."""
        text = query.corrected or query.text
        asked = f"{query.history[-1]} {text}" if query.leans else text
        texts = [asked, " ".join(query.history)] if query.history else [asked]
        return self._embedder.embed_texts(texts if query.language in self._embedder.languages else [])

    def _hit(
        self, query: Query, candidate: Candidate, now: Scored, before: Scored | None, names: tuple[float, float]
    ) -> Hit:
        weight = weights()["retrieval"][query.language]
        signals = dict(now.signals)
        signals["unnamed"], signals["other_product"] = names
        signals["other_language"] = float(candidate.chunk.language != query.language)
        score = fuse(signals, weight)
        if before is not None:
            signals["history"] = fuse(before.signals, weight)
            score += self._history_share * signals["history"]
        by_sentence = tuple(fuse(each, weights()["sentence"][query.language]) for each in now.sentences)
        return Hit(candidate.chunk, score, signals, by_sentence)


def measured(query: Query, hits: Sequence[Hit]) -> list[Hit]:
    """The hits, first one that holds what is asked for (a weight, a price …) where the best does not and that is near."""
    texts = [(hit.chunk.text, hit.chunk.label) for hit in hits]
    if not measure_missing(query.text, texts[0]):
        return list(hits)
    near = (at for at, hit in enumerate(hits) if hit.score >= NEARLY * hits[0].score)
    first = next((at for at in near if not measure_missing(query.text, texts[at])), 0)
    return [hits[first], *hits[:first], *hits[first + 1 :]]


def _said_otherwise(
    plain: Sequence[Scored],
    candidates: Sequence[Candidate],
    retold: Sequence[Candidate],
    way: Sequence[str],
    vector: Vector | None,
    corpus: Corpus,
) -> list[Scored]:
    """Each candidate's scores in other words; the `plain` ones where none of it is said otherwise."""
    changed = [at for at, (one, other) in enumerate(zip(candidates, retold, strict=True)) if one is not other]
    scored = list(plain)
    for at, each in zip(changed, score_candidates(way, vector, [retold[at] for at in changed], corpus), strict=True):
        scored[at] = each
    return scored


def _asked(query: Query) -> tuple[str, ...]:
    """Index terms of the message, with those of the one before it where it says little alone."""
    return (*tokens(query.history[-1]), *query.tokens) if query.leans else query.tokens


def _coded(query: Query) -> tuple[str, ...]:
    """Index terms from which codes are read: of the message, with what went before where it says little alone."""
    if not query.leans:
        return query.tokens
    return query.name_tokens if codes(query.tokens) else (*query.tokens, *query.history_tokens)
