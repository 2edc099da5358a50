"""What customers asked and the documents did not answer, in groups; and a document's outline drafted from each. Pure.

An outline holds the questions and what agents answered, word for word but without numbers and addresses of persons. It
is for an editor to make a document of; nothing publishes it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from desk.topics import Question, groups, name_of, weights_of
from rag.mask import mask
from rag.text import language_of, normalise
from rag.types import Language

MOST_WORDINGS, MOST_ANSWERS = 8, 5  # in an outline
_MASKED = re.compile(r"\[[a-z-]{2,8}\]")
_WORDS: Mapping[Language, tuple[str, str, str]] = {
    "en": ("Asked {count} times, in {conversations} conversations.", "What agents answered", "No agent has answered this yet."),
    "zh": ("共被问 {count} 次，涉及 {conversations} 次对话。", "客服的回答", "还没有客服回答过这个问题。"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Gap:
    """Questions on one matter without an answer. `wordings`: each once, masked, the most frequent first; `answers`: what
    agents wrote in those conversations afterwards, masked; `messages`: the questions' numbers."""

    name: tuple[str, ...]
    language: Language
    count: int
    conversations: tuple[str, ...]
    wordings: tuple[str, ...]
    answers: tuple[str, ...]
    messages: tuple[int, ...] = ()

    @property
    def key(self) -> str:
        """The number of its oldest question, by which it is found again while that belongs to it."""
        return str(min(self.messages, default=0))


def gaps(unresolved: Sequence[Question], vectors: Mapping[str, np.ndarray]) -> list[Gap]:
    """The groups of these questions, those of most conversations first. `vectors`: text → unit vector."""
    texts = [each.text for each in unresolved]
    weights = weights_of([_unnamed(each) for each in texts])
    found = [_gap([unresolved[each] for each in members], weights) for members in groups(texts, vectors)]
    return sorted(found, key=lambda each: (-len(each.conversations), -each.count, each.name))


def outline(gap: Gap) -> str:
    """A document to be, in Markdown: its questions as headings, agents' answers as a list."""
    told, answered, none = _WORDS[gap.language]
    lines = ["---", f"title: {json.dumps(' '.join(gap.name), ensure_ascii=False)}", "---", ""]
    lines += [told.format(count=gap.count, conversations=len(gap.conversations)), ""]
    lines += [f"## {each}\n" for each in gap.wordings[:MOST_WORDINGS]]
    lines += [f"### {answered}\n", *(f"- {each}" for each in gap.answers[:MOST_ANSWERS])] if gap.answers else [none]
    return "\n".join(lines) + "\n"


def _gap(asked: Sequence[Question], weights: Mapping[str, float]) -> Gap:
    texts = [_unnamed(each.text) for each in asked]
    languages = [language_of(each) for each in texts]
    return Gap(
        name=name_of(texts, weights),
        language="zh" if languages.count("zh") * 2 > len(languages) else "en",
        count=len(asked),
        conversations=tuple(dict.fromkeys(each.conversation for each in asked)),
        wordings=_once([each.text for each in asked]),
        answers=_once([answer for each in asked for answer in each.answers]),
        messages=tuple(each.message for each in asked if each.message),
    )


def _unnamed(text: str) -> str:
    """Without numbers and addresses of persons, and without what stands in their place: no name is made of either."""
    return _MASKED.sub(" ", mask(text))


def _once(texts: Sequence[str]) -> tuple[str, ...]:
    """Each text in one line, masked; those that read the same once, the most frequent first."""
    found, counts = dict[str, str](), dict[str, int]()
    for text in texts:
        line = " ".join(mask(text).split())
        key = normalise(line).strip("?？!！.。 ")
        if key:
            found.setdefault(key, line)
            counts[key] = counts.get(key, 0) + 1
    return tuple(found[key] for key in sorted(found, key=lambda each: -counts[each]))
