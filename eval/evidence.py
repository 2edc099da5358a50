"""Citations judged anew: what a citation points to is looked up in the live knowledge, whatever the assistant claims.

Knows how to look up passages and a customer's records through what it is given; calls no assistant.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from eval.results import Cited, Sentence
from rag.citations import supports
from rag.people import Customer
from rag.quantities import quantities
from rag.record_texts import quoted
from rag.types import Access, AnswerSentence, Chunk, Citation, Span

RECORD = "record:"
_VERBATIM = re.compile(r"“([^”]+)”")  # a status, as the record has it
LookUp = Callable[[int, Access], Chunk | None]  # the live passage with this id, if the asker may see it


@dataclass(frozen=True, slots=True)
class Asker:
    """On whose behalf citations are looked up: what they may read, and their own records."""

    access: Access
    customer: Customer | None = None


def judged(sentence: AnswerSentence, look_up: LookUp, asker: Asker) -> Sentence:
    """The sentence as it is stored, each of its citations with what was found of it."""
    return Sentence(
        text=sentence.text, citations=tuple(_cited(sentence.text, each, look_up, asker) for each in sentence.citations)
    )


def _cited(text: str, citation: Citation, look_up: LookUp, asker: Asker) -> Cited:
    if citation.source.startswith(RECORD):
        why = _record_objection(text, citation, asker.customer)
    else:
        why = _objection(text, citation, look_up(citation.chunk_id, asker.access))
    return Cited(source=citation.source, quote=citation.quote, supported=not why, why=why)


def _objection(text: str, citation: Citation, chunk: Chunk | None) -> str:
    """Why the passage does not support the sentence; empty when it does."""
    if chunk is None:
        return "there is no such passage that is live and that the customer may see"
    if (chunk.source, chunk.version) != (citation.source, citation.version):
        return f"the passage is of {chunk.source}, version {chunk.version}"
    span = _span(chunk, citation.start, citation.end)
    if span is None or chunk.text[citation.start : citation.end] != citation.quote:
        return "what it quotes does not stand there"
    verdict = supports(text, span)
    return "" if verdict.supported else verdict.reason


def _span(chunk: Chunk, start: int, end: int) -> Span | None:
    """The sentences from `start` to `end`; None where these are not their bounds."""
    first = next((at for at, each in enumerate(chunk.sentences) if each.start == start), None)
    last = next((at for at, each in enumerate(chunk.sentences) if each.end == end), None)
    return None if first is None or last is None or last < first else Span(chunk, first, last)


def _record_objection(text: str, citation: Citation, customer: Customer | None) -> str:
    """Why the customer's records do not support the sentence; empty when they do."""
    number = citation.source.rpartition("/")[2]
    order = next((each for each in customer.orders if each.number == number), None) if customer else None
    if order is None:
        return "the customer has no such record"
    if citation.quote not in (quoted(order, "en"), quoted(order, "zh")):
        return "what it quotes is not the record"
    strange = [" ".join(each).strip() for each in sorted(quantities(text) - quantities(citation.quote))]
    strange += [words for words in _VERBATIM.findall(text) if words not in citation.quote]
    return f"the record does not say {strange[0]}" if strange else ""
