"""The extractive writer: picks the sentences that answer, whole lists and rows, in the order they were written.

Gives the same kind of draft as the model-written answer in `rag/model_writer.py`. Knows no model, and says
nothing that does not stand in a passage. How likely a sentence answers is told in `rag/focus.py`, what belongs to a
list in `rag/sections.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.focus import Focus, asked_terms, focus, models, names, whole_question
from rag.quantities import quantities
from rag.rows import asked_for, better_rows, is_row
from rag.sections import Neighbours, completed, flat, opens_list
from rag.text import content_tokens, normalise, tokens
from rag.types import Chunk, DraftSentence, Hit, Query, SentenceKind, Span

ADDS = 0.02  # a further sentence must be at least this likely to be the one that answers
ROW_ADDS = 0.8  # a further row of a table, at least this likely relative to the best: rows are alike by nature
SAME = 0.8  # share of a sentence's words in one shown before from which it says nothing new
AS_GOOD = 0.75  # a passage of steps answers "how do I" from this share of the best passage's score
CLEAR = 0.9  # share from which a sentence that names the model answers by itself
LABEL_LEADS = 0.1  # from here on the passage as a whole answers, from its start
CAUSE = 2  # sentences of a section before its list that come with it
SHORT_LIST = 6  # entries of a list or table that comes with the sentence that opens it
FAQ_LIMIT = 8  # sentences of a FAQ's answer returned as written
_LEANS_BACK = re.compile(
    r"(?:it|its|this|that|these|those|they|their|he|she|his|her|then|also|both|such|after that)\b"
    r"|.*\b(?:another|further|additional) \d|[它此这他她]|该(?!如何)",
    re.I,
)
_GOES_ON = re.compile(r"(?:it|they|this|these|that|those|he|she)\b|[它此这他她]|该(?!如何)", re.I)
_RESTRICTS = re.compile(
    r"(?:except|unless|however|but|otherwise|only|exceptions?|excluded|this does not|it does not|never|do not|warning|caution)\b"
    r"|但|除非|除外|除了|不过|否则|例外|然而|仅限|注意|警告|切勿|请勿",
    re.I,
)

# Asks for a way to do something, or what has to be done.
_HOW_TO = re.compile(
    r"\bhow (?:do|can|should|would|to)\b|\bwhat (?:should|do|can|must) i do\b|\bwhat now\b|\bsteps?\b|\binstructions?\b"
    r"|怎么(?!办|回事|样|算|收|说)|如何|怎样|步骤|流程"
)
_YES_NO = re.compile(
    r"^\W*(?:can|may|could|is|are|does|do|did|will|would|has|have|must|should)\b|[吗么]\W*$|能不能|可不可以|是不是"
)
# Asks for one thing: an entry of a list may be it.
_ONE_THING = re.compile(
    rf"{_YES_NO.pattern}|^\W*(?:when|who|where|how (?:many|much|long|often|old|far))\b|多少|多久|多长|几[个次天年]|什么时候|谁"
)
_HEADS_STEPS = re.compile(r"\bsteps?\b|\bhow to\b|步骤|流程|方法", re.I)
_REMEDY = re.compile(r"\b(?:remed(?:y|ies)|solutions?|what to do|what helps|fix)\b|解决|处理|怎么办|对策", re.I)
_STEP = re.compile(r"\W*(?:\d{1,2}[.)、．]|\(\d{1,2}\)|第[一二三四五六七八九十\d]+步|step \d)", re.I)


def extract(query: Query, hits: Sequence[Hit], limit: int, neighbours: Neighbours) -> Iterator[DraftSentence]:
    """The answer from the best passages: at most `limit` sentences, but a list or a FAQ's answer whole."""
    shown = set[str]()
    for span in _spans(query, hits, limit, neighbours):
        text = normalise(span.text)
        if text not in shown:
            shown.add(text)
            yield DraftSentence(span.text, (span,), _kind(span))


