"""The verdict that rules come to without a model: facts by their words and quantities, sentences by the check of
citations. Measured against people's labels like any judge. Cannot tell what is wrong from what is unsupported."""

from __future__ import annotations

from eval.facts_found import says
from eval.judge import Material, Opinion
from rag.citations import check
from rag.text import language_of, sentence_spans
from rag.types import Chunk, DraftSentence, Sentence


def opinion(material: Material) -> Opinion:
    """The verdict, and what speaks for it."""
    passages = [_passage(number, text) for number, text in enumerate(material.passages)]
    for first, last in sentence_spans(material.answer):
        sentence = material.answer[first:last]
        verdict, _ = check(DraftSentence(sentence, ()), passages)
        if not verdict.supported:
            return Opinion(verdict="unsupported", reason=f"{sentence!r}: {verdict.reason}")
    missing = [fact[0] for fact in material.facts if not any(says(material.answer, each) for each in fact)]
    if not missing:
        return Opinion(verdict="right", reason="every fact is there, every sentence supported")
    some = len(missing) < len(material.facts)
    return Opinion(verdict="half_right" if some else "wrong", reason=f"lacks {', '.join(map(repr, missing))}")


def _passage(number: int, text: str) -> Chunk:
    spans = tuple(Sentence(first, last) for first, last in sentence_spans(text))
    return Chunk(number, f"passage {number}", 1, number, "", (), "", text, spans, language_of(text))
