"""One document as editors look it over in a terminal: what is said about it, its versions, its passages as they are cited."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Engine

from ingest.browse import Version, look
from rag.types import Sentence


def show(engine: Engine, source: str, number: int | None = None, passages: bool = False) -> Iterator[str]:
    """Lines about a document and one of its versions: by default the live one, else the newest.

    `passages` adds them, sentence by sentence. Raises StoreError for an unknown name or version.
    """
    looked = look(engine, source, number)
    yield f"{looked.status.source}: {looked.status.summary}"
    if looked.refused:
        yield f"refused: {looked.refused}"
    yield from map(_version, looked.versions)
    if looked.shown is None:
        return
    yield f"v{looked.shown}:"
    yield from (f"  {name}: {value}" for name, value in looked.fields.items())
    yield from (f"  warning: {each}" for each in looked.warnings)
    for place, passage in enumerate(looked.passages if passages else (), 1):
        yield f"[{place}] {passage.label}"
        yield from (f"    {_cited(each, passage.text)}" for each in passage.sentences)


def _version(version: Version) -> str:
    said = ["live"] if version.live else []
    said += ["staged"] if version.staged else []
    said += [f"published in release {number} ({at:%Y-%m-%d %H:%M} UTC)" for number, at in version.releases]
    made = f"v{version.number}  made {version.made_at:%Y-%m-%d %H:%M} UTC, {version.passages} passages"
    return ", ".join([made, *said])


def _cited(sentence: Sentence, text: str) -> str:
    """As a citation names it: the words, then their place."""
    place = [f"page {sentence.page}"] if sentence.page else []
    place += [f"at {int(sentence.second) // 60}:{int(sentence.second) % 60:02}"] if sentence.second is not None else []
    place += [f"characters {sentence.start}–{sentence.end}"]
    place += [f"{len(sentence.pictures)} pictures"] if sentence.pictures else []
    return f"“{text[sentence.start : sentence.end]}” ({', '.join(place)})"
