"""A conversation in few words, all of them taken from it: what the customer wants, and what was tried. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desk.records import Message
from rag.types import Outcome
from rag.wishes import wish_of

LONGEST = 240  # characters of a customer's message that are shown
SMALL_TALK = ("thanks", "greeting", "empty", "identity", "chat", "person")


@dataclass(frozen=True, slots=True)
class Tried:
    """What the assistant did with a message, and the titles of what it cited."""

    asked: str
    outcome: Outcome
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """`wants`: in the customer's words, how it began and what was asked last; `unanswered`: how many found no answer."""

    wants: tuple[str, ...]
    tried: tuple[Tried, ...]
    unanswered: int


def summarise(messages: Sequence[Message]) -> Summary:
    """Of the whole conversation, oldest message first."""
    said = [each.text for each in messages if each.role == "customer" and wish_of(each.text) not in SMALL_TALK]
    wants = dict.fromkeys(_short(each) for each in (said[:1] + said[-1:]))
    tried, asked = list[Tried](), ""
    for each in messages:
        if each.role == "customer":
            asked = _short(each.text)
        elif each.reply and each.reply.decision.outcome not in ("small_talk", "hand_off"):
            cited = [citation.title for sentence in each.reply.sentences for citation in sentence.citations]
            tried.append(Tried(asked, each.reply.decision.outcome, tuple(dict.fromkeys(cited))))
    return Summary(tuple(wants), tuple(tried), sum(each.outcome == "decline" for each in tried))


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"