def _spans(query: Query, hits: Sequence[Hit], limit: int, neighbours: Neighbours) -> list[Span]:
    best, lead, whole = hits[0].chunk, _lead(hits[0]), whole_question(query)
    asked = normalise(query.corrected or query.text)
    if best.question and lead > 0:
        return _faq(asked, best, neighbours)
    ranked = sorted(focus(query, hits), key=lambda each: (_only_its_label(hits, each), -each.share))
    first = _span(hits, ranked[0])
    told = ranked[0].share >= CLEAR and _names_the_model(first, whole)
    if not told and _HOW_TO.search(asked) and (steps := _steps(query, hits)) is not None:
        return _section_of(steps, neighbours)
    if not told and lead > LABEL_LEADS and not best.question and not _only_named(query, best):
        section = _section(best, neighbours)
        return asked_for(completed(section, set(range(min(limit, len(section))))), whole)
    if first.chunk.question:
        return _faq(asked, first.chunk, neighbours)
    if is_row(first):
        return better_rows(query, first, _section(first.chunk, neighbours)) or _rows(hits, ranked, limit)
    if _kind(first) == "item" and _ONE_THING.search(asked) and not _REMEDY.search(_line_before(first)):
        return [first]
    if _kind(first) == "item" or opens_list(first):
        return asked_for(_section_of(first, neighbours), whole)
    return _with_lists(_sentences(query, hits, ranked, limit), whole, neighbours)


def _lead(hit: Hit) -> float:
    """How far the passage's label says better what is asked than any of its sentences does."""
    return hit.signals.get("label_lead", 0.0)


def _names_the_model(span: Span, asked: str) -> bool:
    """Whether the question names a model, and the sentence says what is true of it."""
    wanted = models(asked)
    return _kind(span) == "text" and bool(wanted) and wanted <= models(span.text)


def _only_named(query: Query, chunk: Chunk) -> bool:
    """Whether the label has no more of the question than the name of the product that it is about."""
    shared = asked_terms(query).intersection(tokens(f"{chunk.title} {chunk.label}"))
    return bool(shared) and shared <= set(tokens(" ".join(query.named)))


def _faq(asked: str, chunk: Chunk, neighbours: Neighbours) -> list[Span]:
    """The answer as its author wrote it, over the passages it fills; of its table the rows that are named, if any is."""
    return asked_for(_section(chunk, neighbours), asked)[:FAQ_LIMIT]


def _steps(query: Query, hits: Sequence[Hit]) -> Span | None:
    """The first step in a passage about as good as the best: a numbered entry, or any under a heading that says so.

    Of a document with several lists the one whose own heading says most of what is asked.
    """
    found = list[Span]()
    for hit in hits:
        weak = hit.score < AS_GOOD * hits[0].score or LABEL_LEADS < _lead(hits[0]) > _lead(hit)
        if weak or hit.chunk.question or not names(query, hit.chunk):
            continue
        headed = bool(_HEADS_STEPS.search(_heading(hit.chunk)))
        for at, sentence in enumerate(hit.chunk.sentences):
            if sentence.kind == "item" and (headed or _STEP.match(hit.chunk.quote(at))):
                found.append(Span(hit.chunk, at, at))
    same = [each for each in found if each.chunk.source == found[0].chunk.source]
    asked = asked_terms(query)
    return max(same, key=lambda each: len(asked.intersection(tokens(_heading(each.chunk)))), default=None)


def _heading(chunk: Chunk) -> str:
    return (chunk.title, *chunk.heading)[-1]


def _section_of(entry: Span, neighbours: Neighbours) -> list[Span]:
    """The whole list that this is an entry of, or that it opens, and the warning or exception right behind it."""
    section = _section(entry.chunk, neighbours)
    found = completed(section, {section.index(entry)})
    before = section[: section.index(found[0])]
    if len(before) <= CAUSE and _REMEDY.search(found[0].text):
        found = [*before, *found]  # what the fault comes from
    behind = section.index(found[-1]) + 1
    warns = behind < len(section) and _kind(section[behind]) == "text" and _RESTRICTS.match(section[behind].text)
    return [*found, section[behind]] if warns else found


def _rows(hits: Sequence[Hit], ranked: Sequence[Focus], limit: int) -> list[Span]:
    """The row asked for, and those that fit as well."""
    near = [each for each in ranked if each.share >= ROW_ADDS * ranked[0].share and _kind(_span(hits, each)) == "row"]
    return [_span(hits, each) for each in near[:limit]]


