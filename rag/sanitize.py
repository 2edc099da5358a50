"""A model's text is data: what of a sentence may be shown. Pure functions over one sentence and what it cites.

Links, pictures, markup and control characters go, unless the cited text has them; a sentence that is no answer at all
(a tool call, a role, an instruction, a question, an echo of the prompt, a stutter) goes whole. Nothing here asks whether a sentence is true.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from rag.instructions import asks, steers
from rag.text import HAN, normalise

LONGEST = 600  # characters of a sentence; more is no sentence, whatever it is
# A tag needs a letter after "<": "below <5 bar and >3 bar" is none. One cut off by the sentence's end goes too.
_TAG = re.compile(r"<[/!?|]?[a-z][^>]*(?:>|$)", re.IGNORECASE)
_LINKED = re.compile(r"!?\[([^\]]*)\]\([^)]*\)?")
_REFERENCE = re.compile(r"^\s*\[[^\]]+\]:.*")  # [x]: where a Markdown link leads
_ADDRESS = re.compile(
    r"\b(?:https?|ftp|file|javascript|vbscript|data|mailto|tel):[^\s，。）]+|\bwww\.[^\s，。）]+", re.I
)
_BLOCK = re.compile(r"^\s*(?:#{1,6}\s+|>\s*)+")
_EMPHASIS = re.compile(r"(\*\*\*|\*\*|__|`)(.+?)\1")
_ANSWERER = re.compile(r"^\s*(?:assistant|answer|ai|bot|助手|回答|答案?)\s*[:：]\s*", re.IGNORECASE)
_ROLE = re.compile(
    r"^\W*(?:system|user|human|developer|tool|function|instructions?|系统|用户|指令)\W*[:：]"
    r"|\[/?INST\]|<\|[^|>]*\|>|<<?/?SYS>?>",
    re.IGNORECASE,
)
_CALL = re.compile(r"^\s*(?:```|[{\[]\s*[{\"]|<\|?/?(?:tool|function))|\"(?:arguments|tool_calls?|function)\"\s*:")
_STUTTER = re.compile(rf"\b(\w+(?: \w+)+) \1\b|\b(\w{{3,}}) \2 \2\b|([{HAN}]{{3,}})\3", re.IGNORECASE)
_DOUBLED = re.compile(r"\b([a-z]{2,}) \1\b", re.IGNORECASE)
_THOUGHTS = ("<think>", "<thinking>")
ECHO = 20  # characters of the prompt that are no coincidence; half as many in Chinese


def cleaned(text: str, sources: Sequence[str]) -> str:
    """The sentence as it may be shown beside `sources`, the texts it cites; empty when nothing of it may.

    Markers of citations are taken out before.
    """
    plain = _visible(text)
    if steers(plain) or asks(plain):
        return ""  # also where a document says it
    if any(plain.strip() and plain.strip() in source for source in sources):
        return " ".join(plain.split())  # a document's own words, with its own addresses

    def address(match: re.Match[str]) -> str:
        return match[0] if any(match[0].rstrip(".,;!?") in source for source in sources) else ""

    if _ROLE.search(plain) or _CALL.search(plain):
        return ""
    plain = _ADDRESS.sub(address, _TAG.sub("", _LINKED.sub(r"\1", _REFERENCE.sub("", plain))))
    plain = " ".join(_ANSWERER.sub("", _BLOCK.sub("", _EMPHASIS.sub(r"\2", plain))).split())
    return "" if len(plain) > LONGEST or _stutters(plain, sources) else plain


def echoes(text: str, prompt: str) -> bool:
    """Whether a sentence repeats the prompt's own words. Its examples of an answer, marked [n], are none of them."""
    said = " ".join(normalise(text).split()).strip(" .。:：-")
    lines = [line for line in normalise(prompt).splitlines() if not re.search(r"\[\w\]|\{\{", line)]
    enough = ECHO // 2 if re.search(f"[{HAN}]", said) else ECHO
    return len(said) >= enough and said in " ".join(" ".join(lines).split())


def spoken(pieces: Iterable[str]) -> Iterator[str]:
    """A stream without what a reasoning model thinks aloud before it answers: <think> … </think>."""
    rest, waiting = iter(pieces), ""
    for piece in rest:
        waiting += piece
        begun = waiting.lstrip()
        if any(tag.startswith(begun) for tag in _THOUGHTS):
            continue  # too little to tell
        if thinking := next((tag for tag in _THOUGHTS if begun.startswith(tag)), ""):
            yield _behind(rest, begun, f"</{thinking[1:]}")
        else:
            yield waiting
        break
    else:
        yield waiting
    yield from rest


def _behind(rest: Iterator[str], heard: str, end: str) -> str:
    """Reads on until `end` was heard; what stands behind it, nothing when it never comes."""
    while end not in heard:
        piece = next(rest, None)
        if piece is None:
            return ""
        heard = heard[-len(end) :] + piece
    return heard.partition(end)[2]


def _visible(text: str) -> str:
    """Without characters that steer a terminal or a page and are not seen: controls, bidirectional marks, fillers."""
    return "".join(
        each for each in text if each in "\n\t" or unicodedata.category(each) not in ("Cc", "Cf", "Co", "Cn")
    )


def _stutters(text: str, sources: Sequence[str]) -> bool:
    """Whether words come twice on end, as they do when frames of a stream are sent twice."""
    again = _STUTTER.search(text) or (_DOUBLED.search(text) if len(_DOUBLED.findall(text)) > 1 else None)
    return again is not None and not any(again[0] in source for source in sources)
