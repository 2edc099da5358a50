"""What is said in a recording: from the subtitles beside it, else from a track inside it, else from a transcript.

A transcript is made by an endpoint, outside of the sandbox, and kept: each recording is paid for once.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory

from ingest import sound
from ingest.deposit import keep, original, transcript
from ingest.loaders.cues import Cue, blocks
from ingest.loaders.text import text_blocks
from ingest.loaders.tracks import FORMATS, INSTALL, needs_transcript
from ingest.meta import combine
from ingest.recordings import language_in, plain_stem, preferred
from ingest.scan import Taken
from rag.errors import ModelError, Refused
from rag.ports import Transcriber
from rag.types import Block, Document, Segment

# Not final: the next sync tries again, because it is not the file that has to change.
PASSING = frozenset({"CHANGED", "NEEDS_TRANSCRIPT", "TRANSCRIPTION_FAILED"})
_SENT_WHOLE = (".flac", ".m4a", ".mp3", ".mp4", ".ogg", ".wav", ".webm")  # what endpoints take as it is


class Spoken:
    """Recordings as documents."""

    def __init__(self, data: Path, parse: Callable[[Path, str], Document], transcriber: Transcriber | None) -> None:
        self._data, self._parse, self._transcriber = data, parse, transcriber

    def document(self, taken: Taken) -> Document:
        """The words of a recording whose bytes are kept already. Raises Refused."""
        name, language = taken.found.source, combine(taken.said, {}).language
        if taken.subtitles:
            return self._beside(taken, language)
        try:
            # Of several tracks the one in the language that the name tells is used.
            told = f"{PurePath(name).stem}.{language}{PurePath(name).suffix}" if language else name
            return self._parse(original(self._data, taken.content_hash), told)
        except Refused as refusal:
            if refusal.code != "NEEDS_TRANSCRIPT":
                raise
            return self._transcript(taken, refusal)

    def _beside(self, taken: Taken, language: str) -> Document:
        names = [name for name, _ in taken.subtitles]
        name, raw = taken.subtitles[preferred([language_in(each) for each in names], language)]
        where = original(self._data, hashlib.sha256(raw).hexdigest())
        keep(where, raw)
        try:
            found = self._parse(where, name)
        except Refused as refusal:
            raise Refused(refusal.code, f"{name}: {refusal.reason}", refusal.advice) from refusal
        rest = f"Several subtitle files stand beside it ({', '.join(names)}); {name} is used."
        warnings = (*found.warnings, rest) if len(names) > 1 else found.warnings
        return Document(_title(taken), found.blocks, warnings=warnings)

    def _transcript(self, taken: Taken, refusal: Refused) -> Document:
        kept = transcript(self._data, taken.content_hash)
        if kept.exists():
            segments = [Segment(*each) for each in json.loads(kept.read_bytes())]
        elif self._transcriber is None:
            raise refusal
        else:
            segments = self._heard(taken, self._transcriber)
            rows = [(each.start, each.end, each.text) for each in segments]
            keep(kept, json.dumps(rows, ensure_ascii=False).encode())
        if not any(each.text.strip() for each in segments):
            raise Refused("NO_TEXT", "Nothing is said in it.", "Put subtitles beside it, or remove it.")
        return Document(_title(taken), _said(segments))

    def _heard(self, taken: Taken, transcriber: Transcriber) -> list[Segment]:
        """The words of all pieces, at their seconds in the whole."""
        file, suffix = original(self._data, taken.content_hash), PurePath(taken.found.source).suffix.lower()
        try:
            if not sound.can_take_out():
                if suffix not in _SENT_WHOLE or file.stat().st_size > transcriber.max_bytes:
                    raise needs_transcript(taken.found.source, f"or if it is to be transcribed, {INSTALL}")
                return list(transcriber.transcribe(file, f"recording{suffix}"))
            with TemporaryDirectory() as folder:
                found = sound.pieces(file, FORMATS[suffix], Path(folder), transcriber.max_bytes)
                return [
                    _later(each, began) for began, piece in found for each in transcriber.transcribe(piece, piece.name)
                ]
        except ModelError as error:
            raise Refused(
                "TRANSCRIPTION_FAILED",
                str(error),
                f"The next sync tries again; or put {plain_stem(taken.found.source)}.srt beside it.",
            ) from error


def _later(segment: Segment, seconds: float) -> Segment:
    if segment.start is None or segment.end is None:
        return segment
    return Segment(segment.start + seconds, segment.end + seconds, segment.text)


def _said(segments: Sequence[Segment]) -> tuple[Block, ...]:
    cues = [Cue(each.start, each.end or each.start, each.text) for each in segments if each.start is not None]
    if len(cues) < len(segments):  # without times there is no place to begin at
        return text_blocks("\n\n".join(each.text for each in segments))
    return blocks(cues)


def _title(taken: Taken) -> str:
    return plain_stem(taken.found.source).replace("_", " ")
