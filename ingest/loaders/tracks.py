"""Subtitle tracks inside recordings, by PyAV, which is an optional part of the installation."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from ingest.loaders.blocks import clean
from ingest.loaders.cues import Cue, blocks
from ingest.loaders.subtitles import cues_of
from ingest.recordings import language_in, plain_stem, preferred, short_language
from rag.errors import Refused
from rag.types import Document

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.subtitles.stream import SubtitleStream

# FFmpeg is told the format: left to guess, it takes play lists too, and opens whatever they name.
FORMATS = {
    ".aac": "aac",
    ".flac": "flac",
    ".m4a": "mov",
    ".m4v": "mov",
    ".mkv": "matroska",
    ".mov": "mov",
    ".mp3": "mp3",
    ".mp4": "mov",
    ".oga": "ogg",
    ".ogg": "ogg",
    ".ogv": "ogg",
    ".opus": "ogg",
    ".wav": "wav",
    ".webm": "matroska",
}
INSTALL = "install requirements/media.txt"


def load(path: Path, name: str) -> Document:
    """What the recording's subtitle track says; of several, that in the language which its name tells is preferred.

    Raises Refused NEEDS_TRANSCRIPT if there is none.
    """
    try:
        import av
    except ImportError:
        raise needs_transcript(name, INSTALL) from None
    try:
        with path.open("rb") as file, av.open(file, format=FORMATS[PurePath(name).suffix.lower()]) as container:
            return _document(container, name)
    except av.FFmpegError as problem:
        raise Refused(
            "BROKEN",
            f"The recording cannot be opened: {problem.strerror}.",
            "Play it in another program; save it again as MP4, WebM or MP3.",
        ) from problem


def needs_transcript(name: str, install: str = "") -> Refused:
    """The refusal of a recording of which nobody says what is said in it; `install` is what may help too."""
    beside = f"Put {plain_stem(name)}.srt beside it, or configure transcription in config.yaml"
    return Refused(
        "NEEDS_TRANSCRIPT",
        "There are no subtitles in it or beside it, and no transcript of it.",
        f"{beside}; if it holds a subtitle track, {install}." if install else f"{beside}.",
    )


def _document(container: InputContainer, name: str) -> Document:
    tracks = [each for each in container.streams.subtitles if each.codec_context and each.codec_context.codec.text_sub]
    if not tracks:
        raise needs_transcript(name)
    languages = [short_language(each.language or "") for each in tracks]
    chosen = preferred(languages, language_in(name))
    said = blocks(_cues(container, tracks[chosen]))
    if not said:
        raise needs_transcript(name)
    title = container.metadata.get("title", "") or plain_stem(name).replace("_", " ")
    used = languages[chosen] or f"number {chosen + 1}"
    warnings = (f"It holds {len(tracks)} subtitle tracks; {used} is used.",) if len(tracks) > 1 else ()
    return Document(title, said, warnings=warnings)


def _cues(container: InputContainer, track: SubtitleStream) -> Iterator[Cue]:
    from av.subtitles.subtitle import AssSubtitle

    for packet in container.demux(track):
        if not packet.size or packet.pts is None or packet.time_base is None:
            continue
        start = float(packet.pts * packet.time_base)
        end = start + float((packet.duration or 0) * packet.time_base)
        for line in packet.decode():
            if not isinstance(line, AssSubtitle):
                continue  # a picture of words
            # ReadOrder, Layer, Style, Name, MarginL, MarginR, MarginV, Effect, Text
            fields = line.ass.decode("utf-8", "replace").split(",", 8)
            if len(fields) == 9:
                yield from cues_of(start, end, clean(fields[8]), fields[3])
