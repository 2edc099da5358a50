"""The check: is a sentence supported by the span it cites? If not, by another one? If not, it is not shown.

Words are compared here, in `facts.py` what must not differ at all, and in `bindings.py` what belongs together; no
model is asked. Pure functions over what a writer proposes and the passages it was given.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from rag.bindings import misbound
from rag.facts import difference, without_marker
from rag.instructions import asks
from rag.meanings import shared
from rag.statements import content, leaning, read
from rag.text import HAN, normalise
from rag.types import AnswerSentence, Chunk, Citation, DraftSentence, Span, Verdict

ENOUGH = 0.65  # share of a sentence's content words that its span must hold
OWN = 0.34  # and the share that it must hold without its headings: a question above it asserts nothing
COMPARED = 0.3  # share of a sentence that must be comparable and found in a source of the other language
MEANINGS = 3  # common words that are enough there without a value or a name
WINDOW = 3  # sentences a single statement may rest on

_HAN = re.compile(f"[{HAN}]")


def check(sentence: DraftSentence, passages: Sequence[Chunk]) -> tuple[Verdict, tuple[Span, ...]]:
    """The verdict on one sentence, and the span that supports it: of a passage it cites, or else of another one."""
    if (quoted := _quoted(sentence)) is not None:
        return Verdict(True, 1.0, "quoted"), (quoted,)
    cited = list(dict.fromkeys(span.chunk for span in sentence.spans))
    others = [chunk for chunk in passages if chunk not in cited and _may_stand_for(chunk, cited)]
    failed = Verdict(False, 0.0, "it cites nothing")
    for chunks in (cited, others):
        for span in _candidates(sentence, chunks):
            if (verdict := supports(sentence.text, span)).score < failed.score:
                break  # what contradicts the nearest span is not supported by one less near
            if verdict.supported:
                return verdict, (span,)
            failed = verdict
    return failed, ()


def _may_stand_for(chunk: Chunk, cited: Sequence[Chunk]) -> bool:
    """Whether a passage is about the same product and region as those cited: the same words say something else there."""
    mine = chunk.meta
    return all(
        not (mine.product and each.meta.product and mine.product != each.meta.product)
        and not (mine.region and each.meta.region and mine.region != each.meta.region)
        for each in cited
    )


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
    said, source = read(text), read(span.text)
    if _is_chinese(text) != _is_chinese(span.chunk.quote(span.first)):
        said, source = said.across(), source.across()
    wrong = difference(text, span.text, _heading(span.chunk)) or misbound(said, source, _known(span))
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


def _candidates(sentence: DraftSentence, chunks: Iterable[Chunk]) -> list[Span]:
    """Short stretches of the passages worth a closer look, those that hold most of the sentence's words first.

    A longer one only where each of its ends adds something: what else stands there could merely be mistaken.
    """
    text, found = without_marker(sentence.text), list[tuple[float, Span]]()
    for chunk in chunks:
        covered = dict[tuple[int, int], float]()
        for size in range(WINDOW):
            for at in range(len(chunk.sentences) - size):
                if size and "row" in (chunk.sentences[at].kind, chunk.sentences[at + size].kind):
                    covered[at, at + size] = 1.0  # a row reads by itself
                    continue
                span = Span(chunk, at, at + size)
                parts = (covered[at, at + size - 1], covered[at + 1, at + size]) if size else (0.0,)
                covered[at, at + size] = share = _coverage(text, span)
                if any(asks(chunk.quote(place)) for place in range(at, at + size + 1)):
                    continue  # who asks says nothing
                if not size or (share > max(parts) and not _scattered(text, span)):
                    found.append((share, span))
    best = max((share for share, _ in found), default=0.0)
    found = [(share, span) for share, span in found if share >= min(ENOUGH, best)]
    return [span for _, span in sorted(found, key=lambda each: (-each[0], each[1].last - each[1].first))]


def _heading(chunk: Chunk) -> str:
    """What the passage stands under: a sentence may take words from there without saying more."""
    return f"{chunk.label} {chunk.title}"


def _coverage(text: str, span: Span) -> float:
    """Share of the sentence's words and values in the span and its headings."""
    if _is_chinese(text) != _is_chinese(span.chunk.quote(span.first)):
        return _coverage_across(text, span)
    words, own = content(text), frozenset[str]().union(*_contents(span))
    if len(words & own) < OWN * len(words):
        return 0.0
    return len(words & (own | _of_heading(span.chunk))) / len(words) if words else 0.0


def _coverage_across(text: str, span: Span) -> float:
    """Across languages only meanings of the table, values and names can be compared: their share, where they are
    enough of the sentence, and say more than what it is about."""
    whole, words = read(text), read(text).across().content
    both = words & _known(span)
    rest = (len(whole.content) - len(words)) / (2 if _is_chinese(text) else 1)  # a character stands in two pairs
    telling = both - _of_heading(span.chunk) - {word for word in both if shared(word)}
    enough = len(both) >= COMPARED * (len(words) + rest) and (telling or len(both) >= MEANINGS)
    return len(both) / len(words) if enough else 0.0


def _scattered(text: str, span: Span) -> bool:
    """Whether one part of a clause has words that only several sentences together have."""
    single = list[frozenset[str]]()
    for at in range(span.first, span.last + 1):
        quote = span.chunk.quote(at)
        leans = single and leaning(quote)
        single.append((single[-1] if leans else _of_heading(span.chunk)) | content(quote))
    together = frozenset[str]().union(*single)
    return any(not any(part & together <= each for each in single) for part in read(text).parts())


def _known(span: Span) -> frozenset[str]:
    """Words of the span and its headings."""
    return _of_heading(span.chunk).union(*_contents(span))


def _contents(span: Span) -> list[frozenset[str]]:
    return [content(span.chunk.quote(at)) for at in range(span.first, span.last + 1)]


def _of_heading(chunk: Chunk) -> frozenset[str]:
    return content(_heading(chunk))


@lru_cache(maxsize=16384)
def _is_chinese(text: str) -> bool:
    return bool(_HAN.search(text))
