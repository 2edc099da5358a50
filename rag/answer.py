"""The extractive writer: picks the sentences that answer, whole lists and rows, in the order they were written.

Gives the same kind of draft as the model-written answer in `rag/model_writer.py`. Knows no model, and says
nothing that does not stand in a passage.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from rag.text import normalise, tokens
from rag.types import Chunk, DraftSentence, Hit, Span

NEAR_BEST = 0.7  # a sentence counts as answering from this share of the best sentence's score
NEAR_BEST_ROW = 0.95  # rows of a table are alike by nature; only the one asked for counts
LABEL_LEADS = 0.1  # from here on the passage as a whole answers, from its start
LIST_LIMIT = 12  # entries of a list quoted at once; more is a manual, not an answer
FAQ_LIMIT = 8  # sentences of a FAQ's answer returned as written
LEAD_IN = re.compile(r"[:：]\W*$")

Neighbours = Callable[[Chunk], list[Chunk]]


def extract(hits: Sequence[Hit], limit: int, neighbours: Neighbours) -> Iterator[DraftSentence]:
    """The answer from the best passages: at most `limit` sentences, but a list or a FAQ's answer whole."""
    best = hits[0]
    if best.chunk.question:
        yield from _faq(best, neighbours)
        return
    shown = set[str]()
    left = limit
    for hit in _agreeing(hits):
        for span in _spans(hit, best, left, neighbours):
            left -= 1
            text = normalise(span.text)
            if text not in shown:
                shown.add(text)
                yield _draft(span)
        if left <= 0:
            return


def _faq(hit: Hit, neighbours: Neighbours) -> Iterator[DraftSentence]:
    """The answer as its author wrote it, over the passages it fills."""
    spans = [
        Span(chunk, at, at) for chunk in neighbours(hit.chunk) or [hit.chunk] for at in range(len(chunk.sentences))
    ]
    yield from (_draft(span) for span in spans[:FAQ_LIMIT])


def _agreeing(hits: Sequence[Hit]) -> list[Hit]:
    """The best passage, and those whose best sentence is about as good. Two lists of steps would be two answers."""
    if hits[0].signals.get("label_lead", 0.0) > LABEL_LEADS or _best_kind(hits[0]) == "item":
        return [hits[0]]
    top = max(hits[0].sentence_scores, default=0.0)
    close = [hit for hit in hits[1:3] if max(hit.sentence_scores, default=0.0) >= 0.92 * top]
    close = [hit for hit in close if hit.score >= 0.92 * hits[0].score and not hit.chunk.question]
    return [hits[0], *(hit for hit in close if _best_kind(hit) != "item")]


def _best_kind(hit: Hit) -> str:
    """The kind of the passage's best sentence."""
    best = max(range(len(hit.sentence_scores)), key=lambda at: hit.sentence_scores[at], default=None)
    return "text" if best is None else hit.chunk.sentences[best].kind


def _spans(hit: Hit, best: Hit, limit: int, neighbours: Neighbours) -> list[Span]:
    """The spans of this passage that answer, in its order."""
    if hit.signals.get("label_lead", 0.0) > LABEL_LEADS:
        section = _flat(neighbours(hit.chunk) or [hit.chunk])
        return _completed(section, set(range(min(limit, len(section)))))
    chosen = _answering(hit, max(best.sentence_scores, default=0.0), limit)
    if any(_in_list(hit.chunk, at) for at in chosen):
        section = _flat(neighbours(hit.chunk) or [hit.chunk])
        offset = next((place for place, span in enumerate(section) if span.chunk.id == hit.chunk.id), 0)
        return _completed(section, {offset + at for at in chosen})
    return [Span(hit.chunk, at, at) for at in sorted(chosen)]


def _answering(hit: Hit, best_score: float, limit: int) -> set[int]:
    """The best sentence, and those near it of its own kind: steps do not belong to a figure, nor rows to a rule."""
    scores, kinds = hit.sentence_scores, [sentence.kind for sentence in hit.chunk.sentences]
    order = sorted(range(len(scores)), key=lambda at: (_only_its_label(hit.chunk, at), -scores[at]))
    share = NEAR_BEST_ROW if kinds[order[0]] == "row" else NEAR_BEST
    best = min(best_score, scores[order[0]])
    chosen = {at for at in order[:limit] if scores[at] >= share * best and kinds[at] == kinds[order[0]]}
    chosen = chosen or {order[0]}
    return chosen | {at - 1 for at in chosen if _leans_back(hit.chunk, at)}


def _only_its_label(chunk: Chunk, at: int) -> bool:
    """Whether a sentence says no more than the label above it does."""
    return set(tokens(chunk.quote(at))) <= set(tokens(f"{chunk.title} {chunk.label}"))


def _leans_back(chunk: Chunk, at: int) -> bool:
    """Whether a sentence makes little sense without the one before it."""
    opening = chunk.quote(at).split(" ", 1)[0].lower().strip(",")
    leaning = ("it", "this", "that", "these", "those", "they", "however", "otherwise", "then", "but", "also")
    return at > 0 and chunk.sentences[at].kind == "text" and opening in leaning


def _in_list(chunk: Chunk, at: int) -> bool:
    """Whether a sentence is of a list, or may open one."""
    # At the end of a passage the list may follow in the next one.
    following = chunk.sentences[at + 1].kind if at + 1 < len(chunk.sentences) else "item"
    opens = bool(LEAD_IN.search(chunk.quote(at))) and following == "item"
    return chunk.sentences[at].kind == "item" or opens


def _flat(section: Sequence[Chunk]) -> list[Span]:
    return [Span(each, at, at) for each in section for at in range(len(each.sentences))]


def _completed(section: Sequence[Span], wanted: set[int]) -> list[Span]:
    """The spans at these places, every list among them whole, also where it runs on in the next passage."""
    wanted = wanted.union(*(_whole_list(section, place) for place in wanted))
    return [section[place] for place in sorted(wanted)][: LIST_LIMIT + 2]


def _whole_list(flat: Sequence[Span], place: int) -> set[int]:
    """Places of the list around `place`, or opened by it, with the line that introduces it."""
    if _kind(flat[place]) != "item" and not LEAD_IN.search(flat[place].text):
        return set()
    if _kind(flat[place]) != "item":
        place += 1
    if place >= len(flat) or _kind(flat[place]) != "item":
        return set()
    first = last = place
    while first > 0 and _kind(flat[first - 1]) == "item":
        first -= 1
    while last + 1 < len(flat) and _kind(flat[last + 1]) == "item":
        last += 1
    lead = {first - 1} if first > 0 and LEAD_IN.search(flat[first - 1].text) else set()
    return lead | set(range(first, last + 1))


def _kind(span: Span) -> str:
    return span.chunk.sentences[span.first].kind


def _draft(span: Span) -> DraftSentence:
    return DraftSentence(span.text, (span,), span.chunk.sentences[span.first].kind)
