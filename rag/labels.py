"""Where quoted sentences stand, said above them when they come from more than one place.

Two models' rows and two regions' rules read alike: without their place a reader could not tell which is which.
Quotations stay as they are; a label is shown beside them. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.types import AnswerSentence


def places(sentences: Sequence[AnswerSentence]) -> list[str]:
    """For each sentence the label to show above it, or "": where the place changes, in an answer quoted from several.

    A sentence put in other words, or resting on several passages, has no one place: then nothing is labelled.
    """
    found = [_place(each) for each in sentences]
    if len(set(found)) < 2 or "" in found:
        return [""] * len(found)
    return [place if at == 0 or place != found[at - 1] else "" for at, place in enumerate(found)]


def _place(sentence: AnswerSentence) -> str:
    if len(sentence.citations) != 1 or sentence.citations[0].quote != sentence.text:
        return ""
    cited = sentence.citations[0]
    return " › ".join(dict.fromkeys((cited.title or cited.source, *cited.heading)))
