"""Which files are recordings, which subtitle files belong to them, and in which language those are.

Names only; knows no content.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import PurePath

VIDEO = {
    ".m4v": "video/mp4",
    ".mkv": "video/x-matroska",
    ".mov": "video/quicktime",
    ".mp4": "video/mp4",
    ".ogv": "video/ogg",
    ".webm": "video/webm",
}
AUDIO = {
    ".aac": "audio/aac",
    ".flac": "audio/flac",
    ".m4a": "audio/mp4",
    ".mp3": "audio/mpeg",
    ".oga": "audio/ogg",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".wav": "audio/wav",
}
CONTENT_TYPES = VIDEO | AUDIO
SUBTITLES = (".vtt", ".srt", ".ass", ".ssa")  # of several in one language, the first is used

_LANGUAGE = re.compile(r"\.([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{2,8})*$")
_SHORT = {"eng": "en", "chi": "zh", "zho": "zh", "cmn": "zh", "chs": "zh", "cht": "zh"}


def is_recording(name: str) -> bool:
    """Whether a file of this name is sound or film."""
    return PurePath(name).suffix.lower() in CONTENT_TYPES


def short_language(tag: str) -> str:
    """Two letters where there are two: "zh" for zh-Hans, chi and CHS."""
    plain = re.split(r"[-_]", tag.lower())[0]
    return _SHORT.get(plain, plain)


def language_in(name: str) -> str:
    """The language that a file's name tells, as in clip.zh-Hans.srt; empty if it tells none."""
    found = _LANGUAGE.search(PurePath(name).stem)
    return short_language(found[1]) if found else ""


def plain_stem(name: str) -> str:
    """The file's name without its type and its language."""
    stem = PurePath(name).stem
    return _LANGUAGE.sub("", stem) or stem


def subtitles_beside(recording: str, names: Iterable[str]) -> list[str]:
    """Those of `names` in the same folder that hold what is said in it: clip.srt, clip.en.vtt, clip.mp4.srt."""
    stems = {PurePath(recording).stem, PurePath(recording).name, plain_stem(recording)}
    found = [
        name
        for name in names
        if PurePath(name).suffix.lower() in SUBTITLES and stems & {PurePath(name).stem, plain_stem(name)}
    ]
    return sorted(found, key=lambda name: (SUBTITLES.index(PurePath(name).suffix.lower()), name))


def preferred(languages: Sequence[str], wanted: str) -> int:
    """Which of several to use, by number: the wanted language, else English, Chinese, an unnamed one, any."""
    order = [wanted, "en", "zh", ""] if wanted else ["en", "zh", ""]
    ranks = [order.index(each) if each in order else len(order) for each in languages]
    return ranks.index(min(ranks))
