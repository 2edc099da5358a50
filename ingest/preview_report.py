"""A preview as an editor reads it, and as JSON. Knows no store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.text import Text

from ingest.asked import AnswerChange, Given
from ingest.differences import PassageChange, SentenceChange
from ingest.overlap import Overlap
from ingest.preview import DocumentChange, Preview
from rag.types import Chunk

SHOWN = 8  # sentences of a document, overlaps of a kind, answers; --full shows all
SIGNS = {"added": "+", "changed": "~", "removed": "-"}


def show(preview: Preview, console: Console, full: bool = False) -> None:
    """Print it; without `full` the first few of everything."""
    if not preview.documents:
        console.print("Nothing is staged.")
        return
    limit = None if full else SHOWN
    console.print(summary(preview), style="bold", highlight=False)
    for document in preview.documents:
        _say(console, _document(document, limit))
    for kind, heading in (("contradiction", "Likely contradictions"), ("duplicate", "Said elsewhere too")):
        found = [each for each in preview.overlaps if each.kind == kind]
        if found:
            console.print(f"\n{heading}: {len(found)}", style="bold", highlight=False)
            _say(console, _shortened([line for each in found[:limit] for line in _overlap(each)], len(found), limit))
    if preview.asked:
        same = preview.asked - len(preview.answers)
        console.print(
            f"\nAnswers: {len(preview.answers)} change, {same} stay as they are", style="bold", highlight=False
        )
        _say(console, (line for each in preview.answers for line in _answer(each)))


def summary(preview: Preview) -> str:
    """One line: how many documents and passages change."""
    kinds = Counter(each.change.kind for each in preview.documents)
    passages = Counter[str](one.kind for each in preview.documents for one in each.differences.passages)
    said = [f"{kinds[kind]} {kind}" for kind in ("changed", "new", "withdrawn") if kinds[kind]]
    counts = " ".join(f"{SIGNS[kind]}{passages[kind]}" for kind in SIGNS)
    return f"Documents: {', '.join(said)}; passages {counts}"


def plain(preview: Preview) -> dict[str, Any]:
    """The same for `--json`: values that JSON knows."""
    return {
        "summary": summary(preview) if preview.documents else "Nothing is staged.",
        "documents": [_plain_document(each) for each in preview.documents],
        "overlaps": [_plain_overlap(each) for each in preview.overlaps],
        "answers": {"asked": preview.asked, "changed": [asdict(each) for each in preview.answers]},
    }


def _document(document: DocumentChange, limit: int | None) -> Iterable[Text]:
    numbers = " → ".join(f"v{each}" if each else "–" for each in (document.before, document.after))
    yield Text(f"\n{document.change.kind} {document.change.source} ({document.title}, {numbers})", "bold cyan")
    for name, was, now in document.differences.fields:
        yield Text(f"  {name}: {was or '–'} → {now or '–'}")
    passages = document.differences.passages
    if document.change.kind != "changed":
        yield Text(f"  {len(passages)} passage{'s' if len(passages) != 1 else ''}")
        if limit is not None:
            return
    left = limit
    for passage in passages:
        if left is not None and left <= 0:
            yield Text("  … more with --full", "dim")
            return
        yield from _passage(passage, left)
        left = None if left is None else left - max(1, len(passage.sentences))


def _passage(passage: PassageChange, limit: int | None) -> Iterable[Text]:
    moved = f" (was: {passage.was})" if passage.was else ""
    yield Text(f"  {SIGNS[passage.kind]} {passage.place}{moved}")
    yield from _shortened([_sentence(each) for each in passage.sentences[:limit]], len(passage.sentences), limit)


def _sentence(change: SentenceChange) -> Text:
    lines = [("-", change.before, "red"), ("+", change.after, "green")]
    return Text("\n").join(Text(f"      {sign} {text}", style) for sign, text, style in lines if text)


def _overlap(overlap: Overlap) -> Iterable[Text]:
    reason = (
        f": {overlap.reason}"
        if overlap.reason
        else f": {len(overlap.pairs)} sentences"
        if len(overlap.pairs) > 1
        else ""
    )
    yield Text(f"  {overlap.here.source} and {overlap.there.source}{reason}", "cyan")
    here, there = overlap.pairs[0]
    for chunk, number in ((overlap.here, here), (overlap.there, there)):
        internal = "" if chunk.meta.audience == "public" else f", {chunk.meta.audience}"
        yield Text(f"      “{chunk.quote(number)}” ({_place(chunk)}{internal})")


def _answer(change: AnswerChange) -> Iterable[Text]:
    yield Text(f"  {change.question}", "cyan")
    for sign, given, style in (("-", change.before, "red"), ("+", change.after, "green")):
        yield Text(f"      {sign} [{given.outcome}] {given.text}{_cited(given)}".replace("\n", "\n        "), style)


def _cited(given: Given) -> str:
    return f" ({', '.join(given.cited)})" if given.cited else ""


def _place(chunk: Chunk) -> str:
    return f"{chunk.label}, version {chunk.version}"


def _shortened(lines: Sequence[Text], count: int, limit: int | None) -> Iterable[Text]:
    yield from lines
    if limit is not None and count > limit:
        yield Text(f"      … {count - limit} more with --full", "dim")


def _say(console: Console, lines: Iterable[Text]) -> None:
    for line in lines:
        console.print(line, soft_wrap=True)


def _plain_document(document: DocumentChange) -> dict[str, Any]:
    changed = document.differences
    return {
        "source": document.change.source,
        "kind": document.change.kind,
        "title": document.title,
        "before": document.before,
        "after": document.after,
        "fields": [{"name": name, "before": was, "after": now} for name, was, now in changed.fields],
        "passages": [asdict(each) for each in changed.passages],
    }


def _plain_overlap(overlap: Overlap) -> dict[str, Any]:
    def place(chunk: Chunk, number: int) -> dict[str, Any]:
        return {"source": chunk.source, "version": chunk.version, "place": chunk.label, "text": chunk.quote(number)}

    pairs = [{"here": place(overlap.here, here), "there": place(overlap.there, at)} for here, at in overlap.pairs]
    return {"kind": overlap.kind, "reason": overlap.reason, "pairs": pairs}
