"""The check: is a sentence supported by the span it cites? If not, by another one? If not, it is not shown.

Words are compared here, and in `facts.py` what must not differ at all; no model is asked. Pure functions over what
a writer proposes and the passages it was given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from rag.facts import anchors, difference, without_marker
from rag.text import content_tokens, is_han, normalise, tokens
from rag.types import AnswerSentence, Chunk, Citation, DraftSentence, Span, Verdict

ENOUGH = 0.6  # share of a sentence's content words that its span must hold
WINDOW = 3  # sentences a single statement may rest on


def check(sentence: DraftSentence, passages: Sequence[Chunk]) -> tuple[Verdict, tuple[Span, ...]]:
    """The verdict on one sentence, and the spans that support it: those it cites, or better ones in `passages`."""
    if (quoted := _quoted(sentence)) is not None:
        return Verdict(True, 1.0, "quoted"), (quoted,)
    verdicts = [(supports(sentence.text, span), span) for span in _candidates(sentence, passages)]
    passed = [(verdict, span) for verdict, span in verdicts if verdict.supported]
    if passed:
        best = max(passed, key=lambda each: (each[0].score, each[1].first - each[1].last))
        return best[0], (best[1],)
    failed = max((verdict for verdict, _ in verdicts), key=lambda each: each.score, default=None)
    return failed or Verdict(False, 0.0, "it cites nothing"), ()


def _quoted(sentence: DraftSentence) -> Span | None:
    """The cited span that the sentence repeats word for word, if there is one: nothing else can support it better."""
    said = normalise(sentence.text).strip()
    return next((span for span in sentence.spans if normalise(span.text).strip() == said), None)


def supports(text: str, span: Span) -> Verdict:
    """Whether `span` says what `text` says."""
    if normalise(text).strip() == normalise(span.text).strip():
        return Verdict(True, 1.0, "quoted")
    text = without_marker(text)
    covered = _coverage(text, span)
    if covered < ENOUGH:
        return Verdict(False, covered, f"only {covered:.0%} of its words stand in the source")
    wrong = difference(text, span.text, _context(span))
    if wrong:
        return Verdict(False, covered, wrong)
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
        second=first.second,
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


def _coverage(text: str, span: Span) -> float:
    """Share of the sentence's content words in the span. Across languages words cannot be compared: there, 1 when
    the span holds a number, code or name of the sentence that is more than the name of what it is about."""
    if _is_chinese(text) != _is_chinese(span.text):
        heading = f"{span.chunk.label} {span.chunk.title} {span.chunk.meta.product}"
        return 1.0 if (anchors(text) & anchors(span.text)) - anchors(heading) else 0.0
    words, source = set(_content(text)), set(_content(_context(span)))
    return len(words & source) / len(words) if words else 0.0


def _is_chinese(text: str) -> bool:
    return any(is_han(word) for word in _content(text))


@lru_cache(maxsize=4096)
def _content(text: str) -> tuple[str, ...]:
    return content_tokens(tokens(text))
