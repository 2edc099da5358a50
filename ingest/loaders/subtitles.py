"""Subtitle files: SubRip, WebVTT, SubStation Alpha. What is said, when, and by whom where that is marked."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from ingest.loaders.blocks import clean
from ingest.loaders.cues import Cue, blocks
from ingest.loaders.encoding import decode
from ingest.recordings import plain_stem
from rag.errors import Refused
from rag.types import Document

_VOICE = re.compile(r"<v(?:\.[^\s>]*)?[ \t]+([^>]*)>")
_RUBY = re.compile(r"<rt[^>]*>.*?</rt>", re.DOTALL)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|\{\\[^{}]*\}")
_WORD_TIME = re.compile(r"<[\d:.]+>")
_TURN = re.compile(r"^\s*(?:[-–—]\s+|>>+\s*)", re.MULTILINE)  # marks that another one speaks, without a name
_SOUND = re.compile(r"[\[(（【♪][^\s\])）】♪]{0,14}[\])）】♪]|♪")
_KINDS = {".ass": "ass", ".srt": "srt", ".ssa": "ssa", ".vtt": "vtt"}


def load(raw: bytes, name: str) -> Document:
    """A subtitle file as a document of its own. Raises Refused."""
    suffix = name[name.rfind(".") :].lower()
    found = list(cues(clean(decode(raw)), _KINDS[suffix]))
    if not found:
        raise Refused("NO_TEXT", "There are no subtitles in it.", "Check that it is a subtitle file, or remove it.")
    return Document(plain_stem(name).replace("_", " "), blocks(found))


def cues(text: str, kind: str) -> Iterator[Cue]:
    """The cues of a file of this kind: "srt", "vtt", "ass" or "ssa". Raises Refused if it is none."""
    import pysubs2

    if kind == "vtt":
        text = _plain_vtt(text)
    try:
        # Times within a line would be taken for the line that begins a cue.
        read = pysubs2.SSAFile.from_string(_WORD_TIME.sub("", text), format_=kind, keep_html_tags=True)
    except (pysubs2.exceptions.Pysubs2Error, ValueError) as problem:
        raise Refused(
            "BROKEN", f"The subtitles cannot be read: {problem}.", "Save them again as SRT or WebVTT in UTF-8."
        ) from problem
    for event in read:
        if not (event.is_comment or event.is_drawing):
            yield from cues_of(event.start / 1000, event.end / 1000, event.text, event.name)


def cues_of(start: float, end: float, text: str, speaker: str = "") -> Iterator[Cue]:
    """The cue without markup and sounds; several where several people speak in it."""
    said = _RUBY.sub("", text.replace("\\N", "\n").replace("\\n", "\n").replace("\\h", " "))
    first, *voices = _VOICE.split(said)
    for name, words in [(speaker, first), *zip(voices[::2], voices[1::2], strict=True)]:
        plain = _TURN.sub("", html.unescape(_TAG.sub("", words)))
        plain = _SOUND.sub("", plain) if _SOUND.fullmatch(plain.strip()) else plain.replace("♪", "")
        if plain.strip():
            yield Cue(start, end, plain.strip(), " ".join(html.unescape(name).split()))


def _plain_vtt(text: str) -> str:
    """Cues only: no header, notes, styles, regions or names of cues."""
    kept = []
    for block in re.split(r"\n{2,}", text):
        lines = block.strip("\n").split("\n")
        timing = next((at for at, line in enumerate(lines[:2]) if "-->" in line), None)
        if timing is not None and not lines[0].startswith(("NOTE", "WEBVTT")):
            kept.append("\n".join(lines[timing:]))
    return "WEBVTT\n\n" + "\n\n".join(kept)
