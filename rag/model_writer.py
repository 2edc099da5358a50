"""The model-written answer: a prompt of numbered passages in, sentences with their [n] out, as they stream.

Gives the same kind of draft as `rag/answer.py`. The model's text is data: markers that name no passage and
anything that looks like a link or markup are taken out before the check sees a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from prompts import Prompt, load_prompt
from rag.ports import ChatModel, TokenCounter
from rag.text import sentence_spans
from rag.types import Chunk, DraftSentence, Hit, Query, SentenceKind, Span

_NUMBERS = r"[\[【［]\^?(\d{1,2}(?:\s*[,，、–-]\s*\d{1,2})*)[\]】］]"
_MARKER = re.compile(rf"\s*{_NUMBERS}")
_TAIL = re.compile(rf"(?:[ \t]*{_NUMBERS})+")  # on the same line; what opens the next one belongs to it
_RANGE = re.compile(r"(\d+)\s*[–-]\s*(\d+)")
_LINKED_MARKER = re.compile(r"(\[\d{1,2}\])\([^)\s]*\)?")
# A tag needs a letter after "<": "below <5 bar and >3 bar" is none. One cut off by the sentence's end goes too.
_LINK = re.compile(
    r"!?\[([^\]]*)\]\([^)]*\)|<[/!]?[a-z][^>]*(?:>|$)|\b(?:https?|ftp|file|javascript|vbscript|data):\S+|\bwww\.\S+",
    re.IGNORECASE,
)
_BLOCK = re.compile(r"^\s*(?:#{1,6}\s+|>\s*)+")
_ITEM = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)])\s+")
_EMPHASIS = re.compile(r"(\*\*\*|\*\*|__|`)(.+?)\1")
NOTHING = "NO_ANSWER"  # what the prompt asks for when the passages are silent


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent to a model: the filled prompt, and the passages in it by their numbers."""

    prompt: Prompt
    system: str
    user: str
    chunks: tuple[Chunk, ...]


class ModelWriter:
    """Writes with one model."""

    def __init__(self, model: ChatModel, count: TokenCounter, budget: int) -> None:
        self.name, self._model, self._count, self._budget = model.name, model, count, budget

    def request(self, query: Query, hits: Sequence[Hit]) -> Request:
        """The prompt with as many of the passages as it holds."""
        prompt = load_prompt("answer", query.language)
        chunks = self._fitting(prompt, query, [hit.chunk for hit in hits])
        passages = "\n\n".join(f"[{number}] {chunk.label}\n{chunk.text}" for number, chunk in enumerate(chunks, 1))
        earlier = "\n".join(f"- {text}" for text in query.history) or "-"
        return Request(prompt, *prompt.fill(passages=passages, history=earlier, question=query.text), tuple(chunks))

    def write(self, request: Request, seconds: float) -> Iterator[DraftSentence]:
        """Sentences as they are complete; none when the model says that the passages are silent. Raises ModelError."""
        for text in complete_sentences(self._model.stream(request.system, request.user, seconds)):
            if NOTHING in text:
                return
            sentence = parse_sentence(text, request.chunks)
            if sentence.text:
                yield sentence

    def _fitting(self, prompt: Prompt, query: Query, chunks: Sequence[Chunk]) -> list[Chunk]:
        """As many of the best passages as the budget holds; the best one in any case."""
        left = self._budget - self._count(prompt.text) - self._count(query.text)
        kept = list[Chunk]()
        for chunk in chunks:
            left -= self._count(chunk.text) + self._count(chunk.label) + 8
            if left < 0 and kept:
                break
            kept.append(chunk)
        return kept


def complete_sentences(pieces: Iterable[str]) -> Iterator[str]:
    """Streamed text cut into sentences, each with the markers behind it, as soon as nothing more can belong to it."""
    waiting = ""
    for piece in pieces:
        waiting += piece
        while end := _first_end(waiting):
            yield waiting[:end]
            waiting = waiting[end:]
    while waiting.strip():
        end = _first_end(waiting + "\n.") or len(waiting)
        yield waiting[:end]
        waiting = waiting[end:]


def _first_end(text: str) -> int:
    """Where the first sentence ends, its markers included; 0 while it may still grow."""
    spans = sentence_spans(text)
    if not spans:
        return 0
    tail = _TAIL.match(text, spans[0][1])
    end = tail.end() if tail else spans[0][1]
    rest = text[end:].lstrip(" \t")
    return end if rest and rest[0] not in "[【［" else 0


def parse_sentence(text: str, chunks: Sequence[Chunk]) -> DraftSentence:
    """A sentence without its markers, links and markup, and the passages it cites."""
    text = _LINK.sub(r"\1", _LINKED_MARKER.sub(r"\1", text))
    cited = [chunks[number - 1] for number in dict.fromkeys(_cited(text)) if 0 < number <= len(chunks)]
    plain = _BLOCK.sub("", _EMPHASIS.sub(r"\2", _MARKER.sub("", text)))
    kind: SentenceKind = "item" if _ITEM.match(plain) else "text"
    spans = tuple(Span(chunk, 0, len(chunk.sentences) - 1) for chunk in cited)
    return DraftSentence(" ".join(plain.split()), spans, kind)


def _cited(text: str) -> Iterator[int]:
    for group in _MARKER.findall(text):
        whole = _RANGE.sub(lambda match: ",".join(map(str, range(int(match[1]), int(match[2]) + 1))), group)
        yield from map(int, re.findall(r"\d+", whole))
