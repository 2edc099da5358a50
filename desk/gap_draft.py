"""A document drafted for a gap: by a model from what agents answered, or the outline where no model does.

What the model writes is data, and only a draft: markup and links go, and each of its sentences that no agent's answer
supports is named, for the editor to look at. Nothing here publishes anything.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from desk.gaps import Gap, outline
from prompts import load_prompt
from rag.citations import check
from rag.config import Writer
from rag.errors import ModelError
from rag.instructions import steers
from rag.model_writer import in_another_language
from rag.ports import ChatModel, TokenCounter
from rag.sanitize import cleaned, echoes, spoken
from rag.text import sentence_spans
from rag.types import Chunk, DraftSentence, Language, Sentence, Usage
from rag.usage import Budget, total

MOST_QUESTIONS = 8  # that the model is shown
LONGEST = 800  # characters of one of them, or of an answer
_NOTHING = re.compile(r"NO\W?[_ ]ANSWER")
_MARK = re.compile(r"^\s*(#{1,6}\s+|[-*•]\s+|\d{1,2}[.)]\s+)?")
_MARKUP = re.compile(r"<[^>]*>|\[([^\]]*)\]\([^)]*\)")


@dataclass(frozen=True, slots=True)
class Drafted:
    """Markdown with front matter. `by`: the model, empty for the outline; `failed`: why a model that was asked did not
    write it; `unproven`: sentences that no agent's answer supports."""

    text: str
    by: str = ""
    failed: str = ""
    unproven: tuple[str, ...] = ()
    usage: Usage = field(default_factory=Usage)


class Drafter:
    """Asks the configured models in their order, all within one budget."""

    def __init__(self, models: Sequence[ChatModel], count: TokenCounter, settings: Writer) -> None:
        self._models, self._count, self._settings = models, count, settings

    @property
    def asks(self) -> bool:
        """Whether there is a model to ask."""
        return bool(self._models)

    def draft(self, gap: Gap) -> Drafted:
        """The document to be. Never fails: where models do, it is the outline."""
        if not self._models or not gap.answers:
            return Drafted(outline(gap))
        budget, failed = Budget(time.monotonic() + self._settings.total_seconds), ""
        for model in self._models:
            if budget.left() <= 0:
                failed = failed or "There was no time left."
                break
            try:
                text, unproven = self._written(model, gap, budget)
            except ModelError as error:
                failed = str(error)
                continue
            return Drafted(text, model.name, "", unproven, total(budget.spent))
        return Drafted(outline(gap), "", failed, (), total(budget.spent))

    def _written(self, model: ChatModel, gap: Gap, budget: Budget) -> tuple[str, tuple[str, ...]]:
        prompt = load_prompt("gap", gap.language)
        questions = _listed(gap.wordings[:MOST_QUESTIONS])
        answers = self._fitting(gap.answers, self._settings.prompt_tokens - self._count(prompt.text + questions))
        system, user = prompt.fill(questions=questions, answers=_listed(answers))
        pieces = list[str]()
        try:
            for piece in spoken(model.stream(system, user, budget.left(), budget.spent.append)):
                pieces.append(piece)
        except ModelError as error:
            if error.kind != "cut":
                raise
        text = "".join(pieces)
        lines = [] if _NOTHING.search(text) else list(_lines(text, answers, prompt.text))
        if all(mark.startswith("#") for mark, _ in lines):
            raise ModelError(f"{model.name} wrote nothing that could be used.", "silent")
        if in_another_language(" ".join(each for _, each in lines), gap.language):
            raise ModelError(f"{model.name} wrote in another language.", "language")
        return _document(lines, gap), _unproven(lines, answers, gap.language)

    def _fitting(self, answers: Sequence[str], left: int) -> list[str]:
        """As many answers as the prompt holds; the first in any case."""
        kept = list[str]()
        for each in answers:
            left -= self._count(each[:LONGEST]) + 4
            if left < 0 and kept:
                break
            kept.append(each[:LONGEST])
        return kept


def _listed(texts: Sequence[str]) -> str:
    return "\n".join(f"- {each[:LONGEST]}" for each in texts)


def _lines(text: str, answers: Sequence[str], prompt: str) -> Iterator[tuple[str, str]]:
    """(mark, text) of each line that may stay: "#" for headings, "-" or "1." for items, empty for paragraphs."""
    for line in text.splitlines():
        found = _MARK.match(line)
        mark = (found[1] or "").strip() if found else ""
        rest = line[found.end() :] if found else line
        if mark.startswith("#"):
            plain = " ".join(_MARKUP.sub(r"\1", rest).split())
            if plain and not steers(plain):
                yield mark, plain
            continue
        kept = (cleaned(rest[start:end], answers) for start, end in sentence_spans(rest))
        if said := " ".join(each for each in kept if each and not echoes(each, prompt)):
            yield mark, said


def _document(lines: Sequence[tuple[str, str]], gap: Gap) -> str:
    """With the first heading as its title."""
    title = next((text for mark, text in lines if mark == "#"), " ".join(gap.name))
    made = ["---", f"title: {json.dumps(title, ensure_ascii=False)}", "---", ""]
    for mark, text in lines:
        if mark.startswith("#"):
            made += [f"{mark} {text}", ""]
        elif mark:
            made.append(f"{mark} {text}")
        else:
            made += [text, ""]
    return "\n".join(made).rstrip("\n") + "\n"


def _unproven(lines: Sequence[tuple[str, str]], answers: Sequence[str], language: Language) -> tuple[str, ...]:
    passages = [_passage(number, text, language) for number, text in enumerate(answers, 1)]
    said = [text[a:b] for mark, text in lines if not mark.startswith("#") for a, b in sentence_spans(text)]
    return tuple(each for each in said if not check(DraftSentence(each, ()), passages)[0].supported)


def _passage(number: int, text: str, language: Language) -> Chunk:
    """An agent's answer as what a sentence may rest on."""
    sentences = tuple(Sentence(start, end) for start, end in sentence_spans(text))
    return Chunk(number, "agent", 1, number, "", (), "", text, sentences, language)
