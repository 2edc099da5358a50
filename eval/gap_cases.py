"""Cases of a gap: each of its questions is to be answered citing the document that was written for it.

They are drafts while the document is staged, and cases once it is live: a case that cites what is not there stops a run.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import Path

from eval.cases import Case
from eval.drafts import SUFFIX, Draft, accept, read_drafts, write_drafts
from rag.mask import mask
from rag.text import language_of, normalise

MOST = 20  # of one gap
LONGEST = 500  # characters of a question
FILE, DRAFTS = "gaps.cases.jsonl", f"gaps{SUFFIX}"


def tag_of(source: str) -> str:
    """The tag of a document's cases: the same for the same document."""
    return f"gap-{hashlib.sha256(source.encode()).hexdigest()[:10]}"


def draft_cases(file: Path, source: str, questions: Sequence[str], now: datetime) -> list[Draft]:
    """Add a draft of each question to `file`; drafts of the same document that wait there are replaced. Raises CasesError."""
    tag, lines = tag_of(source), dict[str, str]()
    for each in questions:
        line = " ".join(mask(each).split())[:LONGEST]
        if line:
            lines.setdefault(normalise(line), line)
    drafts = [_draft(tag, source, text, now) for text in list(lines.values())[:MOST]]
    kept = [each for each in read_drafts(file) if not (each.state == "draft" and _of(each, tag))]
    settled = {each.id for each in kept}  # cases already, from when the document was staged before
    drafts = [each for each in drafts if each.id not in settled]
    write_drafts(file, [*kept, *drafts])
    return drafts


def accept_cases(file: Path, source: str, into: Path, documents: Collection[str]) -> list[Case]:
    """Make cases of the drafts of a document that is live now; none where there are none. Raises CasesError."""
    tag = tag_of(source)
    waiting = [each.id for each in read_drafts(file) if each.state == "draft" and _of(each, tag)]
    return accept(file, waiting, into, documents, cited_is_enough=True) if waiting else []


def _draft(tag: str, source: str, text: str, now: datetime) -> Draft:
    known = f"{tag}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
    case = {
        "id": known, "turns": [text], "expect": "answer", "cite": [[source]], "language": language_of(text),
        "at": now.isoformat(timespec="seconds"), "tags": ["life", tag], "split": "dev",
    }  # fmt: skip
    return Draft(id=known, why=("unresolved",), guess="It is to be answered from this document.", case=case)


def _of(draft: Draft, tag: str) -> bool:
    return tag in draft.case.get("tags", ())