def _sentences(query: Query, hits: Sequence[Hit], ranked: Sequence[Focus], limit: int) -> list[Span]:
    """The sentences most likely to answer, each with what it cannot do without; by passage, as they were written."""
    best = _span(hits, ranked[0])
    chosen = [*_with_companions(best), *_going_on(best)]
    opening = min(span.first for span in chosen)
    for each in ranked[1:]:
        span = _span(hits, each)
        if each.share < ADDS or len(chosen) >= limit:
            break
        if _kind(span) != "text" or span.chunk.question or _repeats(span, chosen):
            continue
        if (
            span.chunk.id == best.chunk.id
            and span.first < opening
            and _YES_NO.search(normalise(query.corrected or query.text))
        ):
            continue  # what decides the question comes first
        chosen += [extra for extra in _with_companions(span) if extra not in chosen]
    numbers = {chunk: at for at, chunk in enumerate(dict.fromkeys(span.chunk.id for span in chosen))}
    return sorted(chosen, key=lambda span: (numbers[span.chunk.id], span.first))


def _line_before(entry: Span) -> str:
    """The line that introduces the list, within the passage; else nothing."""
    chunk, kinds = entry.chunk, [sentence.kind for sentence in entry.chunk.sentences]
    before = next((at for at in range(entry.first, -1, -1) if kinds[at] != "item"), None)
    return "" if before is None else chunk.quote(before)


def _with_lists(chosen: Sequence[Span], asked: str, neighbours: Neighbours) -> list[Span]:
    """The sentences, behind each that opens a list or table what it opens, where it is short or some of it is named."""
    found = list[Span]()
    for span in chosen:
        section = _section(span.chunk, neighbours) if opens_list(span) else []
        opened = asked_for(completed(section, {section.index(span)}) if section else [span], asked)
        found += opened if len(opened) <= SHORT_LIST + 1 else [span]
    return list(dict.fromkeys(found))


def _section(chunk: Chunk, neighbours: Neighbours) -> list[Span]:
    """Every sentence under the heading of a passage, in order; those of the passage itself are always among them."""
    section = neighbours(chunk)
    return flat(section if chunk in section else [chunk])


def _with_companions(span: Span) -> list[Span]:
    """The sentence; before it the one it points back to, behind it the one that restricts it."""
    chunk, at = span.chunk, span.first
    found = [span]
    if at > 0 and _LEANS_BACK.match(span.text) and chunk.sentences[at - 1].kind == "text":
        found.append(Span(chunk, at - 1, at - 1))
    if at + 1 < len(chunk.sentences) and _RESTRICTS.match(chunk.quote(at + 1)):
        found.append(Span(chunk, at + 1, at + 1))
    return found


def _going_on(span: Span) -> list[Span]:
    """The sentence behind it, where that goes on about the same: "They need the number on the note."."""
    chunk, behind = span.chunk, span.first + 1
    follows = behind < len(chunk.sentences) and chunk.sentences[behind].kind == "text"
    return [Span(chunk, behind, behind)] if follows and _GOES_ON.match(chunk.quote(behind)) else []


def _repeats(span: Span, chosen: Sequence[Span]) -> bool:
    """Whether nearly all of its words, and all of its figures, were said: the twin of a product has others."""
    words, figures = set(content_tokens(tokens(span.text))), quantities(span.text)
    return any(
        len(words & set(tokens(other.text))) >= SAME * len(words) and figures <= quantities(other.text)
        for other in chosen
    )


def _only_its_label(hits: Sequence[Hit], each: Focus) -> bool:
    """Whether a sentence says no more than the label above it does."""
    chunk = hits[each.place[0]].chunk
    return set(tokens(chunk.quote(each.place[1]))) <= set(tokens(f"{chunk.title} {chunk.label}"))


def _span(hits: Sequence[Hit], each: Focus) -> Span:
    number, at = each.place
    return Span(hits[number].chunk, at, at)


def _kind(span: Span) -> SentenceKind:
    return span.chunk.sentences[span.first].kind
