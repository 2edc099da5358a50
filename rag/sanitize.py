"""A model's text is data: what of a sentence may be shown. Pure functions over one sentence and what it cites.

Links, pictures, markup and control characters go, unless the cited text has them, and a sentence that has lost an
address goes with it, unless a document says the rest word for word. What is no answer at all (a tool call, a role, an
instruction, a question, an echo of the prompt, a stutter) goes whole. Nothing here asks whether a sentence is true.
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
_FORMAT = re.compile(r"</?(?:b|i|u|em|strong|br|p|code|mark|small|su[bp]|li|[uo]l)\s*/?>", re.IGNORECASE)
_LINKED = re.compile(r"(!?)\[([^\]]*)\]\(([^)]*)\)?")
_REFERENCE = re.compile(r"^\s*\[[^\]]+\]:.*")  # [x]: where a Markdown link leads
# Also written so that a program does not see it and a person does.
_ADDRESS = re.compile(
    r"\b(?:https?|ftp|file|javascript|vbscript|data|mailto|tel):[^\s，。）]+|\bwww\.[^\s，。）]+|\bhxxps?\b\S*"
    r"|\S+(?:\[\.\]|\(\.\)|\[dot\]|\(dot\))\S+",
    re.I,
)
_EMPTY_BRACKETS = re.compile(r"\s*(?:\(\s*\)|（\s*）)")
_BETWEEN_HAN = re.compile(rf"(?<=[{HAN}]) +(?=[{HAN}])")
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

    def own(where: str) -> bool:
        return any(where.rstrip(".,;!?") in source for source in sources)

    if _ROLE.search(plain) or _CALL.search(plain):
        return ""
    if _ADDRESS.search(wide := unicodedata.normalize("NFKC", plain)):
        plain = wide
    plain = _FORMAT.sub("", _REFERENCE.sub("", plain))
    plain = _LINKED.sub(lambda match: match[2] if not match[1] and own(match[3]) else match[0], plain)
    harmless = _TAG.sub("", _LINKED.sub(r"\2", plain))
    harmless = _ADDRESS.sub(lambda match: match[0] if own(match[0]) else "", harmless)
    lost = harmless != plain
    plain = _EMPTY_BRACKETS.sub("", harmless) if lost else plain
    plain = " ".join(_ANSWERER.sub("", _BLOCK.sub("", _EMPHASIS.sub(r"\2", plain))).split())
    if lost and not any(plain in " ".join(source.split()) for source in sources):
        return ""
    plain = _BETWEEN_HAN.sub("", plain)
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
