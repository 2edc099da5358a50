"""What a change would do before it does it: composed from a rehearsed store, as one value.

Two ways to a change: what waits in the ledger, or what a sync of the folder would take in. Prints nothing but the
progress of reading files; `ingest/preview_report.py` shows the result.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine

from ingest.asked import AnswerChange, Given, Question, answer_changes, ask
from ingest.differences import Differences, differences
from ingest.knowledge import read_candidates
from ingest.overlap import Overlap, overlaps
from ingest.rehearsal import Change, bring, changes
from ingest.schema import chunks
from ingest.similar import Neighbours
from ingest.store import Store
from rag.assistant import Assistant
from rag.ports import Candidate

# Fields on which it hangs beside which other documents a document can be read.
REACH = frozenset({"audience", "language", "product", "region", "valid_from", "valid_until", "supersedes"})


@dataclass(frozen=True, slots=True)
class DocumentChange:
    """One document's change; version numbers as `status` shows them, None where it does not answer."""

    change: Change
    title: str
    before: int | None
    after: int | None
    differences: Differences


@dataclass(frozen=True, slots=True)
class Preview:
    """All that a change would do, as far as it can be said beforehand. `asked`: how many questions were."""

    documents: tuple[DocumentChange, ...] = ()
    overlaps: tuple[Overlap, ...] = ()
    answers: tuple[AnswerChange, ...] = ()
    asked: int = 0


def preview(
    store: Store,
    sources: Sequence[str],
    questions: Sequence[Question],
    assistant: Callable[[Store], Assistant],
    today: date,
) -> Preview:
    """Publish on the rehearsed `store` what is staged, or what of it is named, and say what that does.

    Raises StoreError where a document named is unknown or has nothing staged.
    """
    if not sources and not store.ledger.pending():
        return Preview()
    before, given = store.ledger.live(), _given(store, questions, assistant)
    bring(store, "staged", sources)
    changed = changes(before, store.ledger.live())
    found = _documents(store, changed)
    answers = answer_changes(questions, given, _given(store, questions, assistant))
    return Preview(tuple(each for each, _ in found), _overlaps(store, found, today), tuple(answers), len(questions))


def _given(store: Store, questions: Sequence[Question], assistant: Callable[[Store], Assistant]) -> list[Given]:
    return ask(assistant(store), questions) if questions else []


def _documents(store: Store, changed: Sequence[Change]) -> list[tuple[DocumentChange, list[Candidate]]]:
    """Each change with its differences, and the passages of its new version."""
    found = []
    for change in changed:
        old, new = (_passages(store.engine, store.embedder.dimensions, each) for each in (change.before, change.after))
        was, now = [each.chunk for each in old], [each.chunk for each in new]
        numbers = (was[0].version if was else None), (now[0].version if now else None)
        found.append((DocumentChange(change, (now or was)[0].title, *numbers, differences(was, now)), new))
    return found


def _passages(engine: Engine, dimensions: int, version: int | None) -> list[Candidate]:
    if version is None:
        return []
    with engine.connect() as connection:
        found = read_candidates(connection, chunks.c.version == version, dimensions)
    return sorted(found, key=lambda each: each.chunk.ordinal)


def _overlaps(
    store: Store, found: Sequence[tuple[DocumentChange, list[Candidate]]], today: date
) -> tuple[Overlap, ...]:
    """What the sentences that are new repeat and contradict; all sentences of a document that now reaches others."""
    fresh = list[tuple[Candidate, set[int]]]()
    for document, passages in found:
        moved = REACH & {name for name, _, _ in document.differences.fields}
        for each in passages:
            ordinal, said = each.chunk.ordinal, range(len(each.chunk.sentences))
            new = {at for at in said if moved or (ordinal, at) in document.differences.fresh}
            fresh += [(each, new)] if new else []
    if not fresh:
        return ()
    near = Neighbours(store.engine, store.embedder.dimensions, today).of([each for each, _ in fresh])
    every = zip(fresh, near, strict=True)
    return _once(one for (each, new), others in every for one in overlaps(each, new, others, today))


def _once(found: Iterable[Overlap]) -> tuple[Overlap, ...]:
    """Two staged passages find each other; once is enough."""
    kept: dict[tuple[str, frozenset[tuple[int, int]]], Overlap] = {}
    for each in found:
        first, last = each.pairs[0]
        kept.setdefault((each.kind, frozenset({(each.here.id, first), (each.there.id, last)})), each)
    return tuple(kept.values())
