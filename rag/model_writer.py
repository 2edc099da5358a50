"""The model-written answer: a prompt of numbered passages in, sentences with their [n] out, as they stream.

Gives the same kind of draft as `rag/answer.py`. The model's text is data: markers are read here, and what
`sanitize.py` does not let through never reaches the check.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from prompts import Prompt, load_prompt
from rag.errors import ModelError
from rag.garbled import garbled
from rag.ports import ChatModel, TokenCounter
from rag.sanitize import LONGEST, cleaned, echoes, spoken
from rag.text import HAN, STOPWORDS, sentence_spans
from rag.types import Chunk, DraftSentence, Hit, Language, Query, SentenceKind, Span, Usage

_NUMBERS = r"[\[【［]\^?(\d{1,4}(?:\s*[,，、–-]\s*\d{1,4})*)[\]】］]"
_MARKER = re.compile(rf"\s*{_NUMBERS}")
_TAIL = re.compile(rf"(?:[ \t]*{_NUMBERS})+")  # on the same line; what opens the next one belongs to it
_LINKED_MARKER = re.compile(r"(\[\d{1,2}\])\([^)\s]*\)?")
_ITEM = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)])\s+")
_NOTHING = re.compile(r"NO\W?[_ ]ANSWER")  # what the prompt asks for when the passages are silent
TONE: dict[Language, str] = {"en": "friendly and plain", "zh": "友好、平实"}  # where config.yaml names no other
HISTORY_SHARE, QUESTION_SHARE = 1 / 6, 1 / 3  # of the prompt's budget, at the most


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent to a model: the filled prompt, and the passages in it by their numbers."""

    prompt: Prompt
    system: str
    user: str
    chunks: tuple[Chunk, ...]
    language: Language  # of the answer


