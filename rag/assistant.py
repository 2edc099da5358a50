"""The whole path from a customer's message to a checked answer.

Stateless: the conversation comes in with each call. Yields typed events as things happen; whoever wants only
the end collects it with `final`. Knows no store, no page and no endpoint but through its ports.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial

from rag import describe
from rag.answer import extract
from rag.citations import check, cite
from rag.config import Settings
from rag.decide import decide, silent
from rag.errors import ModelError
from rag.escalation import escalate
from rag.model_writer import ModelWriter
from rag.mood import learned_mood
from rag.people import Customer, Mood
from rag.phrases import own_words
from rag.ports import ChatModel, KnowledgeReader, MoodModel, QuestionEmbedder, Reranker, TokenCounter
from rag.readings import meant, readings
from rag.records import Found, look_up
from rag.retrieve import Retriever
from rag.rewrite import searched, standalone
from rag.segments import Treatment, treatment
from rag.synonyms import NAME, SynonymFile
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
from rag.usage import Budget, total
from rag.words_only import WordsOnly

Sentences = tuple[AnswerSentence, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """What came of writing an answer. Without sentences there is none; `reasons` may say why."""

    sentences: Sentences = ()
    writer: str = ""
    note: str = ""
    reasons: tuple[str, ...] = ()


class Assistant:
    """Answers from live knowledge. Safe to call from several threads."""

    def __init__(
        self,
        knowledge: KnowledgeReader,
        embedder: QuestionEmbedder,
        models: Sequence[ChatModel],
        count: TokenCounter,
        settings: Settings,
        reranker: Reranker | None = None,
        moods: MoodModel | None = None,
    ) -> None:
        self._knowledge, self._settings, self._moods = knowledge, settings, moods or learned_mood()
        share, reread = settings.retrieval.history_share, settings.reranking.passages
        synonyms = SynonymFile(settings.paths.knowledge / NAME).groups
        self._retriever = Retriever(knowledge, embedder, share, reranker, reread, synonyms)
        self._by_words = Retriever(knowledge, WordsOnly(embedder), share, synonyms=synonyms)
        self._models = models
        self._writers = [ModelWriter(model, count, settings.writer.prompt_tokens) for model in models]

    def reply(
        self, turns: Sequence[Turn], access: Access | None = None, customer: Customer | None = None
    ) -> Iterator[Event]:
        """Events of one reply, the last of them Done. `turns` ends with the customer's newest message.

        `customer` is whoever the caller has proof that they are, as the company's records know them; None for a guest.
        """
        access, trace = access or Access(), Trace()
        treated = treatment(customer, self._settings.segments, access.today)
        budget = Budget(time.monotonic() + self._settings.writer.total_seconds)
        products = self._knowledge.products(access)
        query = yield from trace.run(
            "understand",
            lambda: self._retriever.corrected(understand(turns, products), access),
            partial(describe.query, customer=customer),
        )
        mood = yield from trace.run("mood", lambda: self._moods.mood(turns), describe.mood)
        found = look_up(query, turns, customer, access.today, self._settings.customers.backend != "none")
        query = replace(query, wish="order") if found else query
        sought = yield from self._standalone(query, turns, trace, budget)
        hits = yield from self._retrieve(sought, access, trace)
        escalated = partial(self._escalated, query, turns, mood, customer)
        made = found.decision if found else None
        decision = yield from trace.run(
            "decide", lambda: escalated(made or self._decide(sought, hits, products, treated)), describe.decision
        )
        if found and decision == found.decision:
            written = yield from _recorded(found)
        else:
            written = yield from self._write(query, hits, decision, access, trace, budget, treated.tone)
        sentences, writer, note = written.sentences, written.writer, written.note
        if not sentences:
            decision = escalated(silent(decision, *written.reasons)) if decision.outcome == "answer" else decision
            sentences, writer, note = own_words(decision, query, treated.greets(customer, query.language)), "fixed", ""
            yield Said(sentences[0])
        cost = total(budget.spent)
        if budget.spent:
            yield trace.add("cost", 0.0, asdict(cost))
        yield Done(Reply(decision, sentences, query.language, writer, note, tuple(trace.steps), cost))

    def _standalone(
        self, query: Query, turns: Sequence[Turn], trace: Trace, budget: Budget
    ) -> Generator[Event, None, Query]:
        """The query to search with: a follow-up put into full words, where a model can do that in its share of time."""
        seconds = min(self._settings.writer.rewrite_seconds, budget.left() / 4)
        if not (self._models and query.leans and query.wish == "question" and seconds > 0):
            return query
        made = yield from trace.run(
            "rewrite", lambda: standalone(query, turns, self._models, seconds), describe.rewritten
        )
        budget.spent += made.spent
        return query if made.refused else searched(query, made.text)

    def _retrieve(self, query: Query, access: Access, trace: Trace) -> Generator[Event, None, list[Hit]]:
        """What is found for a question, by its words alone when the embedding endpoint fails."""

        def found(retriever: Retriever) -> list[Hit]:
            if query.wish != "question":
                return []
            return meant(retriever.retrieve(query, access, self._settings.retrieval.passages))

        try:
            return (yield from trace.run("retrieve", lambda: found(self._retriever), describe.hits))
        except ModelError as error:
            yield trace.add("embedding failed", 0.0, {"reason": str(error), "kind": error.kind})
            return (yield from trace.run("retrieve", lambda: found(self._by_words), describe.hits))

    def _escalated(
        self, query: Query, turns: Sequence[Turn], mood: Mood, customer: Customer | None, decision: Decision
    ) -> Decision:
        return escalate(query, turns, mood, decision, customer, self._settings.escalation)

    def _decide(self, query: Query, hits: Sequence[Hit], products: Collection[str], treated: Treatment) -> Decision:
        above = self._settings.decision.answer_above if treated.answer_above is None else treated.answer_above
        return decide(query, hits, above, readings(query, hits, products))

    def _write(
        self,
        query: Query,
        hits: Sequence[Hit],
        decision: Decision,
        access: Access,
        trace: Trace,
        budget: Budget,
        tone: str,
    ) -> Generator[Event, None, Written]:
        """What a model says that can be proven, or why there is no answer; else the documents' own sentences."""
        if decision.outcome != "answer":
            return Written()
        written = yield from self._model_written(query, hits, trace, budget, tone)
        if written.sentences or written.reasons:
            return written
        neighbours = partial(self._knowledge.neighbours, access=access)
        extracted = extract(query, hits, self._settings.writer.sentences, neighbours)
        said = yield from self._checked(extracted, hits, trace, "extractive", {})
        return Written(said, "extractive", describe.note(query, said, hits, written.note))

    def _model_written(
        self, query: Query, hits: Sequence[Hit], trace: Trace, budget: Budget, tone: str
    ) -> Generator[Event, None, Written]:
        """By the first model that gets through. Without sentences and reasons, `note` names the phrase that says why."""
        for model in self._writers:
            request = model.request(query, hits, tone)
            writing = model.write(request, budget.left())
            try:
                said = yield from self._checked(writing, hits, trace, model.name, describe.prompt(request))
            except ModelError as error:
                yield trace.add("model failed", 0.0, {"model": model.name, "reason": str(error), "kind": error.kind})
                yield Withdrawn(str(error))
                continue
            finally:
                budget.spent += writing.spent
            if said:
                return Written(said, model.name)
            if writing.found_nothing:
                # It has read the passages. To quote them all the same would more often be wrong than right, and a
                # person is offered instead.
                return Written(reasons=("the model found no answer in the passages",))
            return Written(note="model_unproven")  # it works, but invents: another one is not asked
        return Written(note="model_failed" if self._writers else "")

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


def _recorded(found: Found) -> Generator[Event, None, Written]:
    """What the records say, or that they cannot say it. Nothing is left to check: it was made from the fields."""
    yield from map(Said, found.sentences)
    return Written(found.sentences, "record" if found.decision.outcome == "answer" else "fixed", found.note)


def final(events: Iterable[Event]) -> Reply:
    """The Reply at the end of `events`."""
    return next(event.reply for event in events if isinstance(event, Done))
