"""A stand-alone question from a follow-up ("And the 300S?"), written by a model, for retrieval only.

What the model writes is data: a question that adds a name or number, or loses one, is not used. Without a model, or
without time, earlier messages are weighted in instead (`retrieve.py`).
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from prompts import load_prompt
from rag.errors import ModelError
from rag.ports import ChatModel
from rag.sanitize import spoken
from rag.text import STOP_CHARACTERS, content_tokens, is_han, tokens
from rag.types import Query, Turn, Usage

REMEMBERED, LONGEST = 6, 400  # turns of the conversation a model sees, characters of each and of what it writes
_GLUE = STOP_CHARACTERS | frozenset("什么怎样如何多少久几时候间可以能需要会有没不为哪里个款支持多长")


@dataclass(frozen=True, slots=True)
class Rewritten:
    """What a model made of a follow-up. `refused` says why it is not used; empty when it is."""

    text: str
    refused: str
    prompt: str  # its name and hash
    spent: tuple[Usage, ...] = ()


def standalone(query: Query, turns: Sequence[Turn], models: Sequence[ChatModel], seconds: float) -> Rewritten:
    """The newest message as a question of its own, by the first model that gives one; all within `seconds`."""
    prompt, until, spent = load_prompt("rewrite", query.language), time.monotonic() + seconds, list[Usage]()
    said = [turn for turn in turns[:-1] if turn.text.strip()][-REMEMBERED:]
    conversation = "\n".join(f"{turn.role}: {' '.join(turn.text.split())[:LONGEST]}" for turn in said)
    system, user = prompt.fill(conversation=conversation, question=query.text)
    text, refused = "", "there was no time"
    for model in models:
        if (left := until - time.monotonic()) <= 0:
            break
        try:
            text = "".join(spoken(model.stream(system, user, left, spent.append))).strip()
        except ModelError as error:
            refused = str(error)
            continue
        refused = objection(text, query, [turn.text for turn in turns])
        break
    return Rewritten(text, refused, f"{prompt.name} {prompt.hash}", tuple(spent))


def objection(text: str, query: Query, conversation: Sequence[str]) -> str:
    """Why a rewritten question may not be searched for; empty when it may."""
    if not text or "\n" in text or len(text) > LONGEST:
        return "it is not one line"
    said, known = tokens(text), set(tokens(" ".join((query.text, *conversation))))
    added = [each for each in content_tokens((*said, "x"))[:-1] if each not in known and not _glue(each)]
    if added:
        return f"it adds {added[0]!r}"
    lost = [each for each in query.tokens if re.search(r"\d", each) and each not in said]
    return f"it loses {lost[0]!r}" if lost else ""


def searched(query: Query, text: str) -> Query:
    """The query as retrieval is to see it: what was rewritten stands for itself."""
    return replace(query, text=text, tokens=tokens(text), corrected="", leans=False)


def _glue(token: str) -> bool:
    """Chinese that only ties words together; a pair of characters says nothing that its two do not."""
    return is_han(token) and (len(token) > 1 or token in _GLUE)
