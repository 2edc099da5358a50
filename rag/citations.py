"""The check: is a sentence supported by the span it cites? If not, by another one? If not, it is not shown.

Words, numbers, names and negation are compared; no model is asked. Pure functions over what a writer proposes
and the passages it was given.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from rag.text import content_tokens, is_han, language_of, normalise, tokens
from rag.types import AnswerSentence, Chunk, Citation, DraftSentence, Span, Verdict

ENOUGH = 0.6  # share of a sentence's content words that its span must hold
WINDOW = 3  # sentences a single statement may rest on

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NAME = re.compile(r"\b(?:[A-Z][A-Za-z]*\d\w*|\d+[A-Z]\w*|[A-Z]{2,}\w*)\b")
_NEGATION = re.compile(
    r"\b(?:not|no|never|none|neither|nor|without|cannot|can't|won't|don't|doesn't|didn't|isn't|aren't|wasn't|weren't|"
    r"shouldn't|mustn't|unable|excluded|excludes|except)\b|不|没有|未|无法|禁止|切勿|请勿|勿|别|除外"
)
_WORDED = {"one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8"}
_WORDED |= {"nine": "9", "ten": "10", "eleven": "11", "twelve": "12", "fourteen": "14", "thirty": "30"}
_HAN_DIGITS = {
    "一": "1",
    "两": "2",
    "二": "2",
    "三": "3",
    "四": "4",
    "五": "5",
    "六": "6",
    "七": "7",
    "八": "8",
    "九": "9",
}


def check(sentence: DraftSentence, passages: Sequence[Chunk]) -> tuple[Verdict, tuple[Span, ...]]:
    """The verdict on one sentence, and the spans that support it: those it cites, or better ones in `passages`."""
    verdicts = [(supports(sentence.text, span), span) for span in _candidates(sentence, passages)]
    passed = [(verdict, span) for verdict, span in verdicts if verdict.supported]
    if passed:
        best = max(passed, key=lambda each: (each[0].score, each[1].first - each[1].last))
        return best[0], (best[1],)
    failed = max((verdict for verdict, _ in verdicts), key=lambda each: each.score, default=None)
    return failed or Verdict(False, 0.0, "it cites nothing"), ()


def supports(text: str, span: Span) -> Verdict:
    """Whether `span` says what `text` says."""
    if normalise(text).strip() == normalise(span.text).strip():
        return Verdict(True, 1.0, "quoted")
    missing = sorted(_numbers(text) - _numbers(_context(span)))
    if missing:
        return Verdict(False, 0.2, f"the source does not say {', '.join(missing)}")
    unnamed = sorted(_names(text) - _names(_context(span)))
    if unnamed:
        return Verdict(False, 0.2, f"the source does not name {', '.join(unnamed)}")
    covered = _coverage(text, span)
    if bool(_NEGATION.search(normalise(text))) != bool(_NEGATION.search(normalise(span.text))):
        return Verdict(False, 0.5 * covered, "one of the two is negated")
    if covered < ENOUGH:
        return Verdict(False, covered, f"only {covered:.0%} of its words stand in the source")
    return Verdict(True, covered, f"{covered:.0%} of its words stand in the source")


def cite(sentence: DraftSentence, spans: Iterable[Span], numbers: dict[int, int]) -> AnswerSentence:
    """The sentence with its citations. `numbers` remembers which passage is [1], [2] … and grows."""
    return AnswerSentence(sentence.text, tuple(_citation(span, numbers) for span in spans), sentence.kind)


def _citation(span: Span, numbers: dict[int, int]) -> Citation:
    chunk, first, last = span.chunk, span.chunk.sentences[span.first], span.chunk.sentences[span.last]
    return Citation(
        number=numbers.setdefault(chunk.id, len(numbers) + 1),
        chunk_id=chunk.id,
        source=chunk.source,
        title=chunk.title,
        version=chunk.version,
        heading=(*chunk.heading, chunk.question)
        if chunk.question and chunk.question not in chunk.heading
        else chunk.heading,
        page=first.page,
        start=first.start,
        end=last.end,
        quote=chunk.text[first.start : last.end],
    )


def _candidates(sentence: DraftSentence, passages: Sequence[Chunk]) -> Iterator[Span]:
    """First the spans as cited, then every short stretch of the passages, the cited ones' first."""
    yield from (span for span in sentence.spans if span.last - span.first < WINDOW)
    cited = [span.chunk for span in sentence.spans]
    for chunk in dict.fromkeys((*cited, *passages)):
        for size in range(1, WINDOW + 1):
            yield from (Span(chunk, at, at + size - 1) for at in range(len(chunk.sentences) - size + 1))


def _context(span: Span) -> str:
    """The span with the headings it stands under: what a sentence may take from there without saying more."""
    return f"{span.chunk.label} {span.chunk.title} {span.text}"


@lru_cache(maxsize=4096)
def _numbers(text: str) -> frozenset[str]:
    plain = normalise(text)
    found = {match.replace(",", "") for match in _NUMBER.findall(plain)}
    found |= {value for word, value in _WORDED.items() if re.search(rf"\b{word}\b", plain)}
    found |= {value for word, value in _HAN_DIGITS.items() if re.search(f"{word}(?=[个天年次小时周月分日件])", plain)}
    return frozenset(found)


def _names(text: str) -> set[str]:
    """Product names and codes: words with a digit or all in capitals."""
    return {name.lower() for name in _NAME.findall(text)}


def _coverage(text: str, span: Span) -> float:
    """Share of the sentence's content words in the span; across languages, of those both can have."""
    words, source = set(_content(text)), set(_content(_context(span)))
    if language_of(text) != language_of(span.text):
        words = {word for word in words if not is_han(word)} if language_of(text) == "zh" else words & source
        return 1.0 if words and words <= source else 0.0
    return len(words & source) / len(words) if words else 0.0


@lru_cache(maxsize=4096)
def _content(text: str) -> tuple[str, ...]:
    return content_tokens(tokens(text))