class ModelWriter:
    """Writes with one model."""

    def __init__(self, model: ChatModel, count: TokenCounter, budget: int) -> None:
        self.name, self._model, self._count, self._budget = model.name, model, count, budget

    def request(self, query: Query, hits: Sequence[Hit], tone: str = "") -> Request:
        """The prompt with as many of the passages as it holds. `tone`: in which to write, in words of config.yaml."""
        prompt = load_prompt("answer", query.language)
        question = self._last_sentences(query.text, self._budget * QUESTION_SHARE)
        history = self._history(query)
        left = self._budget - sum(map(self._count, (prompt.text, question, history)))
        chunks = self._fitting([hit.chunk for hit in hits], left)
        passages = "\n\n".join(f"[{number}] {chunk.label}\n{chunk.text}" for number, chunk in enumerate(chunks, 1))
        filled = prompt.fill(passages=passages, history=history, question=question, tone=tone or TONE[query.language])
        return Request(prompt, *filled, tuple(chunks), query.language)

    def write(self, request: Request, seconds: float) -> Writing:
        """The answer to a request, asked for within `seconds` once it is iterated."""
        return Writing(self._model, request, seconds)

    def _history(self, query: Query) -> str:
        """The customer's earlier messages, the newest of them first to be kept."""
        left, kept = self._budget * HISTORY_SHARE, list[str]()
        for text in reversed(query.history):
            short = self._last_sentences(text, left)
            left -= self._count(short) + 2
            if short:
                kept.append(f"- {short}")
        return "\n".join(reversed(kept)) or "-"

    def _last_sentences(self, text: str, tokens: float) -> str:
        """As much of a text as `tokens` hold: what a customer asks stands at the end of a long story."""
        starts = [0, *(start for start, _ in sentence_spans(text)[1:])]
        fitting = (text[start:] for start in starts if self._count(text[start:]) <= tokens)
        return next(fitting, "") or self._end(text, tokens)

    def _end(self, text: str, tokens: float) -> str:
        """The end of a sentence that alone is too long."""
        while text and self._count(text) > tokens:
            text = text[len(text) // 8 + 1 :]
        return text

    def _fitting(self, chunks: Sequence[Chunk], left: float) -> list[Chunk]:
        """As many of the best passages as `left` tokens hold, whole; the best one in any case."""
        kept = list[Chunk]()
        for chunk in chunks:
            left -= self._count(chunk.text) + self._count(chunk.label) + 8
            if left < 0 and kept:
                break
            kept.append(chunk)
        return kept


class Writing:
    """One answer under way. Iterate it once for its sentences; what else there is to know is known afterwards."""

    def __init__(self, model: ChatModel, request: Request, seconds: float) -> None:
        self._model, self._request, self._seconds = model, request, seconds
        self.found_nothing = False  # the model said that the passages are silent
        self.spent: list[Usage] = []  # by attempt

    def __iter__(self) -> Iterator[DraftSentence]:
        """Sentences as they are complete. Raises ModelError, also for an answer in another language."""
        request = self._request
        if self._seconds <= 0:
            raise ModelError(f"There was no time left to ask {self._model.name}.", "slow")
        stream = self._model.stream(request.system, request.user, self._seconds, self.spent.append)
        try:
            yield from self._drafts(stream)
        except ModelError as error:
            if error.kind != "cut":  # what was complete before the limit stands; half a sentence does not
                raise
        finally:
            close = getattr(stream, "close", None)
            if close:
                close()  # now, so that what it cost is known

    def _drafts(self, stream: Iterator[str]) -> Iterator[DraftSentence]:
        said = dict[str, None]()  # each sentence once
        for text in complete_sentences(spoken(stream)):
            if _NOTHING.search(text):
                self.found_nothing = True
                return
            sentence = parse_sentence(text, self._request.chunks)
            if not sentence.text or sentence.text in said or echoes(sentence.text, self._request.prompt.text):
                continue
            said[sentence.text] = None
            if in_another_language(" ".join(said), self._request.language):
                raise ModelError(f"The model {self._model.name} answered in another language.", "language")
            yield sentence


def complete_sentences(pieces: Iterable[str]) -> Iterator[str]:
    """Streamed text cut into sentences, each with the markers behind it, as soon as nothing more can belong to it.

    What runs on for more than LONGEST characters without an end is left out up to its end.
    """
    waiting, running_on = "", False
    for piece in pieces:
        waiting += piece
        while end := _first_end(waiting):
            if not running_on:
                yield waiting[:end]
            waiting, running_on = waiting[end:], False
        if len(waiting) > LONGEST:
            waiting, running_on = "", True
    while waiting.strip() and not running_on:
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
    """A sentence without its markers and whatever may not be shown, and the passages it cites."""
    text = _LINKED_MARKER.sub(r"\1", text)
    cited = [chunks[number - 1] for number in dict.fromkeys(_cited(text, len(chunks))) if 0 < number <= len(chunks)]
    plain = cleaned(_MARKER.sub("", text), [chunk.text for chunk in cited])
    if garbled(plain, [f"{chunk.label}\n{chunk.text}" for chunk in cited or chunks]):
        plain = ""
    kind: SentenceKind = "item" if _ITEM.match(plain) else "text"
    spans = tuple(Span(chunk, 0, len(chunk.sentences) - 1) for chunk in cited)
    return DraftSentence(plain, spans, kind)


def _cited(text: str, most: int) -> Iterator[int]:
    for group in _MARKER.findall(text):
        for first, last in re.findall(r"(\d+)(?:\s*[–-]\s*(\d+))?", group):
            yield from range(int(first), min(int(last or first), most) + 1)


def in_another_language(text: str, language: Language) -> bool:
    """Whether a text is plainly not in `language`. Names alone ("AirPure 300S") are in any."""
    characters, words = len(re.findall(f"[{HAN}]", text)), re.findall(r"[a-z]+", text.lower())
    if language == "zh":
        return not characters and sum(word in STOPWORDS for word in words) >= 3
    return characters >= 8 and characters > 2 * len(words)
