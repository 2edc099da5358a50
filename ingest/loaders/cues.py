"""Timed words into paragraphs of whole sentences that each know when they are said.

Cues come from subtitle files, from tracks inside a recording or from a transcript; knows none of them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.loaders.blocks import one_line
from rag.text import sentence_spans
from rag.types import Block

PAUSE = 2.0  # seconds of silence that end a paragraph
NEAR = 5.0  # seconds; sentences that begin within them share a block, and so the place where a citation starts
LONGEST = 15.0  # seconds; words without a sentence end are cut at the next cue
_AT_ONCE = 0.1  # seconds between captions of which one continues the other
_CLOSED = frozenset("。！？，；：、…")  # no space is written behind these


@dataclass(frozen=True, slots=True)
class Cue:
    """Words shown or said from `start` to `end`, in seconds; lines as they stand in the picture."""

    start: float
    end: float
    text: str
    speaker: str = ""


def blocks(cues: Iterable[Cue]) -> tuple[Block, ...]:
    """Text blocks in order; `second` is where the first cue of the block begins."""
    spoken = _without_repeats(sorted(cues, key=lambda cue: cue.start))
    return tuple(block for paragraph in _paragraphs(spoken) for block in _blocks(paragraph))


def _without_repeats(cues: Iterable[Cue]) -> Iterator[Cue]:
    """Each word once: captions that roll up show a line again while the next one is added below it."""
    shown, until = list[str](), float("-inf")
    for cue in cues:
        lines = [line for line in map(one_line, cue.text.split("\n")) if line]
        fresh = _added(shown, lines) if cue.start - until <= _AT_ONCE else lines
        if lines:
            shown, until = lines, max(cue.end, until if not fresh else cue.end)
        if fresh:
            yield replace(cue, text=one_line("\n".join(fresh)))


def _added(shown: Sequence[str], lines: Sequence[str]) -> Sequence[str]:
    for again in range(min(len(shown), len(lines)), 0, -1):
        if shown[-again:] == lines[:again]:
            return lines[again:]
    if shown and lines and lines[:-1] == shown[:-1] and lines[-1].startswith(f"{shown[-1]} "):
        return [lines[-1].removeprefix(shown[-1]).strip()]  # captions of live speech grow word by word
    return lines


def _paragraphs(cues: Iterable[Cue]) -> Iterator[list[Cue]]:
    """Cues up to a pause or another speaker, who is named where he begins."""
    paragraph, speaker = list[Cue](), ""
    for cue in cues:
        other = cue.speaker != speaker and cue.speaker != ""
        if paragraph and (other or cue.start - paragraph[-1].end > PAUSE):
            yield paragraph
            paragraph = []
        if other:
            speaker = cue.speaker
            cue = replace(cue, text=f"{speaker}: {cue.text}")
        paragraph.append(cue)
    if paragraph:
        yield paragraph


def _blocks(paragraph: Sequence[Cue]) -> Iterator[Block]:
    """Sentences, several in one block where they follow quickly."""
    text, starts = _joined(paragraph)
    first, until, second = 0, 0, float("-inf")
    for start, end, cue in _sentences(text, starts, paragraph):
        if cue.start - second > NEAR:
            if until:
                yield Block("text", text[first:until], second=round(second, 2))
            first, second = start, cue.start
        until = end
    if until:
        yield Block("text", text[first:until], second=round(second, 2))


def _joined(paragraph: Sequence[Cue]) -> tuple[str, list[int]]:
    """The words in one line, and where each cue begins in it."""
    text, starts = "", list[int]()
    for cue in paragraph:
        text += " " if text and text[-1] not in _CLOSED else ""
        starts.append(len(text))
        text += cue.text
    return text, starts


def _sentences(text: str, starts: Sequence[int], cues: Sequence[Cue]) -> Iterator[tuple[int, int, Cue]]:
    """(start, end, the cue it begins in) for each sentence, or piece of one that goes on for too long."""
    for start, end in sentence_spans(text):
        first = bisect_right(starts, start) - 1
        for at in range(first + 1, bisect_right(starts, end - 1)):
            if cues[at].end - cues[first].start > LONGEST:
                yield start, len(text[: starts[at]].rstrip()), cues[first]
                start, first = starts[at], at
        yield start, end, cues[first]
