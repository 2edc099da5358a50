"""Plain text: paragraphs, list items, headings and questions, as far as bare lines show them.

Also used for the long cells of tables and by benchmarks, through text_blocks().
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from ingest.loaders.blocks import clean, heading, is_question, join_lines, one_line
from ingest.loaders.encoding import decode
from rag.text import HAN
from rag.types import Block, Document

QUESTION_LEVEL = 3  # below the headings of levels 1 and 2 that plain text shows
_LONGEST_HEADING = 70
_LONGEST_QUESTION = 160
_NARROWEST = 40  # shorter lines were not wrapped at a margin: verse, addresses
_WIDEST = 120  # longer lines were never wrapped: each is a paragraph

_CJK_NUMBER = "一二三四五六七八九十百"
_MARKER = re.compile(
    rf"(?P<marker>[-*+•‣▪●○◦·–](?=\s)|\(?(?:\d{{1,3}}|[a-zA-Z])[.)](?=\s)|\d{{1,3}}[、．](?!\d)"
    rf"|（(?:\d{{1,3}}|[{_CJK_NUMBER}]{{1,3}})）|[{_CJK_NUMBER}]{{1,3}}、|[①-⑳])\s*(?P<rest>\S.*)"
)
_NUMBERED = re.compile(
    rf"(?P<number>\d{{1,2}}(?:\.\d{{1,2}})*)\.?\s+\S|[{_CJK_NUMBER}]{{1,3}}、|第[{_CJK_NUMBER}\d]{{1,4}}[章节節条條部]"
)
_UNDERLINE = re.compile(r"(={3,}|-{3,})\s*$")
_ASKED = re.compile(
    r"(?P<marker>(?:Q|Question|问|問)\s?\d{0,3}\s*[:：.]|(?:问题|問題)\s?\d{0,3}\s*[:：])\s*(?P<rest>\S.*)", re.I
)
_ANSWERED = re.compile(r"(?P<marker>(?:A|Answer|答|答案|回答)\s?\d{0,3}\s*[:：])\s*(?P<rest>\S.*)", re.I)
_WIDE = re.compile(f"[{HAN}\u3000-\u30ff\uff00-\uffef]")
_ENDS_SENTENCE = (".", "。", "!", "！", ";", "；", ",", "，", ":", "：")


@dataclass(frozen=True, slots=True)
class _Group:
    """Lines without a blank line between them."""

    lines: tuple[str, ...]

    @property
    def joined(self) -> str:
        return one_line("\n".join(self.lines))


_LONGEST_TITLE = 90  # characters
_ENDS = tuple(".。!！?？:：;；,，")


def load(raw: bytes, name: str) -> Document:
    """A text file. A short line that stands alone at its top is its title."""
    del name
    blocks = text_blocks(decode(raw))
    first = blocks[0] if blocks else None
    if first and len(blocks) > 1 and first.kind in ("heading", "text") and _names_the_whole(first.text):
        return Document(first.text, blocks[1:])
    return Document("", blocks)


def _names_the_whole(text: str) -> bool:
    return len(text) <= _LONGEST_TITLE and "\n" not in text and not text.endswith(_ENDS)


def text_blocks(text: str) -> tuple[Block, ...]:
    """The blocks of plain text; no word is lost."""
    groups = [_Group(tuple(lines)) for lines in _groups(clean(text))]
    width = _wrap_width(groups)
    blocks: list[Block] = []
    for at, group in enumerate(groups):
        following = groups[at + 1] if at + 1 < len(groups) else None
        blocks += _group_blocks(group, following, width)
    return tuple(blocks)


def _groups(text: str) -> Iterator[list[str]]:
    lines: list[str] = []
    for line in text.expandtabs(4).split("\n"):
        if line.strip():
            if lines and _begins_entry(lines, line.strip()):
                yield lines
                lines = []
            lines.append(line.rstrip())
        elif lines:
            yield lines
            lines = []
    if lines:
        yield lines


def _begins_entry(lines: list[str], line: str) -> bool:
    """Whether, in questions and answers written without blank lines between them, the next one begins here."""
    if _ASKED.match(line) or _ANSWERED.match(line):
        return True
    first, last = lines[0].strip(), lines[-1].strip()
    asked = is_question(line) and len(line) <= _LONGEST_QUESTION and not _MARKER.match(line)
    return asked and is_question(first) and len(lines) > 1 and last.endswith((".", "!", "。", "！"))


def _wrap_width(groups: list[_Group]) -> int:
    """The margin at which lines seem to be wrapped: what all but the longest few lines keep to."""
    widths = sorted(_width(line) for group in groups if len(group.lines) > 1 for line in group.lines)
    return widths[int(len(widths) * 0.95)] if widths else 0


def _width(line: str) -> int:
    return len(line) + len(_WIDE.findall(line))


def _group_blocks(group: _Group, following: _Group | None, width: int) -> Iterator[Block]:
    if _is_question_group(group, following):
        yield _question(group.joined)
        return
    lines = list(group.lines)
    if len(lines) > 1 and _is_lone_question(lines):
        yield _question(lines.pop(0))
    elif (level := _heading_level(lines, following)) and not _UNDERLINE.match(lines[0].strip()):
        yield heading(lines.pop(0), level)
    start = 0
    for at, line in enumerate(lines):
        underline = _UNDERLINE.match(line.strip())
        if underline and at > start:
            yield from _paragraphs(lines[start : at - 1], width)
            yield heading(lines[at - 1], 1 if underline.group(1)[0] == "=" else 2)
            start = at + 1
    yield from _paragraphs([line for line in lines[start:] if not _UNDERLINE.match(line.strip())], width)


def _is_question_group(group: _Group, following: _Group | None) -> bool:
    """A question standing alone, with something that can be its answer after it."""
    if following is None or len(group.lines) > 2:
        return False
    if _ASKED.match(group.lines[0].strip()) and len(group.joined) <= _LONGEST_QUESTION:
        return True
    if not is_question(group.lines[-1]):
        return False
    if len(group.lines) == 2 and (is_question(group.lines[0]) or _MARKER.match(group.lines[1].strip())):
        return False
    return len(group.joined) <= _LONGEST_QUESTION and not is_question(following.lines[0])


def _is_lone_question(lines: list[str]) -> bool:
    first, second = lines[0].strip(), lines[1].strip()
    if not is_question(first) or is_question(second) or len(first) > _LONGEST_QUESTION:
        return False
    return not second[:1].islower() and not _UNDERLINE.match(second)


def _question(line: str) -> Block:
    asked = _ASKED.match(one_line(line))
    words, marker = (asked["rest"], asked["marker"]) if asked else (one_line(line), "")
    return Block("question", words, level=QUESTION_LEVEL, marker=marker)


def _heading_level(lines: list[str], following: _Group | None) -> int:
    """The level of the first line as a heading, 0 if it is none."""
    line = lines[0].strip()
    alone = len(lines) == 1
    if len(line) > _LONGEST_HEADING or line.endswith(_ENDS_SENTENCE) or (alone and following is None):
        return 0
    after = following.lines[0] if alone and following else lines[-1] if alone else lines[1]
    numbered = _NUMBERED.match(line)
    if numbered and not _MARKER.match(after.strip()) and not _NUMBERED.match(after.strip()):
        # "1. Open the lid" with a line below it is a list item; "1.2 Lid" and "一、" are not.
        deep = (numbered["number"] or "").count(".")
        if alone or deep or not numbered["number"]:
            return min(deep + 2, 6)
    shouted = line.isupper() and sum(map(str.isalpha, line)) > 3 and not after.strip().isupper()
    return 2 if shouted and not _MARKER.match(line) else 0


def _paragraphs(lines: list[str], width: int) -> Iterator[Block]:
    """List items with their continuation lines, and the paragraphs between them."""
    pending: list[str] = []
    item: tuple[str, int] | None = None
    for line in lines:
        marked = _MARKER.match(line.strip())
        if marked:
            yield from _finished(pending, item, width)
            item = marked["marker"], min((len(line) - len(line.lstrip())) // 2, 8)
            pending = [marked["rest"]]
        elif item and not line.startswith(" ") and _width(pending[-1]) < min(width, _NARROWEST):
            # Neither indented nor after a full line: the list has ended.
            yield from _finished(pending, item, width)
            item, pending = None, [line]
        else:
            pending.append(line)
    yield from _finished(pending, item, width)


def _finished(lines: list[str], item: tuple[str, int] | None, width: int) -> Iterator[Block]:
    if not lines:
        return
    if item:
        yield Block("item", one_line("\n".join(lines)), marker=item[0], level=item[1])
        return
    for text in _unwrapped([line.strip() for line in lines], width):
        answered = _ANSWERED.match(text)
        yield (
            Block("text", text[answered.start("rest") :], marker=answered["marker"])
            if answered
            else Block("text", text)
        )


def _unwrapped(lines: list[str], width: int) -> list[str]:
    """One paragraph if wrapped at a margin, one per line if the lines are long, else the lines as they are."""
    if len(lines) == 1 or (_NARROWEST <= width <= _WIDEST and _was_wrapped(lines, width)):
        return [join_lines("\n".join(lines))]
    if max(map(_width, lines)) > _WIDEST:
        return lines
    return ["\n".join(lines)]


def _was_wrapped(lines: list[str], width: int) -> bool:
    """Whether most lines were as full as they could be: the next line's first word would not have fitted."""
    full = [_width(line) + 1 + _first_width(after) > width - 4 for line, after in pairwise(lines)]
    return sum(full) >= 0.7 * len(full)


def _first_width(line: str) -> int:
    # Chinese breaks anywhere: its first character is what would have had to fit.
    return 2 if _WIDE.match(line) else _width(line.split(" ")[0])
