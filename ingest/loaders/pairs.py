"""Questions with their answers as blocks, whatever file they come from. Knows the names such fields go by."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from ingest.loaders.blocks import heading, one_line
from ingest.loaders.html import fragment_blocks
from ingest.loaders.text import QUESTION_LEVEL, text_blocks
from rag.types import Block

QUESTION_NAMES = frozenset(["question", "questions", "q", "问题", "問題", "提问", "提問", "问", "問"])
ANSWER_NAMES = frozenset(["answer", "answers", "a", "答案", "回答", "答复", "答覆", "答"])
CATEGORY_NAMES = frozenset(["category", "categories", "topic", "类别", "類別", "分类", "分類"])
_MARKUP = re.compile(r"</(?:a|b|div|em|h[1-6]|li|ol|p|span|strong|table|ul)\s*>|<br\s*/?>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Pair:
    """Ways to ask, with the answer to them in one or more parts."""

    questions: tuple[str, ...]
    answers: tuple[str, ...]
    category: tuple[str, ...] = ()  # from the outermost to the innermost


def pair_blocks(pairs: Iterable[Pair]) -> Iterator[Block]:
    """A heading where the category changes; the answer stands below each way to ask, so that each finds it.

    What has no category comes first: nothing ends a heading but the next one.
    """
    category: tuple[str, ...] = ()
    for pair in sorted(pairs, key=lambda pair: bool(pair.category)):
        if pair.category != category:
            category = pair.category
            yield from (heading(name, min(level, QUESTION_LEVEL - 1)) for level, name in enumerate(category, 1))
        answer = [block for part in pair.answers for block in answer_blocks(part)]
        for question in pair.questions:
            yield Block("question", one_line(question), level=QUESTION_LEVEL)
            yield from answer


def answer_blocks(text: str) -> Iterator[Block]:
    """Paragraphs and lists of plain text or HTML; its headings stand below the question."""
    for block in fragment_blocks(text) if _MARKUP.search(text) else text_blocks(text):
        # What looks like a question here is part of the answer.
        asked = block.kind in ("heading", "question")
        yield replace(block, kind="heading", level=min(block.level + QUESTION_LEVEL, 6)) if asked else block
