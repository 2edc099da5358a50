"""The whole path from a customer's message to a checked answer.

Stateless: the conversation comes in with each call. Yields typed events as things happen; whoever wants only
the end collects it with `final`. Knows no store, no page and no endpoint but through its ports.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Generator, Iterable, Iterator, Mapping, Sequence
from functools import partial

from rag import describe
from rag.answer import extract
from rag.citations import check, cite
from rag.config import Settings
from rag.decide import decide, silent
from rag.errors import ModelError
from rag.model_writer import ModelWriter
from rag.phrases import own_words
from rag.ports import ChatModel, Embedder, KnowledgeReader, TokenCounter
from rag.readings import meant, readings
from rag.retrieve import Retriever
from rag.trace import Trace
from rag.types import (
    Access,
    AnswerSentence,
    Decision,
    Done,
    DraftSentence,
    Event,
    Hit,
    Query,
    Reply,
    Said,
    Turn,
    Withdrawn,
)
from rag.understand import understand

Sentences = tuple[AnswerSentence, ...]


class Assistant:
    """Answers from live knowledge. Safe to call from several threads."""

    def __init__(
        self,
        knowledge: KnowledgeReader,
        embedder: Embedder,
        models: Sequence[ChatModel],
        count: TokenCounter,
        settings: Settings,
    ) -> None:
        self._knowledge, self._settings = knowledge, settings
        self._retriever = Retriever(knowledge, embedder, settings.retrieval.history_share)
        self._writers = [ModelWriter(model, count, settings.writer.prompt_tokens) for model in models]

    def reply(self, turns: Sequence[Turn], access: Access | None = None) -> Iterator[Event]:
        """Events of one reply, the last of them Done. `turns` ends with the customer's newest message."""
        access, trace = access or Access(), Trace()
        products = self._knowledge.products(access)
        query = yield from trace.run("understand", lambda: understand(turns, products), describe.query)
        hits = yield from trace.run("retrieve", lambda: self._retrieve(query, access), describe.hits)
        decision = yield from trace.run("decide", lambda: self._decide(query, hits, products), describe.decision)
        sentences, writer, note = yield from self._write(query, hits, decision, access, trace)
        if not sentences:
            decision = silent(decision) if decision.outcome == "answer" else decision
            sentences, writer, note = own_words(decision, query), "fixed", ""
            yield Said(sentences[0])
        yield Done(Reply(decision, sentences, query.language, writer, note, tuple(trace.steps)))

    def _retrieve(self, query: Query, access: Access) -> list[Hit]:
        if query.wish != "question":
            return []
        return meant(self._retriever.retrieve(query, access, self._settings.retrieval.passages))

    def _decide(self, query: Query, hits: Sequence[Hit], products: Collection[str]) -> Decision:
        return decide(query, hits, self._settings.decision.answer_above, readings(query, hits, products))

    def _write(
        self, query: Query, hits: Sequence[Hit], decision: Decision, access: Access, trace: Trace
    ) -> Generator[Event, None, tuple[Sentences, str, str]]:
        """(sentences, writer, note) of the first writer that gets through; no sentences where there is no answer."""
        if decision.outcome != "answer":
            return (), "", ""
        deadline = time.monotonic() + self._settings.writer.total_seconds  # for all models together
        for model in self._writers:
            request, left = model.request(query, hits), deadline - time.monotonic()
            try:
                if left <= 0:
                    raise ModelError(f"There was no time left to ask {model.name}.")
                drafts = model.write(request, left)
                said = yield from self._checked(drafts, hits, trace, model.name, describe.prompt(request))
                return said, model.name, ""
            except ModelError as error:
                yield trace.add("model failed", 0.0, {"model": model.name, "reason": str(error)})
                yield Withdrawn(str(error))
        neighbours = partial(self._knowledge.neighbours, access=access)
        extracted = extract(hits, self._settings.writer.sentences, neighbours)
        said = yield from self._checked(extracted, hits, trace, "extractive", {})
        return said, "extractive", describe.note(query, said, hits, model_failed=bool(self._writers))

    def _checked(
        self,
        drafts: Iterable[DraftSentence],
        hits: Sequence[Hit],
        trace: Trace,
        writer: str,
        asked: Mapping[str, object],
    ) -> Generator[Event, None, Sentences]:
        """Each drafted sentence is checked before it is said; one that fails is dropped and only traced."""
        began = time.perf_counter()
        passages, numbers = [hit.chunk for hit in hits], dict[int, int]()
        said, verdicts = list[AnswerSentence](), list[dict[str, object]]()
        for draft in drafts:
            verdict, spans = check(draft, passages)
            verdicts.append(describe.verdict(draft, verdict, spans))
            if verdict.supported:
                said.append(cite(draft, spans, numbers))
                yield Said(said[-1])
        detail = {"writer": writer, **asked, "said": verdicts}
        yield trace.add("write and check", (time.perf_counter() - began) * 1000, detail)
        return tuple(said)


def final(events: Iterable[Event]) -> Reply:
    """The Reply at the end of `events`."""
    return next(event.reply for event in events if isinstance(event, Done))
